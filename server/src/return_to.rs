//! Where to go after a form or a sign-in (security.md 9.6): only to a path of ours.

use crate::middleware::viewer;
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// `wanted` if it is a path of a known page, else the inbox.
pub fn checked(wanted: &str) -> &str {
    if is_ours(wanted) { wanted } else { "/" }
}

fn is_ours(path: &str) -> bool {
    let mut bytes = path.bytes();
    if bytes.next() != Some(b'/') || matches!(bytes.next(), Some(b'/' | b'\\')) {
        return false;
    }
    if path.len() > 2000 || path.chars().any(|c| c.is_control() || c == '\\' || c.is_whitespace()) {
        return false;
    }
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    if has_dots(bare) {
        return false;
    }
    bare == "/"
        || bare == "/sign-in"
        || bare == "/settings"
        || bare == "/sessions"
        || bare == "/search"
        || bare.starts_with("/m/")
        || bare.starts_with("/help/")
        || bare == app::paths::incidents()
        || bare.starts_with("/status/incidents/")
}

/// A segment of dots could climb out of the page once somebody resolves it.
pub fn has_dots(path: &str) -> bool {
    let dots = |segment: &str| matches!(segment.replace("%2e", ".").replace("%2E", ".").as_str(), "." | "..");
    path.split('/').any(dots)
}

/// The sign-in page, remembering `wanted`.
pub fn sign_in_path(wanted: &str) -> String {
    match checked(wanted) {
        "/" => "/sign-in".to_owned(),
        path => format!("/sign-in?return_to={}", encode(path)),
    }
}

/// Name of the cookie that keeps the way back while a person signs in.
pub const COOKIE: &str = "back";

/// The cookie line that keeps `wanted` as long as the browser is open: a second factor may have to be fetched from upstairs.
pub fn remember(wanted: &str, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!(
        "{COOKIE}={}; Path=/sign-in; HttpOnly; SameSite=Lax{secure}",
        encode(checked(wanted))
    )
}

/// Sends the browser there, which need not keep it any more.
pub fn lead(back: &str) -> Response {
    let forget = format!("{COOKIE}=; Path=/sign-in; Max-Age=0");
    let place = checked(back).to_owned();
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, place), (header::SET_COOKIE, forget)],
    )
        .into_response()
}

/// The place that the browser keeps.
pub fn kept(headers: &HeaderMap) -> String {
    viewer::cookie(headers, COOKIE).map_or_else(|| "/".to_owned(), recall)
}

/// The place kept in the value of that cookie.
pub fn recall(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escape = (byte == b'%')
            .then(|| tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()))
            .flatten();
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(escaped) => {
                bytes.push(escaped);
                rest = &tail[2..];
            }
            None => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    checked(&String::from_utf8_lossy(&bytes)).to_owned()
}

/// Percent-encodes for a query value (RFC 3986 §2.3).
pub fn encode(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_paths_are_followed() {
        for good in ["/m/abc", "/m/abc/def?view=text&page=2", "/settings", "/"] {
            assert_eq!(checked(good), good);
        }
        for bad in [
            "//t.example",
            "/\\t.example",
            "https://t.example",
            "javascript:x()",
            "",
            "m/abc",
            "/m/\u{9}x",
            "/m/a\\b",
            "/\t/t.example",
            "/m/../sign-out",
            "/m/%2e%2E/api",
            "/m/x y",
            "/unknown",
            "/sign-in/once/x",
            "/m/a\r\nX: y",
        ] {
            assert_eq!(checked(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn the_page_wanted_survives_the_detour() {
        assert_eq!(
            sign_in_path("/m/a?page=2&x=é"),
            "/sign-in?return_to=/m/a%3Fpage%3D2%26x%3D%C3%A9"
        );
        assert_eq!(sign_in_path("//t.example"), "/sign-in");
        for (wanted, back) in [
            ("/m/a?page=2&x=é", "/m/a?page=2&x=é"),
            ("//t.example", "/"),
            ("/m/%41", "/m/%41"),
        ] {
            let line = remember(wanted, false);
            let value = line
                .strip_prefix("back=")
                .and_then(|rest| rest.split(';').next())
                .unwrap();
            assert_eq!(recall(value), back);
        }
        assert_eq!(recall("%2F%2Ft.example"), "/");
        assert_eq!(recall("%"), "/");
    }
}
