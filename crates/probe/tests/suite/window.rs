use probe::{Cause, Figures, Sample, Settings, State, Window};
use proptest::prelude::*;
use std::time::Duration;

const SETTINGS: Settings = Settings {
    fail_after: 2,
    answer_after: 2,
    slow_over: Duration::from_secs(1),
    stale_after: 120,
};

fn sample(at: u64, milliseconds: u64, result: Result<(), Cause>) -> Sample {
    Sample {
        at,
        total: Duration::from_millis(milliseconds),
        result,
    }
}

/// A window of looks half a minute apart, `.` answered, `~` answered late, `x` failed; and the state after each.
fn states(looks: &str) -> String {
    let mut window = Window::new(SETTINGS);
    let mut at = 0;
    let state = |look: char| {
        window.add(match look {
            '.' => sample(at, 20, Ok(())),
            '~' => sample(at, 3_000, Ok(())),
            _ => sample(at, 1, Err(Cause::Closed)),
        });
        let state = window.figures(at).state;
        at += 30;
        match state {
            State::Unknown => '?',
            State::Answering => '.',
            State::Slow => '~',
            State::Failing => 'x',
        }
    };
    looks.chars().map(state).collect()
}

#[test]
fn one_lost_look_frightens_nobody() {
    assert_eq!(states("..x..x.x."), ".........");
    assert_eq!(states("..xx.xx..x.."), "...xxxxx....");
    assert_eq!(states("x.x"), "?..");
    assert_eq!(states("xx"), "?x");
    assert_eq!(states("~~.."), ".~~.");
    assert_eq!(states("..~~~"), "....~");
}

#[test]
fn it_is_failing_since_the_first_of_the_looks_that_failed() {
    let mut window = Window::new(SETTINGS);
    for (at, result) in [
        (10, Ok(())),
        (40, Err(Cause::Busy)),
        (70, Err(Cause::Timeout)),
        (100, Err(Cause::Timeout)),
    ] {
        window.add(sample(at, 5, result));
    }
    let figures = window.figures(101);
    assert_eq!((figures.state, figures.since), (State::Failing, Some(40)));
    assert_eq!((figures.count, figures.failures), (4, 3));
    assert_eq!(figures.last.map(|last| last.result), Some(Err(Cause::Timeout)));
    window.add(sample(130, 5, Ok(())));
    assert_eq!(window.figures(130).since, Some(40));
    window.add(sample(160, 5, Ok(())));
    assert_eq!(
        (window.figures(160).state, window.figures(160).since),
        (State::Answering, Some(130))
    );
}

#[test]
fn what_is_long_ago_is_not_known() {
    let mut window = Window::new(SETTINGS);
    window.add(sample(0, 5, Err(Cause::Closed)));
    window.add(sample(30, 5, Err(Cause::Closed)));
    assert_eq!(window.figures(150).state, State::Failing);
    let stale = window.figures(151);
    assert_eq!((stale.state, stale.since, stale.count), (State::Unknown, None, 2));
    // Two failures are needed anew.
    window.add(sample(200, 5, Err(Cause::Closed)));
    assert_eq!(window.figures(200).state, State::Unknown);
    let empty = window.figures(10_000);
    assert_eq!((empty.count, empty.failures, empty.p50, empty.p99), (0, 0, None, None));
    assert_eq!(empty.last.map(|last| last.at), Some(200));
}

#[test]
fn a_server_that_hangs_does_not_look_fast() {
    let mut window = Window::new(SETTINGS);
    window.add(sample(0, 20, Ok(())));
    window.add(sample(30, 10_000, Err(Cause::Timeout)));
    window.add(sample(60, 1, Err(Cause::Unreachable)));
    let figures = window.figures(60);
    assert_eq!(figures.p50, Some(Duration::from_millis(20)));
    assert_eq!(figures.p99, Some(Duration::from_secs(10)));
}

#[test]
fn a_window_does_not_grow() {
    let mut window = Window::new(SETTINGS);
    (0..5_000).for_each(|_| window.add(sample(7, 1, Ok(()))));
    assert_eq!(window.figures(7).count, 1_024);
}

/// The same, said another way: from all looks there ever were.
fn naive(all: &[Sample], now: u64, settings: Settings) -> Figures {
    let mut fresh = all;
    for place in 1..all.len() {
        if all[place].at - all[place - 1].at > settings.stale_after {
            fresh = &all[place..];
        }
    }
    if all
        .last()
        .is_none_or(|last| now.saturating_sub(last.at) > settings.stale_after)
    {
        fresh = &[];
    }
    let answered = |sample: &Sample| sample.result.is_ok();
    let mut settled: Option<(bool, u64)> = None;
    for end in 1..=fresh.len() {
        let now_answered = answered(&fresh[end - 1]);
        let run = fresh[..end]
            .iter()
            .rev()
            .take_while(|sample| answered(sample) == now_answered)
            .count();
        let needed = match (now_answered, settled) {
            (true, None) => 1,
            (true, _) => settings.answer_after.max(1),
            (false, _) => settings.fail_after.max(1),
        };
        if run >= needed as usize && settled.is_none_or(|(before, _)| before != now_answered) {
            settled = Some((now_answered, fresh[end - run].at));
        }
    }
    let inside: Vec<&Sample> = all.iter().filter(|sample| sample.at + 600 > now).collect();
    let speaks = |sample: &&&Sample| matches!(sample.result, Ok(()) | Err(Cause::Timeout));
    let mut times: Vec<Duration> = inside.iter().filter(speaks).map(|sample| sample.total).collect();
    times.sort();
    let within = |percent: usize| {
        let enough =
            |time: &&Duration| times.iter().filter(|other| other <= time).count() * 100 >= percent * times.len();
        times.iter().find(enough).copied()
    };
    let slow = within(50).is_some_and(|p50| p50 > settings.slow_over) && times.len() >= settings.fail_after as usize;
    Figures {
        state: match settled {
            None => State::Unknown,
            Some((false, _)) => State::Failing,
            Some((true, _)) if slow => State::Slow,
            Some((true, _)) => State::Answering,
        },
        since: settled.map(|(_, since)| since),
        count: inside.len(),
        failures: inside.iter().filter(|sample| sample.result.is_err()).count(),
        p50: within(50),
        p99: within(99),
        last: all.last().copied(),
    }
}

fn result() -> impl Strategy<Value = Result<(), Cause>> {
    prop_oneof![4 => Just(Ok(())), 1 => Just(Err(Cause::Timeout)), 2 => Just(Err(Cause::Busy))]
}

proptest! {
    #[test]
    fn figures_are_those_of_the_looks(
        looks in prop::collection::vec((0_u64..200, 0_u64..3_000, result()), 0..80),
        after in 0_u64..800,
        (fail_after, answer_after) in (0_u32..4, 0_u32..4),
    ) {
        let settings = Settings { fail_after, answer_after, ..SETTINGS };
        let mut window = Window::new(settings);
        let (mut all, mut at) = (Vec::new(), 1_000);
        for (wait, milliseconds, result) in looks {
            // Mostly half a minute, and now and then a gap.
            at += if wait < 180 { wait / 4 } else { wait };
            all.push(sample(at, milliseconds, result));
            window.add(all[all.len() - 1]);
            prop_assert_eq!(window.figures(at), naive(&all, at, settings));
        }
        prop_assert_eq!(window.figures(at + after), naive(&all, at + after, settings));
    }

    #[test]
    fn a_clock_that_is_set_back_harms_nothing(times in prop::collection::vec(any::<u64>(), 1..40), now: u64) {
        let mut window = Window::new(SETTINGS);
        times.iter().for_each(|at| window.add(sample(*at, 1, Ok(()))));
        let figures = window.figures(now);
        prop_assert_eq!(figures.last.map(|last| last.at), times.iter().max().copied());
    }
}
