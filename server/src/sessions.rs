//! The session layer: tower-sessions keeps the cookie, `state` keeps the record.

use crate::{clock::SystemClock, state::AppState};
use mailroom::Clock;
use time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

/// Cookie and lifetime (security.md 9.1). `Lax`, so that a link from another site arrives signed in.
pub fn layer(app: &AppState) -> SessionManagerLayer<::state::Sessions> {
    let settings = app.settings();
    let store = app.state().sessions(|| SystemClock.now());
    SessionManagerLayer::new(store)
        .with_name(settings.cookie())
        .with_secure(settings.is_https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::minutes(i64::from(
            settings.session.idle_minutes,
        ))))
}
