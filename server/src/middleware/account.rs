//! Session → account. Routes for signed-in people find a [`SignedIn`] in the request, or send the person to sign in.

use crate::{return_to, state::AppState};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mailroom::Clock;
use tower_sessions::Session;

/// Key of the account's name in the session.
const ACCOUNT: &str = ::state::SESSION_ACCOUNT;
/// Key of the time of sign-in, in seconds.
const SINCE: &str = "since";
/// Key of the last time the session was written.
const SEEN: &str = "seen";
/// Seconds between two writes of an otherwise unchanged session.
const TOUCH_EVERY: i64 = 5 * 60;

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Name of the account.
    pub account: String,
}

/// Puts [`SignedIn`] into the request when there is a valid session.
pub async fn identify(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    if let Some(session) = request.extensions().get::<Session>().cloned()
        && let Some(signed_in) = signed_in(&app, &session).await
    {
        request.extensions_mut().insert(signed_in);
    }
    next.run(request).await
}

async fn signed_in(app: &AppState, session: &Session) -> Option<SignedIn> {
    let account: String = match session.get(ACCOUNT).await {
        Ok(account) => account?,
        Err(error) => {
            tracing::error!(%error, "the session cannot be read");
            return None;
        }
    };
    let now = app.clock().now();
    let since: i64 = session.get(SINCE).await.ok().flatten()?;
    let absolute = i64::from(app.settings().session.absolute_minutes) * 60;
    if now - since >= absolute || app.accounts().find(&account).is_none() {
        let _ = session.flush().await;
        return None;
    }
    let seen: i64 = session.get(SEEN).await.ok().flatten().unwrap_or(0);
    if now - seen >= TOUCH_EVERY {
        let _ = session.insert(SEEN, now).await;
    }
    Some(SignedIn { account })
}

/// Starts a new session; whatever session there was before is gone, so an id known beforehand is worth nothing. (`flush` alone
/// would keep the id.)
pub async fn sign_in(app: &AppState, session: &Session, account: &str) -> Result<(), tower_sessions::session::Error> {
    session.clear().await;
    session.cycle_id().await?;
    let now = app.clock().now();
    session.insert(ACCOUNT, account).await?;
    session.insert(SINCE, now).await?;
    session.insert(SEEN, now).await?;
    // Here and not only after the answer, which could then not say what is wrong.
    session.save().await
}

/// For pages and files: whoever is not signed in is sent to the sign-in page and comes back afterwards.
pub async fn require(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if request.extensions().get::<SignedIn>().is_some() {
        return next.run(request).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let place = return_to::sign_in_path(wanted);
    // Frames and files are not pages to come back to.
    let is_page = request
        .headers()
        .get("sec-fetch-dest")
        .is_none_or(|dest| dest == "document");
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response();
    if is_page && let Ok(cookie) = return_to::remember(wanted, app.settings().is_https()).parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
