use crate::Moment;
use serde::{Deserialize, Serialize};

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// From the spool, or from the index verified against the spool within 30 seconds.
    Live,
    /// From what was remembered; the spool could not be asked, has not been for longer, or what it answered is doubted.
    Saved,
    /// From a dated copy of the spool that is known to be complete.
    Snapshot,
    /// From a dated copy that nothing says is complete: something may be missing, or stand in it twice.
    Unmarked,
}

impl Source {
    /// From a dated copy, in which nothing is changed.
    pub fn is_snapshot(self) -> bool {
        matches!(self, Self::Snapshot | Self::Unmarked)
    }

    /// The word in `data-source`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Saved => "saved",
            Self::Snapshot => "snapshot",
            Self::Unmarked => "unmarked",
        }
    }
}

/// Source and age of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freshness {
    /// Where it comes from.
    pub source: Source,
    /// When it was last known to be true; `None` if nothing has been read yet.
    pub as_of: Option<Moment>,
    /// How long the spool took to answer, in milliseconds, when it was asked for this answer.
    pub spool_ms: Option<u32>,
    /// Messages whose headers or text are still being read.
    pub pending: u64,
}
