//! `/healthz`: the process lives. `/readyz`: it may take traffic. Neither touches the spool.

use crate::state::AppState;
use axum::{extract::State, http::StatusCode};

/// Always fine when it answers at all.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Fine while the state database answers. One that cannot be written keeps nobody from reading, so it is only said.
pub async fn readyz(State(app): State<AppState>) -> (StatusCode, &'static str) {
    match app.state().ping().await {
        Ok(()) if app.state().is_writable() => (StatusCode::OK, "ready\n"),
        Ok(()) => (
            StatusCode::OK,
            "ready; the state database cannot be written, so nobody can sign in: is the disk full?\n",
        ),
        Err(error) => {
            tracing::error!(%error, "not ready: the state database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the state database does not answer\n")
        }
    }
}
