//! Signing in without being asked (CAS protocol §2.1.1, `gateway`): whoever comes without a session of ours is sent to the portal once,
//! and comes back signed in if they are signed in there, or to the sign-in page. A cookie keeps it from happening over and over, and
//! from signing in again whoever has just signed out.

use crate::{auth::Portal, middleware::viewer, return_to, state::AppState};
use axum::http::{HeaderMap, HeaderValue};

const COOKIE: &str = "asked";
/// Seconds after which the portal is asked again: somebody may have signed in there meanwhile.
const AGAIN: u32 = 600;

/// Where it begins.
const PLACE: &str = "/sign-in/start?passive=1";

/// Where somebody without a session goes, and a cookie line for their browser. A portal that is down is not asked: the page says what
/// else there is. Nor is it for a session that has just ended: it did so by somebody's will, or nobody was there any more.
pub fn way_in(app: &AppState, headers: &HeaderMap, wanted: &str) -> (String, Option<HeaderValue>) {
    let page = || return_to::sign_in_path(wanted);
    if !matches!(app.auth().portal(), Some(Portal::Cas { gateway: true, .. })) || was_asked(headers) {
        return (page(), None);
    }
    if viewer::cookie(headers, app.settings().cookie()).is_some() {
        return (page(), not_again(app.settings().is_https()).parse().ok());
    }
    let place = if app.auth().is_up() { PLACE.to_owned() } else { page() };
    (place, None)
}

/// Whether the portal was asked not long ago, or is not to be asked.
pub fn was_asked(headers: &HeaderMap) -> bool {
    viewer::cookie(headers, COOKIE).is_some()
}

/// The cookie line for a browser that is being asked about.
pub fn asked(https: bool) -> String {
    format!("{}; Max-Age={AGAIN}", not_again(https))
}

/// The cookie line for a browser in which somebody has signed out, or that others use too: until it is closed.
pub fn not_again(https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{COOKIE}=1; Path=/; HttpOnly; SameSite=Lax{secure}")
}
