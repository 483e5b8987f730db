//! CAS 3.0: the way back, and what the server ends by itself.

use super::{start::limited, transaction};
use crate::{
    admission, auth::Portal, in_passing, middleware::account::SignedIn, rates::Kind, return_to, routes::error,
    state::AppState,
};
use ::state::Origin;
use axum::{
    Extension, Form,
    extract::{RawQuery, Request, State},
    http::{Extensions, HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tower_sessions::Session;

/// `GET /auth/cas/callback?t=…&ticket=…`: the person comes back. The answer leads on, so the ticket leaves the address bar.
pub async fn callback(
    State(app): State<AppState>,
    session: Session,
    person: Option<Extension<SignedIn>>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let (headers, query) = (&parts.headers, query.unwrap_or_default());
    let Some(Portal::Cas { server, .. }) = app.auth().portal() else {
        return error::page(&app, headers, StatusCode::NOT_FOUND);
    };
    if let Some(answer) = limited(&app, Kind::Callback, &parts.extensions, headers) {
        return answer;
    }
    let state = transaction::parameter(&query, "t").unwrap_or_default();
    let wish = match transaction::take(&app, headers, &state).await {
        Ok(Some(begun)) => begun.wish,
        // Several pages of one browser were asked about at once, and one of them has come back before.
        Ok(None) if in_passing::was_asked(headers) => return return_to::lead("/"),
        Ok(None) => return admission::over(&app, headers, person.is_some()),
        Err(cause) => return error::incident(&app, headers, &cause),
    };
    let Some(ticket) = transaction::parameter(&query, "ticket") else {
        // It was asked in passing, and nobody is signed in there.
        let place = return_to::sign_in_path(&wish.back);
        return (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response();
    };
    match server.validate(&ticket, &state).await {
        Ok(identity) => {
            app.auth().note_up(true);
            admission::admit(&app, &session, headers, identity, &wish).await
        }
        Err(error) => admission::failed(&app, headers, &error).await,
    }
}

/// What a server sends to end a session (CAS protocol 3.0 §2.3.3).
#[derive(Deserialize)]
pub struct LogoutForm {
    #[serde(rename = "logoutRequest")]
    logout_request: String,
}

/// `POST /auth/cas/callback`: the server itself speaks, unsigned. The ticket is the secret; whoever does not know one learns nothing.
pub async fn logout(
    State(app): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    form: Result<Form<LogoutForm>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Some(Portal::Cas {
        issuer,
        single_logout: true,
        ..
    }) = app.auth().portal()
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(answer) = limited(&app, Kind::Logout, &extensions, &headers) {
        return answer;
    }
    let ticket = form
        .ok()
        .and_then(|Form(form)| sso::cas::logged_out_ticket(&form.logout_request));
    if let Some(ticket) = ticket {
        match app.state().end_sessions_from(issuer, Origin::Ticket(&ticket)).await {
            Ok(0) => {}
            Ok(ended) => {
                admission::note(
                    &app,
                    "signed out by the portal",
                    None,
                    &format!("{ended} sessions, {issuer}"),
                )
                .await;
            }
            Err(error) => return error::incident(&app, &headers, &error.to_string()),
        }
    }
    StatusCode::OK.into_response()
}
