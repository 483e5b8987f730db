//! `POST /settings`: language, colours, zone and keys, kept in cookies; works without scripting.

use crate::{middleware::viewer::is_zone, return_to, state::AppState};
use app::prefs::Lang;
use axum::{
    Form,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// A year.
const KEPT_SECONDS: u32 = 365 * 24 * 3600;

/// What was chosen; what is absent stays as it was.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Choices {
    lang: Option<String>,
    theme: Option<String>,
    tz: Option<String>,
    keys: Option<String>,
    return_to: String,
}

/// Sets the cookies and goes back.
pub async fn post(State(app): State<AppState>, Form(choices): Form<Choices>) -> Response {
    let back = return_to::checked(&choices.return_to).to_owned();
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response();
    let secure = if app.settings().is_https() { "; Secure" } else { "" };
    let fields = [
        (
            "lang",
            &choices.lang,
            choices
                .lang
                .as_deref()
                .is_some_and(|value| Lang::from_tag(value).is_some()),
        ),
        (
            "theme",
            &choices.theme,
            matches!(choices.theme.as_deref(), Some("light" | "dark")),
        ),
        ("tz", &choices.tz, choices.tz.as_deref().is_some_and(is_zone)),
        (
            "keys",
            &choices.keys,
            matches!(choices.keys.as_deref(), Some("on" | "off")),
        ),
    ];
    for (name, value, is_valid) in fields {
        let Some(value) = value else { continue };
        let line = if is_valid {
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
