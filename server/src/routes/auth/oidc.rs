//! OpenID Connect: the way back, and what the provider ends by itself.

use super::{start::limited, transaction};
use crate::{
    admission, auth::Portal, clock::SystemClock, middleware::account::SignedIn, rates::Kind, routes::error,
    state::AppState,
};
use ::state::Origin;
use axum::{
    Extension, Form,
    extract::{RawQuery, Request, State},
    http::{Extensions, HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use mailroom::Clock;
use serde::Deserialize;
use sso::oidc::{LoggedOut, Oidc};
use tower_sessions::Session;

/// `GET /auth/oidc/callback`: the person comes back from the provider.
pub async fn callback(
    State(app): State<AppState>,
    session: Session,
    person: Option<Extension<SignedIn>>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let (headers, query) = (&parts.headers, query.unwrap_or_default());
    let Some(Portal::Oidc { provider, .. }) = app.auth().portal() else {
        return error::page(&app, headers, StatusCode::NOT_FOUND);
    };
    if let Some(answer) = limited(&app, Kind::Callback, &parts.extensions, headers) {
        return answer;
    }
    let state = transaction::parameter(&query, "state").unwrap_or_default();
    let begun = match transaction::take(&app, headers, &state).await {
        Ok(begun) => begun.and_then(|begun| Some((begun.wish, begun.oidc?))),
        Err(cause) => return error::incident(&app, headers, &cause),
    };
    let Some((wish, transaction)) = begun else {
        return admission::over(&app, headers, person.is_some());
    };
    match provider.finish(&query, &transaction, SystemClock.now()).await {
        Ok(identity) => {
            app.auth().note_up(true);
            admission::admit(&app, &session, headers, identity, &wish).await
        }
        Err(error) => admission::failed(&app, headers, &error).await,
    }
}

/// What a provider sends to end sessions (OpenID Connect Back-Channel Logout 1.0 §2.5).
#[derive(Deserialize)]
pub struct LogoutForm {
    logout_token: String,
}

/// `POST /auth/oidc/backchannel-logout`: the provider itself speaks, without cookies. 200, or 400 and nothing has happened.
pub async fn backchannel(
    State(app): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    form: Result<Form<LogoutForm>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Some(Portal::Oidc {
        provider,
        backchannel: true,
        ..
    }) = app.auth().portal()
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(answer) = limited(&app, Kind::Logout, &extensions, &headers) {
        return answer;
    }
    let Ok(Form(LogoutForm { logout_token })) = form else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match end(&app, provider, &logout_token).await {
        Ok(status) => status.into_response(),
        Err(error) => error::incident(&app, &headers, &error.to_string()),
    }
}

async fn end(app: &AppState, provider: &Oidc, token: &str) -> Result<StatusCode, ::state::StateError> {
    let LoggedOut {
        issuer,
        subject,
        sid,
        jti,
        expires,
    } = match provider.backchannel(token, SystemClock.now()).await {
        Ok(heard) => heard,
        Err(error) => {
            tracing::warn!(%error, "a logout token is refused");
            return Ok(StatusCode::BAD_REQUEST);
        }
    };
    if app.state().has_heard_logout(&issuer, &jti).await? {
        tracing::warn!("a logout token comes a second time");
        return Ok(StatusCode::BAD_REQUEST);
    }
    // §2.6: the session named, or else all of the person; and those that were begun without being named.
    let origins = match (&sid, &subject) {
        (Some(sid), Some(subject)) => vec![Origin::Sid(sid), Origin::Unnamed(subject)],
        (Some(sid), None) => vec![Origin::Sid(sid)],
        (None, Some(subject)) => vec![Origin::Subject(subject)],
        (None, None) => return Ok(StatusCode::BAD_REQUEST),
    };
    let mut ended = 0;
    for origin in origins {
        ended += app.state().end_sessions_from(&issuer, origin).await?;
    }
    // Last, and not needed for it: on a full disk people are signed out all the same.
    if let Err(error) = app.state().hear_logout(&issuer, &jti, expires).await {
        tracing::error!(%error, "a logout token cannot be remembered");
    }
    admission::note(
        app,
        "signed out by the portal",
        None,
        &format!("{ended} sessions, {issuer}"),
    )
    .await;
    Ok(StatusCode::OK)
}
