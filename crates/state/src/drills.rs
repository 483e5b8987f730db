//! Outages that are rehearsed: for some accounts, and for a time.

use crate::{Result, State};
use std::collections::BTreeSet;

/// Seconds that a drill lasts at most.
pub const LONGEST_DRILL: i64 = 4 * 3600;

/// What is rehearsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DrillKind {
    /// The spool does not answer.
    SpoolGone,
    /// The spool answers late.
    SpoolSlow,
    /// The IMAP server is said not to answer.
    ImapDown,
}

impl DrillKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::SpoolGone, Self::SpoolSlow, Self::ImapDown];

    /// A word for it that never changes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SpoolGone => "spool-gone",
            Self::SpoolSlow => "spool-slow",
            Self::ImapDown => "imap-down",
        }
    }

    /// What [`word`](Self::word) gave.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// Names it.
    pub id: String,
    /// What is rehearsed.
    pub kind: DrillKind,
    /// With whom.
    pub accounts: BTreeSet<String>,
    /// When it began, in seconds.
    pub began: i64,
    /// When it ends or ended, in seconds.
    pub ends: i64,
    /// Who began it; for the staff.
    pub by: String,
}

impl State {
    /// Keeps a new drill; one that would last longer than [`LONGEST_DRILL`] ends after that. `false`, and nothing changed, if there is
    /// one of that id.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn start_drill(&self, drill: &Drill) -> Result<bool> {
        let ends = drill.ends.min(drill.began.saturating_add(LONGEST_DRILL));
        on!(self, database => database.start_drill(drill, ends))
    }

    /// Ends a drill at `now`, or all; says which were going on.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn stop_drills(&self, id: Option<&str>, now: i64) -> Result<Vec<String>> {
        on!(self, database => database.stop_drills(id, now))
    }

    /// The drills that go on at `now`, the one begun first before the others.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn drills(&self, now: i64) -> Result<Vec<Drill>> {
        on!(self, database => database.drills(now))
    }
}
