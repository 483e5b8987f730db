use crate::error::StartError;
use std::{ffi::OsString, path::PathBuf, time::Duration};

/// What a pool runs, and how much it puts up with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// In the log, and in the names of the threads.
    pub name: &'static str,
    /// What is run: our own binary. `/proc/self/exe` stays the one that runs now when the file is replaced.
    pub program: PathBuf,
    /// With these words; they should lead to [`serve`](crate::serve).
    pub args: Vec<OsString>,
    /// The whole environment of a helper.
    pub env: Vec<(OsString, OsString)>,
    /// Helpers, each with a thread. At least one.
    pub workers: usize,
    /// Places in the queue for each urgency, so that what nobody waits for takes no place of those who wait.
    pub queue: usize,
    /// Places that one key may have of these, so that one person's hung files leave places for the others.
    pub per_key_queued_at_most: usize,
    /// Helpers that may at one time do what nobody waits for.
    pub behind_at_most: usize,
    /// Helpers that may at one time work for one key. One that could not be killed still counts.
    pub per_key_at_most: usize,
    /// As long as fewer helpers than this could not be killed, others take their places.
    pub lost_at_most: usize,
    /// A helper that has work and says nothing for so long is killed. Many times [`Beat`](crate::Beat)'s 20 milliseconds.
    pub hung_after: Duration,
    /// However often a helper says that it goes on, no request takes longer.
    pub longest: Duration,
    /// Bytes of the longest request and of the longest answer.
    pub max_frame: usize,
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), StartError> {
        let at_least_one = [
            (self.workers, "a pool needs a worker"),
            (self.queue, "a queue needs a place"),
            (self.per_key_queued_at_most, "a key needs a place in the queue"),
            (self.behind_at_most, "what nobody waits for needs a worker"),
            (self.per_key_at_most, "a key needs a worker"),
            (self.lost_at_most, "lost_at_most: 0 would start nothing"),
        ];
        if let Some((_, what)) = at_least_one.into_iter().find(|(number, _)| *number == 0) {
            return Err(StartError::Setting(what));
        }
        if self.hung_after.is_zero() || self.longest.is_zero() {
            return Err(StartError::Setting("a helper needs time"));
        }
        if u32::try_from(self.max_frame).is_err() {
            return Err(StartError::Setting("a frame has less than 4 GiB"));
        }
        Ok(())
    }
}
