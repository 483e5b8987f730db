use crate::{
    clock,
    error::{Lost, Miss},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Who is waiting for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A person.
    Waiting,
    /// Nobody: it goes on behind, after those who wait, on some of the helpers.
    Behind,
}

/// What a helper answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The bytes of the answer.
    pub bytes: Vec<u8>,
    /// From the submission until a helper was given the request.
    pub queued: Duration,
    /// From then until the answer had been read.
    pub served: Duration,
}

/// A request that was taken. Dropping it before a helper has it takes it back.
#[derive(Debug)]
pub struct Ticket {
    ahead: Option<oneshot::Receiver<Vec<u8>>>,
    told: Option<oneshot::Receiver<Result<Answer, Lost>>>,
    begun: Arc<AtomicBool>,
}

impl Ticket {
    /// Whether a helper has it, or had it: until then it waits for others alone.
    pub fn is_begun(&self) -> bool {
        self.begun.load(Ordering::Acquire)
    }

    /// Waits for what the helper gives ahead of its answer ([`Beat::ahead`](crate::Beat::ahead)), and gives it once. `None`: there is
    /// none, or there will be no answer; [`Ticket::wait`] knows, and need not wait for that.
    ///
    /// # Errors
    /// [`Miss::Deadline`] after `deadline`. It can be waited for again.
    pub async fn ahead(&mut self, deadline: Duration) -> Result<Option<Vec<u8>>, Miss> {
        let Some(ahead) = self.ahead.as_mut() else {
            return Ok(None);
        };
        let ahead = tokio::time::timeout(deadline, ahead)
            .await
            .map_err(|_| Miss::Deadline)?;
        self.ahead = None;
        Ok(ahead.ok())
    }

    /// Waits for the answer, on any tokio runtime that has its timer. After [`Miss::Deadline`] it can be waited for again; an
    /// answer is given once.
    ///
    /// # Errors
    /// [`Miss::Deadline`] after `deadline`; [`Miss::Lost`] as soon as it is known that there will be no answer.
    pub async fn wait(&mut self, deadline: Duration) -> Result<Answer, Miss> {
        let told = self.told.as_mut().ok_or(Miss::Lost(Lost::Told))?;
        let told = tokio::time::timeout(deadline, told).await.map_err(|_| Miss::Deadline)?;
        self.told = None;
        // Only a pool that is closed forgets a request.
        told.unwrap_or(Err(Lost::Closed)).map_err(Miss::Lost)
    }
}

/// A request on its way.
pub(crate) struct Job {
    pub(crate) urgency: Urgency,
    pub(crate) key: u64,
    pub(crate) request: Vec<u8>,
    submitted: Instant,
    ahead: Option<oneshot::Sender<Vec<u8>>>,
    tell: oneshot::Sender<Result<Answer, Lost>>,
    begun: Arc<AtomicBool>,
}

impl Job {
    pub(crate) fn new(urgency: Urgency, key: u64, request: Vec<u8>) -> (Self, Ticket) {
        let (give, ahead) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let begun = Arc::<AtomicBool>::default();
        let job = Self {
            urgency,
            key,
            request,
            submitted: clock::now(),
            ahead: Some(give),
            tell,
            begun: Arc::clone(&begun),
        };
        let ticket = Ticket {
            ahead: Some(ahead),
            told: Some(told),
            begun,
        };
        (job, ticket)
    }

    /// Nobody has the ticket any more.
    pub(crate) fn is_unwanted(&self) -> bool {
        self.tell.is_closed()
    }

    /// Hands on what comes ahead of the answer; to be asked for when the job is begun. Dropped, it says that nothing comes.
    pub(crate) fn ahead(&mut self) -> impl FnOnce(Vec<u8>) + use<> {
        self.begun.store(true, Ordering::Release);
        let give = self.ahead.take();
        move |bytes| {
            // As with the answer.
            let _ = give.map(|give| give.send(bytes));
        }
    }

    pub(crate) fn answer(self, bytes: Vec<u8>, taken: Instant) {
        let answer = Answer {
            bytes,
            queued: taken.saturating_duration_since(self.submitted),
            served: clock::since(taken),
        };
        // The ticket may have been dropped meanwhile; then the answer is not wanted.
        let _ = self.tell.send(Ok(answer));
    }

    pub(crate) fn lose(self, lost: Lost) {
        let _ = self.tell.send(Err(lost));
    }
}
