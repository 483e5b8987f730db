//! How fast what nobody waits for may go: all the time while the spool is quick, less when it is slow, and little after a fault, so that
//! a server that has just come back is not met by everything that was left undone. Additive increase, multiplicative decrease: what
//! keeps many senders from clogging a line they know nothing of.

use std::time::Duration;

/// One file takes so long: foreground only.
const SLOW: Duration = Duration::from_millis(200);
/// What is left of the pace after a fault.
const AFTER_FAULT: f64 = 0.1;
/// From there to the full pace in five minutes.
const EACH_SECOND: f64 = (1.0 - AFTER_FAULT) / 300.0;
/// Even the slowest goes on now and then, else nobody would know that the spool is quick again.
const LONGEST_REST: Duration = Duration::from_secs(5);

/// See the module. Times are a clock's microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// The part of the time in which the spool may be read behind, from 0 to 1.
    part: f64,
    raised: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { part: 1.0, raised: 0 }
    }
}

impl Pace {
    /// One file took so long.
    pub(super) fn took(&mut self, each: Duration, now: u64) {
        let since = now.saturating_sub(self.raised) as f64 / 1e6;
        self.raised = now;
        if each >= SLOW {
            self.part /= 2.0;
        } else {
            self.part = (self.part + since * EACH_SECOND).min(1.0);
        }
    }

    /// The spool was left alone and answers again.
    pub(super) fn after_fault(&mut self, now: u64) {
        self.part = self.part.min(AFTER_FAULT);
        self.raised = now;
    }

    /// How long to rest after something that took so long.
    pub(super) fn rest(&self, took: Duration) -> Duration {
        if self.part >= 1.0 {
            return Duration::ZERO;
        }
        let rest = took.as_secs_f64() * (1.0 / self.part.max(1e-6) - 1.0);
        Duration::from_secs_f64(rest.min(LONGEST_REST.as_secs_f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;
    const QUICKLY: Duration = Duration::from_millis(1);

    #[test]
    fn a_quick_spool_is_read_without_rest() {
        let mut pace = Pace::default();
        pace.took(QUICKLY, SECOND);
        assert_eq!(pace.rest(Duration::from_secs(1)), Duration::ZERO);
    }

    #[test]
    fn a_slow_one_ever_less() {
        let mut pace = Pace::default();
        let mut last = Duration::ZERO;
        for at in 1..6 {
            pace.took(SLOW, at);
            let rest = pace.rest(Duration::from_millis(100));
            assert!(rest > last, "{rest:?}");
            last = rest;
        }
        for at in 0..99 {
            pace.took(SLOW, at);
        }
        assert_eq!(pace.rest(QUICKLY), LONGEST_REST, "and now and then all the same");
    }

    #[test]
    fn after_a_fault_it_takes_five_minutes() {
        let mut pace = Pace::default();
        pace.after_fault(0);
        let rest = |pace: &Pace| pace.rest(Duration::from_millis(100)).as_millis();
        assert_eq!(rest(&pace), 900);
        pace.took(QUICKLY, 150 * SECOND);
        assert_eq!(rest(&pace), 81, "half way");
        pace.took(QUICKLY, 301 * SECOND);
        assert_eq!(rest(&pace), 0);
        pace.took(SLOW, 302 * SECOND);
        pace.after_fault(303 * SECOND);
        assert_eq!(rest(&pace), 900);
    }
}
