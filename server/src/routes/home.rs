//! `/`: the inbox, or the sign-in page.

use super::error;
use crate::{middleware::account::SignedIn, state::AppState};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Sends the person on.
pub async fn get(State(app): State<AppState>, person: Option<Extension<SignedIn>>, headers: HeaderMap) -> Response {
    let Some(Extension(person)) = person else {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, "/sign-in".to_owned())]).into_response();
    };
    let inbox = match app.mailroom().reader(&person.account) {
        Ok(reader) => reader.inbox().await,
        Err(error) => Err(error),
    };
    match inbox {
        Ok(id) => (StatusCode::SEE_OTHER, [(header::LOCATION, app::paths::mailbox(&id))]).into_response(),
        Err(error) => error::mailroom(&app, &headers, &error),
    }
}
