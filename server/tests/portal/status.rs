//! The service status as programs read it: from memory, by whoever comes, and whatever is down.

use crate::app::TestApp;
use axum::http::StatusCode;
use mailroom::Clock;
use probe::{Cause, State};
use serde_json::Value;
use server::{
    config::Config,
    secrets::Secrets,
    status::{Service, Status},
};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::time::Duration;
use tokio::net::TcpSocket;

/// The beginning of a day in Tokyo.
const START: i64 = 1_795_791_600;

async fn json(app: &TestApp) -> Value {
    let answer = app.stranger().get("/status.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    serde_json::from_str(&answer.text()).unwrap()
}

fn service(status: &Status, name: &str, now: i64) -> Service {
    let services = status.snapshot(now).services;
    services.into_iter().find(|service| service.name == name).unwrap()
}

async fn look_at_state(app: &TestApp, now: i64) {
    let state = &app.state;
    state
        .status()
        .look_at_state(state.state(), &|| Duration::ZERO, || now)
        .await;
}

#[tokio::test]
async fn whoever_comes_can_read_it() {
    let app = TestApp::new().await;
    let status = json(&app).await;
    let names: Vec<&str> = status["services"]
        .as_array()
        .unwrap()
        .iter()
        .map(|service| service["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["spool", "state"], "nobody is asked, and there is no portal");
    let spool = &status["services"][0];
    assert_eq!(
        (&spool["state"], &spool["since"], &spool["p50_ms"]),
        (&"unknown".into(), &Value::Null, &Value::Null)
    );
    let days = spool["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[59]["state"]), (60, &"unknown".into()));
    assert_eq!(
        (&status["incidents"]["as_of"], &status["incidents"]["old"]),
        (&Value::Null, &true.into())
    );
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_by_a_word_and_nothing_else() {
    // Ours, but nobody listens there.
    let silent = TcpSocket::new_v4().unwrap();
    silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = silent.local_addr().unwrap().port();
    let app = TestApp::configured(&format!(
        "[[probe.target]]\nname = 'imap'\nkind = 'imap'\nhost = '127.0.0.1'\nport = {port}\ntls = 'none'\n\
         account = 'account-of-the-probe'\npassword_file = 'secret'\n"
    ))
    .await;
    app.state.status().look_at_all().await;
    assert_eq!(
        json(&app).await["services"][1]["state"],
        "unknown",
        "once may be a lost packet"
    );
    app.state.status().look_at_all().await;
    let imap = json(&app).await["services"][1].clone();
    assert_eq!(
        (&imap["name"], &imap["kind"], &imap["state"]),
        (&"imap".into(), &"imap".into(), &"failing".into())
    );
    assert_eq!(
        (&imap["cause"], &imap["looks"], &imap["failures"]),
        (&"unreachable".into(), &2.into(), &2.into())
    );
    let said = app.stranger().get("/status.json").await.text();
    for secret in [
        "127.0.0.1",
        &port.to_string(),
        "account-of-the-probe",
        crate::app::SECRET,
    ] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_said_and_keeps_nobody_from_reading() {
    let app = TestApp::new().await;
    look_at_state(&app, START).await;
    assert_eq!(service(app.state.status(), "state", START).state, State::Answering);
    app.state.state().close().await;
    for now in [START + 30, START + 60] {
        look_at_state(&app, now).await;
    }
    let state = service(app.state.status(), "state", START + 60);
    assert_eq!((state.state, state.since), (State::Failing, Some(START + 30)));
    assert_eq!(state.last_failure_cause, Some("unreachable"));
    assert_eq!(json(&app).await["services"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_database_that_cannot_be_written_refuses() {
    let app = TestApp::new().await;
    refuse(&app, "session", true).await;
    assert_eq!(
        app.get(&app.link("hana")).await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    for now in [START, START + 30] {
        look_at_state(&app, now).await;
    }
    let state = service(app.state.status(), "state", START + 30);
    assert_eq!(
        (state.state, state.last_failure_cause),
        (State::Failing, Some("refused"))
    );
    refuse(&app, "session", false).await;
    app.sign_in("hana").await;
    for now in [START + 60, START + 90] {
        look_at_state(&app, now).await;
    }
    assert_eq!(service(app.state.status(), "state", START + 90).state, State::Answering);
}

/// What a full disk does.
async fn refuse(app: &TestApp, table: &str, refuse: bool) {
    let options = SqliteConnectOptions::new().filename(app.data().join("state.sqlite"));
    let mut database = options.connect().await.unwrap();
    let sql = if refuse {
        format!("CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END")
    } else {
        "DROP TRIGGER full".to_owned()
    };
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn days_outlive_a_restart_and_a_full_disk() {
    let app = TestApp::new().await;
    let seconds = |app: &TestApp, now| {
        let strip = service(app.state.status(), "state", now).strip;
        let last: Vec<_> = strip[58..]
            .iter()
            .map(|day| (day.date.to_string(), day.seconds.good))
            .collect();
        last
    };
    let wanted = |before, today| [("2026-11-27".to_owned(), before), ("2026-11-28".to_owned(), today)];
    look_at_state(&app, START - 40).await;
    refuse(&app, "probe_day", true).await;
    let keep = |app: &TestApp, now| {
        let state = app.state.clone();
        async move { state.status().keep_days(state.state(), now).await }
    };
    assert!(keep(&app, START + 10).await.is_err());
    assert_eq!(
        seconds(&app, START + 10),
        wanted(40, 10),
        "shown although it is not written"
    );
    refuse(&app, "probe_day", false).await;
    for now in [START + 20, START + 20] {
        keep(&app, now).await.unwrap();
        assert_eq!(seconds(&app, now), wanted(40, 20));
    }
    let again = app.restarted().await;
    assert_eq!(seconds(&again, START + 20), wanted(0, 0), "not read yet");
    keep(&again, START + 20).await.unwrap();
    assert_eq!(seconds(&again, START + 20), wanted(40, 20));
    look_at_state(&again, START + 100).await;
    keep(&again, START + 105).await.unwrap();
    assert_eq!(seconds(&again, START + 105), wanted(40, 25));
}

fn status() -> Status {
    Status::new(&Config::default(), &Secrets::default(), true).unwrap()
}

#[tokio::test]
async fn a_spool_answers_or_is_waited_for() {
    let status = status();
    let took = Duration::from_millis(4);
    status.note_spool(START, Ok(took));
    let spool = service(&status, "spool", START + 1);
    assert_eq!((spool.state, spool.count, spool.p50), (State::Answering, 1, Some(took)));
    for look in 1..3 {
        status.note_spool(START + look, Err((Duration::from_millis(800), api_types::Cause::Slow)));
    }
    let spool = service(&status, "spool", START + 3);
    assert_eq!(
        (spool.state, spool.last_failure_cause),
        (State::Failing, Some(Cause::Timeout.word()))
    );
}

#[tokio::test]
async fn the_portal_is_up_or_down_by_its_last_answer() {
    let status = status();
    let answer = |now, answer| status.note_portal(now, Duration::from_millis(64), &answer);
    answer(START, Ok(()));
    answer(
        START + 60,
        Err(sso::SsoError::Unavailable("no route to sso.internal".to_owned())),
    );
    let portal = service(&status, "portal", START + 60);
    assert_eq!((portal.state, portal.since), (State::Failing, Some(START + 60)));
    assert_eq!(portal.last_failure_cause, Some(Cause::Unreachable.word()));
    answer(START + 120, Ok(()));
    // It is asked once a minute.
    let portal = service(&status, "portal", START + 120 + 60);
    assert_eq!((portal.state, portal.failures), (State::Answering, 1));
}

#[tokio::test]
async fn a_target_that_cannot_be_looked_at_is_named_at_the_start() {
    let of = |more: &str| {
        let text = format!("[[probe.target]]\nname = 'lab'\nkind = 'pop3'\nhost = 'pop.example.ac.jp'\n{more}");
        let config: Config = toml::from_str(&text).unwrap();
        Status::new(&config, &Secrets::default(), false).map(drop)
    };
    of("").unwrap();
    for wrong in [
        "ca_file = '/nowhere.pem'",
        "account = 'a'\npassword_file = '/nowhere'",
        "port = 0",
    ] {
        assert!(of(wrong).is_err(), "{wrong}");
    }
    let error = of("port = 0").unwrap_err().to_string();
    assert!(error.contains("lab") && error.contains("port"), "{error}");
}

#[tokio::test]
async fn people_see_how_the_services_are_without_signing_in_and_without_the_database() {
    let app = TestApp::new().await;
    let now = app.state.clock().now();
    look_at_state(&app, now).await;
    app.state.status().note_spool(now, Ok(Duration::from_millis(4)));
    let page = app.stranger().get_with("/status", &[("accept-language", "en")]).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.text();
    assert!(html.contains("Everything answers."), "{html}");
    assert!(html.contains("<strong>Mail store</strong>") && html.contains("4 ms / 4 ms"));
    assert_eq!(html.matches("<div class=\"strip\"").count(), 2);
    assert!(!html.contains("<script") && !html.contains(" style="));
    for look in 1..3 {
        app.state
            .status()
            .note_spool(now + look, Err((Duration::from_millis(800), api_types::Cause::Slow)));
    }
    app.state.state().close().await;
    let html = app.stranger().get("/status").await.text();
    assert!(html.contains("メールの保存先 が応答していません。"), "{html}");
    assert!(html.contains("メールは失われていません"));
    assert!(page.header("set-cookie").is_none());
}

#[tokio::test]
async fn an_incident_is_told_on_every_page_until_it_is_over() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let now = app.state.clock().now();
    let told = "IMAP <b>is slow</b>";
    let incident = state::Incident {
        id: "abcd".to_owned(),
        severity: state::Severity::Degraded,
        affects: ["imap".to_owned()].into(),
        opened: now,
        closed: None,
        scheduled_from: None,
        scheduled_until: None,
        updates: vec![state::IncidentUpdate {
            at: now,
            text_ja: "IMAP が遅くなっています".to_owned(),
            text_en: told.to_owned(),
            by: "staff".to_owned(),
        }],
    };
    app.state.state().open_incident(&incident).await.unwrap();
    let read = async |now| app.state.status().read_incidents(app.state.state(), now).await.unwrap();
    read(now).await;
    let english = [("accept-language", "en")];
    let inbox = app.inbox().await;
    let pages = [
        "/sign-in",
        &inbox,
        "/status",
        "/settings",
        "/sessions",
        "/export",
        "/snapshots",
        "/nowhere",
        "/m/nowhere",
        "/m/no/where/source",
        "/help/client-timeout",
    ];
    for path in pages {
        let html = app.get_with(path, &english).await.text();
        let said = "IMAP &lt;b&gt;is slow&lt;/b&gt;";
        let notices = html.matches(&format!("<span>{said}")).count();
        match path.starts_with("/status") || path.starts_with("/help") {
            true => assert!(html.contains(said) && notices == 0, "{path} says it itself: {html}"),
            false => assert_eq!(notices, 1, "{path}: {html}"),
        }
        assert!(!html.contains(told) && !html.contains("staff"), "{path}");
    }
    assert!(app.get(&inbox).await.text().contains("IMAP が遅くなっています"));
    app.state.state().close_incident("abcd", now + 1, None).await.unwrap();
    read(now + 2).await;
    assert!(!app.get_with(&inbox, &english).await.text().contains("is slow"));
}
