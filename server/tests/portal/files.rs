//! Attachments: whole, in ranges, all in one.

use crate::app::{FILE, PIXEL, TestApp};
use axum::http::{Method, StatusCode};

async fn digits(app: &TestApp) -> String {
    let letter = app.letter("Files").await;
    let html = app.get(&letter).await.text();
    let at = html.find("digits.txt").unwrap();
    let from = html[..at].rfind("href=\"").unwrap() + 6;
    html[from..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn ranges() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let path = digits(&app).await;
    let whole = app.get(&path).await;
    assert_eq!((whole.status, whole.text().as_str()), (StatusCode::OK, FILE));
    assert_eq!(whole.header("content-length"), Some("36"));
    let etag = whole.header("etag").unwrap();
    let head = app.send(Method::HEAD, &path, &[], "").await;
    assert_eq!((head.header("content-length"), head.body.len()), (Some("36"), 0));
    for (range, status, content_range, expected) in [
        ("bytes=0-9", 206, Some("bytes 0-9/36"), "0123456789"),
        ("bytes=30-", 206, Some("bytes 30-35/36"), "uvwxyz"),
        ("bytes=-3", 206, Some("bytes 33-35/36"), "xyz"),
        ("bytes=35-999", 206, Some("bytes 35-35/36"), "z"),
        ("bytes=0-1,4-5", 200, None, FILE),
    ] {
        let answer = app.get_with(&path, &[("range", range)]).await;
        assert_eq!(answer.status.as_u16(), status, "{range}");
        assert_eq!(answer.header("content-range"), content_range, "{range}");
        assert_eq!(answer.text(), expected, "{range}");
    }
    let beyond = app.get_with(&path, &[("range", "bytes=36-")]).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.header("content-range"), Some("bytes */36"));
    let same = app.get_with(&path, &[("range", "bytes=0-0"), ("if-range", etag)]).await;
    assert_eq!(same.status, StatusCode::PARTIAL_CONTENT);
    let other = app
        .get_with(&path, &[("range", "bytes=0-0"), ("if-range", "\"other\"")])
        .await;
    assert_eq!((other.status, other.text().as_str()), (StatusCode::OK, FILE));
}

#[tokio::test]
async fn everything_in_one_file() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let letter = app.letter("Files").await;
    let answer = app.get(&format!("{letter}/parts.zip")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.body.to_vec())).unwrap();
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    assert_eq!(names, ["digits.txt", "pixel.png", "page.html"]);
    for (name, expected) in [("digits.txt", FILE.as_bytes()), ("pixel.png", PIXEL)] {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        assert_eq!(bytes, expected, "{name}");
    }
    let plain = app.letter("Plain").await;
    assert_eq!(
        app.get(&format!("{plain}/parts.zip")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_source_is_what_lies_in_the_spool() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let letter = app.letter("Plain").await;
    let source = app.get(&format!("{letter}/source")).await;
    assert!(source.header("content-disposition").unwrap().starts_with("attachment"));
    assert!(
        source
            .text()
            .starts_with("From: Aoki <aoki@campus.example>\nTo: hana@campus.example\n")
    );
    assert_eq!(app.get(&format!("{letter}/source?view=1")).await.text(), source.text());
}
