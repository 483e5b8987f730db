//! `/healthz`: the process lives. `/readyz`: it may take traffic. Neither touches the spool.

use crate::state::AppState;
use axum::{extract::State, http::StatusCode};

/// Always fine when it answers at all.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Fine while the state database answers.
pub async fn readyz(State(app): State<AppState>) -> (StatusCode, &'static str) {
    match app.state().ping().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready: the state database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the state database does not answer\n")
        }
    }
}
