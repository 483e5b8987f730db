//! When the next look is, and that there is only one at a time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long is waited before the first look: anything up to the interval, so that after a restart not all targets are asked at once.
/// `random` is any number, all equally likely.
#[must_use]
pub fn first(interval: Duration, random: u64) -> Duration {
    part(interval, random)
}

/// How long is waited after the end of a look: the interval, and up to a tenth more or less, so that looks of several machines
/// do not fall into step. Counted from the end, a server that is slow is asked less often. `random` is any number, all equally likely.
#[must_use]
pub fn next(interval: Duration, random: u64) -> Duration {
    let tenth = interval / 10;
    (interval - tenth).saturating_add(part(tenth.saturating_mul(2), random))
}

/// `random` of 2⁶⁴ parts of the whole.
fn part(whole: Duration, random: u64) -> Duration {
    let nanoseconds = (whole.as_nanos().min(u128::from(u64::MAX)) * u128::from(random)) >> 64;
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

/// Lets one look at a target happen at a time, however it is started: by the schedule, or because somebody asks.
#[derive(Clone, Debug, Default)]
pub struct OneAtATime(Arc<AtomicBool>);

/// The look may happen until this is dropped.
#[derive(Debug)]
#[must_use = "the turn is over when this is dropped"]
pub struct Turn(Arc<AtomicBool>);

impl OneAtATime {
    /// The turn, or `None` while somebody else has it.
    #[must_use]
    pub fn take(&self) -> Option<Turn> {
        let was_taken = self.0.swap(true, Ordering::Acquire);
        (!was_taken).then(|| Turn(Arc::clone(&self.0)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
