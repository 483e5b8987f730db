//! `/`: the inbox, or the sign-in page.

use super::error;
use crate::{
    in_passing,
    middleware::account::{SignedIn, Unknown},
    state::AppState,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Sends the person on.
pub async fn get(
    State(app): State<AppState>,
    person: Option<Extension<SignedIn>>,
    unknown: Option<Extension<Unknown>>,
    headers: HeaderMap,
) -> Response {
    if unknown.is_some() {
        return error::nobody_can_say(&app, &headers);
    }
    let Some(Extension(person)) = person else {
        let (place, cookie) = in_passing::way_in(&app, &headers, "/");
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response();
        if let Some(cookie) = cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        return response;
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
