//! Signing in without being asked (CAS protocol §2.1.1, `gateway`): whoever comes without a session of ours is sent to the portal once,
//! and comes back signed in if they are signed in there, or to the sign-in page. A cookie keeps it from happening over and over, and
//! from signing in again whoever has just signed out.

use crate::{auth::Portal, middleware::viewer, state::AppState};
use axum::http::HeaderMap;

const COOKIE: &str = "asked";
/// Seconds after which the portal is asked again: somebody may have signed in there meanwhile.
const AGAIN: u32 = 600;

/// Whether to ask the portal now. One that is down is not: the page says what else there is.
pub fn is_due(app: &AppState, headers: &HeaderMap) -> bool {
    matches!(app.auth().portal(), Some(Portal::Cas { gateway: true, .. }))
        && app.auth().is_up()
        && viewer::cookie(headers, COOKIE).is_none()
}

/// Where it begins.
pub const PLACE: &str = "/sign-in/start?passive=1";

/// The cookie line for a browser that is being asked about.
pub fn asked(https: bool) -> String {
    format!("{}; Max-Age={AGAIN}", not_again(https))
}

/// The cookie line for a browser in which somebody has signed out: until it is closed.
pub fn not_again(https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{COOKIE}=1; Path=/; HttpOnly; SameSite=Lax{secure}")
}
