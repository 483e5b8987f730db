//! Where staff tell of incidents: staff can, for others there is no such page, and what is told is text.

use crate::app::{ORIGIN, TestApp};
use axum::http::{Method, StatusCode};
use mailroom::Clock;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

const PAGE: &str = "/status/incidents";
const ENGLISH: [(&str, &str); 1] = [("accept-language", "en")];
const FORM: &str = "application/x-www-form-urlencoded";

/// Hana is staff, and signed in.
async fn staffed() -> TestApp {
    let app = TestApp::configured("[status]\nstaff = ['hana']\n").await;
    app.sign_in("hana").await;
    app.set_cookie("lang", "en");
    app
}

fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", server::return_to::encode(value)))
        .collect();
    pairs.join("&")
}

/// The value of the hidden field of that name.
fn hidden(page: &str, name: &str) -> String {
    let at = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
    at.split('"').next().unwrap().to_owned()
}

async fn incidents(app: &TestApp) -> Vec<state::Incident> {
    app.state.state().incidents(app.state.clock().now()).await.unwrap()
}

/// One that is open, by its name.
async fn opened(app: &TestApp) -> String {
    let texts = [
        ("severity", "degraded"),
        ("affects", "web"),
        ("ja", "遅い"),
        ("en", "Slow"),
    ];
    assert_eq!(app.post(PAGE, &form(&texts)).await.status, StatusCode::SEE_OTHER);
    incidents(app).await[0].id.clone()
}

#[tokio::test]
async fn what_staff_tell_everybody_reads_at_once() {
    let app = staffed().await;
    let page = app.get(PAGE).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    assert!(!page.contains("<script") && !page.contains(" style="), "{page}");
    let told = [
        ("id", hidden(&page, "id")),
        ("severity", "outage".to_owned()),
        ("affects", "web".to_owned()),
        ("affects", "spool".to_owned()),
        ("ja", "スプールが\r\n<止まって>います".to_owned()),
        ("en", "The spool \"hangs\" <script>alert(1)</script> & more".to_owned()),
        ("until", "2036-12-01T18:00".to_owned()),
    ];
    let told: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = app.post(PAGE, &form(&told)).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, Some("/status/incidents?done=opened"))
    );
    // A form that is sent twice tells once.
    assert_eq!(app.post(PAGE, &form(&told)).await.status, StatusCode::SEE_OTHER);
    // One that was corrected since is not said to be told.
    let corrected: Vec<(&str, &str)> = told
        .iter()
        .map(|(name, value)| (*name, if *name == "en" { "Corrected text" } else { *value }))
        .collect();
    let answer = app.post(PAGE, &form(&corrected)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("Corrected text"), "what was typed is not lost");
    let known = incidents(&app).await;
    let [incident] = &known[..] else { panic!("{known:?}") };
    assert_eq!(
        (incident.severity, &*incident.updates[0].by),
        (state::Severity::Outage, "hana")
    );
    assert_eq!(incident.updates[0].text_ja, "スプールが\n<止まって>います");
    // Tokyo is nine hours ahead.
    assert_eq!(incident.scheduled_until, Some(2_111_734_800));

    let english = "The spool &quot;hangs&quot; &lt;script&gt;alert(1)&lt;/script&gt; &amp; more";
    let after = app.get("/status/incidents?done=opened").await.text();
    assert!(after.contains("It is told.") && after.contains("by hana"), "{after}");
    for path in ["/status", PAGE] {
        let page = app.get_with(path, &ENGLISH).await.text();
        assert!(
            page.contains(english) && page.contains("Mail store, Webmail") && !page.contains("<script"),
            "{path}: {page}"
        );
    }
    let everybody = app.stranger().get("/status").await.text();
    assert!(
        everybody.contains("<p>終了見込み: 2036年12月1日 (月) 18:00</p>"),
        "{everybody}"
    );
    assert!(
        everybody.contains("スプールが\n&lt;止まって&gt;います") && !everybody.contains("hana"),
        "{everybody}"
    );
    let audit = &app.state.state().audit(1).await.unwrap()[0];
    assert_eq!(
        (&*audit.event, audit.account.as_deref()),
        ("incident opened", Some("hana"))
    );
    assert!(audit.detail.starts_with(&incident.id), "{}", audit.detail);
}

#[tokio::test]
async fn for_others_there_is_no_such_page() {
    let app = staffed().await;
    let id = opened(&app).await;
    let ken = app.stranger();
    ken.sign_in("ken").await;
    let texts = form(&[("severity", "outage"), ("ja", "嘘"), ("en", "A lie"), ("seen", "1.0")]);
    let nowhere = ken.get("/status/nowhere").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let one = format!("{PAGE}/{id}");
    for path in [PAGE, one.as_str()] {
        let answer = ken.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("障害情報の掲示"), "{path}");
        assert_eq!(
            ken.post(path, &texts).await.status,
            ken.post("/status/nowhere", &texts).await.status
        );
        // Whoever is not signed in may be staff.
        let answer = app.stranger().get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(
            answer
                .header("location")
                .unwrap()
                .starts_with("/sign-in?return_to=/status/incidents")
        );
        assert_eq!(app.stranger().post(path, &texts).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(incidents(&app).await[0].updates.len(), 1);
    assert!(!ken.get("/settings").await.text().contains(PAGE));
    assert!(app.get("/settings").await.text().contains(&format!("href=\"{PAGE}\"")));
    // Where nobody is staff there is nothing to sign in for.
    let nobodys = TestApp::new().await;
    assert_eq!(nobodys.get(PAGE).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/status/incidents/none").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_of_another_site_tells_nothing() {
    let app = staffed().await;
    let texts = form(&[("severity", "outage"), ("ja", "嘘"), ("en", "A lie")]);
    for headers in [
        vec![("content-type", FORM), ("origin", "https://t.example")],
        vec![
            ("content-type", FORM),
            ("origin", ORIGIN),
            ("sec-fetch-site", "cross-site"),
        ],
        vec![("content-type", FORM)],
    ] {
        let answer = app.send(Method::POST, PAGE, &headers, &texts).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert!(incidents(&app).await.is_empty());
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_stays() {
    let app = staffed().await;
    let typed = [
        ("severity", "outage"),
        ("affects", "spool"),
        ("ja", ""),
        ("en", "Half </textarea><b> told"),
        ("from", "2036-12-01T18:00"),
        ("until", "2036-12-01T17:00"),
    ];
    let answer = app.post(PAGE, &form(&typed)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    for said in [
        "role=\"alert\"",
        "<a href=\"#ja\">A text has 1 to 4000 characters",
        "<a href=\"#until\">The end is not after the beginning.",
        "Half &lt;/textarea&gt;&lt;b&gt; told</textarea>",
        "value=\"2036-12-01T17:00\" aria-invalid=\"true\"",
        "<option value=\"outage\" selected>",
        "value=\"spool\" checked",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("href=\"#en\""), "{page}");
    app.set_cookie("lang", "ja");
    let japanese = app.post(PAGE, &form(&typed)).await.text();
    assert!(
        japanese.contains("終了見込みは開始日時より後にしてください。"),
        "{japanese}"
    );
    assert!(incidents(&app).await.is_empty());
}

#[tokio::test]
async fn more_is_told_and_it_is_closed() {
    let app = staffed().await;
    let id = opened(&app).await;
    let one = format!("{PAGE}/{id}");
    let page = app.get(&one).await.text();
    assert!(
        page.contains("<option value=\"degraded\" selected>") && page.contains("value=\"web\" checked"),
        "{page}"
    );
    let seen = hidden(&page, "seen");
    app.set_cookie("tz", "Europe/Paris");
    let update = [
        ("seen", &*seen),
        ("severity", "notice"),
        ("ja", "原因"),
        ("en", "Found"),
        ("from", "2036-07-01T18:00"),
        ("do", "update"),
    ];
    let answer = app.post(&one, &form(&update)).await;
    assert_eq!(answer.header("location"), Some("/status/incidents?done=updated"));
    let now = incidents(&app).await.remove(0);
    assert_eq!((now.severity, now.updates.len()), (state::Severity::Notice, 2));
    assert!(now.affects.is_empty(), "no box was ticked");
    assert_eq!(now.scheduled_from, Some(2_098_540_800), "six in Paris");
    let page = app.get(&one).await.text();
    assert!(
        page.contains("value=\"2036-07-01T18:00\"") && page.contains("Europe/Paris"),
        "{page}"
    );
    // A planned one stands apart, and everybody reads when it begins.
    let list = app.get(PAGE).await.text();
    let planned = list.split_once("<h2>Planned</h2>").unwrap().1;
    assert!(planned.split("<h2>").next().unwrap().contains(&id), "{list}");

    let close = [
        ("seen", &*hidden(&page, "seen")),
        ("severity", "notice"),
        ("ja", ""),
        ("en", ""),
        ("do", "close"),
    ];
    let answer = app.post(&one, &form(&close)).await;
    assert_eq!(answer.header("location"), Some("/status/incidents?done=closed"));
    let now = incidents(&app).await.remove(0);
    assert!(now.closed.is_some() && now.updates.len() == 2);
    assert!(!app.get(&one).await.text().contains("value=\"close\""));
    let events: Vec<String> = app
        .state
        .state()
        .audit(3)
        .await
        .unwrap()
        .into_iter()
        .map(|line| line.event)
        .collect();
    assert_eq!(events, ["incident closed", "incident updated", "incident opened"]);
}

#[tokio::test]
async fn of_two_who_write_the_later_reads_what_the_other_told_before_it_counts() {
    let app = staffed().await;
    let id = opened(&app).await;
    let one = format!("{PAGE}/{id}");
    let seen = hidden(&app.get(&one).await.text(), "seen");
    let of = |text: &str, seen: &str| {
        form(&[
            ("seen", seen),
            ("severity", "outage"),
            ("ja", text),
            ("en", text),
            ("do", "update"),
        ])
    };
    let first = of("First", &seen).replace("severity=outage", "severity=degraded");
    assert_eq!(app.post(&one, &first).await.status, StatusCode::SEE_OTHER);
    let late = app.post(&one, &of("Second", &seen)).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let page = late.text();
    assert!(
        page.contains("Somebody else told more") && page.contains("</time> First</p>"),
        "{page}"
    );
    assert!(page.contains("\nSecond</textarea>"), "what was typed is kept: {page}");
    assert!(
        page.contains("value=\"degraded\" checked") || page.contains("value=\"degraded\" selected"),
        "what the other chose is not undone: {page}"
    );
    assert_eq!(incidents(&app).await[0].updates.len(), 2);
    let again = app.post(&one, &of("Second", &hidden(&page, "seen"))).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(incidents(&app).await[0].updates.len(), 3);
    assert_eq!(app.post(&one, &of("Third", "x")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_database_that_cannot_be_written_costs_nobody_what_they_typed() {
    let app = staffed().await;
    let file = app.data().join("state.sqlite");
    let mut database = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    sqlx::raw_sql("CREATE TRIGGER full BEFORE INSERT ON incident BEGIN SELECT RAISE(ABORT, 'full'); END")
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    let texts = form(&[("severity", "outage"), ("ja", "止まった"), ("en", "It stands still")]);
    let answer = app.post(PAGE, &texts).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let page = answer.text();
    assert!(
        page.contains("What you typed is still here") && page.contains("\n止まった</textarea>"),
        "{page}"
    );
    assert!(incidents(&app).await.is_empty());
}
