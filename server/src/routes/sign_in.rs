//! `GET /sign-in/once/{token}`: a one-time link. The sign-in page itself is in `app`.

use super::{error, pages};
use crate::{admission, middleware::account, return_to, state::AppState};
use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use tower_sessions::Session;

/// Uses the link up and signs its person in. A HEAD or a prefetch must not use it up.
pub async fn once(
    State(app): State<AppState>,
    session: Session,
    Path(token): Path<String>,
    mut request: Request<Body>,
) -> Response {
    if request.method() != Method::GET || pages::is_prefetch(request.headers()) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let Some(name) = app.links().redeem(&token) else {
        // The sign-in page says what is wrong; its address is asked for in place of this one.
        *request.uri_mut() = Uri::from_static("/sign-in?state=used");
        let mut response = pages::render(State(app), request).await;
        *response.status_mut() = StatusCode::FORBIDDEN;
        return response;
    };
    if let Err(cause) = account::sign_in(&app, &session, account::Entry::of(&name).from(request.headers())).await {
        app.links().give_back(&token, name);
        return error::incident(&app, request.headers(), &cause.to_string());
    }
    admission::note(&app, "sign-in by link", Some(&name), "").await;
    return_to::lead(&return_to::kept(request.headers()))
}
