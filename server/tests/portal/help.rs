//! "My mail program times out": whose fault it is, whether mail arrives, and what to do, whatever is down.

use crate::app::TestApp;
use axum::http::StatusCode;
use tokio::net::TcpSocket;

const PAGE: &str = "/help/client-timeout";
const ENGLISH: [(&str, &str); 1] = [("accept-language", "en")];

async fn html(app: &TestApp) -> String {
    let answer = app.get_with(PAGE, &ENGLISH).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.text()
}

#[tokio::test]
async fn whoever_comes_is_told_what_can_be_told() {
    let config = "[help]\nimap = 'imap.campus.example:993'\n[ui]\ncontact = 'desk <1234>'\n";
    let app = TestApp::configured(config).await;
    let page = html(&app).await;
    for said in [
        "not watched here",
        "href=\"/sign-in?return_to=%2Fhelp%2Fclient-timeout\"",
        "IMAP: imap.campus.example, port 993",
        "Questions: desk &lt;1234&gt;",
        "href=\"/status\"",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("/export") && !page.contains("<script") && !page.contains(" style="));
    assert!(
        app.get(PAGE)
            .await
            .text()
            .contains("<h1>メールソフトがタイムアウトする</h1>")
    );
    assert!(
        app.get_with("/status", &ENGLISH)
            .await
            .text()
            .contains(&format!("href=\"{PAGE}\""))
    );
    // Back from there after signing in.
    let sign_in = app.get("/sign-in?return_to=/help/client-timeout").await;
    assert!(
        sign_in
            .header("set-cookie")
            .unwrap()
            .starts_with("back=/help/client-timeout;")
    );
}

#[tokio::test]
async fn a_server_that_fails_is_named_here_and_on_every_page() {
    let silent = TcpSocket::new_v4().unwrap();
    silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = silent.local_addr().unwrap().port();
    let target = format!("name = 'imap'\nkind = 'imap'\nhost = '127.0.0.1'\nport = {port}\ntls = 'none'\n");
    let app = TestApp::configured(&format!("[[probe.target]]\n{target}")).await;
    assert!(html(&app).await.contains("not been looked at yet"));
    for _ in 0..2 {
        app.state.status().look_at_all().await;
    }
    let page = html(&app).await;
    assert!(
        page.contains("Not answering: IMAP since ") && page.contains("That is our fault"),
        "{page}"
    );
    assert!(page.contains("2 of 2 looks in ten minutes failed"), "{page}");
    assert!(
        !page.contains("127.0.0.1") && !page.contains(&port.to_string()),
        "{page}"
    );
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    for path in [inbox.as_str(), "/sign-in"] {
        let page = app.get_with(path, &ENGLISH).await.text();
        assert!(page.contains("Not answering: IMAP since "), "{path}: {page}");
        assert!(page.contains(&format!("href=\"{PAGE}\"")), "{path}: {page}");
    }
}

#[tokio::test]
async fn who_is_signed_in_sees_when_mail_came_last_and_how_that_is_known() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let page = html(&app).await;
    assert!(page.contains("The newest mail in your inbox came on "), "{page}");
    assert!(page.contains(" ago).</time>"), "{page}");
    assert!(page.contains("Read from the mail store just now."), "{page}");
    assert!(page.contains("href=\"/export\""), "{page}");

    std::fs::rename(app.spool("hana"), app.spool("away")).unwrap();
    let page = html(&app).await;
    assert!(page.contains("The newest mail in your inbox came on "), "{page}");
    assert!(
        page.contains("As far as is known: ") && !page.contains("just now"),
        "{page}"
    );
    assert!(page.contains("href=\"/export\""), "what is kept can be had: {page}");
}

#[tokio::test]
async fn nothing_known_is_not_called_empty() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    std::fs::rename(app.spool("hana"), app.spool("away")).unwrap();
    app.state.mailroom().erase("hana").await.unwrap();
    let page = html(&app).await;
    assert!(page.contains("That does not mean that it is empty"), "{page}");
    assert!(!page.contains("There is no mail"), "{page}");
}

#[tokio::test]
async fn a_database_that_is_away_keeps_nobody_from_the_help() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    // Long enough that no session is remembered.
    let other = app.restarted().await;
    other.state.state().close().await;
    let page = html(&other).await;
    assert!(page.contains("whether you are signed in"), "{page}");
    assert!(!page.contains("Sign in and come back"), "{page}");
}
