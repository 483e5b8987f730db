use probe::{OneAtATime, first, next};
use proptest::prelude::*;
use std::time::Duration;

proptest! {
    #[test]
    fn looks_are_a_tenth_apart_at_most(nanoseconds in 0..u64::MAX / 4, random: u64) {
        let interval = Duration::from_nanos(nanoseconds);
        let tenth = interval / 10;
        let wait = next(interval, random);
        prop_assert!(wait >= interval - tenth && wait <= interval + tenth);
        prop_assert!(first(interval, random) <= interval);
    }

    #[test]
    fn any_interval_is_one(seconds: u64, random: u64) {
        let _ = (next(Duration::from_secs(seconds), random), first(Duration::from_secs(seconds), random));
    }
}

#[test]
fn the_ends_are_reached() {
    let interval = Duration::from_secs(100);
    assert_eq!(next(interval, 0), Duration::from_secs(90));
    assert_eq!(next(interval, 1 << 63), interval);
    assert_eq!(next(interval, u64::MAX).as_secs(), 109);
    assert_eq!(first(interval, 0), Duration::ZERO);
    assert_eq!(first(interval, u64::MAX).as_secs(), 99);
}

#[test]
fn one_at_a_time() {
    let gate = OneAtATime::default();
    let other = gate.clone();
    let turn = gate.take();
    assert!(turn.is_some() && gate.take().is_none() && other.take().is_none());
    drop(turn);
    assert!(other.take().is_some());
    assert!(gate.take().is_some());
}
