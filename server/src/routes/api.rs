//! Server functions. Their own route, so that nothing reaches one past the checks: leptos would register them by itself with
//! the context of pages (leptos.md 2).

use super::pages::visit;
use crate::{middleware::csrf::Checked, state::AppState};
use axum::{
    body::Body,
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
};

/// Runs a server function.
pub async fn call(State(app): State<AppState>, mut request: Request<Body>) -> Response {
    // Without a Referer leptos cannot redirect there, nor print an error into such a URL.
    request.headers_mut().remove(header::REFERER);
    let mut visit = visit(&app, &request);
    visit.api_call = true;
    if request.extensions().get::<Checked>().is_some()
        && let Some(person) = request.extensions().get::<crate::middleware::account::SignedIn>()
    {
        visit.writer = app.mailroom().writer(&person.account).ok();
    }
    leptos_axum::handle_server_fns_with_context(move || visit.clone().provide(), request)
        .await
        .into_response()
}
