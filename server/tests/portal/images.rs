//! Images that a letter's frame loads by themselves: by their URL alone, and by no other (security.md 3.3).

use crate::app::{Answer, PIXEL, TestApp};
use axum::http::{Method, StatusCode};
use std::fs;

/// A letter whose image is too large for its document. Its other parts: a page, and an image that fits.
pub async fn deliver(app: &TestApp, person: &str) {
    let mut large = PIXEL.to_vec();
    large.resize(3_300_000, 0);
    let part = |kind: &str, id: &str, bytes: &[u8]| {
        let encoded = data_encoding::BASE64_MIME.encode(bytes);
        format!("--b\nContent-Type: {kind}\nContent-ID: <{id}>\nContent-Transfer-Encoding: base64\n\n{encoded}\n")
    };
    let raw = format!(
        "From: Aoki <aoki@campus.example>\nDate: 2 Apr 2026 09:00:00 +0900\nSubject: Poster\nMIME-Version: 1.0\n\
         Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n\
         <img src=cid:large><img src=cid:page><img src=cid:small>\n{}{}{}--b--\n",
        part("image/png", "large", &large),
        part(
            "image/svg+xml",
            "page",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"
        ),
        part("application/x-picture", "small", PIXEL),
    );
    fs::write(app.spool(person).join(format!("cur/1900.poster.{person}:2,")), raw).unwrap();
    // Read before anybody asks: its row must have its subject.
    app.state.mailroom().index_account(person, &mut |_| {}).await.unwrap();
}

pub async fn document(app: &TestApp) -> Answer {
    let letter = app.letter("Poster").await;
    app.get(&format!("{letter}/body?view=html")).await
}

/// The path of the one image that a document loads.
pub fn image_of(document: &Answer) -> String {
    let html = document.text();
    assert_eq!(html.matches("src=\"http").count(), 1);
    let (_, rest) = html.split_once("src=\"http://127.0.0.1:4080/image/").unwrap();
    format!("/image/{}", rest.split_once('"').unwrap().0)
}

/// What tells one answer from another, but for its moment.
fn shape(answer: &Answer) -> (StatusCode, String, usize) {
    let mut headers: Vec<String> = answer.headers.iter().map(|line| format!("{line:?}")).collect();
    headers.sort();
    (answer.status, headers.join("\n"), answer.body.len())
}

#[tokio::test]
async fn who_has_the_url_has_the_image_and_nothing_else() {
    let app = TestApp::new().await;
    deliver(&app, "hana").await;
    app.sign_in("hana").await;
    let document = document(&app).await;
    let path = image_of(&document);
    assert!(!path.contains("hana"), "{path}");

    // As the frame asks: without a cookie, and for another site's page by what the browser says.
    let frame = app.stranger();
    let said = [
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-fetch-dest", "image"),
    ];
    let image = frame.get_with(&path, &said).await;
    assert_eq!((image.status, image.body.len()), (StatusCode::OK, 3_300_000));
    assert!(image.body.starts_with(PIXEL));
    assert!(image.header("set-cookie").is_none() && frame.cookies().is_none());
    let head = frame.send(Method::HEAD, &path, &[], "").await;
    assert_eq!(
        (head.status, head.header("content-length"), head.body.len()),
        (StatusCode::OK, Some("3300000"), 0)
    );
    assert_eq!(head.header("content-type"), Some("image/png"));

    // Every other URL is nothing at all, whatever is wrong with it.
    let (place, t) = path.split_once("?t=").unwrap();
    let (expires, token) = t.split_once('.').unwrap();
    let expires: i64 = expires.parse().unwrap();
    let (dir, part) = place.rsplit_once('/').unwrap();
    let (up, message) = dir.rsplit_once('/').unwrap();
    let part: u32 = part.parse().unwrap();
    let wrong = frame.get("/image/a/b/1?t=1.x").await;
    let (status, headers, length) = shape(&wrong);
    assert_eq!((status, length), (StatusCode::NOT_FOUND, 0));
    assert!(
        headers.contains("no-store") && !headers.contains("max-age"),
        "{headers}"
    );
    let turned: String = message.chars().rev().collect();
    for path in [
        // Other parts: the page, the image that fits, one that is not there.
        format!("{dir}/{}?t={t}", part + 1),
        format!("{dir}/{}?t={t}", part + 2),
        format!("{dir}/99?t={t}"),
        format!("{dir}/x?t={t}"),
        format!("{dir}/-1?t={t}"),
        format!("{up}/{turned}/{part}?t={t}"),
        format!("/image/{message}/{message}/{part}?t={t}"),
        // Another end.
        format!("{place}?t={}.{token}", expires + 1),
        format!("{place}?t={}.{token}", expires - 601),
        format!("{place}?t=.{token}"),
        // Another token.
        format!("{place}?t={expires}.{}", token.chars().rev().collect::<String>()),
        format!("{place}?t={expires}."),
        format!("{place}?t={expires}"),
        format!("{place}?t={t}&t={t}"),
        format!("{place}?t=%FF"),
        place.to_owned(),
    ] {
        let answer = frame.get(&path).await;
        assert_eq!(shape(&answer), shape(&wrong), "{path}");
        // Being signed in helps nothing.
        assert_eq!(shape(&app.get(&path).await), shape(&wrong), "{path}");
    }
    // Only a page of ours may send anything, and there is nothing to be sent.
    let post = frame
        .send(Method::POST, &path, &[("origin", crate::app::ORIGIN)], "")
        .await;
    assert_eq!(post.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_url_is_of_one_account() {
    let app = TestApp::new().await;
    deliver(&app, "hana").await;
    deliver(&app, "ken").await;
    app.sign_in("hana").await;
    let hers = image_of(&document(&app).await);
    let other = app.stranger();
    other.sign_in("ken").await;
    let his = image_of(&document(&other).await);
    let ((her_place, her_t), (his_place, his_t)) = (hers.split_once('?').unwrap(), his.split_once('?').unwrap());
    assert_ne!(her_place, his_place);
    for path in [format!("{her_place}?{his_t}"), format!("{his_place}?{her_t}")] {
        assert_eq!(app.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [hers, his] {
        assert_eq!(app.stranger().get(&path).await.status, StatusCode::OK, "{path}");
    }
}

/// The frame's requests have nothing that would tell of a session: see `routes/image.rs`.
#[tokio::test]
async fn a_url_outlives_the_session_and_not_the_message() {
    let app = TestApp::new().await;
    deliver(&app, "hana").await;
    app.sign_in("hana").await;
    let path = image_of(&document(&app).await);
    assert_eq!(app.post("/sign-out", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.get(&path).await.status, StatusCode::OK);
    let app = app.restarted().await;
    assert_eq!(app.get(&path).await.status, StatusCode::OK);
    fs::remove_file(app.spool("hana").join("cur/1900.poster.hana:2,")).unwrap();
    let gone = app.get(&path).await;
    assert_eq!((gone.status, gone.body.len()), (StatusCode::NOT_FOUND, 0));
}

#[tokio::test]
async fn too_many_images_of_one_account_have_to_wait() {
    let app = TestApp::new().await;
    deliver(&app, "hana").await;
    app.sign_in("hana").await;
    let path = image_of(&document(&app).await);
    let now_ms = mailroom::Clock::now_ns(&app.state.clock()) / 1_000_000;
    // The whole minute at once, and what may come back meanwhile.
    for _ in 0..1_300 {
        let _ = app
            .state
            .rates()
            .count(server::rates::Kind::Image, "hana", now_ms + 2_000);
    }
    let answer = app.stranger().get(&path).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::TOO_MANY_REQUESTS, 0));
    assert!(answer.header("retry-after").is_some());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}
