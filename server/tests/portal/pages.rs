//! Pages as a whole.

use crate::app::TestApp;
use axum::http::{Method, StatusCode};

#[tokio::test]
async fn the_first_document_is_small() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let answer = app.get_with(&inbox, &[("accept-encoding", "br")]).await;
    assert_eq!(answer.header("content-encoding"), Some("br"));
    assert!(answer.body.len() <= 40 << 10, "{} bytes", answer.body.len());
    assert!(app.get(&inbox).await.text().matches("<li id=\"r-").count() >= 50);
}

#[tokio::test]
async fn a_letter_that_was_opened_is_read_and_a_prefetch_opens_nothing() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let letter = app.letter("Plain").await;
    let before = app.unread_rows().await;
    for headers in [
        &[("sec-purpose", "prefetch")][..],
        &[("purpose", "prefetch")],
        &[("sec-fetch-dest", "iframe")],
        &[("sec-fetch-dest", "document"), ("sec-fetch-site", "cross-site")],
    ] {
        assert_eq!(app.get_with(&letter, headers).await.status, StatusCode::OK);
        assert_eq!(app.unread_rows().await, before, "{headers:?}");
    }
    app.send(Method::HEAD, &letter, &[], "").await;
    assert_eq!(app.unread_rows().await, before);
    app.get_with(
        &letter,
        &[("sec-fetch-dest", "document"), ("sec-fetch-site", "same-origin")],
    )
    .await;
    assert_eq!(app.unread_rows().await, before - 1);
}

#[tokio::test]
async fn raw_html_from_mail_is_in_no_page() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let letter = app.letter("Html").await;
    let html = app.get(&letter).await.text();
    assert!(!html.contains("x()") && !html.contains("t.example"));
    assert!(html.contains("<iframe"));
}

#[tokio::test]
async fn what_is_missing_says_so() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    for path in [
        "/nothing",
        "/m/aaaaaaaaaaaaaaaa",
        "/m/aaaaaaaaaaaaaaaa/b",
        "/m/a/b/part/x",
        "/m/a/b/part/99999999999",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text().contains("<h1"), "{path}");
    }
}
