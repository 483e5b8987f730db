use probe::{DayFold, State, strip};
use proptest::prelude::*;

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Answering),
        Just(State::Slow),
        Just(State::Failing),
        Just(State::Unknown)
    ]
}

type Parts = Vec<(State, u32)>;

fn parts() -> impl Strategy<Value = Parts> {
    prop::collection::vec((state(), prop_oneof![0_u32..100, any::<u32>()]), 0..20)
}

fn fold(parts: &[(State, u32)]) -> DayFold {
    let mut day = DayFold::new(20_785);
    parts.iter().for_each(|(state, seconds)| day.add(*state, *seconds));
    day
}

proptest! {
    #[test]
    fn parts_of_a_day_come_to_the_day(a in parts(), b in parts(), c in parts()) {
        let whole = fold(&[a.clone(), b.clone(), c.clone()].concat());
        let (a, b, c) = (fold(&a), fold(&b), fold(&c));
        let left = a.merge(b).unwrap().merge(c).unwrap();
        let right = a.merge(b.merge(c).unwrap()).unwrap();
        prop_assert_eq!(left, whole);
        prop_assert_eq!(right, whole);
        prop_assert_eq!(a.merge(b), b.merge(a));
        prop_assert_eq!(a.merge(DayFold::new(a.day)), Some(a));
        prop_assert_eq!(whole.worst(), a.worst().max(b.worst()).max(c.worst()));
    }

    #[test]
    fn the_worst_is_the_worst_that_was_there(parts in parts()) {
        let there = parts.iter().filter(|(_, seconds)| *seconds > 0).map(|(state, _)| *state).max();
        prop_assert_eq!(fold(&parts).worst(), there.unwrap_or(State::Unknown));
    }

    #[test]
    fn a_strip_has_every_day_once(rows in prop::collection::vec((any::<i64>(), 1_u32..9), 0..9), today: i64, length in 0_u16..70) {
        let row = |(day, good): &(i64, u32)| DayFold { good: *good, ..DayFold::new(*day) };
        let rows: Vec<DayFold> = rows.iter().map(row).collect();
        prop_assert_eq!(strip(&rows, today, length).len(), usize::from(length));
    }
}

#[test]
fn days_are_not_mixed() {
    assert_eq!(DayFold::new(1).merge(DayFold::new(2)), None);
}

#[test]
fn a_strip_ends_today() {
    let row = |day, failed| DayFold {
        failed,
        ..DayFold::new(day)
    };
    let days = strip(&[row(10, 1), row(9, 2), row(7, 3), row(9, 4), row(11, 5)], 10, 3);
    assert_eq!(days, [DayFold::new(8), row(9, 6), row(10, 1)]);
}
