//! `POST /sign-out`: the session record is deleted and what the browser kept is cleared (security.md 3.7).

use axum::{
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower_sessions::Session;

/// Ends the session. Never `"cookies"` in Clear-Site-Data: that would wipe every other site of the campus.
pub async fn post(session: Session) -> Response {
    if let Err(error) = session.flush().await {
        tracing::error!(%error, "the session could not be deleted");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let clear = (HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"");
    (StatusCode::SEE_OTHER, [clear, (header::LOCATION, "/sign-in?state=out")]).into_response()
}
