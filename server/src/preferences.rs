//! What people prefer: in cookies, which pages are made by, and with the account, from where a sign-in puts them into the browser.

use crate::{
    middleware::viewer::{self, is_zone},
    state::AppState,
};
use app::prefs::Lang;
use axum::http::{HeaderMap, HeaderValue};

/// Their names, of the cookies and in the database.
pub const NAMES: [&str; 4] = ["lang", "theme", "tz", "keys"];
/// A year.
const KEPT_SECONDS: u32 = 365 * 24 * 3600;

/// Whether there is such a value.
pub fn is_valid(name: &str, value: &str) -> bool {
    match name {
        "lang" => Lang::from_tag(value).is_some(),
        "theme" => matches!(value, "light" | "dark"),
        "tz" => is_zone(value),
        _ => matches!(value, "on" | "off"),
    }
}

/// The cookie line; without a value the browser forgets it, and with `lasting` it outlives the browser.
pub fn cookie(name: &str, value: Option<&str>, lasting: bool, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    let age = match (value, lasting) {
        (None, _) => "; Max-Age=0".to_owned(),
        (Some(_), true) => format!("; Max-Age={KEPT_SECONDS}"),
        (Some(_), false) => String::new(),
    };
    format!(
        "{name}={}; Path=/; SameSite=Lax{age}{secure}",
        value.unwrap_or_default()
    )
}

/// Keeps a choice with the account. The page has it anyway, so nobody is told if it cannot be kept.
pub async fn keep(app: &AppState, account: &str, chosen: &[(&'static str, Option<&str>)]) {
    for (name, value) in chosen {
        if let Err(error) = app
            .state()
            .set_preference(account, name, value.unwrap_or_default())
            .await
        {
            tracing::error!(%error, "a preference cannot be kept");
        }
    }
}

/// The cookies for a browser in which that person has just signed in: what they prefer, and an end to what somebody else did. A
/// language that the browser has was chosen on the sign-in page, or is that of whoever uses it.
pub async fn of(app: &AppState, account: &str, headers: &HeaderMap, public: bool) -> Vec<HeaderValue> {
    let mut cookies = Vec::new();
    for name in NAMES {
        if name == "lang" && viewer::cookie(headers, name).is_some() {
            continue;
        }
        match app.state().preference(account, name).await {
            Ok(value) => {
                let value = value.as_deref().filter(|value| is_valid(name, value));
                if value.is_some() || viewer::cookie(headers, name).is_some() {
                    cookies.extend(cookie(name, value, !public, app.settings().is_https()).parse());
                }
            }
            Err(error) => tracing::error!(%error, "a preference cannot be read"),
        }
    }
    cookies
}
