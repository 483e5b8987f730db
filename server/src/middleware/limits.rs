//! Bounds on a request (security.md 8). Bodies are small here, so they are read whole before anything else sees them: the
//! streaming codecs of server functions would step over a limit set on the extractor.

use crate::{routes::error, state::AppState};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use std::time::Duration;

/// How long a small body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);
const MOST_FIELDS: usize = 100;

/// Refuses what is too large or too slow.
pub async fn check(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let limits = &app.settings().limits;
    let bytes: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if bytes > limits.request_headers || request.headers().len() > MOST_FIELDS {
        return error::page(&app, request.headers(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let (parts, body) = request.into_parts();
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    match tokio::time::timeout(BODY_TIME, to_bytes(body, limits.request_body)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => error::page(&app, &parts.headers, StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => error::page(&app, &parts.headers, StatusCode::REQUEST_TIMEOUT),
    }
}
