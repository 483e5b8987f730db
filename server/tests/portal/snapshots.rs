//! Dated copies: chosen, read and taken along, each with its date on every page, and nobody else's.

use crate::app::{Answer, TestApp};
use axum::http::{Method, StatusCode};
use std::fs;

const EN: &[(&str, &str)] = &[("accept-language", "en")];

/// The inboxes of the copies, as the page leads to them.
async fn inboxes(app: &TestApp) -> Vec<String> {
    let page = app.get("/snapshots").await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.text();
    let links = html.split("href=\"/m/").skip(1);
    links
        .map(|rest| format!("/m/{}", rest.split('"').next().unwrap()))
        .collect()
}

/// A copy, newest first, of which all has been read.
async fn read(app: &TestApp, number: usize) -> String {
    let inbox = inboxes(app).await.remove(number);
    for _ in 0..2_000 {
        if !app.get(&inbox).await.text().contains("class=\"pending\"") {
            return inbox;
        }
        tokio::task::yield_now().await;
    }
    panic!("it goes on being read")
}

fn contains(answer: &Answer, text: &str) {
    let html = answer.text();
    assert!(html.contains(text), "{text} is not in\n{html}");
}

#[tokio::test]
async fn the_copies_are_listed_with_date_and_condition_in_both_languages() {
    let app = TestApp::with_snapshots().await;
    let signed_out = app.get("/snapshots").await;
    assert_eq!(signed_out.status, StatusCode::SEE_OTHER);
    assert!(signed_out.header("location").unwrap().starts_with("/sign-in"));
    app.sign_in("hana").await;
    assert_eq!(inboxes(&app).await.len(), 3);
    let ja = app.get_with("/snapshots", &[("accept-language", "ja")]).await;
    for text in [
        "<h1>過去の控え</h1>",
        "<a href=\"/\"><span class=\"dot\" aria-hidden=\"true\"></span><strong>現在のメール",
        "<time datetime=\"2026-03-09T03:00:00+09:00\">2026年3月9日 (月) 3:00</time></strong> <span class=\"small\">完全な控え",
        // Its name tells a day, and nothing more is claimed.
        "<time datetime=\"2026-03-07\">2026年3月7日 (土)</time></strong> <span class=\"small\">完全かどうか未確認",
    ] {
        contains(&ja, text);
    }
    let en = app.get_with("/snapshots", EN).await;
    contains(&en, "<html lang=\"en\"");
    contains(
        &en,
        ">Mon 9 Mar 2026, 03:00</time></strong> <span class=\"small\">Complete<",
    );
    contains(&en, "Not known to be complete");
    let html = en.text();
    let at = |date: &str| html.find(date).unwrap();
    assert!(
        at("9 Mar 2026") < at("8 Mar 2026") && at("8 Mar 2026") < at("7 Mar 2026"),
        "the newest first"
    );
    assert!(!html.contains("<script"), "without scripting");
}

#[tokio::test]
async fn every_page_of_a_copy_says_so_and_offers_no_change() {
    let app = TestApp::with_snapshots().await;
    app.sign_in("hana").await;
    let live = app.inbox().await;
    contains(&app.get(&live).await, "href=\"/snapshots\"");
    let unread = app.unread_rows().await;
    let inbox = read(&app, 0).await;
    let key = inbox.strip_prefix("/m/").unwrap().split('~').next().unwrap().to_owned();

    let says = |answer: &Answer| {
        assert_eq!(answer.status, StatusCode::OK);
        contains(answer, "You are reading the copy as of Mon 9 Mar 2026, 03:00.");
        contains(answer, "data-source=\"snapshot\"");
        contains(answer, "data-as-of=\"2026-03-09T03:00:00+09:00\"");
        contains(answer, "Back to live mail");
        let html = answer.text();
        assert!(!html.contains("/api/mark_"), "nothing is changed");
        let rail = html
            .split("id=\"rail\"")
            .nth(1)
            .unwrap()
            .split("</nav>")
            .next()
            .unwrap();
        let is_copy = |link: &&str| link.split('>').next().unwrap().contains("rel=\"external\"");
        let (copies, mailboxes): (Vec<_>, Vec<_>) = rail.split("href=\"/m/").skip(1).partition(is_copy);
        assert!(!mailboxes.is_empty() && mailboxes.iter().all(|link| link.starts_with(&key)));
        assert!(copies.iter().any(|link| !link.starts_with(&key)), "to be chosen from");
    };
    let list = app.get_with(&inbox, EN).await;
    says(&list);
    contains(&list, "name=\"in\" value=\"");
    let letter = app.letter_in(&inbox, "Deleted since").await;
    let opened = app.get_with(&letter, EN).await;
    says(&opened);
    contains(&opened, "Only here.");
    let search = app.get_with(&format!("/search?q=deleted&in={key}~"), EN).await;
    says(&search);
    assert_eq!(search.text().matches("<li id=\"r-").count(), 1);
    contains(&app.get("/search?q=deleted").await, "<span class=\"counts\">");
    assert_eq!(
        app.get("/search?q=deleted").await.text().matches("<li id=\"r-").count(),
        0,
        "not in the live mail"
    );
    // The page where a search begins.
    says(&app.get_with(&format!("/search?in={key}~"), EN).await);

    assert_eq!(
        app.unread_rows().await,
        unread,
        "what is opened in a copy is not opened"
    );
    let form = format!("mailbox={key}~{}&message=x", inbox.rsplit('~').next().unwrap());
    for action in ["/api/mark_opened", "/api/mark_unread"] {
        assert_eq!(app.post(action, &form).await.status, StatusCode::NOT_FOUND, "{action}");
    }
}

#[tokio::test]
async fn everything_of_a_letter_is_had_from_a_copy() {
    let app = TestApp::with_snapshots().await;
    app.sign_in("hana").await;
    let inbox = read(&app, 0).await;
    let files = app.letter_in(&inbox, "Files").await;
    let part = app.get(&files).await.text();
    let part = part
        .split("/part/")
        .nth(1)
        .unwrap()
        .split(['"', '?'])
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(app.get(&format!("{files}/part/{part}")).await.text(), crate::app::FILE);
    for rest in ["parts.zip", "source", "body?view=text"] {
        assert_eq!(
            app.get(&format!("{files}/{rest}")).await.status,
            StatusCode::OK,
            "{rest}"
        );
    }
    let html = app.letter_in(&inbox, "Html").await;
    contains(&app.get(&format!("{html}/body?view=html")).await, "Hi");
    let export = app.get(&format!("{inbox}/export?format=mbox")).await;
    let name = export.header("content-disposition").unwrap();
    assert!(name.contains("@2026-03-09_0300.mbox"), "{name}");
    assert!(String::from_utf8_lossy(&export.body).contains("Subject: Deleted since"));
}

#[tokio::test]
async fn a_copy_that_nothing_says_is_complete_says_that() {
    let app = TestApp::with_snapshots().await;
    app.sign_in("hana").await;
    let inbox = read(&app, 2).await;
    let en = app.get_with(&inbox, EN).await;
    contains(&en, "You are reading a copy of about Sat 7 Mar 2026.");
    contains(&en, "not known to be complete");
    contains(&en, "data-source=\"unmarked\"");
    contains(&en, "data-as-of=\"2026-03-07\"");
    let ja = app.get_with(&inbox, &[("accept-language", "ja")]).await;
    contains(&ja, "2026年3月7日 (土) 頃の控えです。");
    contains(&ja, "完全かどうか未確認です。");
}

#[tokio::test]
async fn the_key_of_somebody_else_is_as_one_that_is_none() {
    let app = TestApp::with_snapshots().await;
    let ken = app.stranger();
    ken.sign_in("ken").await;
    let theirs = read(&ken, 0).await;
    let letter = ken.letter_in(&theirs, "Deleted since").await;
    app.sign_in("hana").await;
    let own = read(&app, 0).await;
    assert_ne!(own, theirs);
    let unknown = |path: &str| path.replacen(&path[3..19], "abcdefghijklmnop", 1);
    let search = format!("/search?q=x&in={}", &theirs[3..]);
    let all = format!("/search?q=x&in={}~", &theirs[3..19]);
    for path in [
        theirs.clone(),
        letter.clone(),
        format!("{letter}/body?view=text"),
        format!("{letter}/source"),
        format!("{theirs}/export"),
        search,
        all,
        format!("/api/list_mailboxes?snapshot={}", &theirs[3..19]),
    ] {
        let answer = app.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("Deleted since"));
    }
    for path in [theirs, letter] {
        let (foreign, none) = (app.get(&path).await, app.get(&unknown(&path)).await);
        assert_eq!(none.status, StatusCode::NOT_FOUND);
        let shown = |text: &str| {
            text.split("<dd ")
                .map(|rest| rest.split("</dd>").last().unwrap_or("").len())
                .sum::<usize>()
        };
        assert_eq!(
            shown(&foreign.text()),
            shown(&none.text()),
            "alike, but for how long it took"
        );
    }
    let head = app.send(Method::HEAD, &own, &[], "").await;
    assert_eq!(head.status, StatusCode::OK);
}

#[tokio::test]
async fn while_the_mail_cannot_be_had_the_newest_complete_copy_is_offered() {
    let app = TestApp::with_snapshots().await;
    app.sign_in("hana").await;
    let live = app.inbox().await;
    let letter = app.letter("Plain").await;
    fs::rename(app.spool("hana"), app.spool("away")).unwrap();
    let newest = inboxes(&app).await.remove(0);
    let key = newest
        .strip_prefix("/m/")
        .unwrap()
        .split('~')
        .next()
        .unwrap()
        .to_owned();
    let list = app.get_with(&live, EN).await;
    contains(&list, "data-source=\"saved\"");
    contains(&list, &format!("href=\"{newest}\""));
    contains(&list, "Read the copy as of");
    // The letter was never opened, so there is no copy of our own.
    let failed = app.get_with(&letter, EN).await;
    assert_eq!(failed.status, StatusCode::SERVICE_UNAVAILABLE);
    contains(&failed, "Look into earlier copies");
    let there = letter.replacen("/m/", &format!("/m/{key}~"), 1);
    contains(&failed, &format!("href=\"{there}\""));
    let read = app.get_with(&there, EN).await;
    assert_eq!(read.status, StatusCode::OK);
    contains(&read, "Hello.");
}

#[tokio::test]
async fn a_copy_without_a_person_says_so_and_leads_to_the_others() {
    let app = TestApp::with_snapshots().await;
    app.sign_in("hana").await;
    fs::remove_dir_all(app.spool("zfs/2026-03-09_0300/hana")).unwrap();
    let inbox = inboxes(&app).await.remove(0);
    let page = app.get_with(&inbox, EN).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    contains(&page, "This copy has no mail of yours");
    contains(&page, "href=\"/snapshots\"");
    assert!(!page.text().contains("mail store is not there"));
}

#[tokio::test]
async fn where_there_are_none_nothing_leads_to_them() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    assert!(!app.get(&app.inbox().await).await.text().contains("/snapshots"));
    let page = app.get_with("/snapshots", EN).await;
    assert_eq!(page.status, StatusCode::OK);
    contains(&page, "There are no copies yet.");
}

#[tokio::test]
async fn copies_that_cannot_be_looked_for_are_not_said_to_be_none() {
    let app = TestApp::with_snapshots().await;
    app.sign_in("hana").await;
    for place in ["zfs", "copies"] {
        fs::remove_dir_all(app.spool(place)).unwrap();
    }
    let page = app.get_with("/snapshots", EN).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    contains(&page, "could not be looked for");
    assert!(!page.text().contains("no copies"));
}
