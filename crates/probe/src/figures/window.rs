//! The looks of the last ten minutes at one target.

use super::state::{Course, Settings, State};
use crate::{Cause, Report};
use std::{collections::VecDeque, time::Duration};

/// Seconds that a window reaches back.
const REACH: u64 = 600;
/// More looks are not kept: one a second has room.
const MOST: usize = 1_024;

/// One look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When, in seconds of the caller's clock; Unix seconds will do.
    pub at: u64,
    /// How long it took.
    pub total: Duration,
    /// Whether it was answered.
    pub result: Result<(), Cause>,
}

impl Sample {
    /// What is kept of a report.
    #[must_use]
    pub fn of(report: &Report, at: u64) -> Self {
        Self {
            at,
            total: report.total,
            result: report.result.as_ref().copied().map_err(|failure| failure.cause),
        }
    }

    /// Whether its time is a time that somebody waits. A refusal comes fast, and says nothing of speed.
    fn tells_speed(&self) -> bool {
        matches!(self.result, Ok(()) | Err(Cause::Timeout))
    }
}

/// What a window comes to at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// How it is.
    pub state: State,
    /// Since when it has been failing, or has been answering (slow or not); `None` if unknown.
    pub since: Option<u64>,
    /// Looks in the window.
    pub count: usize,
    /// How many of them failed.
    pub failures: usize,
    /// The median time (nearest rank) of the looks that were answered, and of those that were given up for being too late, which
    /// are counted with the time that was waited: without them a server that hangs would look fast.
    pub p50: Option<Duration>,
    /// Of a hundred such looks, the time that 99 stayed within (nearest rank).
    pub p99: Option<Duration>,
    /// The last look, however old.
    pub last: Option<Sample>,
}

/// The looks of the last ten minutes, at most 1,024 of them, and where they led.
#[derive(Clone, Debug)]
pub struct Window {
    settings: Settings,
    samples: VecDeque<Sample>,
    course: Course,
    last: Option<Sample>,
}

impl Window {
    /// An empty one.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            samples: VecDeque::new(),
            course: Course::default(),
            last: None,
        }
    }

    /// Takes a look in. One that is older than the last (a clock that was set back) counts as of the same second.
    pub fn add(&mut self, sample: Sample) {
        let mut sample = sample;
        if let Some(last) = self.last {
            sample.at = sample.at.max(last.at);
            if self.is_stale(last, sample.at) {
                self.course = Course::default();
            }
        }
        self.course.add(sample.at, sample.result.is_ok(), &self.settings);
        self.last = Some(sample);
        while self.samples.front().is_some_and(|first| is_past(first, sample.at)) || self.samples.len() >= MOST {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
    }

    /// What it comes to at `now`, in seconds of the same clock.
    #[must_use]
    pub fn figures(&self, now: u64) -> Figures {
        let inside = || self.samples.iter().filter(|sample| !is_past(sample, now));
        let mut times: Vec<Duration> = inside()
            .filter(|sample| sample.tells_speed())
            .map(|sample| sample.total)
            .collect();
        times.sort_unstable();
        let p50 = rank(&times, 50);
        let settled = match self.last {
            Some(last) if !self.is_stale(last, now) => self.course.settled(),
            _ => None,
        };
        let state = match settled {
            None => State::Unknown,
            Some((false, _)) => State::Failing,
            // One look after a start is slow for many reasons; as many as it takes to be failing are not.
            Some((true, _)) if times.len() >= self.needed() && p50 > Some(self.settings.slow_over) => State::Slow,
            Some((true, _)) => State::Answering,
        };
        Figures {
            state,
            since: settled.map(|(_, since)| since),
            count: inside().count(),
            failures: inside().filter(|sample| sample.result.is_err()).count(),
            p50,
            p99: rank(&times, 99),
            last: self.last,
        }
    }

    fn needed(&self) -> usize {
        usize::try_from(self.settings.fail_after).unwrap_or(usize::MAX)
    }

    fn is_stale(&self, last: Sample, now: u64) -> bool {
        now.saturating_sub(last.at) > self.settings.stale_after
    }
}

fn is_past(sample: &Sample, now: u64) -> bool {
    now.saturating_sub(sample.at) >= REACH
}

/// The nearest rank: the smallest time that at least so many of a hundred are within.
fn rank(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let place = (sorted.len() * percent).div_ceil(100);
    sorted.get(place.checked_sub(1)?).copied()
}
