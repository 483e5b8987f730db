//! Requests that change something must come from our own pages (security.md 9.5). Server functions check neither Origin nor
//! Content-Type, so this stands before them.

use crate::{routes::error, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Version, header},
    middleware::Next,
    response::Response,
};

/// In the extensions of a request that may be given a `Writer`.
#[derive(Clone, Copy, Debug)]
pub struct Checked(());

/// Server-sent events: what arrives is told to whoever may open them.
const EVENTS: &str = "/events";

/// Lets GET and HEAD pass, and others when the browser says that they come from here. So must what stays open: no preflight stands
/// before a WebSocket of another site's page.
pub async fn check(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    // RFC 9112 §3.2
    if host.is_none() && request.version() == Version::HTTP_11 {
        return error::page(&app, request.headers(), StatusCode::BAD_REQUEST);
    }
    if !app.settings().answers_to_host(host) {
        return error::page(&app, request.headers(), StatusCode::MISDIRECTED_REQUEST);
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes || stays_open(&request) {
        if !from_here(request.headers(), app.settings().origin()) {
            return error::page(&app, request.headers(), StatusCode::FORBIDDEN);
        }
        if changes {
            request.extensions_mut().insert(Checked(()));
        }
    }
    next.run(request).await
}

/// RFC 9110 §7.8; a client that would rather speak HTTP/2 is no WebSocket, and is answered in HTTP/1.1.
fn stays_open(request: &Request) -> bool {
    let protocols = request.headers().get_all(header::UPGRADE).iter();
    let is_web_socket = |line: &header::HeaderValue| !line.as_bytes().eq_ignore_ascii_case(b"h2c");
    request.uri().path() == EVENTS || protocols.into_iter().any(is_web_socket)
}

fn from_here(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        // `null` and an absent Origin are both refused.
        None => text("origin").is_some_and(|from| from == origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        from_here(&headers, "https://mail.example.ac.jp")
    }

    #[test]
    fn the_browser_must_say_that_it_comes_from_here() {
        assert!(passes(&[("sec-fetch-site", "same-origin")]));
        assert!(passes(&[("origin", "https://mail.example.ac.jp")]));
        assert!(!passes(&[]));
        assert!(!passes(&[("origin", "null")]));
        assert!(!passes(&[("origin", "https://mail.example.ac.jp.evil.example")]));
        for site in ["cross-site", "same-site", "none"] {
            assert!(
                !passes(&[("sec-fetch-site", site), ("origin", "https://mail.example.ac.jp")]),
                "{site}"
            );
        }
    }
}
