//! Signing in and out, and what another person can see.

use crate::app::TestApp;
use axum::http::{Method, StatusCode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, sqlite::SqliteConnectOptions};

#[tokio::test]
async fn a_link_signs_in_once() {
    let app = TestApp::new().await;
    let link = app.link("hana");
    // A look ahead by a mail scanner or a browser must not use it up.
    for (method, purpose) in [(Method::HEAD, "x-none"), (Method::GET, "sec-purpose")] {
        assert_eq!(
            app.send(method, &link, &[(purpose, "prefetch")], "").await.status,
            StatusCode::NO_CONTENT
        );
    }
    let answer = app.get(&link).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, Some("/"))
    );
    assert!(app.cookie("sid").is_some());
    let stranger = app.stranger();
    for link in [link, "/sign-in/once/unknown".to_owned()] {
        let again = stranger.get(&link).await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);
        assert!(again.text().contains("role=\"status\""), "the page says why");
        assert!(stranger.cookie("sid").is_none());
    }
}

#[tokio::test]
async fn the_cookie_is_narrow() {
    let app = TestApp::new().await;
    let answer = app.get(&app.link("hana")).await;
    let lines: Vec<&str> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap())
        .collect();
    let line = lines.iter().find(|line| line.starts_with("sid=")).unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"] {
        assert!(line.split("; ").any(|part| part == attribute), "{attribute} in {line}");
    }
    assert!(!line.contains("Domain"));
}

#[tokio::test]
async fn an_id_known_before_signing_in_is_worth_nothing_afterwards() {
    let app = TestApp::new().await;
    app.set_cookie("sid", "AAAAAAAAAAAAAAAAAAAAAA");
    app.sign_in("hana").await;
    let first = app.cookie("sid").unwrap();
    assert_ne!(first, "AAAAAAAAAAAAAAAAAAAAAA");
    app.sign_in("hana").await;
    assert_ne!(app.cookie("sid").unwrap(), first);
    let old = app.stranger();
    old.set_cookie("sid", &first);
    assert_eq!(old.get("/").await.header("location"), Some("/sign-in"));
}

#[tokio::test]
async fn a_restart_keeps_people_signed_in_and_a_sign_out_ends_it() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let (inbox, letter) = (app.inbox().await, app.letter("Plain").await);
    let app = app.restarted().await;
    assert_eq!(app.inbox().await, inbox, "ids survive too");
    assert_eq!(app.get(&letter).await.status, StatusCode::OK);
    let id = app.cookie("sid").unwrap();
    let out = app.post("/sign-out", "").await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(out.header("clear-site-data"), Some("\"cache\", \"storage\""));
    assert!(app.cookie("sid").is_none());
    app.set_cookie("sid", &id);
    assert_eq!(
        app.get(&inbox).await.status,
        StatusCode::SEE_OTHER,
        "the record is gone, not only the cookie"
    );
}

#[tokio::test]
async fn no_session_is_written_by_a_click() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    for path in [inbox.as_str(), "/settings", "/api/list_mailboxes"] {
        assert!(app.get(path).await.header("set-cookie").is_none(), "{path}");
    }
}

#[tokio::test]
async fn whoever_is_signed_out_comes_back_to_the_page_they_wanted() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let letter = app.letter("Plain").await;
    let other = app.stranger();
    let wanted = format!("{letter}?view=text&page=2");
    let sent = other.get(&wanted).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let place = sent.header("location").unwrap();
    assert!(place.starts_with("/sign-in?return_to=/m/"), "{place}");
    assert_eq!(other.get(place).await.status, StatusCode::OK);
    assert_eq!(
        other.get(&other.link("hana")).await.header("location"),
        Some(wanted.as_str())
    );
    for path in ["/part/1", "/parts.zip", "/source", "/body?view=html"] {
        assert_eq!(
            app.stranger().get(&format!("{letter}{path}")).await.status,
            StatusCode::SEE_OTHER,
            "{path}"
        );
    }
    let call = app.stranger().get("/api/list_mailboxes").await;
    assert_eq!(call.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn no_form_leads_elsewhere() {
    let app = TestApp::new().await;
    for bad in [
        "//t.example",
        "/\\t.example",
        "https://t.example/",
        "javascript:x()",
        "/m/../../x",
        "/unknown",
        "",
    ] {
        let form = format!("lang=en&back={}", server::return_to::encode(bad));
        let answer = app.post("/settings", &form).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, Some("/")),
            "{bad}"
        );
        app.set_cookie("back", &server::return_to::encode(bad));
        assert_eq!(app.get(&app.link("hana")).await.header("location"), Some("/"), "{bad}");
    }
}

#[tokio::test]
async fn choices_are_kept() {
    let app = TestApp::new().await;
    let form = "lang=en&theme=dark&tz=Europe%2FParis&keys=off&keys=on&back=%2Fsettings%3Fsaved%3D1";
    let answer = app.post("/settings", form).await;
    assert_eq!(answer.header("location"), Some("/settings?saved=1"));
    for (name, value) in [
        ("lang", "en"),
        ("theme", "dark"),
        ("tz", "Europe/Paris"),
        ("keys", "on"),
    ] {
        assert_eq!(app.cookie(name).as_deref(), Some(value));
    }
    let html = app.get("/sign-in").await.text();
    assert!(
        html.contains("lang=\"en\"") && html.contains("data-theme=\"dark\""),
        "{html}"
    );
    app.post("/settings", "theme=auto&tz=Mars%2FOlympus&lang=%0d%0aX:y")
        .await;
    assert_eq!(
        (app.cookie("theme"), app.cookie("tz"), app.cookie("lang")),
        (None, None, None)
    );
}

#[tokio::test]
async fn what_is_somebody_elses_answers_as_what_is_not_there() {
    let app = TestApp::new().await;
    app.sign_in("ken").await;
    let theirs = app.letter("Files").await;
    let their_inbox = app.inbox().await;
    app.sign_in("hana").await;
    let mine = app.letter("Files").await;
    let my_inbox = app.inbox().await;
    assert_ne!(theirs, mine);
    let their_id = theirs.rsplit('/').next().unwrap();
    let missing = "/m/aaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbb";
    for rest in ["", "/body?view=html", "/part/2", "/parts.zip", "/source"] {
        let none = app.get(&format!("{missing}{rest}")).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{rest}");
        for foreign in [theirs.clone(), format!("{my_inbox}/{their_id}")] {
            let answer = app.get(&format!("{foreign}{rest}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{foreign}{rest}");
            assert!(!answer.text().contains("digits.txt"));
        }
    }
    assert_eq!(app.get(&their_inbox).await.status, StatusCode::NOT_FOUND);
    for path in ["/m/..", "/m/%2e%2e", "/m/%2e%2e/%2e%2e"] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_the_host_and_the_browser_stays_with_https() {
    let app = TestApp::public("https://mail.example.ac.jp").await;
    let answer = app.get(&app.link("hana")).await;
    let mut line = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap());
    let line = line.rfind(|line| line.starts_with("__Host-sid=")).unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(line.split("; ").any(|part| part == attribute), "{attribute} in {line}");
    }
    assert!(!line.contains("Domain"));
    assert_eq!(
        answer.header("strict-transport-security"),
        Some("max-age=63072000; includeSubDomains")
    );
    // The origin is the configured one, whatever Host says.
    let from = |origin| {
        [
            ("origin", origin),
            ("content-type", "application/x-www-form-urlencoded"),
        ]
    };
    for (origin, status) in [
        ("https://mail.example.ac.jp", StatusCode::SEE_OTHER),
        ("http://mail.example.ac.jp", StatusCode::FORBIDDEN),
        ("http://127.0.0.1:4080", StatusCode::FORBIDDEN),
    ] {
        let answer = app.send(Method::POST, "/settings", &from(origin), "lang=en").await;
        assert_eq!(answer.status, status, "{origin}");
    }
    assert!(app.cookie("lang").is_some());
}

/// Refuses every change of a session, as a full disk does.
async fn refuse_writes(app: &TestApp) {
    let file = SqliteConnectOptions::new().filename(app.data().join("state.sqlite"));
    let mut database = file.connect().await.unwrap();
    for change in ["INSERT", "UPDATE", "DELETE"] {
        let sql =
            format!("CREATE TRIGGER no_{change} BEFORE {change} ON session BEGIN SELECT RAISE(ABORT, 'full'); END");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
    }
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_stops_nobody_from_reading_or_signing_out_and_says_why_nobody_can_sign_in() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    refuse_writes(&app).await;
    assert_eq!(app.get(&inbox).await.status, StatusCode::OK);
    let stranger = app.stranger();
    let link = app.link("ken");
    // The link is not used up by what it could not do.
    for _ in 0..2 {
        let answer = stranger.get(&link).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    let answer = stranger.get(&link).await;
    assert!(answer.text().contains("<h1>"), "a page, not nothing");
    assert!(stranger.cookie("sid").is_none());
    let id = app.cookie("sid").unwrap();
    let out = app.post("/sign-out", "").await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(app.cookie("sid").is_none());
    app.set_cookie("sid", &id);
    assert_eq!(app.get(&inbox).await.status, StatusCode::SEE_OTHER, "ended");
    let ready = app.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "those who are signed in go on reading");
    assert!(ready.text().contains("cannot be written"), "{}", ready.text());
}

#[tokio::test]
async fn the_link_of_another_person_signs_that_person_in() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let hers = app.inbox().await;
    let first = app.cookie("sid").unwrap();
    app.sign_in("ken").await;
    assert_ne!(app.inbox().await, hers);
    assert_eq!(app.get(&hers).await.status, StatusCode::NOT_FOUND);
    let old = app.stranger();
    old.set_cookie("sid", &first);
    assert_eq!(
        old.get(&hers).await.status,
        StatusCode::SEE_OTHER,
        "the first session has ended"
    );
}
