//! One service: the looks at it, and the days that they come to.

use super::{board::ServiceKind, days};
use jiff::tz::TimeZone;
use probe::{Cause, DayFold, Figures, OneAtATime, Sample, Settings, State, Turn, Window};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// See the module.
pub struct Watched {
    name: String,
    kind: ServiceKind,
    stale_after: i64,
    one: OneAtATime,
    held: Mutex<Held>,
}

struct Held {
    window: Window,
    /// What is not written yet, a fold a day.
    unwritten: Vec<DayFold>,
    last: Option<Last>,
    failed: Option<Cause>,
}

/// Where the last look led, and up to when that is counted.
#[derive(Clone, Copy)]
struct Last {
    at: i64,
    state: State,
    counted: i64,
}

/// How a service is.
pub struct Now {
    pub figures: Figures,
    /// Why the last look that failed did, if there is one in the window.
    pub cause: Option<Cause>,
    pub unwritten: Vec<DayFold>,
}

impl Watched {
    pub fn new(name: &str, kind: ServiceKind, settings: Settings) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            stale_after: i64::try_from(settings.stale_after).unwrap_or(i64::MAX),
            one: OneAtATime::default(),
            held: Mutex::new(Held {
                window: Window::new(settings),
                unwritten: Vec::new(),
                last: None,
                failed: None,
            }),
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn kind(&self) -> ServiceKind {
        self.kind
    }

    /// The turn to look, if nobody else does.
    pub fn turn(&self) -> Option<Turn> {
        self.one.take()
    }

    /// Takes a look in; gives the state before and after, which may be the same.
    pub fn note(&self, sample: Sample, zone: &TimeZone) -> (State, State) {
        let at = i64::try_from(sample.at).unwrap_or(i64::MAX);
        let mut held = self.held();
        self.settle_held(&mut held, at, zone);
        let before = held.last.map_or(State::Unknown, |last| last.state);
        held.window.add(sample);
        if let Err(cause) = sample.result {
            held.failed = Some(cause);
        }
        let state = held.window.figures(sample.at).state;
        let counted = held.last.map_or(at, |last| last.counted.max(at));
        held.last = Some(Last { at, state, counted });
        (before, state)
    }

    /// Counts the time up to now.
    pub fn settle(&self, now: i64, zone: &TimeZone) {
        self.settle_held(&mut self.held(), now, zone);
    }

    fn settle_held(&self, held: &mut Held, now: i64, zone: &TimeZone) {
        let Some(last) = held.last else { return };
        // After that the state is not known any more (Settings::stale_after).
        let known = last
            .at
            .saturating_add(self.stale_after)
            .clamp(last.counted, now.max(last.counted));
        for (from, until, state) in [(last.counted, known, last.state), (known, now, State::Unknown)] {
            for (day, seconds) in days::split(from, until, zone) {
                add(&mut held.unwritten, day, state, seconds);
            }
        }
        held.last = Some(Last {
            counted: now.max(last.counted),
            ..last
        });
    }

    /// How it is.
    pub fn now(&self, now: i64) -> Now {
        let held = self.held();
        let figures = held.window.figures(u64::try_from(now).unwrap_or(0));
        Now {
            figures,
            cause: held.failed.filter(|_| figures.failures > 0),
            unwritten: held.unwritten.clone(),
        }
    }

    /// These seconds are written.
    pub fn written(&self, days: &[DayFold]) {
        let mut held = self.held();
        for written in days {
            for day in held.unwritten.iter_mut().filter(|day| day.day == written.day) {
                *day = without(*day, *written);
            }
        }
        held.unwritten.retain(|day| *day != DayFold::new(day.day));
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn without(all: DayFold, some: DayFold) -> DayFold {
    DayFold {
        day: all.day,
        good: all.good.saturating_sub(some.good),
        slow: all.slow.saturating_sub(some.slow),
        failed: all.failed.saturating_sub(some.failed),
        unknown: all.unknown.saturating_sub(some.unknown),
    }
}

fn add(days: &mut Vec<DayFold>, day: i64, state: State, seconds: u32) {
    match days.iter_mut().find(|known| known.day == day) {
        Some(known) => known.add(state, seconds),
        None => {
            let mut new = DayFold::new(day);
            new.add(state, seconds);
            days.push(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// A whole day in UTC.
    const START: i64 = 20_000 * 24 * 3600;

    fn sample(at: i64, result: Result<(), Cause>) -> Sample {
        Sample {
            at: at.unsigned_abs(),
            total: Duration::from_millis(5),
            result,
        }
    }

    fn service() -> Watched {
        Watched::new("imap", ServiceKind::Imap, Settings::default())
    }

    fn unwritten(service: &Watched) -> Vec<DayFold> {
        service.now(START).unwritten
    }

    fn look(service: &Watched, at: i64, result: Result<(), Cause>) -> (State, State) {
        service.note(sample(at, result), &TimeZone::UTC)
    }

    #[test]
    fn seconds_are_those_of_the_state_before_the_look() {
        let service = service();
        let down = Err(Cause::Timeout);
        assert_eq!(look(&service, START, Ok(())), (State::Unknown, State::Answering));
        assert_eq!(look(&service, START + 30, down), (State::Answering, State::Answering));
        assert_eq!(look(&service, START + 60, down), (State::Answering, State::Failing));
        assert_eq!(service.now(START + 60).cause, Some(Cause::Timeout));
        look(&service, START + 90, Ok(()));
        look(&service, START + 130, Ok(()));
        service.settle(START + 135, &TimeZone::UTC);
        service.settle(START + 135, &TimeZone::UTC);
        let wanted = DayFold {
            good: 60 + 5,
            failed: 70,
            ..DayFold::new(20_000)
        };
        assert_eq!(service.now(START + 135).unwritten, [wanted]);
        assert_eq!(service.now(START + 60 + 600).cause, None, "that was long ago");
    }

    #[test]
    fn a_pause_is_not_counted_as_what_was_before_it() {
        let service = service();
        service.settle(START, &TimeZone::UTC);
        assert!(unwritten(&service).is_empty(), "never looked at");
        look(&service, START, Ok(()));
        look(&service, START + 1000, Ok(()));
        let wanted = DayFold {
            good: 120,
            unknown: 880,
            ..DayFold::new(20_000)
        };
        assert_eq!(unwritten(&service), [wanted]);
    }

    #[test]
    fn a_clock_set_back_counts_nothing_twice() {
        let service = service();
        look(&service, START + 100, Ok(()));
        look(&service, START + 130, Ok(()));
        look(&service, START + 90, Ok(()));
        look(&service, START + 150, Ok(()));
        let good: u32 = unwritten(&service).iter().map(|day| day.good).sum();
        assert_eq!(good, 50);
    }

    #[test]
    fn what_was_counted_while_the_rest_was_written_is_written_later() {
        let service = service();
        look(&service, START - 10, Ok(()));
        look(&service, START + 20, Ok(()));
        let good = |service: &Watched| {
            unwritten(service)
                .iter()
                .map(|day| (day.day, day.good))
                .collect::<Vec<_>>()
        };
        assert_eq!(good(&service), [(19_999, 10), (20_000, 20)]);
        let writing = unwritten(&service);
        look(&service, START + 25, Ok(()));
        service.written(&writing);
        assert_eq!(good(&service), [(20_000, 5)]);
        service.written(&unwritten(&service));
        assert!(unwritten(&service).is_empty());
    }
}
