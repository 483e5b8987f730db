//! Requests from other sites change nothing (V-91), and nothing that changes something answers GET.

use crate::app::{ORIGIN, TestApp};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, Version},
};
use std::collections::BTreeMap;
use tower::ServiceExt;

fn functions() -> BTreeMap<&'static str, Method> {
    server_fn::axum::server_fn_paths().collect()
}

#[tokio::test]
async fn another_site_reaches_no_function_and_no_form() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let paths: Vec<&str> = functions()
        .into_keys()
        .chain(["/settings", "/sign-out", "/csp-report"])
        .collect();
    assert!(paths.len() > 5);
    for path in paths {
        for from in [
            &[("origin", "https://t.example")][..],
            &[("origin", "null")],
            &[],
            &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
        ] {
            let answer = app.send(Method::POST, path, from, "mailbox=a&message=b").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {from:?}");
            assert!(answer.header("access-control-allow-origin").is_none());
        }
    }
    assert!(!app.inbox().await.is_empty(), "still signed in");
}

#[tokio::test]
async fn another_site_opens_nothing_that_stays_open() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let upgrade = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
    ];
    let paths = functions().into_keys().chain(["/events", &inbox]);
    for path in paths {
        for from in [
            ("origin", "https://t.example"),
            ("origin", "null"),
            ("sec-fetch-site", "same-site"),
        ] {
            let headers = [&upgrade[..], &[from]].concat();
            assert_eq!(
                app.get_with(path, &headers).await.status,
                StatusCode::FORBIDDEN,
                "{path} {from:?}"
            );
        }
        let nobody = app.get_with(path, &upgrade).await;
        assert_eq!(nobody.status, StatusCode::FORBIDDEN, "{path}");
    }
    let events = app.get_with("/events", &[("origin", "https://t.example")]).await;
    assert_eq!(events.status, StatusCode::FORBIDDEN);
    // A client that offers HTTP/2 is a client.
    let offers = app
        .get_with(&inbox, &[("connection", "Upgrade, HTTP2-Settings"), ("upgrade", "h2c")])
        .await;
    assert_eq!(offers.status, StatusCode::OK);
}

#[tokio::test]
async fn functions_that_change_something_are_post_alone() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let functions = functions();
    for name in ["/api/mark_opened", "/api/mark_unread"] {
        assert_eq!(functions.get(name), Some(&Method::POST), "{name}");
        let answer = app.get(&format!("{name}?mailbox=a&message=b")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{name}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    }
    let letter = app.letter("Plain").await;
    let mut ids = letter.strip_prefix("/m/").unwrap().split('/');
    let form = format!("mailbox={}&message={}", ids.next().unwrap(), ids.next().unwrap());
    let before = app.unread_rows().await;
    assert!(!app.get(&format!("/api/mark_opened?{form}")).await.status.is_success());
    assert_eq!(app.unread_rows().await, before);
    assert_eq!(app.post("/api/mark_opened", &form).await.status, StatusCode::OK);
    assert_eq!(app.unread_rows().await, before - 1);
    assert_eq!(app.post("/api/mark_unread", &form).await.status, StatusCode::OK);
    assert_eq!(app.unread_rows().await, before);
}

#[tokio::test]
async fn no_answer_leads_to_the_referer() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let headers = [
        ("origin", ORIGIN),
        ("accept", "text/html"),
        ("referer", "https://t.example/"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = app
        .send(Method::POST, "/api/mark_opened", &headers, "mailbox=a&message=b")
        .await;
    assert!(
        answer
            .header("location")
            .is_none_or(|place| !place.contains("t.example"))
    );
}

#[tokio::test]
async fn too_much_is_refused() {
    let app = TestApp::new().await;
    let answer = app.post("/settings", &"x".repeat((256 << 10) + 1)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let long = "x".repeat(33 << 10);
    let answer = app.get_with("/sign-in", &[("x-long", &long)]).await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test]
async fn a_name_pointed_at_this_machine_is_not_answered() {
    let app = TestApp::new().await;
    let request = axum::http::Request::get("/sign-in")
        .header("host", "t.example:4080")
        .body(axum::body::Body::empty());
    let response = tower::ServiceExt::oneshot(app.router.clone(), request.unwrap())
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn a_plain_form_that_fails_gets_a_page() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let mailbox = app.inbox().await.strip_prefix("/m/").unwrap().to_owned();
    let form = [
        ("origin", ORIGIN),
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
    ];
    let unknown = format!("mailbox={mailbox}&message=unknown&back=");
    for (fields, status) in [
        (unknown.as_str(), StatusCode::NOT_FOUND),
        ("mailbox=unknown&message=unknown&back=", StatusCode::NOT_FOUND),
        ("back=", StatusCode::BAD_REQUEST),
    ] {
        for path in ["/api/mark_opened", "/api/mark_unread"] {
            let answer = app.send(Method::POST, path, &form, fields).await;
            assert_eq!(answer.status, status, "{path} {fields}");
            assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
            assert!(answer.text().contains("<h1>"));
            // What the browser's half asks stays as it was.
            assert_eq!(
                app.post(path, fields).await.header("content-type"),
                Some("application/x-postcard")
            );
        }
    }
    let out = app
        .stranger()
        .send(Method::POST, "/api/mark_opened", &form, &unknown)
        .await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    assert!(out.text().contains("<h1>"));
}

#[tokio::test]
async fn a_request_of_http_1_1_names_its_host() {
    let app = TestApp::new().await;
    for (version, status) in [
        (Version::HTTP_10, StatusCode::OK),
        (Version::HTTP_11, StatusCode::BAD_REQUEST),
        (Version::HTTP_2, StatusCode::OK),
    ] {
        let request = Request::builder()
            .uri("/healthz")
            .version(version)
            .body(Body::empty())
            .unwrap();
        let answer = app.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), status, "{version:?}");
    }
}
