//! A mailbox in one file, whole or with what is missing named.

use crate::app::TestApp;
use axum::http::StatusCode;
use std::{
    fs,
    io::{Cursor, Read},
};

async fn mbox(app: &TestApp, inbox: &str) -> String {
    let answer = app
        .get_with(&format!("{inbox}/export"), &[("accept-language", "en")])
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("content-disposition").unwrap().ends_with(".mbox"));
    String::from_utf8_lossy(&answer.body).into_owned()
}

async fn zip(app: &TestApp, inbox: &str) -> Vec<(String, Vec<u8>)> {
    unzipped(app, &format!("{inbox}/export?format=zip")).await
}

async fn unzipped(app: &TestApp, path: &str) -> Vec<(String, Vec<u8>)> {
    let answer = app.get(path).await;
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
    let files = fs::read_dir(app.spool("hana").join("cur")).unwrap();
    let mut raw: Vec<Vec<u8>> = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    let new = fs::read_dir(app.spool("hana").join("new")).unwrap();
    raw.extend(new.map(|file| fs::read(file.unwrap().path()).unwrap()));
    let mut files = zip(&app, &inbox).await;
    let (last, told) = files.pop().unwrap();
    assert_eq!(last, "README.txt");
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains(&format!("{} 通 (20", raw.len())), "{told}");
    let mut zipped: Vec<Vec<u8>> = files.into_iter().map(|(_, bytes)| bytes).collect();
    raw.sort();
    zipped.sort();
    assert!(!raw.is_empty());
    assert_eq!(zipped, raw);
    let head = app
        .get_with(&format!("{inbox}/export"), &[("accept-language", "en")])
        .await;
    assert_eq!(head.header("x-fumibako-source"), Some("live"));
    let at: jiff::Timestamp = head.header("x-fumibako-as-of").unwrap().parse().unwrap();
    assert!(at <= jiff::Timestamp::now());
    assert!(head.header("content-disposition").unwrap().ends_with("%20live.mbox"));
    let text = mbox(&app, &inbox).await;
    assert_eq!(text.lines().filter(|line| line.starts_with("From ")).count(), raw.len());
    assert!(!text.contains("About this export"));
}

#[tokio::test]
async fn what_cannot_be_had_is_named_at_its_end() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let count = zip(&app, &inbox).await.len() - 1;
    fs::rename(app.spool("hana"), app.spool("away")).unwrap();
    let files = zip(&app, &inbox).await;
    let [(name, told)] = &files[..] else {
        panic!("{}", files.len())
    };
    let told = String::from_utf8_lossy(told);
    assert_eq!(name, "README.txt");
    assert!(told.contains("次のメールは読めませんでした"), "{told}");
    assert!(told.contains("控えの一覧による"), "{told}");
    assert_eq!(
        told.lines().filter(|line| line.ends_with("見つかりません)")).count(),
        count,
        "{told}"
    );
    let text = mbox(&app, &inbox).await;
    assert_eq!(text.lines().filter(|line| line.starts_with("From ")).count(), 1);
    assert!(text.contains("Export again once the mail store can be read"), "{text}");
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

#[tokio::test]
async fn everything_has_a_folder_or_a_file_for_each_mailbox() {
    let app = TestApp::new().await;
    let spool = app.spool("hana");
    for sub in ["cur", "new", "tmp"] {
        fs::create_dir_all(spool.join(".&ZeVnLIqe-").join(sub)).unwrap();
    }
    // Two of one day whose subjects are longer than a file's name.
    for number in [2, 3] {
        let subject = "Long ".repeat(60);
        let text = format!("Subject: {subject}\nDate: 2 Mar 2026 09:00:00 +0900\n\n{number}\n");
        fs::write(
            spool.join(format!(".&ZeVnLIqe-/cur/179500000{number}.M1P1.h:2,S")),
            text,
        )
        .unwrap();
    }
    let text = "Subject: in Japanese\n\nFrom here on\n";
    fs::write(spool.join(".&ZeVnLIqe-/cur/1795000001.M1P1.h:2,S"), text).unwrap();
    let app = app.restarted().await;
    app.sign_in("hana").await;
    let files = unzipped(&app, "/export/file?format=zip").await;
    let of_folder: Vec<_> = files.iter().filter(|(name, _)| name.starts_with("日本語/")).collect();
    assert_eq!(of_folder.len(), 3, "{of_folder:?}");
    let (name, bytes) = of_folder.iter().find(|(name, _)| name.contains("in Japanese")).unwrap();
    assert!(name.ends_with(".eml") && name.contains("in Japanese"), "{name}");
    assert_eq!(bytes, text.as_bytes());
    let names: Vec<String> = unzipped(&app, "/export/file")
        .await
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(
        names.contains(&"日本語.mbox".to_owned()) && names.contains(&"INBOX.mbox".to_owned()),
        "{names:?}"
    );
    let before = unzipped(&app, "/export/file?format=zip&until=1999-01-01").await;
    assert_eq!(before.len(), 1, "only what it says of itself");
    let never = app.get("/export/file?since=2026-02-31").await;
    assert_eq!(never.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn messages_are_chosen_on_a_page_without_scripting() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let id = inbox.rsplit('/').next().unwrap();
    let page = app.get(&format!("/export?in={id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    let picks: Vec<&str> = text
        .split("name=\"pick\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(
        picks.len() > 1 && picks.iter().all(|pick| pick.starts_with(id)),
        "{text}"
    );
    // Said twice it is there once.
    let one = unzipped(
        &app,
        &format!("/export/file?in={id}&format=zip&pick={0}&pick={0}", picks[0]),
    )
    .await;
    assert_eq!(one.len(), 2);
    assert!(one[0].0.contains(picks[0].rsplit('/').next().unwrap()));
    let all = app.get("/export").await.text();
    assert!(all.contains(&format!("value=\"{id}\" checked")), "{all}");
    let nothing = app.get("/export/file?ticked=1&format=zip").await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.get("/export?in=none").await.status, StatusCode::NOT_FOUND);
    let foreign = app
        .get(&format!(
            "/export/file?pick=none/{}",
            picks[0].rsplit('/').next().unwrap()
        ))
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(app.stranger().get("/export").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_a_search_found_is_exported_together() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    // The headers are read behind the first list.
    let all = zip(&app, &inbox).await;
    let subject = "findable";
    fs::write(
        app.spool("hana").join("cur/1795000009.M9P1.h:2,S"),
        format!("Subject: {subject}\n\ntext\n"),
    )
    .unwrap();
    let mut tries = 0;
    let files = loop {
        tries += 1;
        assert!(tries < 10_000, "it is never found");
        app.get(&inbox).await;
        let answer = app.get(&format!("/export/file?q={subject}&format=zip")).await;
        if answer.status == StatusCode::OK {
            break unzipped(&app, &format!("/export/file?q={subject}&format=zip")).await;
        }
        tokio::task::yield_now().await;
    };
    assert!(all.len() > 2 && files.len() == 2, "{}", files.len());
    assert!(files[0].0.contains(subject));
    let page = app.get(&format!("/export?q={subject}")).await.text();
    assert!(
        page.contains("name=\"q\" value=\"findable\"") && page.contains("findable</span>"),
        "{page}"
    );
}
