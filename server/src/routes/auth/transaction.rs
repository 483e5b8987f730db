//! What was begun: kept here, found again by two things together, of which the portal gives one back and the browser keeps the other.
//! Who has one alone finds nothing, so no link leads a person into somebody else's sign-in. Several tabs may be at it.

use crate::{admission::Wish, clock::SystemClock, middleware::viewer, random, state::AppState};
use axum::http::{HeaderMap, HeaderValue};
use mailroom::Clock;
use serde::{Deserialize, Serialize};

/// Seconds for which a sign-in may be on its way.
const TIME: i64 = 600;

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct Transaction {
    /// What the person wished for.
    pub wish: Wish,
    /// What the protocol needs again.
    pub oidc: Option<sso::oidc::Transaction>,
}

/// What the browser keeps, and the cookie line that has it keep it for as long again.
pub struct Browser {
    secret: String,
    pub cookie: HeaderValue,
}

fn name(app: &AppState) -> &'static str {
    if app.settings().is_https() {
        "__Host-login"
    } else {
        "login"
    }
}

impl Browser {
    /// The one that it has, or a new one.
    pub fn of(app: &AppState, headers: &HeaderMap) -> Result<Self, axum::http::header::InvalidHeaderValue> {
        let secret = browser(app, headers).unwrap_or_else(random::token);
        let secure = if app.settings().is_https() { "; Secure" } else { "" };
        let line = format!(
            "{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={TIME}{secure}",
            name(app)
        );
        Ok(Self {
            secret,
            cookie: line.parse()?,
        })
    }
}

/// What that browser keeps, if anything.
pub fn browser(app: &AppState, headers: &HeaderMap) -> Option<String> {
    let secret = viewer::cookie(headers, name(app)).filter(|secret| is_secret(secret));
    secret.map(str::to_owned)
}

/// As [`random::token`] makes them.
fn is_secret(text: &str) -> bool {
    text.len() == 26
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))
}

/// Keeps it under `state`.
pub async fn keep(app: &AppState, browser: &Browser, state: &str, what: &Transaction) -> Result<(), String> {
    let data = serde_json::to_vec(what).map_err(|error| error.to_string())?;
    let until = SystemClock.now() + TIME;
    let kept = app.state().begin_sign_in(state, &browser.secret, &data, until).await;
    kept.map_err(|error| error.to_string())
}

/// Takes it, once. Nothing if this browser has not begun it, it is over, or was taken.
pub async fn take(app: &AppState, headers: &HeaderMap, state: &str) -> Result<Option<Transaction>, String> {
    let Some(secret) = browser(app, headers) else {
        return Ok(None);
    };
    let taken = app.state().take_sign_in(state, &secret, SystemClock.now()).await;
    let taken = taken.map_err(|error| error.to_string())?;
    let read = taken.map(|data| serde_json::from_slice(&data));
    read.transpose().map_err(|error| error.to_string())
}

/// The value of a parameter of a query, if it is there once.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let mut found = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let value = found.next()?.1.into_owned();
    found.next().is_none().then_some(value)
}
