//! Pages as a whole.

use crate::app::{Answer, TestApp};
use axum::{
    Router,
    http::{Method, Request, StatusCode},
    middleware::from_fn_with_state,
    routing::get,
};
use futures::FutureExt;
use server::{build_router, middleware::panics};
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::Path,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tower::ServiceExt;

#[tokio::test]
async fn the_first_document_is_small() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    // As Chromium and Firefox ask, and Safari.
    for (asked, coding) in [("gzip, deflate, br, zstd", "zstd"), ("gzip, deflate, br", "gzip")] {
        let answer = app.get_with(&inbox, &[("accept-encoding", asked)]).await;
        assert_eq!(answer.header("content-encoding"), Some(coding));
        assert!(answer.body.len() <= 40 << 10, "{} bytes", answer.body.len());
    }
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_router_made_meanwhile_holds_no_page_up() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let inbox = app.inbox().await;
    let state = app.state.clone();
    let done = Arc::new(AtomicBool::new(false));
    let maker = std::thread::spawn({
        let done = Arc::clone(&done);
        move || {
            while !done.load(Ordering::Relaxed) {
                drop(build_router(state.clone()));
            }
        }
    });
    // The limit turns a page that never ends into a failure; it is no measure.
    let pages = async {
        for _ in 0..200 {
            assert_eq!(app.get(&inbox).await.status, StatusCode::OK);
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(20), pages).await;
    done.store(true, Ordering::Relaxed);
    maker.join().unwrap();
    assert!(ended.is_ok(), "a page that never ends");
}

/// leptos_meta asks for the title of a page after it has waited, when another page may have come and gone on the thread.
#[tokio::test]
async fn a_page_has_its_own_title_whatever_other_pages_came_and_went_meanwhile() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let (inbox, letter) = (app.inbox().await, app.letter("Plain").await);
    let title = |answer: &Answer| {
        let html = answer.text();
        let from = html.find("<title>").unwrap() + "<title>".len();
        html[from..].split('<').next().unwrap().to_owned()
    };
    // The letter first: then the number of unread letters changes no more.
    for path in [letter.as_str(), &inbox, "/settings", "/nothing"] {
        let alone = title(&app.get(path).await);
        let mut page = pin!(app.get(path));
        let answer = loop {
            // One step of the page, and another page from beginning to end.
            match page.as_mut().now_or_never() {
                Some(answer) => break answer,
                None => assert_eq!(
                    app.get_with("/sign-in", &[("accept-language", "en")]).await.status,
                    StatusCode::OK
                ),
            }
        };
        assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert_eq!(title(&answer), alone, "{path}");
    }
}

/// Everything about a tree that a reader could disturb.
fn fingerprint(dir: &Path, into: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        let told = format!(
            "{} {} {} {} {}",
            meta.ino(),
            meta.mode(),
            meta.mtime_nsec(),
            meta.ctime_nsec(),
            meta.len()
        );
        into.insert(entry.path().display().to_string(), told);
        if meta.is_dir() {
            fingerprint(&entry.path(), into);
        }
    }
}

#[tokio::test]
async fn reading_leaves_the_spool_as_it_was() {
    let app = TestApp::new().await;
    let mut before = BTreeMap::new();
    fingerprint(&app.spool("hana"), &mut before);
    assert!(before.len() > 60);
    app.sign_in("hana").await;
    for subject in ["Plain", "Html", "Files"] {
        let letter = app.letter(subject).await;
        for rest in ["", "?headers=1", "/body?view=html", "/part/2", "/parts.zip", "/source"] {
            app.get(&format!("{letter}{rest}")).await;
        }
    }
    let mut after = BTreeMap::new();
    fingerprint(&app.spool("hana"), &mut after);
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_panic_becomes_a_page_with_an_incident_and_tells_nothing() {
    async fn defect() -> &'static str {
        panic!("secret detail")
    }
    let app = TestApp::new().await;
    let router = Router::new()
        .route("/x", get(defect))
        .layer(from_fn_with_state(app.state.clone(), panics::catch));
    let request = Request::get("/x")
        .header("accept-language", "en")
        .body(axum::body::Body::empty())
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let html = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let html = String::from_utf8(html.to_vec()).unwrap();
    let id = html
        .split_once("Incident number: ")
        .unwrap()
        .1
        .split('<')
        .next()
        .unwrap();
    assert_eq!(id.len(), 8, "{html}");
    assert!(!html.contains("secret"));
}

#[tokio::test]
async fn what_an_answer_took_stands_in_a_header_and_in_the_page() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let page = app.get(&app.inbox().await).await;
    let line = page.header("server-timing").unwrap();
    let names: Vec<&str> = line.split(", ").filter_map(|step| step.split(";dur=").next()).collect();
    assert_eq!(names, ["auth", "queue", "spool", "parse", "page", "total"]);
    let ms = |step: &str| -> f64 {
        let (_, rest) = line.split_once(&format!("{step};dur=")).unwrap();
        rest.split(',').next().unwrap().parse().unwrap()
    };
    let sum: f64 = names[..5].iter().map(|name| ms(name)).sum();
    assert!(sum > 0.0 && (sum - ms("total")).abs() < 0.1, "{line}");
    let text = page.text();
    for name in names {
        let (_, rest) = text.split_once(&format!("data-took=\"{name}\"")).unwrap();
        let (_, figure) = rest.split_once('>').unwrap();
        assert!(figure.split('<').next().unwrap().ends_with(" ms"), "{name}");
    }
    for path in ["/status", "/sign-in", "/m/none"] {
        assert!(
            app.stranger().get(path).await.header("server-timing").is_none(),
            "{path}"
        );
    }
}
