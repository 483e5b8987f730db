//! The one place that reads the clock.

use std::{
    sync::OnceLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

static STARTED: OnceLock<Instant> = OnceLock::new();

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the clock is read for the whole portal"
)]
fn instant() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the clock is read for the whole portal"
)]
fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// RFC 3339, in UTC, of seconds since 1970; empty for what no calendar has.
pub fn rfc3339(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map(|at| at.to_string())
        .unwrap_or_default()
}

impl mailroom::Clock for SystemClock {
    fn now_ns(&self) -> i64 {
        i64::try_from(since_epoch().as_nanos()).unwrap_or(i64::MAX)
    }

    fn ticks_us(&self) -> u64 {
        let started = *STARTED.get_or_init(instant);
        u64::try_from(instant().duration_since(started).as_micros()).unwrap_or(u64::MAX)
    }
}
