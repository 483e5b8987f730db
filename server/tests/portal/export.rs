//! A mailbox in one file, whole or with what is missing named.

use crate::app::TestApp;
use axum::http::StatusCode;
use std::io::{Cursor, Read};

async fn mbox(app: &TestApp, inbox: &str) -> String {
    let answer = app
        .get_with(&format!("{inbox}/export"), &[("accept-language", "en")])
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("content-disposition").unwrap().ends_with(".mbox"));
    String::from_utf8_lossy(&answer.body).into_owned()
}

async fn zip(app: &TestApp, inbox: &str) -> Vec<(String, Vec<u8>)> {
    let answer = app.get(&format!("{inbox}/export?format=zip")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.body.to_vec())).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().to_owned(), bytes)
        })
        .collect()
}

#[tokio::test]
async fn every_message_of_a_mailbox_is_in_it() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let files = std::fs::read_dir(app.spool("hana").join("cur")).unwrap();
    let mut raw: Vec<Vec<u8>> = files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    let new = std::fs::read_dir(app.spool("hana").join("new")).unwrap();
    raw.extend(new.map(|file| std::fs::read(file.unwrap().path()).unwrap()));
    let mut zipped: Vec<Vec<u8>> = zip(&app, &inbox).await.into_iter().map(|(_, bytes)| bytes).collect();
    raw.sort();
    zipped.sort();
    assert!(!raw.is_empty());
    assert_eq!(zipped, raw);
    let text = mbox(&app, &inbox).await;
    assert_eq!(text.lines().filter(|line| line.starts_with("From ")).count(), raw.len());
    assert!(!text.contains("About this export"));
}

#[tokio::test]
async fn what_cannot_be_had_is_named_at_its_end() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let count = zip(&app, &inbox).await.len();
    std::fs::rename(app.spool("hana"), app.spool("away")).unwrap();
    let files = zip(&app, &inbox).await;
    let [(name, told)] = &files[..] else {
        panic!("{}", files.len())
    };
    let told = String::from_utf8_lossy(told);
    assert_eq!(name, "README.txt");
    assert!(told.contains("次のメールは読めませんでした"), "{told}");
    assert_eq!(told.lines().filter(|line| line.contains("20")).count(), count, "{told}");
    let text = mbox(&app, &inbox).await;
    assert_eq!(text.lines().filter(|line| line.starts_with("From ")).count(), 1);
    assert!(text.contains("Export again once the spool answers"), "{text}");
}

#[tokio::test]
async fn another_form_or_a_mailbox_that_is_not_there_is_refused() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let pst = app.get(&format!("{inbox}/export?format=pst")).await;
    assert_eq!(pst.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.get("/m/none/export").await.status, StatusCode::NOT_FOUND);
    let stranger = app.stranger();
    assert_eq!(
        stranger.get(&format!("{inbox}/export")).await.status,
        StatusCode::SEE_OTHER
    );
}
