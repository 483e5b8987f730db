//! One account at work: its index, what is being read of it now, and when each mailbox was last seen to be true.

use crate::{
    Account, MailroomError,
    ahead::Ahead,
    found::Found,
    kept::Kept,
    recent::{Moment, Recent},
    room::Shared,
    snapshots::Snapshot,
    sync::LastLook,
};
use api_types::{Cause, MailboxId, MessageId};
use futures::future::{BoxFuture, Shared as SharedFuture};
use index::{Index, MailboxRow, Matches, Page, PageQuery, SearchQuery};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::watch;

/// See the module.
pub(crate) struct Desk {
    pub(crate) account: Account,
    pub(crate) index: Index,
    pub(crate) shared: Arc<Shared>,
    /// The dated copy that this is of, and nothing is changed of.
    pub(crate) snapshot: Option<Arc<Snapshot>>,
    work: Mutex<Work>,
    /// How often this desk has written to the index.
    changes: AtomicU64,
    /// Messages that were looked up: a letter's page notes it as opened, shows it, and begins its frame.
    pub(crate) found: Recent<(MailboxId, MessageId), Found>,
    /// Pages of lists: who comes back from a letter finds the same.
    pub(crate) pages: Recent<(MailboxId, PageQuery), Arc<Page>>,
    /// The list of mailboxes, which every page shows.
    pub(crate) rail: Recent<(), Arc<Vec<MailboxRow>>>,
    /// What searches found: read part by part, and letter after letter.
    pub(crate) matches: Recent<SearchQuery, Arc<Matches>>,
    /// Whole messages on local disk.
    pub(crate) kept: Kept,
    /// Documents that frames will ask for.
    pub(crate) ahead: Ahead,
    /// Counts what has been read; those who wait for more watch it.
    pub(crate) progress: watch::Sender<u64>,
}

/// What is going on, so that nothing goes on twice.
#[derive(Default)]
pub(crate) struct Work {
    /// The look at the list of mailboxes under way.
    pub(crate) look: Option<Flight>,
    /// Looks at mailboxes under way, by row.
    pub(crate) looks: HashMap<i64, Flight>,
    /// Mailboxes whose headers or previews are being read, and whether somebody asked for it meanwhile: what he found may have come
    /// too late to be read with the rest.
    pub(crate) reading: HashMap<i64, bool>,
    /// When what could not be read of each mailbox is to be tried again, in seconds, if anything.
    pub(crate) troubled: HashMap<i64, Option<i64>>,
    /// What the last looks at the mailboxes told.
    pub(crate) last: HashMap<i64, LastLook>,
    /// When the list of mailboxes was last seen.
    pub(crate) mailboxes_seen: Option<i64>,
    /// When each mailbox was last listed by this process, in nanoseconds: the first look is always a listing.
    pub(crate) listed: HashMap<i64, i64>,
    /// Mailboxes of which a long listing is being written and shows already, and how long the spool took, in microseconds.
    pub(crate) begun: HashMap<i64, u64>,
    /// Mailboxes that a second look is due for.
    pub(crate) looking_again: HashSet<i64>,
    /// All mailboxes are being looked at.
    pub(crate) sweeping: bool,
    /// Of these, those whose turn has not come to an end.
    pub(crate) due: HashSet<i64>,
    /// For the first time: somebody may be waiting for the counts.
    pub(crate) counting: bool,
    /// What a dated copy holds was compared with what its marker says.
    pub(crate) compared: bool,
    /// Some of its mailboxes were listed before this process, or long ago.
    pub(crate) listed_before: bool,
}

/// A look that several may wait for.
pub(crate) type Flight = SharedFuture<BoxFuture<'static, Looked>>;

/// What a look at the spool found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Looked {
    /// How long the spool took, in microseconds.
    pub(crate) spool_us: u64,
    /// How much of that was waiting for a turn.
    pub(crate) queued_us: u64,
    /// Why it could not be read.
    pub(crate) trouble: Option<Cause>,
}

/// Writes, and counts what was written, in a task of its own: the person who goes away meanwhile does not stop it between the two.
pub(crate) async fn to_the_end<T: Send + 'static>(
    job: impl Future<Output = Result<T, MailroomError>> + Send + 'static,
) -> Result<T, MailroomError> {
    tokio::spawn(job).await.unwrap_or(Err(MailroomError::Unreadable))
}

impl Looked {
    pub(crate) fn trouble(cause: Cause) -> Self {
        Self {
            trouble: Some(cause),
            ..Self::default()
        }
    }
}

impl Desk {
    pub(crate) async fn open(shared: &Arc<Shared>, account: Account) -> Result<Arc<Self>, MailroomError> {
        let path = shared.index_path(&account.name);
        Self::open_at(shared, account, &path, None).await
    }

    /// The desk with its index in that file, of the live mail or of a dated copy.
    pub(crate) async fn open_at(
        shared: &Arc<Shared>,
        account: Account,
        path: &Path,
        snapshot: Option<Arc<Snapshot>>,
    ) -> Result<Arc<Self>, MailroomError> {
        let desk = Arc::new(Self {
            index: Index::open(path).await?,
            account,
            shared: Arc::clone(shared),
            snapshot,
            work: Mutex::default(),
            changes: AtomicU64::new(0),
            found: Recent::default(),
            pages: Recent::default(),
            rail: Recent::default(),
            matches: Recent::default(),
            kept: Kept::default(),
            ahead: Ahead::default(),
            progress: watch::Sender::new(0),
        });
        desk.mark_opened_here().await?;
        Ok(desk)
    }

    /// Carries what was opened here from the state into the index, which may have been rebuilt.
    pub(crate) async fn mark_opened_here(self: &Arc<Self>) -> Result<(), MailroomError> {
        if self.snapshot.is_some() {
            return Ok(());
        }
        let opened = self.shared.state.opened(&self.account.name).await?;
        let ids: Vec<String> = opened.into_iter().map(|opened| opened.message).collect();
        self.set_opened_here(ids, true).await?;
        Ok(())
    }

    /// Those of messages that arrived which have been opened here: where they were before.
    pub(crate) async fn opened_of(&self, ids: &[String]) -> Result<Vec<String>, MailroomError> {
        match ids {
            // A dated copy is as it was.
            _ if self.snapshot.is_some() => Ok(Vec::new()),
            [] => Ok(Vec::new()),
            _ => Ok(self.shared.state.opened_of(&self.account.name, ids).await?),
        }
    }

    /// Remembers that a message was opened here, or is not any more: what is precious first.
    pub(crate) async fn remember_opened(self: &Arc<Self>, found: &Found, opened: bool) -> Result<(), MailroomError> {
        let (desk, path, id) = (
            Arc::clone(self),
            found.mailbox.path.clone(),
            found.message.public_id.clone(),
        );
        to_the_end(async move {
            let (state, account) = (&desk.shared.state, &desk.account.name);
            match opened {
                true => state.mark_opened(account, &path, &id, desk.shared.clock.now()).await?,
                false => state.unmark_opened(account, &id).await?,
            }
            desk.set_opened_here(vec![id], opened).await
        })
        .await
    }

    /// Notes in the index what was opened here, or is not any more.
    pub(crate) async fn set_opened_here(self: &Arc<Self>, ids: Vec<String>, opened: bool) -> Result<(), MailroomError> {
        if ids.is_empty() {
            return Ok(());
        }
        let desk = Arc::clone(self);
        to_the_end(async move {
            if desk.index.set_opened_here(&ids, opened).await? {
                desk.note_change();
            }
            Ok(())
        })
        .await
    }

    /// The mailbox of that id; looks at the spool if the index does not know it.
    pub(crate) async fn mailbox(self: &Arc<Self>, id: &MailboxId) -> Result<MailboxRow, MailroomError> {
        if let Some(row) = self.index.mailbox(id.as_str()).await? {
            return Ok(row);
        }
        // Pages lead to no mailbox that a list of mailboxes has not named before: one just made need not be looked for again.
        let looked = self.fresh_mailboxes(self.shared.deadlines.list).await;
        match self.index.mailbox(id.as_str()).await? {
            Some(row) => Ok(row),
            None => Err(looked
                .trouble
                .map_or(MailroomError::NotFound, MailroomError::Unavailable)),
        }
    }

    /// All mailboxes, with their counts.
    pub(crate) async fn mailboxes(&self) -> Result<Arc<Vec<MailboxRow>>, MailroomError> {
        let moment = self.moment();
        if let Some(rows) = self.rail.get(&(), moment) {
            return Ok(rows);
        }
        let rows = Arc::new(self.index.mailboxes().await?);
        self.rail.keep((), Arc::clone(&rows), moment);
        Ok(rows)
    }

    /// What a search finds.
    pub(crate) async fn matches(&self, query: SearchQuery) -> Result<Arc<Matches>, MailroomError> {
        let moment = self.moment();
        if let Some(matches) = self.matches.get(&query, moment) {
            return Ok(matches);
        }
        let matches = Arc::new(self.index.matches(&query).await?);
        self.matches.keep(query, Arc::clone(&matches), moment);
        Ok(matches)
    }

    pub(crate) fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts what this desk wrote to the index. Whoever reads the index and finds the same number afterwards knows that what
    /// was read is still so, as far as this desk is concerned.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// To be called after every writing to the index, before anybody is told of it.
    pub(crate) fn note_change(&self) {
        self.changes.fetch_add(1, Ordering::Release);
    }

    /// Now, for what is kept for a moment.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            changes: self.changes(),
            at_us: self.shared.clock.ticks_us(),
        }
    }

    pub(crate) fn now_ns(&self) -> i64 {
        self.shared.clock.now_ns()
    }

    pub(crate) fn report_progress(&self) {
        self.progress.send_modify(|count| *count = count.wrapping_add(1));
    }
}
