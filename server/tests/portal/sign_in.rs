//! Ways in: a proxy that says who somebody is, emergency codes; where one is signed in, and for how long.

use crate::app::{ORIGIN, SECRET, TestApp};
use axum::http::{Method, StatusCode};

const PROXY: &str = "[auth]
mode = 'proxy'
[auth.proxy]
secret_file = 'secret'
logout_url = '/Shibboleth.sso/Logout?return=/'
[account]
strip_scope = ['example.ac.jp']
";
const CODES: &str = "[auth.break_glass]\nenabled = true\n";

fn says<'a>(user: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("x-remote-user", user), ("x-portal-secret", SECRET)], more].concat()
}

#[tokio::test]
async fn a_proxy_says_who_somebody_is() {
    let app = TestApp::configured(PROXY).await;
    let headers = says("hana@example.ac.jp", &[]);
    assert_eq!(
        app.get_with("/sign-in/start", &headers).await.status,
        StatusCode::SEE_OTHER
    );
    let inbox = app.get_with("/", &headers).await;
    let inbox = inbox.header("location").unwrap();
    assert_eq!(app.get_with(inbox, &headers).await.status, StatusCode::OK);
    // Its session there has ended, or is somebody else's: so has ours.
    let other = says("ken@example.ac.jp", &[]);
    assert_eq!(app.get_with(inbox, &other).await.status, StatusCode::SEE_OTHER);
    assert!(app.cookie("sid").is_none());
    assert_eq!(app.get_with(inbox, &headers).await.status, StatusCode::SEE_OTHER);
    app.get_with("/sign-in/start", &headers).await;
    assert_eq!(app.get_with(inbox, &headers).await.status, StatusCode::OK);
    assert_eq!(app.get(inbox).await.status, StatusCode::SEE_OTHER, "without the proxy");
}

#[tokio::test]
async fn headers_that_anybody_could_have_written_are_not_believed() {
    let app = TestApp::configured(PROXY).await;
    for headers in [
        vec![("x-remote-user", "hana@example.ac.jp")],
        vec![
            ("x-remote-user", "hana@example.ac.jp"),
            ("x-portal-secret", "another secret, as long"),
        ],
        says("hana@example.ac.jp", &[("x-remote-user", "ken@example.ac.jp")]),
        says("hana@example.ac.jp", &[("x_remote_user", "ken@example.ac.jp")]),
        says("hana@example.ac.jp", &[("x-portal-secret", SECRET)]),
    ] {
        let answer = app.get_with("/sign-in/start", &headers).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{headers:?}");
        assert!(app.cookie("sid").is_none());
    }
    for nobody in ["hana@elsewhere.example", "nobody@example.ac.jp", "ｈａｎａ", "hana;ken"] {
        let answer = app.stranger().get_with("/sign-in/start", &says(nobody, &[])).await;
        assert!(answer.status.is_client_error(), "{nobody}");
    }
    assert!(app.cookie("sid").is_none());
}

#[tokio::test]
async fn signing_out_goes_on_at_the_proxy() {
    let app = TestApp::configured(PROXY).await;
    let headers = says("hana@example.ac.jp", &[]);
    app.get_with("/sign-in/start", &headers).await;
    let out = app
        .send(
            Method::POST,
            "/sign-out",
            &says("hana@example.ac.jp", &[("origin", ORIGIN)]),
            "",
        )
        .await;
    assert_eq!(out.header("location"), Some("/Shibboleth.sso/Logout?return=/"));
    assert!(app.cookie("sid").is_none());
}

#[tokio::test]
async fn a_header_means_nothing_where_no_proxy_is_asked() {
    let app = TestApp::new().await;
    let answer = app.get_with("/sign-in/start", &says("hana", &[])).await;
    assert_eq!(answer.header("location"), Some("/sign-in"));
    assert!(app.cookie("sid").is_none());
    for path in [
        "/auth/oidc/callback?code=x&state=y",
        "/auth/cas/callback?ticket=ST-1&t=y",
    ] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

async fn add_code(app: &TestApp, account: &str, expires: i64) -> String {
    let code = sso::break_glass::code(&[7; 20]);
    let made = state::BreakGlass {
        id: "abcdefgh".to_owned(),
        account: account.to_owned(),
        hash: sso::break_glass::hash(&code, &[1; 16]).unwrap(),
        made: 0,
        expires,
        used: None,
    };
    app.state.state().add_break_glass(&made).await.unwrap();
    code
}

fn form(account: &str, code: &str) -> String {
    format!("account={account}&code={}", server::return_to::encode(code))
}

#[tokio::test]
async fn an_emergency_code_opens_one_account_once_to_be_read() {
    let app = TestApp::configured(CODES).await;
    assert!(app.get("/sign-in").await.text().contains("name=\"code\""));
    let code = add_code(&app, "hana", i64::MAX).await;
    for (account, code) in [
        ("ken", code.as_str()),
        ("hana", "AAAA-AAAA"),
        ("nobody", &code),
        ("hana", ""),
    ] {
        let answer = app.post("/sign-in/code", &form(account, code)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{account} {code}");
        assert!(app.cookie("sid").is_none());
    }
    assert_eq!(
        app.post("/sign-in/code", &form(" HANA ", &code.to_lowercase()))
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let letter = app.letter("Plain").await;
    let inbox = app.inbox().await;
    assert!(
        app.get(&inbox).await.text().contains("class=\"notice\""),
        "the page says what holds"
    );
    let unread = app.unread_rows().await;
    assert_eq!(
        app.get_with(&letter, &[("sec-fetch-dest", "document")]).await.status,
        StatusCode::OK
    );
    assert_eq!(app.unread_rows().await, unread, "nothing is remembered");
    let (mailbox, message) = letter.trim_start_matches("/m/").split_once('/').unwrap();
    let mark = format!("mailbox={mailbox}&message={message}");
    assert!(!app.post("/api/mark_unread", &mark).await.status.is_success());
    let again = app.stranger();
    assert_eq!(
        again.post("/sign-in/code", &form("hana", &code)).await.status,
        StatusCode::FORBIDDEN
    );
    let lines = app.state.state().audit(10).await.unwrap();
    let events: Vec<&str> = lines.iter().map(|line| line.event.as_str()).collect();
    assert!(events.contains(&"sign-in by emergency code"), "{events:?}");
    assert!(events.contains(&"emergency code refused"), "{events:?}");
}

#[tokio::test]
async fn a_code_that_is_over_or_not_asked_for_opens_nothing() {
    let app = TestApp::configured(CODES).await;
    let code = add_code(&app, "hana", 5).await;
    assert_eq!(
        app.post("/sign-in/code", &form("hana", &code)).await.status,
        StatusCode::FORBIDDEN
    );
    let app = TestApp::configured("[auth.break_glass]\nenabled = true\nnetworks = ['192.0.2.0/24']\n").await;
    let code = add_code(&app, "hana", i64::MAX).await;
    assert_eq!(
        app.post("/sign-in/code", &form("hana", &code)).await.status,
        StatusCode::NOT_FOUND
    );
    let app = TestApp::new().await;
    let code = add_code(&app, "hana", i64::MAX).await;
    assert_eq!(
        app.post("/sign-in/code", &form("hana", &code)).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(!app.get("/sign-in").await.text().contains("name=\"code\""));
}

#[tokio::test]
async fn guessing_codes_is_slow() {
    let app = TestApp::configured(CODES).await;
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        last = app.post("/sign-in/code", &form("hana", "AAAA")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in_and_ends_it_there() {
    let app = TestApp::new().await;
    let other = app.stranger();
    other.sign_in("hana").await;
    app.sign_in("hana").await;
    let page = app.get("/sessions").await.text();
    let handles: Vec<&str> = page
        .split("name=\"session\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(handles.len(), 1, "one's own is ended by signing out");
    let inbox = app.inbox().await;
    let ken = app.stranger();
    ken.sign_in("ken").await;
    assert_eq!(
        ken.post("/sessions/end", &format!("session={}", handles[0]))
            .await
            .status,
        StatusCode::SEE_OTHER,
        "as one that is not there"
    );
    assert_eq!(other.get(&inbox).await.status, StatusCode::OK);
    let ended = app.post("/sessions/end", &format!("session={}", handles[0])).await;
    assert_eq!(ended.header("location"), Some("/sessions?ended=1"));
    let twice = app.post("/sessions/end", &format!("session={}", handles[0])).await;
    assert_eq!(twice.header("location"), Some("/sessions?ended=1"), "a second click");
    assert_eq!(other.get(&inbox).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.get(&inbox).await.status, StatusCode::OK);
    assert_eq!(app.stranger().get("/sessions").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn asking_how_long_it_lasts_needs_a_session() {
    let app = TestApp::new().await;
    for path in ["/api/session_left", "/api/list_sessions"] {
        assert_eq!(app.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(
        app.post("/api/extend_session", "").await.status,
        StatusCode::UNAUTHORIZED
    );
    app.sign_in("hana").await;
    assert_eq!(app.get("/api/session_left").await.status, StatusCode::OK);
    assert_eq!(app.post("/api/extend_session", "").await.status, StatusCode::OK);
    assert!(app.get("/settings").await.text().contains("data-left=\"28800\""));
}

#[tokio::test]
async fn who_is_signed_in_cannot_be_told_without_the_database_and_nobody_is_sent_away() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let app = app.restarted().await;
    for file in ["state.sqlite", "state.sqlite-wal"] {
        let file = std::fs::File::options().write(true).open(app.data().join(file));
        file.unwrap().set_len(0).unwrap();
    }
    for path in ["/", &inbox, "/sessions"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.header("retry-after").is_some(), "{path}");
        assert!(answer.text().contains("サインアウトされたわけではなく"), "{path}");
    }
    for path in ["/api/session_left", "/api/list_mailboxes"] {
        assert_eq!(app.get(path).await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    assert_eq!(app.get("/sign-in").await.status, StatusCode::OK);
    assert!(app.cookie("sid").is_some());
}

#[tokio::test]
async fn what_a_person_prefers_is_there_in_their_next_browser() {
    let app = TestApp::configured(PROXY).await;
    let headers = says("hana@example.ac.jp", &[("origin", ORIGIN)]);
    app.get_with("/sign-in/start", &headers).await;
    let form = [&headers[..], &[("content-type", "application/x-www-form-urlencoded")]].concat();
    app.send(
        Method::POST,
        "/settings",
        &form,
        "lang=en&theme=dark&tz=Europe/Paris&keys=off",
    )
    .await;
    app.send(Method::POST, "/settings", &form, "theme=auto").await;
    let next = app.stranger();
    next.get_with("/sign-in/start", &headers).await;
    let kept = |name: &str| next.cookie(name);
    assert_eq!(kept("lang").as_deref(), Some("en"));
    assert_eq!(kept("tz").as_deref(), Some("Europe/Paris"));
    assert_eq!(kept("keys").as_deref(), Some("off"));
    assert_eq!(kept("theme"), None);
    // Chosen on the sign-in page.
    let other = app.stranger();
    other.set_cookie("lang", "ja");
    other.get_with("/sign-in/start", &headers).await;
    assert_eq!(other.cookie("lang").as_deref(), Some("ja"));
    // Another person's are their own.
    let ken = app.stranger();
    ken.get_with("/sign-in/start", &says("ken@example.ac.jp", &[])).await;
    assert_eq!(ken.cookie("keys"), None);
}

#[tokio::test]
async fn who_takes_an_account_over_finds_nothing_of_what_was_remembered_before() {
    let app = TestApp::configured(PROXY).await;
    let headers = says("hana@example.ac.jp", &[]);
    let signed_in = async || {
        let browser = app.stranger();
        browser.get_with("/sign-in/start", &headers).await;
        assert!(browser.cookie("sid").is_some());
    };
    let remembered = || app.state.mailroom().has_index("hana");
    signed_in().await;
    assert!(remembered(), "the first to come may find what was read before");
    let state = app.state.state();
    assert_eq!(state.unpin("hana").await.unwrap(), 1);
    state
        .set_preference("hana", server::admission::HANDED_OVER, "yes")
        .await
        .unwrap();
    signed_in().await;
    assert!(!remembered());
    app.state.mailroom().index_account("hana", &mut |_| {}).await.unwrap();
    signed_in().await;
    assert!(remembered(), "once");
}

#[tokio::test]
async fn a_portal_that_runs_forgets_whom_another_process_has_forgotten() {
    let app = TestApp::configured(PROXY).await;
    app.get_with("/sign-in/start", &says("hana@example.ac.jp", &[])).await;
    let mailroom = app.state.mailroom();
    let mut done = server::forgetting::before(&app.state).await;
    mailroom.index_account("hana", &mut |_| {}).await.unwrap();
    server::forgetting::follow(&app.state, &mut done).await.unwrap();
    assert!(mailroom.has_index("hana"));
    let forgotten = app.state.state().forget_account("hana", true, 1).await.unwrap();
    assert_eq!(forgotten.sessions, 1);
    assert_eq!(app.state.state().list_sessions("hana", 0).await.unwrap().len(), 0);
    server::forgetting::follow(&app.state, &mut done).await.unwrap();
    assert!(
        !mailroom.keeps("hana"),
        "what was open is deleted, and what was written since"
    );
    // Whoever comes back is not forgotten over and over.
    mailroom.index_account("hana", &mut |_| {}).await.unwrap();
    server::forgetting::follow(&app.state, &mut done).await.unwrap();
    assert!(mailroom.has_index("hana"));
    app.state.state().forget_account("hana", true, 2).await.unwrap();
    server::forgetting::follow(&app.state, &mut done).await.unwrap();
    assert!(!mailroom.has_index("hana"), "but again when they leave again");
}

#[tokio::test]
async fn that_the_portal_has_signed_somebody_out_is_said_to_whom_it_was_sent() {
    let app = TestApp::configured(PROXY).await;
    assert_eq!(app.get("/signed-out").await.header("location"), Some("/sign-in"));
    let headers = says("hana@example.ac.jp", &[("origin", ORIGIN)]);
    app.get_with("/sign-in/start", &headers).await;
    app.send(Method::POST, "/sign-out", &headers, "").await;
    for place in ["/sign-in?state=out", "/sign-in"] {
        assert_eq!(app.get("/signed-out").await.header("location"), Some(place));
    }
}

#[tokio::test]
async fn a_form_that_makes_no_sense_is_refused_in_the_persons_language() {
    let app = TestApp::configured(CODES).await;
    for (path, body) in [("/sign-in/code", "account=hana"), ("/sign-in/code", "%ff")] {
        let answer = app.post(path, body).await;
        assert!(answer.status.is_client_error(), "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(answer.text().contains("lang=\"ja\""), "{path}");
    }
}

#[tokio::test]
async fn whoever_searched_comes_back_to_what_was_found() {
    let app = TestApp::new().await;
    let wanted = "/search?q=Plain";
    let sent = app.get(wanted).await;
    assert_eq!(sent.header("location"), Some("/sign-in?return_to=/search%3Fq%3DPlain"));
    assert_eq!(app.get(&app.link("hana")).await.header("location"), Some(wanted));
    // As the browser's half asks for it, when the session has ended under a page.
    let other = app.stranger();
    other.get("/sign-in?return_to=%2Fsearch%3Fq%3DPlain").await;
    assert_eq!(other.get(&other.link("hana")).await.header("location"), Some(wanted));
    let other = app.stranger();
    other.get("/sign-in?return_to=%2F%2Ft.example").await;
    assert_eq!(other.get(&other.link("hana")).await.header("location"), Some("/"));
}
