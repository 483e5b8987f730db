//! What is left of a day, for a strip of sixty of them.

use super::state::State;

/// One calendar day: seconds in each state. Which day it is, and in which zone, the caller says.
///
/// Parts of a day may be folded apart (two processes, a restart) and merged: the order makes no difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFold {
    /// The day, counted from any fixed one; 1970-01-01 will do.
    pub day: i64,
    /// Seconds of [`State::Answering`].
    pub good: u32,
    /// Seconds of [`State::Slow`].
    pub slow: u32,
    /// Seconds of [`State::Failing`].
    pub failed: u32,
    /// Seconds of [`State::Unknown`] that were counted; what was not counted at all is not among them.
    pub unknown: u32,
}

impl DayFold {
    /// A day of which nothing is known.
    #[must_use]
    pub fn new(day: i64) -> Self {
        Self {
            day,
            good: 0,
            slow: 0,
            failed: 0,
            unknown: 0,
        }
    }

    /// Counts seconds in a state: usually those until the next look, or until midnight.
    pub fn add(&mut self, state: State, seconds: u32) {
        let counted = match state {
            State::Answering => &mut self.good,
            State::Slow => &mut self.slow,
            State::Failing => &mut self.failed,
            State::Unknown => &mut self.unknown,
        };
        *counted = counted.saturating_add(seconds);
    }

    /// Both parts together; `None` if they are of different days.
    #[must_use]
    pub fn merge(self, other: Self) -> Option<Self> {
        (self.day == other.day).then(|| Self {
            day: self.day,
            good: self.good.saturating_add(other.good),
            slow: self.slow.saturating_add(other.slow),
            failed: self.failed.saturating_add(other.failed),
            unknown: self.unknown.saturating_add(other.unknown),
        })
    }

    /// The worst state of which there was a second.
    #[must_use]
    pub fn worst(&self) -> State {
        match self {
            Self { failed: 1.., .. } => State::Failing,
            Self { slow: 1.., .. } => State::Slow,
            Self { good: 1.., .. } => State::Answering,
            _ => State::Unknown,
        }
    }
}

/// The last `length` days up to `today`, oldest first, with empty ones where there is no row. Rows of one day are merged, others
/// left out.
#[must_use]
pub fn strip(rows: &[DayFold], today: i64, length: u16) -> Vec<DayFold> {
    let first = today.saturating_sub(i64::from(length)).saturating_add(1);
    let mut days: Vec<DayFold> = (0..i64::from(length))
        .map(|place| DayFold::new(first.saturating_add(place)))
        .collect();
    for row in rows {
        let place = row.day.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        let Some(day) = place.and_then(|place| days.get_mut(place)) else {
            continue;
        };
        *day = day.merge(*row).unwrap_or(*day);
    }
    days
}
