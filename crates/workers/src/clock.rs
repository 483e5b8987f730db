use std::time::{Duration, Instant};

/// Now, for measuring how long something takes; never to say what time it is.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a helper is silent is measured where it is waited for"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// How long ago that was.
pub(crate) fn since(then: Instant) -> Duration {
    now().saturating_duration_since(then)
}
