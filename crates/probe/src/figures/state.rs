//! Whether something is answering, slow or failing, so that a single lost packet frightens nobody.

use std::time::Duration;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Nobody looked, or not lately, or too seldom to say.
    Unknown,
    /// It answers.
    Answering,
    /// It answers, and half of the looks took longer than they should.
    Slow,
    /// It does not answer.
    Failing,
}

impl State {
    /// A word for it that never changes: for a database or a metric.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Answering => "answering",
            Self::Slow => "slow",
            Self::Failing => "failing",
        }
    }
}

/// When a state becomes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// So many failures in a row are failing. 0 counts as 1.
    pub fail_after: u32,
    /// So many answers in a row end that. 0 counts as 1.
    pub answer_after: u32,
    /// It is slow if the median of the window is longer than this.
    pub slow_over: Duration,
    /// After so many seconds without a look nothing is known any more, and what was is forgotten.
    pub stale_after: u64,
}

impl Default for Settings {
    /// Two of each, a second, and two minutes: right for looks every half minute.
    fn default() -> Self {
        Self {
            fail_after: 2,
            answer_after: 2,
            slow_over: Duration::from_secs(1),
            stale_after: 120,
        }
    }
}

/// Where the looks so far have led.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Course {
    /// Answering or failing, since when; `None` while it is not known.
    settled: Option<(bool, u64)>,
    /// The looks in a row with the same outcome: which, since when, how many.
    streak: Option<(bool, u64, u32)>,
}

impl Course {
    /// Answering (`true`) or failing, and since when: the first look of those that proved it.
    pub fn settled(&self) -> Option<(bool, u64)> {
        self.settled
    }

    pub fn add(&mut self, at: u64, answered: bool, settings: &Settings) {
        let (since, count) = match self.streak {
            Some((same, since, count)) if same == answered => (since, count.saturating_add(1)),
            _ => (at, 1),
        };
        self.streak = Some((answered, since, count));
        let needed = match (self.settled, answered) {
            (Some((settled, _)), _) if settled == answered => return,
            // Where nothing is known, one answer is good news enough.
            (None, true) => 1,
            (Some(_), true) => settings.answer_after,
            (_, false) => settings.fail_after,
        };
        if count >= needed {
            self.settled = Some((answered, since));
        }
    }
}
