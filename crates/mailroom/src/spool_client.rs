//! The one way to the spool: asynchronous, with a deadline on every call.
//!
//! A call runs on a thread kept for the spool, never on the threads that serve requests: a hung mount holds the thread, not
//! the caller. There are two sets of threads, for those who wait and for what goes on behind, so that a long scan never
//! stands before a reader. When every place in the queue is taken the spool is hung or overloaded: the answer is then an
//! immediate [`Cause::Slow`].
//!
//! Arguments and results are plain data, so that helper processes can stand behind this client one day.

mod pool;
mod work;

pub(crate) use work::{Fetched, HeaderRead, Met, PreviewRead, ReadRequest};

use api_types::Cause;
use pool::Pool;
use render::Skeleton;
use spool::{
    ArrivalMemory, Arrivals, Listing, MailboxEntry, MailboxPath, MailboxStamp, MboxMemory, SpoolError, StoreConfig,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Semaphore, oneshot};

/// Places in the queue of those who wait, beyond the calls that are being served.
const QUEUE: usize = 64;
/// A scan behind the scenes is given up after this; its thread is only free again when the spool answers.
const BACKGROUND_DEADLINE: Duration = Duration::from_secs(120);

/// What was just met is read within this, or when its turn comes.
const MET_DEADLINE: Duration = Duration::from_millis(150);

/// Messages of which no more is held are understood by the thread that read them.
const SHORT: usize = 64 << 10;

/// Who is waiting for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// A person, this long.
    Waiting(Duration),
    /// Nobody.
    Background,
}

/// What was made of a message that was fetched.
pub(crate) enum Made<T, R> {
    /// This, on the thread that read it.
    AtOnce(T),
    /// Nothing: it is long, and the spool's threads have other things to do.
    Later(R),
}

/// See the module.
#[derive(Clone)]
pub(crate) struct SpoolClient {
    waiting: Pool,
    background: Pool,
    background_places: Arc<Semaphore>,
}

impl SpoolClient {
    /// A client with `threads` for those who wait.
    pub(crate) fn new(threads: usize) -> std::io::Result<Self> {
        let background_threads = threads.div_ceil(2);
        Ok(Self {
            waiting: Pool::new("spool", threads, QUEUE)?,
            background: Pool::new("spool-behind", background_threads, background_threads)?,
            background_places: Arc::new(Semaphore::new(background_threads)),
        })
    }

    /// Every mailbox, inbox first.
    pub(crate) async fn mailboxes(&self, store: &StoreConfig, urgency: Urgency) -> Result<Vec<MailboxEntry>, Cause> {
        let store = store.clone();
        self.call(urgency, move || work::mailboxes(&store)).await
    }

    /// Whether anything changed: three system calls.
    pub(crate) async fn stamp(
        &self,
        store: &StoreConfig,
        mailbox: &MailboxPath,
        urgency: Urgency,
    ) -> Result<MailboxStamp, Cause> {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        self.call(urgency, move || work::stamp(&store, &mailbox)).await
    }

    /// Every message of a mailbox, by name.
    pub(crate) async fn list(
        &self,
        store: &StoreConfig,
        mailbox: &MailboxPath,
        known: Option<MboxMemory>,
        urgency: Urgency,
    ) -> Result<Listing, Cause> {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        self.call(urgency, move || work::list(&store, &mailbox, known.as_ref()))
            .await
    }

    /// What arrived in a mailbox since; `None` if it has to be listed.
    pub(crate) async fn arrivals(
        &self,
        store: &StoreConfig,
        mailbox: &MailboxPath,
        known: ArrivalMemory,
        urgency: Urgency,
    ) -> Result<Option<Arrivals>, Cause> {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        self.call(urgency, move || work::arrivals(&store, &mailbox, &known))
            .await
    }

    /// Headers and short texts of messages that were just met, in so little time that one may wait for it; nothing if it takes longer.
    /// Not on a thread of those who wait: a file may hang where its directory answers.
    pub(crate) async fn met(&self, store: &StoreConfig, mailbox: &MailboxPath, wanted: Vec<ReadRequest>) -> Met {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        let read = self.call(Urgency::Background, move || work::met(&store, &mailbox, &wanted));
        let read = tokio::time::timeout(MET_DEADLINE, read).await;
        read.ok().and_then(Result::ok).unwrap_or_default()
    }

    /// Headers of many messages; those that are not there any more are left out.
    pub(crate) async fn headers(
        &self,
        store: &StoreConfig,
        mailbox: &MailboxPath,
        wanted: Vec<ReadRequest>,
        urgency: Urgency,
    ) -> Result<Vec<HeaderRead>, Cause> {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        self.call(urgency, move || work::headers(&store, &mailbox, &wanted))
            .await
    }

    /// Previews of many messages; those that are not there any more are left out.
    pub(crate) async fn previews(
        &self,
        store: &StoreConfig,
        mailbox: &MailboxPath,
        wanted: Vec<ReadRequest>,
        urgency: Urgency,
    ) -> Result<Vec<PreviewRead>, Cause> {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        self.call(urgency, move || work::previews(&store, &mailbox, &wanted))
            .await
    }

    /// A whole message in bounded memory, and what `read` makes of it, if it is short; `None` if it is not in this mailbox any
    /// more. `read` is linear work: other people's reading waits for the thread.
    pub(crate) async fn fetch<T: Send + 'static, R: FnOnce(&Skeleton) -> T + Send + 'static>(
        &self,
        store: &StoreConfig,
        mailbox: &MailboxPath,
        wanted: ReadRequest,
        urgency: Urgency,
        read: R,
    ) -> Result<Option<(Fetched, Made<T, R>)>, Cause> {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        self.call(urgency, move || {
            let fetched = work::fetch(&store, &mailbox, &wanted)?;
            Ok(fetched.map(|fetched| {
                let made = if fetched.skeleton.held() <= SHORT {
                    Made::AtOnce(read(&fetched.skeleton))
                } else {
                    Made::Later(read)
                };
                (fetched, made)
            }))
        })
        .await
    }

    /// How many bytes a message has; `None` if it is not in this mailbox any more.
    pub(crate) async fn size(
        &self,
        store: &StoreConfig,
        mailbox: &MailboxPath,
        wanted: ReadRequest,
        urgency: Urgency,
    ) -> Result<Option<u64>, Cause> {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        self.call(urgency, move || work::size(&store, &mailbox, &wanted)).await
    }

    /// Up to `len` bytes of a message file from `offset`; `None` if it is not in this mailbox any more.
    pub(crate) async fn read_at(
        &self,
        store: &StoreConfig,
        mailbox: &MailboxPath,
        wanted: ReadRequest,
        offset: u64,
        len: usize,
        urgency: Urgency,
    ) -> Result<Option<Vec<u8>>, Cause> {
        let (store, mailbox) = (store.clone(), mailbox.clone());
        self.call(urgency, move || work::read_at(&store, &mailbox, &wanted, offset, len))
            .await
    }

    async fn call<T: Send + 'static>(
        &self,
        urgency: Urgency,
        job: impl FnOnce() -> Result<T, SpoolError> + Send + 'static,
    ) -> Result<T, Cause> {
        let (tell, told) = oneshot::channel();
        let (pool, deadline, place) = match urgency {
            Urgency::Waiting(deadline) => (&self.waiting, deadline, None),
            Urgency::Background => {
                let place = self
                    .background_places
                    .clone()
                    .acquire_owned()
                    .await
                    .map_err(|_| Cause::Slow)?;
                (&self.background, BACKGROUND_DEADLINE, Some(place))
            }
        };
        let accepted = pool.submit(Box::new(move || {
            let _place = place;
            // Nobody waits any more: the spool is spared the work.
            if !tell.is_closed() {
                // The receiver may have given up meanwhile; then the answer is not wanted.
                let _ = tell.send(job());
            }
        }));
        if !accepted {
            return Err(Cause::Slow);
        }
        match tokio::time::timeout(deadline, told).await {
            Ok(Ok(answer)) => answer.map_err(|error| {
                tracing::debug!(%error, "spool");
                cause(&error)
            }),
            Ok(Err(_)) => Err(Cause::Broken),
            Err(_) => Err(Cause::Slow),
        }
    }
}

/// What a person may know of a spool error.
fn cause(error: &SpoolError) -> Cause {
    match error {
        SpoolError::NotFound(_) => Cause::Missing,
        SpoolError::Denied(_) | SpoolError::Refused(_) => Cause::Denied,
        SpoolError::WrongStore(_) => Cause::WrongStore,
        SpoolError::Unsupported { .. } => Cause::Unsupported,
        _ => Cause::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Sender, channel};

    fn soon() -> Urgency {
        Urgency::Waiting(Duration::ZERO)
    }

    fn patient() -> Urgency {
        Urgency::Waiting(Duration::from_secs(60))
    }

    /// Takes a thread, as a hung mount does, until the answer is dropped.
    async fn hold(client: &SpoolClient, urgency: Urgency) -> Sender<()> {
        let (release, held) = channel::<()>();
        let (started, start) = channel();
        let client = client.clone();
        tokio::spawn(async move {
            client
                .call(urgency, move || {
                    started.send(()).map_err(|_| SpoolError::Stale)?;
                    held.recv().map_err(|_| SpoolError::Stale)
                })
                .await
        });
        tokio::task::spawn_blocking(move || start.recv().unwrap())
            .await
            .unwrap();
        release
    }

    #[tokio::test]
    async fn a_hung_spool_holds_a_thread_and_nobody_who_waits() {
        let client = SpoolClient::new(2).unwrap();
        let (release, held) = channel::<()>();
        let hung = client.call(soon(), move || {
            // Returns when the test lets go, as a hung mount returns when the server is back.
            held.recv().map_err(|_| SpoolError::Stale)
        });
        assert_eq!(hung.await, Err(Cause::Slow));
        assert_eq!(
            client.call(patient(), || Ok(7)).await,
            Ok(7),
            "the other thread serves on"
        );
        drop(release);
    }

    #[tokio::test]
    async fn nobody_waits_for_a_queue_that_is_full() {
        let client = SpoolClient::new(1).unwrap();
        let release = hold(&client, patient()).await;
        for _ in 0..QUEUE {
            assert_eq!(client.call(soon(), || Ok(())).await, Err(Cause::Slow));
        }
        // With no place left the answer does not need the deadline.
        assert_eq!(client.call(patient(), || Ok(())).await, Err(Cause::Slow));
        drop(release);
    }

    #[tokio::test]
    async fn what_hangs_when_it_is_met_is_left_for_later_and_holds_nobody() {
        let client = SpoolClient::new(2).unwrap();
        let release = hold(&client, Urgency::Background).await;
        let store = StoreConfig::new(spool::Layout::Maildir {
            root: "/nowhere".into(),
        });
        // The one thread for what nobody waits for does not come back.
        let met = client.met(&store, &MailboxPath::inbox(), Vec::new()).await;
        assert!(met.heads.is_empty() && met.texts.is_empty());
        assert_eq!(client.call(patient(), || Ok(7)).await, Ok(7));
        drop(release);
    }

    #[tokio::test]
    async fn what_goes_wrong_has_a_cause() {
        let client = SpoolClient::new(1).unwrap();
        for (error, cause) in [
            (SpoolError::NotFound("root"), Cause::Missing),
            (SpoolError::Denied("root"), Cause::Denied),
            (SpoolError::WrongStore("x"), Cause::WrongStore),
            (SpoolError::Stale, Cause::Broken),
        ] {
            assert_eq!(client.call(patient(), move || Err::<(), _>(error)).await, Err(cause));
        }
        let answer = client
            .call(patient(), || -> Result<(), SpoolError> { panic!("on purpose") })
            .await;
        assert_eq!(answer, Err(Cause::Broken));
        assert_eq!(client.call(Urgency::Background, || Ok(1)).await, Ok(1));
    }
}
