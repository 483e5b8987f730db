use crate::{
    error::{Refused, StartError},
    helper::{GRACE, Killer},
    job::{Job, Ticket, Urgency},
    settings::Settings,
    shared::Shared,
    turns,
};
use std::{process::Child, sync::Arc, thread, time::Duration};

/// What a pool is doing, and what has happened since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Helpers that take requests, or are serving one.
    pub ready: usize,
    /// Requests that are being served.
    pub busy: usize,
    /// Requests that wait for a helper, and that somebody still wants.
    pub queued: usize,
    /// Requests that were answered.
    pub served: u64,
    /// Helpers that were killed because they hung or came to no end.
    pub hung: u64,
    /// Helpers that ended by themselves, or could not be started.
    pub died: u64,
    /// Helpers that were killed for what they sent.
    pub nonsense: u64,
    /// Helpers that were killed and are there nevertheless.
    pub lost: usize,
}

/// Helper processes, and a queue with an end. Dropping it kills them and waits for nothing.
pub struct Pool {
    pub(crate) shared: Arc<Shared>,
}

impl Pool {
    /// Begins to start helpers; requests are taken meanwhile.
    ///
    /// # Errors
    /// If a setting makes no sense, or there are no threads. A program that cannot be started is no error here: it is tried
    /// again, ever more seldom, and nothing is answered until then.
    pub fn new(settings: Settings) -> Result<Self, StartError> {
        Self::with_killer(settings, Child::kill)
    }

    pub(crate) fn with_killer(settings: Settings, killer: Killer) -> Result<Self, StartError> {
        settings.check()?;
        let (name, workers) = (settings.name, settings.workers);
        let pool = Self {
            shared: Arc::new(Shared::new(settings, killer)),
        };
        for number in 0..workers {
            let shared = Arc::clone(&pool.shared);
            shared.thread_begins();
            thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || turns::run(&shared, number))
                .map_err(|error| {
                    pool.shared.thread_ends();
                    StartError::Thread(error)
                })?;
        }
        Ok(pool)
    }

    /// Queues a request. `key` says for whom it is: no key has more than its share of the helpers and of the places.
    ///
    /// # Errors
    /// At once, if there is no place for it.
    pub fn submit(&self, urgency: Urgency, key: u64, request: Vec<u8>) -> Result<Ticket, Refused> {
        if request.len() > self.shared.settings.max_frame {
            return Err(Refused::TooLong);
        }
        let (job, ticket) = Job::new(urgency, key, request);
        self.shared.offer(job)?;
        Ok(ticket)
    }

    /// What the pool is doing.
    pub fn counts(&self) -> Counts {
        self.shared.counts()
    }

    /// How many helpers worked for this key and are being killed, or could not be ended.
    pub fn left_of(&self, key: u64) -> usize {
        self.shared.left_of(key)
    }

    /// How many helpers work for this key, with those that could not be ended.
    pub fn serving(&self, key: u64) -> usize {
        self.shared.serving(key)
    }

    /// Takes no request any more, forgets those that were not begun, gives the others `grace` to be answered, and ends the
    /// helpers. Blocks for `grace` and about a second at most; what has not ended then is left behind.
    pub fn close(&self, grace: Duration) {
        self.shared.close();
        self.shared.wait_for_threads(grace);
        self.shared.hang_up();
        self.shared.wait_for_threads(2 * GRACE);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.close();
        self.shared.hang_up();
    }
}
