//! One log line a request: id, route, status, time. Never a path with ids, a query or anything from mail.

use crate::{random, state::AppState};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use mailroom::Clock;
use tracing::Instrument;

/// Logs the request.
pub async fn log(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = %random::short_id());
    let started = app.clock().ticks_us();
    let response = next.run(request).instrument(span.clone()).await;
    let ms = (app.clock().ticks_us().saturating_sub(started)) / 1000;
    let status = response.status().as_u16();
    span.in_scope(|| {
        if route.starts_with("/healthz") || route.starts_with("/readyz") || route.starts_with("/pkg") {
            tracing::debug!(%method, route, status, ms, "answered");
        } else {
            tracing::info!(%method, route, status, ms, "answered");
        }
    });
    response
}
