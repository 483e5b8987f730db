use crate::Moment;
use serde::{Deserialize, Serialize};

/// How long the person stays signed in, in seconds from now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTime {
    /// The session itself, by a name that opens nothing; another one means that somebody signed in anew in this browser.
    pub session: String,
    /// If nothing is done.
    pub seconds: i64,
    /// Whatever is done.
    pub at_last: i64,
}

/// One of a person's sessions, for the page that lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// Names it, and opens nothing.
    pub handle: String,
    /// The one that asks.
    pub this: bool,
    /// What the browser calls itself, in short: `Firefox · Windows`; empty if it does not say.
    pub browser: String,
    /// When it began.
    pub began: Moment,
    /// When it was last used, to a few minutes.
    pub used: Moment,
}
