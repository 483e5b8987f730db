//! A defect in one answer becomes a page with an incident id; the process goes on.

use crate::{routes::error, state::AppState};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// Turns a panic into a page.
pub async fn catch(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        // The message is in the log through the panic hook; it may hold mail, so it is not repeated here.
        Err(_) => error::incident(&app, &headers, "panic while answering"),
    }
}
