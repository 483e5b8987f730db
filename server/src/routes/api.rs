//! Server functions. Their own route, so that nothing reaches one past the checks: leptos would register them by itself with
//! the context of pages (leptos.md 2).

use super::error;
use super::pages::visit;
use crate::{
    middleware::{account::SignedIn, csrf::Checked},
    state::AppState,
};
use app::api::Failure;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::FromServerFnError;
use server_fn::{axum::get_server_fn_service, error::SERVER_FN_ERROR_HEADER};

/// Bytes of a failure.
const MOST_SAID: usize = 64 << 10;

/// Runs a server function.
pub async fn call(State(app): State<AppState>, mut request: Request<Body>) -> Response {
    let plain_form = is_page(request.headers()).then(|| request.headers().clone());
    // Without a Referer leptos cannot redirect there, nor print an error into such a URL.
    request.headers_mut().remove(header::REFERER);
    if get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        return error::page(&app, request.headers(), StatusCode::METHOD_NOT_ALLOWED);
    }
    let mut visit = visit(&app, &request);
    visit.api_call = true;
    if request.extensions().get::<Checked>().is_some()
        && let Some(person) = request.extensions().get::<SignedIn>()
        && !person.read_only
    {
        visit.writer = app.mailroom().writer(&person.account).ok();
    }
    let answer = leptos_axum::handle_server_fns_with_context(move || visit.clone().provide(), request)
        .await
        .into_response();
    match plain_form {
        Some(headers) if answer.headers().contains_key(SERVER_FN_ERROR_HEADER) => failed(&app, &headers, answer).await,
        _ => answer,
    }
}

/// A form sent without scripting: a person looks at the answer.
fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// The page for what the function says.
async fn failed(app: &AppState, headers: &HeaderMap, answer: Response) -> Response {
    // What it says is a few bytes of ours.
    let said = to_bytes(answer.into_body(), MOST_SAID).await.unwrap_or_default();
    let failure = Failure::de(said);
    error::api(app, headers, failure.0)
}
