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
use std::{
    fmt::Write,
    sync::{Arc, OnceLock},
};

/// What stands in a page before the place of a figure; its name follows. No text has a `<` in a page.
const MARK: &str = "<dd data-took=\"";

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
        let filled = std::str::from_utf8(&page).ok().and_then(|page| fill(page, &steps));
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

fn fill(page: &str, steps: &[(&str, u64)]) -> Option<String> {
    let mut out = String::with_capacity(page.len() + 128);
    let mut rest = page;
    while let Some(at) = rest.find(MARK) {
        let (before, after) = rest.split_at(at + MARK.len());
        out.push_str(before);
        let open = after.find('>')? + 1;
        let us = after
            .split('"')
            .next()
            .and_then(|name| steps.iter().find(|(step, _)| *step == name));
        out.push_str(&after[..open]);
        if let Some((_, us)) = us {
            let _ = write!(out, "{}.{} ms", us / 1000, us % 1000 / 100);
        }
        rest = &after[open..];
    }
    if out.is_empty() {
        return None;
    }
    out.push_str(rest);
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
        let page = "<dd data-took=\"auth\" class=\"x\"></dd><dd data-took=\"page\"></dd><dd data-took=\"net\"></dd>";
        let filled = "<dd data-took=\"auth\" class=\"x\">1.2 ms</dd><dd data-took=\"page\">7.7 ms</dd><dd data-took=\"net\"></dd>";
        assert_eq!(fill(page, &steps).as_deref(), Some(filled));
        for text in ["<p>nothing</p>", "<title>data-took=\"auth\"></title>"] {
            assert_eq!(fill(text, &steps), None);
        }
    }
}
