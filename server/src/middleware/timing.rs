//! What an answer took, step by step: in `Server-Timing`, and in the page for whoever asks it why it is slow.

use crate::state::AppState;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use mailroom::{Clock, Took};
use memchr::{memchr, memmem::Finder};
use std::{
    fmt::Write as _,
    io::Write as _,
    sync::{Arc, OnceLock},
};

/// What stands in a page before the place of a figure; its name follows. No text has a `<` in a page.
const MARK: &[u8] = b"<dd data-took=\"";

/// In the extensions of a request; shared by all that answer it.
#[derive(Clone, Debug, Default)]
pub struct Timing {
    /// What the mail took.
    pub took: Took,
    auth_us: Arc<OnceLock<u64>>,
    /// When it came.
    began_us: u64,
}

impl Timing {
    /// Notes how long it took to know whose request it is, in microseconds. Nobody else is told what an answer took.
    pub fn note_auth(&self, us: u64) {
        let _ = self.auth_us.set(us);
    }

    /// The page with the figures in the places that it has for them, as far as is known now.
    pub async fn into_page(&self, response: Response, now_us: u64) -> Response {
        let (parts, body) = response.into_parts();
        // A page of ours: it is whole before its first byte is sent.
        let Ok(page) = to_bytes(body, usize::MAX).await else {
            return Response::from_parts(parts, Body::empty());
        };
        let steps = self.steps(now_us);
        let filled = fill(&page, &steps);
        let body = filled.map_or_else(|| Body::from(page), Body::from);
        Response::from_parts(parts, body)
    }

    /// Each step with its microseconds, `page` being what is left: the index, and writing it all down.
    fn steps(&self, now_us: u64) -> [(&'static str, u64); 6] {
        let total = now_us.saturating_sub(self.began_us);
        let (auth, queue) = (self.auth_us.get().copied().unwrap_or_default(), self.took.queue_us());
        let (spool, parse) = (self.took.spool_us(), self.took.parse_us());
        [
            ("auth", auth),
            ("queue", queue),
            ("spool", spool),
            ("parse", parse),
            ("page", total.saturating_sub(auth + queue + spool + parse)),
            ("total", total),
        ]
    }
}

/// Of answers that are made for one person.
pub async fn measure(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let timing = Timing {
        began_us: app.clock().ticks_us(),
        ..Timing::default()
    };
    request.extensions_mut().insert(timing.clone());
    let mut response = next.run(request).await;
    if timing.auth_us.get().is_none() {
        return response;
    }
    let mut line = String::with_capacity(96);
    for (name, us) in timing.steps(app.clock().ticks_us()) {
        let comma = if line.is_empty() { "" } else { ", " };
        let _ = write!(line, "{comma}{name};dur={}.{:02}", us / 1000, us % 1000 / 10);
    }
    if let Ok(line) = HeaderValue::from_str(&line) {
        let name = HeaderName::from_static("server-timing");
        response.headers_mut().insert(name, line);
    }
    response
}

/// `None` if the page has no place. Each step has one, so what is behind the last is not searched.
fn fill(page: &[u8], steps: &[(&str, u64)]) -> Option<Vec<u8>> {
    let mark = Finder::new(MARK);
    let mut out = Vec::new();
    let mut rest = page;
    let mut left = steps.len();
    while left > 0
        && let Some(at) = mark.find(rest)
    {
        if out.is_empty() {
            out.reserve_exact(page.len() + 16 * steps.len());
        }
        let (before, after) = rest.split_at(at + MARK.len());
        out.extend_from_slice(before);
        let open = memchr(b'>', after)? + 1;
        let name = &after[..memchr(b'"', after)?];
        out.extend_from_slice(&after[..open]);
        if let Some((_, us)) = steps.iter().find(|(step, _)| step.as_bytes() == name) {
            // Into memory: no error can come.
            let _ = write!(out, "{}.{} ms", us / 1000, us % 1000 / 100);
            left -= 1;
        }
        rest = &after[open..];
    }
    if out.is_empty() {
        return None;
    }
    out.extend_from_slice(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_where_the_page_has_a_place_for_them() {
        let timing = Timing::default();
        timing.note_auth(1_250);
        let steps = timing.steps(9_000);
        let page =
            "<dd data-took=\"auth\" class=\"x\"></dd><dd data-took=\"page\"></dd><dd data-took=\"net\"></dd>\u{4f1a}";
        let filled = "<dd data-took=\"auth\" class=\"x\">1.2 ms</dd><dd data-took=\"page\">7.7 ms</dd><dd data-took=\"net\"></dd>\u{4f1a}";
        assert_eq!(fill(page.as_bytes(), &steps).as_deref(), Some(filled.as_bytes()));
        for text in ["<p>nothing</p>", "<title>data-took=\"auth\"></title>"] {
            assert_eq!(fill(text.as_bytes(), &steps), None);
        }
    }
}
