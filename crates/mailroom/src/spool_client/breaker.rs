//! When a spool is left alone. A server that answers late is asked less, not more: what hung it is load, and every question that
//! nobody waits for any more is load for nothing.
//!
//! After [`MISSES`] deadlines missed within [`WITHIN`], or a queue that is full and does not move (`mount.rs`), nothing is asked any more but by the prober, whose
//! three quick answers in a row end it. One person's files may hang where all others answer, so the same is counted for each account,
//! and the mount is left alone only if several people's deadlines were missed.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

/// Deadlines missed.
const MISSES: usize = 4;
/// In microseconds.
const WITHIN: u64 = 10_000_000;
/// Quick answers in a row.
const GOOD: u32 = 3;
/// An answer is quick within this.
pub(crate) const QUICK: Duration = Duration::from_millis(200);
/// Misses remembered at most.
const REMEMBERED: usize = 10_000;

/// Whose spool is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Of {
    /// Everybody's.
    Mount,
    /// One account's, by its key.
    Account(u64),
}

/// When the prober looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looks {
    /// The first time after so long, and ever later.
    pub(super) first: Duration,
    /// And at most so much later than before.
    pub(super) last: Duration,
    /// Once a look was answered.
    pub(super) soon: Duration,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(4),
            last: Duration::from_secs(16),
            soon: Duration::from_secs(1),
        }
    }
}

/// See the module. Times are a clock's microseconds.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    looks: Looks,
    /// Deadlines missed lately, and whose.
    misses: VecDeque<(u64, u64)>,
    open: HashMap<Of, Prober>,
}

/// Who looks whether it answers again.
#[derive(Clone, Copy, Debug)]
struct Prober {
    wait: Duration,
    good: u32,
}

impl Breaker {
    pub(super) fn new(looks: Looks) -> Self {
        Self {
            looks,
            ..Self::default()
        }
    }

    /// Whether the spool may be asked for that account.
    pub(super) fn lets_through(&self, account: u64) -> bool {
        !self.open.contains_key(&Of::Mount) && !self.open.contains_key(&Of::Account(account))
    }

    /// A deadline was missed. What is left alone from now on, if that is news.
    pub(super) fn missed(&mut self, account: u64, now: u64) -> Option<Of> {
        let is_old = |(at, _): &(u64, u64)| now.saturating_sub(*at) > WITHIN;
        while self.misses.front().is_some_and(is_old) || self.misses.len() >= REMEMBERED {
            self.misses.pop_front();
        }
        self.misses.push_back((now, account));
        let own = self.misses.iter().filter(|(_, whose)| *whose == account).count();
        // Of those whose own files are known to hang, more says nothing about the others'.
        let open = &self.open;
        let counts = |(_, whose): &&(u64, u64)| *whose != account && !open.contains_key(&Of::Account(*whose));
        match self.misses.iter().filter(counts).count() {
            0 if own >= MISSES => self.open(Of::Account(account)),
            others @ 1.. if own + others >= MISSES => self.open(Of::Mount),
            _ => None,
        }
    }

    /// There was no place in the queue, for anybody or for one: the first time says enough.
    pub(super) fn full(&mut self, of: Of) -> Option<Of> {
        self.open(of)
    }

    fn open(&mut self, of: Of) -> Option<Of> {
        let news = !self.open.contains_key(&of);
        self.open.entry(of).or_insert(Prober {
            wait: self.looks.first,
            good: 0,
        });
        news.then_some(of)
    }

    /// How long the prober waits before its next look; `None` once nothing is to be found out. `dice` is any number: those who wait for
    /// one server are not to come at once.
    pub(super) fn next_look(&self, of: Of, dice: u64) -> Option<Duration> {
        let prober = self.open.get(&of)?;
        if prober.good > 0 {
            return Some(self.looks.soon);
        }
        // From three quarters to five quarters of it.
        let quarter = prober.wait / 4;
        let jitter = quarter.mul_f64((dice % 1000) as f64 / 500.0);
        Some(quarter * 3 + jitter)
    }

    /// What the prober found: how long the answer took, or that there was none. `true` if the spool may be asked again from now on.
    pub(super) fn looked(&mut self, of: Of, took: Option<Duration>) -> bool {
        let last = self.looks.last;
        let Some(prober) = self.open.get_mut(&of) else {
            return true;
        };
        match took {
            Some(took) if took <= QUICK => prober.good += 1,
            _ => {
                prober.good = 0;
                prober.wait = (prober.wait * 2).min(last);
            }
        }
        if prober.good < GOOD {
            return false;
        }
        self.open.remove(&of);
        match of {
            Of::Mount => self.misses.clear(),
            Of::Account(account) => self.misses.retain(|(_, whose)| *whose != account),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;
    const QUICKLY: Option<Duration> = Some(Duration::from_millis(3));

    #[test]
    fn one_persons_misses_are_their_own() {
        let mut breaker = Breaker::default();
        for at in 0..3 {
            assert_eq!(breaker.missed(1, at * SECOND), None);
        }
        assert!(breaker.lets_through(1));
        assert_eq!(breaker.missed(1, 3 * SECOND), Some(Of::Account(1)));
        assert!(!breaker.lets_through(1) && breaker.lets_through(2));
        assert_eq!(breaker.missed(1, 4 * SECOND), None, "it is known");
    }

    #[test]
    fn several_peoples_misses_are_the_mounts() {
        let mut breaker = Breaker::default();
        for (account, at) in [(1, 0), (2, 1), (3, 2)] {
            assert_eq!(breaker.missed(account, at * SECOND), None);
        }
        assert_eq!(breaker.missed(1, 3 * SECOND), Some(Of::Mount));
        for account in 0..9 {
            assert!(!breaker.lets_through(account));
        }
    }

    #[test]
    fn one_persons_files_that_hang_do_not_speak_for_the_mount_when_another_misses_once() {
        let mut breaker = Breaker::default();
        for at in 0..4 {
            breaker.missed(1, at * SECOND);
        }
        assert!(!breaker.lets_through(1));
        for at in 4..7 {
            assert_eq!(breaker.missed(2, at * SECOND), None);
        }
        assert!(breaker.lets_through(3));
        assert_eq!(breaker.missed(3, 7 * SECOND), Some(Of::Mount), "but these do");
    }

    #[test]
    fn who_has_no_place_left_has_none_alone() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.full(Of::Account(1)), Some(Of::Account(1)));
        assert!(!breaker.lets_through(1) && breaker.lets_through(2));
    }

    #[test]
    fn what_was_long_ago_does_not_count() {
        let mut breaker = Breaker::default();
        for at in 0..20 {
            assert_eq!(breaker.missed(at % 2, at * 4 * SECOND), None, "{at}");
        }
    }

    #[test]
    fn a_full_queue_says_enough() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.full(Of::Mount), Some(Of::Mount));
        assert_eq!(breaker.full(Of::Mount), None);
        assert!(!breaker.lets_through(1));
    }

    #[test]
    fn three_quick_answers_in_a_row_end_it() {
        let mut breaker = Breaker::default();
        breaker.full(Of::Mount);
        let of = Of::Mount;
        for took in [
            QUICKLY,
            QUICKLY,
            None,
            QUICKLY,
            Some(Duration::from_secs(2)),
            QUICKLY,
            QUICKLY,
        ] {
            assert!(!breaker.looked(of, took));
            assert!(!breaker.lets_through(1));
        }
        assert!(breaker.looked(of, QUICKLY));
        assert!(breaker.lets_through(1));
        assert_eq!(breaker.next_look(of, 0), None);
        assert_eq!(breaker.missed(1, 0), None, "and all is forgotten");
    }

    #[test]
    fn the_prober_comes_ever_more_seldom_and_soon_enough() {
        let mut breaker = Breaker::default();
        breaker.full(Of::Mount);
        let mut last = Duration::ZERO;
        for look in 0..9 {
            let (early, late) = (breaker.next_look(Of::Mount, 0), breaker.next_look(Of::Mount, 999));
            let (early, late) = (early.unwrap(), late.unwrap());
            assert!(early >= last * 3 / 4 && early < late, "{look}");
            // With two more looks a second apart, thirty seconds are enough.
            assert!(late + breaker.looks.soon * 2 <= Duration::from_secs(25), "{late:?}");
            last = early;
            breaker.looked(Of::Mount, None);
        }
        breaker.looked(Of::Mount, QUICKLY);
        assert_eq!(breaker.next_look(Of::Mount, 5), Some(breaker.looks.soon));
    }
}
