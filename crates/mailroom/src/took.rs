use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// What answers to one request took, for whoever wonders why it is slow; shared by all that the request asks. What goes on side by side
/// counts once, as long as the longest. All in microseconds.
#[derive(Clone, Debug, Default)]
pub struct Took(Arc<Parts>);

#[derive(Debug, Default)]
struct Parts {
    queue: AtomicU64,
    spool: AtomicU64,
    parse: AtomicU64,
}

impl Took {
    /// Waiting for somebody who reads the spool.
    pub fn queue_us(&self) -> u64 {
        self.0.queue.load(Ordering::Relaxed)
    }

    /// Waiting for the spool itself.
    pub fn spool_us(&self) -> u64 {
        self.0.spool.load(Ordering::Relaxed)
    }

    /// Understanding a message.
    pub fn parse_us(&self) -> u64 {
        self.0.parse.load(Ordering::Relaxed)
    }

    /// Notes a look at the spool: all of it, and how much of that was waiting for a turn.
    pub(crate) fn note_spool(&self, all_us: u64, queued_us: u64) {
        self.0.queue.fetch_max(queued_us, Ordering::Relaxed);
        self.0
            .spool
            .fetch_max(all_us.saturating_sub(queued_us), Ordering::Relaxed);
    }

    pub(crate) fn note_parse(&self, us: u64) {
        self.0.parse.fetch_max(us, Ordering::Relaxed);
    }
}
