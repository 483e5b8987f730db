//! `POST /settings`: language, colours, zone and keys, kept in cookies; works without scripting.

use crate::{middleware::viewer::is_zone, return_to, state::AppState};
use app::prefs::Lang;
use axum::{
    Form,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A year.
const KEPT_SECONDS: u32 = 365 * 24 * 3600;

/// Sets the cookies and goes back. Of several values under one name the last counts: an unticked box sends only the hidden
/// field before it. What is absent stays as it was.
pub async fn post(State(app): State<AppState>, Form(pairs): Form<Vec<(String, String)>>) -> Response {
    let last = |name: &str| {
        pairs
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let back = return_to::checked(last("back").unwrap_or_default()).to_owned();
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response();
    let secure = if app.settings().is_https() { "; Secure" } else { "" };
    let is_valid = |name: &str, value: &str| match name {
        "lang" => Lang::from_tag(value).is_some(),
        "theme" => matches!(value, "light" | "dark"),
        "tz" => is_zone(value),
        _ => matches!(value, "on" | "off"),
    };
    for name in ["lang", "theme", "tz", "keys"] {
        let Some(value) = last(name) else { continue };
        let line = if is_valid(name, value) {
            format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={KEPT_SECONDS}{secure}")
        } else {
            // `auto`, and anything not understood: back to what the browser says.
            format!("{name}=; Path=/; SameSite=Lax; Max-Age=0{secure}")
        };
        if let Ok(line) = HeaderValue::from_str(&line) {
            response.headers_mut().append(header::SET_COOKIE, line);
        }
    }
    response
}
