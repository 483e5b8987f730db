//! `POST /sessions/end`: ends one of a person's own sessions. The page that lists them is in `app`.

use crate::{
    admission,
    middleware::account::{SignedIn, Unknown},
    routes::{error, posted::Posted},
    state::AppState,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// Which.
#[derive(Deserialize)]
pub struct EndForm {
    session: String,
}

/// Ends it. One that is not the person's own is as one that is not there (any more): a second click says what the first has done.
pub async fn end(
    State(app): State<AppState>,
    person: Option<Extension<SignedIn>>,
    unknown: Option<Extension<Unknown>>,
    headers: HeaderMap,
    Posted(form): Posted<EndForm>,
) -> Response {
    if unknown.is_some() {
        return error::nobody_can_say(&app, &headers);
    }
    let Some(Extension(person)) = person else {
        return error::page(&app, &headers, StatusCode::UNAUTHORIZED);
    };
    if person.read_only {
        return error::page(&app, &headers, StatusCode::FORBIDDEN);
    }
    match app.state().end_session(&person.account, &form.session).await {
        Ok(ended) => {
            if ended {
                admission::note(&app, "sign-out elsewhere", Some(&person.account), "").await;
            }
            (StatusCode::SEE_OTHER, [(header::LOCATION, "/sessions?ended=1")]).into_response()
        }
        Err(error) => error::incident(&app, &headers, &error.to_string()),
    }
}
