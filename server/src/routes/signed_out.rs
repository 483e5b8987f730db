//! `GET /signed-out`: back from the portal. That its session has ended too is said to whoever was sent there to end it, and to nobody
//! who merely opens this address.

use crate::{middleware::viewer, state::AppState};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Name of the cookie of a browser that is being signed out at the portal.
const COOKIE: &str = "leaving";

/// The cookie line for a browser that is sent to the portal to be signed out.
pub fn expected(https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{COOKIE}=1; Path=/signed-out; HttpOnly; SameSite=Lax; Max-Age=600{secure}")
}

/// The sign-in page says so.
pub async fn get(State(app): State<AppState>, headers: HeaderMap) -> Response {
    if viewer::cookie(&headers, COOKIE).is_none() {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, app::paths::sign_in())]).into_response();
    }
    let secure = if app.settings().is_https() { "; Secure" } else { "" };
    let forget = format!("{COOKIE}=; Path=/signed-out; Max-Age=0{secure}");
    let place = "/sign-in?state=out";
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, place), (header::SET_COOKIE, forget.as_str())],
    )
        .into_response()
}
