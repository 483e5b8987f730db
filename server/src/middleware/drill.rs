//! That an outage is rehearsed with whoever asks is said on each page of theirs, also on one that only says what went wrong, far from where
//! it was known who asks. So it is kept with the request; pages of `app` have it from `app::offer`.

use super::account::SignedIn;
use crate::{
    routes::{error::escape, status::since},
    state::AppState,
};
use app::{prefs::Prefs, wording::Dates};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use mailroom::Clock;

tokio::task_local! {
    /// When the last drill ends that goes on with whoever asks, in seconds.
    static ENDS: i64;
}

/// Remembers it while the request is answered.
pub async fn remember(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let person = request.extensions().get::<SignedIn>();
    let ends = person.and_then(|person| app.status().drill_until(&person.account, app.clock().now()));
    match ends {
        Some(ends) => ENDS.scope(ends, next.run(request)).await,
        None => next.run(request).await,
    }
}

/// The line that says so, in HTML; empty where no drill goes on with whoever asks.
pub fn line(app: &AppState, prefs: &Prefs) -> String {
    let told = ENDS.try_with(|ends| {
        let until = since(&Dates::new(prefs, app.clock().now()), *ends);
        let words = (prefs.lang.words().fresh.drill)(&until);
        format!(
            "<div class=\"notice\" role=\"status\"><strong>{}</strong></div>",
            escape(&words)
        )
    });
    told.unwrap_or_default()
}
