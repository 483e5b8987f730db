//! The whole header block of every class of answer (security.md 3), and which route belongs to which.

use crate::{
    app::{Answer, ORIGIN, TestApp},
    images,
};
use axum::http::{Method, StatusCode};

const LIVE: &str = "x-fumibako-source: live";
const COMMON: &str = "cross-origin-resource-policy: same-origin\nx-content-type-options: nosniff\n";
const PERMISSIONS: &str = "permissions-policy: accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
    microphone=(), payment=(), usb=(), serial=(), hid=()\n";

/// The headers that matter, sorted, with the nonce replaced.
fn block(answer: &Answer) -> String {
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| {
            !matches!(
                name.as_str(),
                "content-length"
                    | "etag"
                    | "vary"
                    | "set-cookie"
                    | "location"
                    | "date"
                    | "server-timing"
                    | "x-fumibako-as-of"
            )
        })
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    let text = lines.join("\n") + "\n";
    match nonce(answer) {
        Some(nonce) => text.replace(&nonce, "N"),
        None => text,
    }
}

pub fn nonce(answer: &Answer) -> Option<String> {
    let policy = answer.header("content-security-policy")?;
    Some(policy.split_once("'nonce-")?.1.split('\'').next()?.to_owned())
}

fn sorted(lines: &[&str]) -> String {
    let mut lines: Vec<&str> = lines
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| !line.is_empty())
        .collect();
    lines.sort_unstable();
    lines.join("\n") + "\n"
}

fn document() -> String {
    sorted(&[
        COMMON,
        PERMISSIONS,
        "cache-control: no-store\ncontent-type: text/html; charset=utf-8\nx-frame-options: DENY\nx-dns-prefetch-control: off",
        "cross-origin-opener-policy: same-origin\nreferrer-policy: same-origin",
        "content-security-policy: default-src 'none'; script-src 'nonce-N' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' \
         'nonce-N'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; manifest-src \
         'self'; worker-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp-report",
        "content-security-policy-report-only: require-trusted-types-for 'script'; report-uri /csp-report",
    ])
}

fn attachment(more: &[&str]) -> String {
    let own = "cache-control: no-store\nreferrer-policy: no-referrer\ncontent-security-policy: sandbox; default-src 'none'; \
               frame-ancestors 'none'";
    sorted(&[&[COMMON, own], more].concat())
}

#[tokio::test]
async fn documents() {
    let app = TestApp::new().await;
    for path in ["/sign-in", "/status", "/help/client-timeout"] {
        assert_eq!(block(&app.get(path).await), document(), "{path}");
    }
    app.sign_in("hana").await;
    let (inbox, letter) = (app.inbox().await, app.letter("Plain").await);
    for path in [
        inbox.as_str(),
        &letter,
        "/settings",
        "/help/client-timeout",
        "/nothing/here",
        "/m/none",
        "/m/none/part/x",
    ] {
        assert_eq!(block(&app.get(path).await), document(), "{path}");
    }
    let staffed = TestApp::configured("[status]\nstaff = ['hana']\n").await;
    staffed.sign_in("hana").await;
    let staff = staffed.get("/status/incidents").await;
    assert_eq!((staff.status, block(&staff)), (StatusCode::OK, document()));
    let no_part = app.get(&format!("{letter}/part/99")).await;
    assert_eq!((no_part.status, block(&no_part)), (StatusCode::NOT_FOUND, document()));
}

#[tokio::test]
async fn a_fresh_nonce_each_time_and_only_where_it_belongs() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let letter = app.letter("Files").await;
    let (first, second) = (app.get(&letter).await, app.get(&letter).await);
    let nonce = nonce(&first).unwrap();
    assert_ne!(Some(&nonce), self::nonce(&second).as_ref());
    let html = first.text();
    assert_eq!(
        html.matches(&nonce).count(),
        html.matches(&format!("nonce=\"{nonce}\"")).count()
    );
    assert!(!html.contains(" style="), "the policy refuses style attributes");
}

fn frame() -> String {
    sorted(&[
        COMMON,
        PERMISSIONS,
        "cache-control: no-store\ncontent-type: text/html; charset=utf-8\nx-frame-options: SAMEORIGIN\nx-dns-prefetch-control: off",
        "cross-origin-opener-policy: same-origin\nreferrer-policy: no-referrer",
        "content-security-policy: sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src \
         'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    ])
}

#[tokio::test]
async fn the_frame() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let letter = app.letter("Html").await;
    let expected = frame();
    for view in ["html", "text", "remote"] {
        let answer = app.get(&format!("{letter}/body?view={view}")).await;
        assert_eq!(
            (answer.status, block(&answer)),
            (StatusCode::OK, expected.clone()),
            "{view}"
        );
        assert!(!answer.text().contains("<script"), "{view}");
    }
    // Whatever a foreign page wants with it, it does not get it (3.2).
    let body = format!("{letter}/body?view=html");
    for (site, dest, status) in [
        ("same-origin", "iframe", StatusCode::OK),
        ("same-origin", "document", StatusCode::OK),
        ("cross-site", "iframe", StatusCode::FORBIDDEN),
        ("none", "document", StatusCode::FORBIDDEN),
        ("same-origin", "script", StatusCode::FORBIDDEN),
        ("same-origin", "image", StatusCode::FORBIDDEN),
    ] {
        let answer = app
            .get_with(&body, &[("sec-fetch-site", site), ("sec-fetch-dest", dest)])
            .await;
        assert_eq!(answer.status, status, "{site} {dest}");
    }
}

#[tokio::test]
async fn images_by_themselves() {
    let app = TestApp::new().await;
    images::deliver(&app, "hana").await;
    app.sign_in("hana").await;
    let document = images::document(&app).await;
    let with_images = frame().replace("img-src data:;", &format!("img-src data: {ORIGIN}/image/;"));
    assert_eq!((document.status, block(&document)), (StatusCode::OK, with_images));
    // Its text needs no images, and may load none.
    let text = app.get(&format!("{}/body?view=text", app.letter("Poster").await)).await;
    assert_eq!(block(&text), frame());
    // Everything is another site's for a sandboxed document.
    let expected = sorted(&[
        &COMMON.replace("same-origin", "cross-origin"),
        "cache-control: private, max-age=600\ncontent-type: image/png\nreferrer-policy: no-referrer",
        "content-security-policy: sandbox; default-src 'none'",
    ]);
    let path = images::image_of(&document);
    let image = app.stranger().get(&path).await;
    assert_eq!((image.status, block(&image)), (StatusCode::OK, expected.clone()));
    let head = app.stranger().send(Method::HEAD, &path, &[], "").await;
    assert_eq!((head.status, block(&head)), (StatusCode::OK, expected));
    let none = app.stranger().get(&path.replace("?t=", "?t=1")).await;
    let own = "cache-control: no-store\ncontent-security-policy: default-src 'none'; frame-ancestors 'none'";
    assert_eq!(
        (none.status, block(&none)),
        (StatusCode::NOT_FOUND, sorted(&[COMMON, own]))
    );
}

#[tokio::test]
async fn files_and_data() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let letter = app.letter("Files").await;
    let html = app.get(&letter).await.text();
    let part = |name: &str| {
        let at = html.find(name).unwrap();
        let from = html[..at].rfind("/part/").unwrap() + 6;
        html[from..]
            .chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
    };
    let page = app.get(&format!("{letter}/part/{}", part("page.html"))).await;
    let saved = |name: &str| format!("content-disposition: attachment; filename=\"{name}\"; filename*=UTF-8''{name}");
    let octets = "accept-ranges: bytes\ncontent-type: application/octet-stream";
    assert_eq!(block(&page), attachment(&[LIVE, octets, &saved("page.html")]));
    // Only what is an image by its bytes is shown by itself.
    let shown = app.get(&format!("{letter}/part/{}?view=1", part("pixel.png"))).await;
    assert_eq!(
        block(&shown),
        attachment(&[LIVE, "accept-ranges: bytes\ncontent-type: image/png"])
    );
    let not_shown = app.get(&format!("{letter}/part/{}?view=1", part("page.html"))).await;
    assert_eq!(block(&not_shown), attachment(&[LIVE, octets, &saved("page.html")]));
    let zip = app.get(&format!("{letter}/parts.zip")).await;
    assert_eq!(
        block(&zip),
        attachment(&[
            LIVE,
            "content-type: application/octet-stream",
            &saved("attachments.zip")
        ])
    );
    let source = app.get(&format!("{letter}/source?view=1")).await;
    assert_eq!(
        block(&source),
        attachment(&[LIVE, "content-type: text/plain; charset=utf-8"])
    );

    let own = "cache-control: no-store\ncontent-security-policy: default-src 'none'; frame-ancestors 'none'";
    let health = app.get("/healthz").await;
    assert_eq!(
        block(&health),
        sorted(&[COMMON, own, "content-type: text/plain; charset=utf-8"])
    );
    for (path, kind) in [
        ("/status.json", "application/json"),
        ("/status.rss", "application/rss+xml; charset=utf-8"),
    ] {
        let status = app.stranger().get(path).await;
        let kind = format!("content-type: {kind}");
        assert_eq!(
            (status.status, block(&status)),
            (StatusCode::OK, sorted(&[COMMON, own, &kind]))
        );
        assert_eq!(status.header("set-cookie"), None, "{path}");
    }
    let ready = app.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK);
    let (path, _) = server_fn::axum::server_fn_paths()
        .find(|(path, _)| path.ends_with("/list_mailboxes"))
        .unwrap();
    let call = app.get(path).await;
    assert_eq!(call.status, StatusCode::OK);
    let kind = format!("content-type: {}", call.header("content-type").unwrap());
    assert_eq!(block(&call), sorted(&[COMMON, own, &kind]));
}

#[tokio::test]
async fn signing_out() {
    let app = TestApp::public("https://mail.example.ac.jp").await;
    let headers = [("host", "mail.example.ac.jp"), ("origin", "https://mail.example.ac.jp")];
    let out = app.send(Method::POST, "/sign-out", &headers, "").await;
    // Of a page, and what the browser kept of the pages before it goes; never "cookies", which are the whole campus's (3.7).
    let clear = "clear-site-data: \"cache\", \"storage\"";
    let strict = "strict-transport-security: max-age=63072000; includeSubDomains";
    let page = document().replace("content-type: text/html; charset=utf-8\n", "");
    assert_eq!(block(&out), sorted(&[&page, clear, strict]));
    let gone = out
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap());
    let gone: Vec<&str> = gone.filter(|line| line.starts_with("__Host-sid=")).collect();
    assert_eq!(gone, ["__Host-sid=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"]);
}

#[tokio::test]
async fn embedded_files() {
    let app = TestApp::new().await;
    let html = app.get("/sign-in").await.text();
    let css = html
        .split('"')
        .find(|part| part.starts_with("/pkg/") && part.ends_with(".css"))
        .unwrap();
    let plain = app.get(css).await;
    let expected = sorted(&[
        COMMON,
        "cache-control: public, max-age=31536000, immutable\ncontent-type: text/css; charset=utf-8",
    ]);
    assert_eq!(block(&plain), expected);
    for coding in ["br", "gzip"] {
        let small = app.get_with(css, &[("accept-encoding", coding)]).await;
        assert_eq!(small.header("content-encoding"), Some(coding));
        assert!(small.body.len() < plain.body.len());
    }
    assert_eq!(
        app.get_with(css, &[("accept-encoding", "br;q=0")])
            .await
            .header("content-encoding"),
        None
    );
    let icon = app.get("/favicon.svg").await;
    assert_eq!(icon.header("content-type"), Some("image/svg+xml"));
    assert_eq!(icon.header("cache-control"), Some("public, max-age=3600"));
}

#[tokio::test]
async fn forms_may_lead_to_the_campus_portal_and_nowhere_else() {
    let config = "[auth]\nmode = 'cas'\n[auth.cas]\nserver_url = 'https://cas.example.ac.jp/cas'\n";
    let app = TestApp::configured(config).await;
    let with_portal = "form-action 'self' https://cas.example.ac.jp";
    let wanted = document().replace("form-action 'self'", with_portal);
    assert_eq!(block(&app.get("/sign-in").await), wanted);
}
