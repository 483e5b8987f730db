use crate::{MailroomError, Took, Wording, desk::Desk, room::Shared, sync::LastLook};
use api_types::{Day, Freshness, MailboxId, Moment, Source};
use std::sync::Arc;

/// What may be read of one account's mail. Bound to the account, so that no query can forget it.
#[derive(Clone)]
pub struct Reader {
    shared: Arc<Shared>,
    account: String,
    took: Took,
}

impl Reader {
    pub(crate) fn new(shared: Arc<Shared>, account: String) -> Self {
        Self {
            shared,
            account,
            took: Took::default(),
        }
    }

    /// The same, which notes in `took` how long its answers take.
    #[must_use]
    pub fn timed(self, took: Took) -> Self {
        Self { took, ..self }
    }

    pub(crate) fn took(&self) -> &Took {
        &self.took
    }

    /// Does the work at the desk of a dated copy, or of the live mail, and once more with a new index if the old one turned out to be
    /// damaged.
    pub(crate) async fn with_desk<T, F>(
        &self,
        snapshot: Option<&str>,
        work: impl Fn(Arc<Desk>) -> F,
    ) -> Result<T, MailroomError>
    where
        F: Future<Output = Result<T, MailroomError>>,
    {
        match work(self.desk_at(snapshot).await?).await {
            Err(error) if error.is_damage() => {
                tracing::warn!(%error, "the index is set aside and rebuilt");
                self.shared.forget(&self.account);
                work(self.desk_at(snapshot).await?).await
            }
            answer => answer,
        }
    }

    pub(crate) async fn desk(&self) -> Result<Arc<Desk>, MailroomError> {
        Shared::desk(&self.shared, &self.account).await
    }

    /// Until when an outage is rehearsed with this account; short is the time, unless it is past midnight.
    pub(crate) fn drill(&self, words: &dyn Wording) -> Option<Moment> {
        let (_, ends) = self.shared.client.drills.of(&self.account, self.shared.clock.now())?;
        let mut until = words.moment(ends);
        if words.day(ends) != Day::Today {
            until.short.clone_from(&until.full);
        }
        Some(until)
    }

    /// The desk that the mailbox is at: that of the live mail, or of the dated copy that its id names.
    pub(crate) async fn desk_of(&self, mailbox: &MailboxId) -> Result<Arc<Desk>, MailroomError> {
        self.desk_at(mailbox.snapshot()).await
    }

    async fn desk_at(&self, snapshot: Option<&str>) -> Result<Arc<Desk>, MailroomError> {
        match snapshot {
            None => self.desk().await,
            Some(key) => Shared::snapshot_desk(&self.shared, &self.account, key).await,
        }
    }

    pub(crate) fn account(&self) -> &str {
        &self.account
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Desk {
    /// Source and age of what the last look told, as an answer has them; what a dated copy holds has its date.
    pub(crate) fn told(&self, look: LastLook, spool_us: u64, pending: u64, words: &dyn Wording) -> Freshness {
        let source = match look.is_live(self.now_ns()) {
            true => Source::Live,
            false => Source::Saved,
        };
        let freshness = Freshness {
            source,
            as_of: look.as_of.map(|at| words.moment(at.div_euclid(1_000_000_000))),
            spool_ms: (spool_us > 0).then(|| u32::try_from(spool_us.div_ceil(1000)).unwrap_or(u32::MAX)),
            pending,
        };
        self.dated(freshness, words)
    }
}
