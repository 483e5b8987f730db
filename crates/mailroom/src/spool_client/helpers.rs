//! Helper processes that read the spool. One that hangs is killed, which is the only thing that ends a call on a mount that does not
//! answer; this process makes no call there itself.

use super::{
    ask::{Ask, Failed, Reply},
    breaker::Of,
    mount::{Asking, slow, stalled},
    queued,
};
use api_types::Cause;
use std::{ffi::OsString, io, path::PathBuf, time::Duration};
use workers::{Files, Limits, Lost, Miss, Pool, Refused, Settings, Ticket, Urgency, confine};

/// Bytes of a question or an answer: a listing of a million messages fits, and so does what is kept in memory of a message.
const MAX_FRAME: usize = 256 << 20;
/// Answers longer than this are read on a thread that may be busy.
const LONG: usize = 256 << 10;
/// Places in the queue of those who wait, and how many of them one person may have.
const QUEUE: usize = 64;
const QUEUE_OF_ONE: usize = 16;
/// However often a helper says that it goes on.
const LONGEST: Duration = Duration::from_secs(600);
/// Helpers that cannot be killed, before no other takes their place.
const LOST: usize = 8;

/// How helpers are started, and how many.
#[derive(Clone, Debug)]
pub struct HelperSettings {
    /// Our own binary.
    pub program: PathBuf,
    /// The words that lead to [`serve_spool`] or [`serve_renderer`](crate::serve_renderer).
    pub args: Vec<OsString>,
    /// The whole environment of a helper.
    pub env: Vec<(OsString, OsString)>,
    /// Helpers for those who wait.
    pub workers: usize,
    /// One that has work and says nothing for so long is killed.
    pub hung_after: Duration,
}

/// See the module.
pub(super) struct Helpers {
    readers: Pool,
    /// Its own, so that it finds a place whatever hangs.
    prober: Pool,
    /// Helpers that one account may have.
    each: usize,
}

impl Helpers {
    pub(super) fn new(settings: &HelperSettings) -> io::Result<Self> {
        let behind = settings.workers.div_ceil(2);
        let workers = settings.workers + behind;
        let pool = |name, workers: usize, queue, behind, each| {
            Pool::new(Settings {
                name,
                program: settings.program.clone(),
                args: settings.args.clone(),
                env: settings.env.clone(),
                workers,
                queue,
                per_key_queued_at_most: queue.min(QUEUE_OF_ONE),
                behind_at_most: behind,
                per_key_at_most: each,
                lost_at_most: LOST,
                hung_after: settings.hung_after,
                longest: LONGEST,
                max_frame: MAX_FRAME,
            })
            .map_err(io::Error::other)
        };
        // One person's files that hang leave helpers for all others.
        let each = workers.div_ceil(2).max(workers.saturating_sub(2));
        Ok(Self {
            readers: pool("spool", workers, QUEUE, behind, each)?,
            prober: pool("spool-prober", 1, 16, 1, 1)?,
            each,
        })
    }

    /// Helpers that wait for files of that account and are not ended yet, or cannot be.
    pub(super) fn stuck(&self, account: u64) -> usize {
        self.readers.left_of(account)
    }

    /// Whether it has all helpers that it may have but one, with those.
    pub(super) fn has_one_left(&self, account: u64) -> bool {
        self.stuck(account) > 0 && self.readers.serving(account) + 1 >= self.each
    }

    /// Queues the question, or says at once for whom there is no place.
    pub(super) fn submit(&self, asking: Asking, ask: &Ask) -> Result<Pending, Of> {
        let urgency = if asking.behind {
            Urgency::Behind
        } else {
            Urgency::Waiting
        };
        let question = postcard::to_allocvec(ask).map_err(|_| Of::Account(asking.account))?;
        let taken = self.readers.submit(urgency, asking.account, question);
        taken.map(Pending::new).map_err(|refused| match refused {
            Refused::FullForKey | Refused::TooLong => Of::Account(asking.account),
            Refused::Full | Refused::Closed => Of::Mount,
        })
    }

    /// Asks the prober. `None` if it does not answer in time.
    pub(super) async fn probe(&self, ask: &Ask, deadline: Duration) -> Option<Reply> {
        let question = postcard::to_allocvec(ask).ok()?;
        let mut pending = Pending::new(self.prober.submit(Urgency::Waiting, 0, question).ok()?);
        // A helper that was killed meanwhile has answered nothing.
        pending
            .wait(deadline)
            .await
            .filter(|reply| !matches!(reply, Err(failed) if failed.cause == Cause::Slow))
    }
}

/// A question on its way.
pub(super) struct Pending {
    ticket: Ticket,
    /// How long a helper took for it.
    served: Option<Duration>,
}

impl Pending {
    fn new(ticket: Ticket) -> Self {
        Self { ticket, served: None }
    }

    /// Whether a helper has it.
    pub(super) fn is_begun(&self) -> bool {
        self.ticket.is_begun()
    }

    /// Whether it was answered, and a helper had it for no longer than that.
    pub(super) fn was_served_within(&self, quick: Duration) -> bool {
        self.served.is_some_and(|served| served <= quick)
    }

    pub(super) async fn wait(&mut self, deadline: Duration) -> Option<Reply> {
        let answer = self.ticket.wait(deadline).await;
        if let Ok(answer) = &answer {
            queued::note(answer.queued);
            self.served = Some(answer.served);
        }
        match answer {
            Ok(answer) if answer.bytes.len() > LONG => {
                let read = tokio::task::spawn_blocking(move || read(&answer.bytes)).await;
                Some(read.unwrap_or_else(|_| Err(broken("an answer that cannot be read"))))
            }
            Ok(answer) => Some(read(&answer.bytes)),
            Err(Miss::Deadline) => None,
            Err(Miss::Lost(Lost::Hung | Lost::Endless)) => Some(Err(stalled("the helper hung"))),
            Err(Miss::Lost(Lost::Closed)) => Some(Err(slow("the end"))),
            Err(Miss::Lost(lost)) => Some(Err(broken(&lost.to_string()))),
        }
    }
}

fn read(bytes: &[u8]) -> Reply {
    postcard::from_bytes(bytes).unwrap_or_else(|error| Err(broken(&error.to_string())))
}

fn broken(detail: &str) -> Failed {
    Failed::of(Cause::Broken, detail)
}

/// A helper has its socket, standard error, and one message with the directories above it.
const OPEN_FILES: u64 = 256;

/// The helper's side: gives up whatever reading does not need, then answers questions about the spool until whoever asks is gone.
/// Whatever a message does to it, nothing is written anywhere. With `asks_names` a directory service may be asked whose a file must be.
/// To be called first, while there is one thread.
///
/// # Errors
/// If this process was not started as a helper; in words.
pub fn serve_spool(asks_names: bool) -> Result<(), String> {
    let limits = Limits {
        memory_bytes: None,
        cpu_seconds: None,
        open_files: Some(OPEN_FILES),
        // Not the spool alone: to name a folder of a mount that hangs would hang, and each open is checked to stay below its root.
        files: Files::ReadBeneath(vec!["/".into()]),
        network: asks_names,
        processes: false,
    };
    // A kernel that cannot hold it reads all the same: the spool's own rights are what keeps people apart.
    confine(&limits).map_err(|error| error.to_string())?;
    serve().map_err(|error| error.to_string())
}

fn serve() -> Result<(), workers::ServeError> {
    workers::serve(MAX_FRAME, |question, beat| {
        let beat = beat.clone();
        spool::on_each_step(move || beat.step());
        let reply = match postcard::from_bytes::<Ask>(&question) {
            Ok(ask) => ask.answer(),
            Err(error) => Err(broken(&error.to_string())),
        };
        postcard::to_allocvec(&reply).unwrap_or_default()
    })
}
