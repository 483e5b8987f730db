//! An outage that is rehearsed: seen by those it is rehearsed with, as it would be, and by nobody else.

use crate::app::TestApp;
use axum::http::StatusCode;
use mailroom::Clock;
use state::{Drill, DrillKind};

const ENGLISH: [(&str, &str); 1] = [("accept-language", "en")];
const LINE: &str = "This is a drill until ";
const STALE: &str = "The mail store does not answer";

fn drill(kind: DrillKind, began: i64, ends: i64) -> Drill {
    Drill {
        id: format!("{}-{ends}", kind.word()),
        kind,
        accounts: ["hana".to_owned()].into(),
        began,
        ends,
        by: "operator-of-the-site".to_owned(),
    }
}

async fn start(app: &TestApp, drill: &Drill) {
    assert!(app.state.state().start_drill(drill).await.unwrap());
    read(app, drill.began).await;
}

async fn read(app: &TestApp, now: i64) {
    let (status, state) = (app.state.status(), app.state.state());
    status.read_drills(state, app.state.mailroom(), now).await.unwrap();
}

async fn page(app: &TestApp, path: &str) -> String {
    let answer = app.get_with(path, &ENGLISH).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.text()
}

#[tokio::test]
async fn a_spool_that_is_gone_for_one_person_is_there_for_another() {
    let app = TestApp::new().await;
    let ken = app.stranger();
    app.sign_in("hana").await;
    ken.sign_in("ken").await;
    let (inbox, kens) = (app.inbox().await, ken.inbox().await);
    let now = app.state.clock().now();
    start(&app, &drill(DrillKind::SpoolGone, now, now + 600)).await;
    for path in [inbox.as_str(), "/search?q=Notice"] {
        let page = page(&app, path).await;
        assert!(
            page.contains(LINE) && page.contains("your mail is safe"),
            "{path}: {page}"
        );
        assert!(page.contains("Notice 5"), "what was seen last is there: {page}");
        assert!(!page.contains("operator-of-the-site"));
    }
    let list = page(&app, &inbox).await;
    assert!(list.contains(STALE) && list.contains("data-source=\"saved\""), "{list}");
    let help = page(&app, "/help/client-timeout").await;
    assert!(help.contains(LINE) && help.contains("As far as is known"), "{help}");
    let japanese = app.get(&inbox).await.text();
    assert!(japanese.contains("これは訓練です ("), "{japanese}");

    let others = page(&ken, &kens).await;
    assert!(
        others.contains("data-source=\"live\"") && !others.contains(LINE),
        "{others}"
    );
    assert!(!page(&ken, "/help/client-timeout").await.contains(LINE));

    assert_eq!(app.state.state().stop_drills(None, now + 1).await.unwrap().len(), 1);
    read(&app, now + 1).await;
    let after = page(&app, &inbox).await;
    assert!(
        after.contains("data-source=\"live\"") && !after.contains(LINE),
        "{after}"
    );
}

#[tokio::test]
async fn each_page_of_whoever_is_in_a_drill_says_so_and_no_other() {
    let app = TestApp::new().await;
    let ken = app.stranger();
    app.sign_in("hana").await;
    ken.sign_in("ken").await;
    let (inbox, now) = (app.inbox().await, app.state.clock().now());
    start(&app, &drill(DrillKind::SpoolGone, now, now + 600)).await;
    let list = page(&app, &inbox).await;
    let (_, row) = list.split_once("<li id=\"r-").unwrap();
    let letter = row
        .split_once("href=\"")
        .unwrap()
        .1
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let told = async |app: &TestApp, path: &str| {
        let answer = app.get_with(path, &ENGLISH).await;
        (answer.status, answer.text().matches(LINE).count())
    };
    for (path, status) in [
        (format!("{letter}/source"), StatusCode::SERVICE_UNAVAILABLE),
        (format!("{letter}/part/1"), StatusCode::SERVICE_UNAVAILABLE),
        ("/settings".to_owned(), StatusCode::OK),
        ("/sessions".to_owned(), StatusCode::OK),
        ("/export".to_owned(), StatusCode::OK),
        ("/snapshots".to_owned(), StatusCode::OK),
        ("/help/client-timeout".to_owned(), StatusCode::OK),
        ("/nowhere".to_owned(), StatusCode::NOT_FOUND),
        ("/status/incidents".to_owned(), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(told(&app, &path).await, (status, 1), "{path}");
    }
    let framed = [
        ENGLISH[0],
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-site", "same-origin"),
    ];
    let frame = app.get_with(&format!("{letter}/body"), &framed).await;
    assert_eq!(frame.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!frame.text().contains(LINE), "the page around it says so");
    assert_eq!(told(&app, "/status").await.1, 0, "the status is everybody's");
    for path in ["/settings", "/sessions", "/export", "/snapshots", "/nowhere"] {
        assert_eq!(told(&ken, path).await.1, 0, "{path}");
    }
    read(&app, now + 601).await;
    assert_eq!(told(&app, "/settings").await.1, 0, "it is over");
}

#[tokio::test]
async fn a_drill_ends_by_the_clock_although_nobody_stops_it_and_the_database_is_away() {
    let app = TestApp::new().await;
    let trouble = async || {
        app.state
            .mailroom()
            .reader("hana")
            .unwrap()
            .newest()
            .await
            .unwrap()
            .trouble
    };
    assert_eq!(trouble().await, None);
    let now = app.state.clock().now();
    start(&app, &drill(DrillKind::SpoolGone, now, now + 600)).await;
    assert!(trouble().await.is_some());
    // As it was read some time ago, and is over since.
    let over = drill(DrillKind::SpoolGone, now - 100, now - 1);
    app.state.state().stop_drills(None, now - 50).await.unwrap();
    start(&app, &over).await;
    assert_eq!(
        app.state.status().drill_until("hana", now - 2),
        Some(now - 1),
        "it is known"
    );
    assert_eq!(
        (app.state.status().drill_until("hana", now), trouble().await),
        (None, None)
    );

    start(&app, &drill(DrillKind::SpoolGone, now, now + 700)).await;
    app.state.state().close().await;
    let (status, state) = (app.state.status(), app.state.state());
    assert!(status.read_drills(state, app.state.mailroom(), now).await.is_err());
    assert_eq!(
        status.drill_until("hana", now),
        Some(now + 700),
        "what is known goes on to its end"
    );
    assert_eq!(status.drill_until("hana", now + 700), None);
}

#[tokio::test]
async fn imap_is_said_to_be_down_to_whom_it_is_rehearsed_with() {
    let app = TestApp::new().await;
    let ken = app.stranger();
    app.sign_in("hana").await;
    ken.sign_in("ken").await;
    let now = app.state.clock().now();
    start(&app, &drill(DrillKind::ImapDown, now, now + 600)).await;
    let inbox = app.inbox().await;
    for path in [inbox.as_str(), "/help/client-timeout"] {
        let page = page(&app, path).await;
        assert!(
            page.contains(LINE) && page.contains("Not answering: IMAP since "),
            "{path}: {page}"
        );
    }
    assert!(
        page(&app, &inbox).await.contains("data-source=\"live\""),
        "mail is read as before"
    );
    let kens = ken.inbox().await;
    for path in [kens.as_str(), "/help/client-timeout"] {
        let page = page(&ken, path).await;
        assert!(
            !page.contains(LINE) && !page.contains("Not answering"),
            "{path}: {page}"
        );
    }
    let everybody = page(&app.stranger(), "/status").await;
    assert!(!everybody.contains("Not answering"), "{everybody}");
}
