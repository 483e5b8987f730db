//! `POST /sign-out`: the session record is deleted, what the browser kept is cleared (security.md 3.7), and the portal is told.

use super::signed_out;
use crate::{admission, auth::Portal, config::auth::Logout, in_passing, middleware::account, random, state::AppState};
use axum::{
    Extension,
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower_sessions::Session;

/// Ends the session. Never `"cookies"` in Clear-Site-Data: that would wipe every other site of the campus.
pub async fn post(
    State(app): State<AppState>,
    session: Session,
    person: Option<Extension<account::SignedIn>>,
) -> Response {
    let at_portal = at_portal(&app, &session, person.is_some()).await;
    let https = app.settings().is_https();
    let mut cookies = vec![in_passing::not_again(https)];
    let onward = match at_portal {
        AtPortal::Nothing => "/sign-in?state=ended".to_owned(),
        AtPortal::Untold => "/sign-in?state=out-here".to_owned(),
        AtPortal::Told(place) => {
            cookies.push(signed_out::expected(https));
            place
        }
    };
    if let Err(error) = session.flush().await {
        tracing::error!(%error, "the session could not be deleted");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if let Some(Extension(person)) = person {
        admission::note(&app, "sign-out", Some(&person.account), "").await;
    }
    let clear = (HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"");
    let mut response = (StatusCode::SEE_OTHER, [clear, (header::LOCATION, onward.as_str())]).into_response();
    if https {
        // Browsers take no `__Host-` cookie back that is not Secure, as the session's own layer sends it.
        cookies.push(format!(
            "{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
            app.settings().cookie()
        ));
    }
    for cookie in cookies.iter().flat_map(|cookie| cookie.parse()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A longer token does not fit into the address that leads to the portal's sign-out.
const LONGEST_HINT: usize = 2048;

/// What there is to end at the portal.
enum AtPortal {
    /// Nothing.
    Nothing,
    /// A session, and it cannot be told.
    Untold,
    /// A session, and it ends there.
    Told(String),
}

async fn at_portal(app: &AppState, session: &Session, signed_in: bool) -> AtPortal {
    let begun_there = session
        .get::<String>(::state::SESSION_ISSUER)
        .await
        .ok()
        .flatten()
        .is_some();
    let told = match app.auth().portal().filter(|_| begun_there) {
        // Of a session that was over already nobody knows who began it.
        None if app.auth().portal().is_some() && !signed_in => None,
        None => return AtPortal::Nothing,
        Some(Portal::Oidc {
            logout: Logout::Local, ..
        }) => None,
        Some(Portal::Oidc { provider, .. }) if app.auth().is_up() => {
            let token = account::id_token(session)
                .await
                .filter(|token| token.len() <= LONGEST_HINT);
            provider.logout_url(token.as_deref(), &random::token()).await
        }
        Some(Portal::Cas { server, .. }) if app.auth().is_up() => Some(server.logout_url()),
        // There is no session but ours.
        #[cfg(feature = "ldap")]
        Some(Portal::Ldap(_)) => return AtPortal::Nothing,
        Some(Portal::Proxy(proxy)) => Some(proxy.logout_url().to_owned()),
        Some(Portal::Oidc { .. } | Portal::Cas { .. }) => None,
    };
    told.map_or(AtPortal::Untold, AtPortal::Told)
}
