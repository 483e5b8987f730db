//! The one way to the spool: asynchronous, with a deadline on every call.
//!
//! What reads the spool may hang, so it does not run where people are served: a helper process does it, which can be killed, or, in
//! commands, a thread. Questions and answers are plain data (`ask`). Those who wait come before what goes on behind, so that a long scan
//! never stands before a reader; when every place in the queue is taken the answer is an immediate [`Cause::Slow`]. Each mount (`mount`)
//! is left alone when it does not answer (`breaker`), and read behind only as fast as it can be (`pace`). Of several roots an account is
//! asked for below the one that it was found below (`roots`, `whereabouts`).

mod ask;
mod breaker;
mod drills;
mod helpers;
mod mount;
mod pace;
mod queued;
mod roots;
#[cfg(test)]
mod tests;
mod threads;
mod whereabouts;
mod work;

pub use helpers::{HelperSettings, serve_spool};
pub(crate) use queued::counting;
pub(crate) use whereabouts::Whereabouts;
pub(crate) use work::lacks;
pub(crate) use work::{Fetched, Head, HeaderRead, Met, Preview, PreviewRead, Read, ReadRequest, Sized};

use crate::{
    Account, Clock, MountKey, MountKind, Rehearsed,
    snapshots::{MarkerAsk, SnapshotSeen, SnapshotsAsk},
};
use api_types::Cause;
pub(crate) use ask::Failed;
use ask::{Answer, What};
use breaker::Looks;
pub(crate) use breaker::QUICK;
use drills::Drills;
use mount::{Hands, Mount, other, slow};
use spool::{ArrivalMemory, Arrivals, Listing, MailboxEntry, MailboxPath, MailboxStamp, MarkerCount, MboxMemory};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// A scan behind the scenes is given up after this; its thread is only free again when the spool answers.
const BACKGROUND_DEADLINE: Duration = Duration::from_secs(120);

/// What was just met is read within this, or when its turn comes.
const MET_DEADLINE: Duration = Duration::from_millis(150);

/// Who is waiting for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// A person, this long.
    Waiting(Duration),
    /// Nobody.
    Background,
}

/// Who reads the spool.
#[derive(Clone, Debug)]
pub enum SpoolReaders {
    /// So many threads of this process, for those who wait.
    Threads(usize),
    /// Processes that can be killed, and half as many more for what nobody waits for.
    Helpers(HelperSettings),
}

/// See the module.
pub(crate) struct SpoolClient {
    readers: SpoolReaders,
    clock: Arc<dyn Clock>,
    patience: Duration,
    mounts: Mutex<HashMap<MountKey, Arc<Mount>>>,
    /// Below which of several roots accounts lie.
    whereabouts: Arc<Whereabouts>,
    /// Accounts for which it seems otherwise than it is.
    pub(crate) drills: Drills,
}

impl SpoolClient {
    /// A client for which a deadline counts as missed after `patience`, however long somebody goes on waiting.
    pub(crate) fn new(
        readers: SpoolReaders,
        clock: Arc<dyn Clock>,
        patience: Duration,
        whereabouts: Whereabouts,
    ) -> Self {
        Self {
            readers,
            clock,
            patience,
            mounts: Mutex::default(),
            whereabouts: Arc::new(whereabouts),
            drills: Drills::default(),
        }
    }

    /// Starts who reads the accounts that stand there, if they have not been started.
    pub(crate) fn mount(&self, key: &MountKey) -> io::Result<Arc<Mount>> {
        let mut mounts = self.mounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mount) = mounts.get(key) {
            return Ok(Arc::clone(mount));
        }
        let (hands, behind) = match &self.readers {
            SpoolReaders::Threads(threads) => (Hands::Threads(threads::Threads::new(*threads)?), threads.div_ceil(2)),
            SpoolReaders::Helpers(settings) => (
                Hands::Helpers(helpers::Helpers::new(settings)?),
                settings.workers.div_ceil(2),
            ),
        };
        let mount = Mount::new(
            key.clone(),
            hands,
            behind,
            Arc::clone(&self.clock),
            self.patience,
            Looks::default(),
        );
        mounts.insert(key.clone(), Arc::clone(&mount));
        Ok(mount)
    }

    /// Whether the account's folders answer at once. Who looks has no other work, and misses no deadline of the spool.
    pub(crate) async fn answers(&self, account: &Account) -> bool {
        let root = self.root_in_memory(account);
        match self.mount(&root.mount) {
            Ok(mount) => mount.answers(&root.store).await,
            Err(_) => false,
        }
    }

    /// Every mailbox, inbox first.
    pub(crate) async fn mailboxes(&self, account: &Account, urgency: Urgency) -> Result<Vec<MailboxEntry>, Cause> {
        match self.call(account, urgency, What::Mailboxes).await? {
            Answer::Mailboxes(found) => Ok(found),
            answer => Err(other(answer).cause),
        }
    }

    /// Whether anything changed: three system calls.
    pub(crate) async fn stamp(
        &self,
        account: &Account,
        mailbox: &MailboxPath,
        urgency: Urgency,
    ) -> Result<MailboxStamp, Cause> {
        match self.call(account, urgency, What::Stamp(mailbox.clone())).await? {
            Answer::Stamp(stamp) => Ok(stamp),
            answer => Err(other(answer).cause),
        }
    }

    /// Every message of a mailbox, by name.
    pub(crate) async fn list(
        &self,
        account: &Account,
        mailbox: &MailboxPath,
        known: Option<MboxMemory>,
        urgency: Urgency,
    ) -> Result<Listing, Cause> {
        match self.call(account, urgency, What::List(mailbox.clone(), known)).await? {
            Answer::Listing(listing) => Ok(listing),
            answer => Err(other(answer).cause),
        }
    }

    /// What arrived in a mailbox since; `None` if it has to be listed.
    pub(crate) async fn arrivals(
        &self,
        account: &Account,
        mailbox: &MailboxPath,
        known: ArrivalMemory,
        urgency: Urgency,
    ) -> Result<Option<Arrivals>, Cause> {
        match self
            .call(account, urgency, What::Arrivals(mailbox.clone(), known))
            .await?
        {
            Answer::Arrivals(arrivals) => Ok(arrivals),
            answer => Err(other(answer).cause),
        }
    }

    /// Headers and short texts of messages that were just met, in so little time that one may wait for it; nothing if it takes longer.
    /// Not in the place of those who wait: a file may hang where its directory answers.
    pub(crate) async fn met(&self, account: &Account, mailbox: &MailboxPath, wanted: Vec<ReadRequest>) -> Met {
        let read = self.call(account, Urgency::Background, What::Met(mailbox.clone(), wanted));
        match tokio::time::timeout(MET_DEADLINE, read).await {
            Ok(Ok(Answer::Met(met))) => met,
            _ => Met::default(),
        }
    }

    /// Headers of many messages; those that are not there any more are left out.
    pub(crate) async fn headers(
        &self,
        account: &Account,
        mailbox: &MailboxPath,
        wanted: Vec<ReadRequest>,
        urgency: Urgency,
    ) -> Result<Vec<HeaderRead>, Failed> {
        match self
            .call(account, urgency, What::Headers(mailbox.clone(), wanted))
            .await?
        {
            Answer::Headers(read) => Ok(read),
            answer => Err(other(answer)),
        }
    }

    /// Previews of many messages; those that are not there any more are left out.
    pub(crate) async fn previews(
        &self,
        account: &Account,
        mailbox: &MailboxPath,
        wanted: Vec<ReadRequest>,
        urgency: Urgency,
    ) -> Result<Vec<PreviewRead>, Failed> {
        match self
            .call(account, urgency, What::Previews(mailbox.clone(), wanted))
            .await?
        {
            Answer::Previews(read) => Ok(read),
            answer => Err(other(answer)),
        }
    }

    /// A whole message in bounded memory; `None` if it is not in this mailbox any more.
    pub(crate) async fn fetch(
        &self,
        account: &Account,
        mailbox: &MailboxPath,
        wanted: ReadRequest,
        urgency: Urgency,
    ) -> Result<Option<Fetched>, Failed> {
        match self
            .call(account, urgency, What::Fetch(mailbox.clone(), wanted))
            .await?
        {
            Answer::Fetched(fetched) => Ok(fetched),
            answer => Err(other(answer)),
        }
    }

    /// How many bytes a message has, and which file it is; `None` if it is not in this mailbox any more.
    pub(crate) async fn size(
        &self,
        account: &Account,
        mailbox: &MailboxPath,
        wanted: ReadRequest,
        urgency: Urgency,
    ) -> Result<Option<Sized>, Cause> {
        match self.call(account, urgency, What::Size(mailbox.clone(), wanted)).await? {
            Answer::Size(size) => Ok(size),
            answer => Err(other(answer).cause),
        }
    }

    /// Up to `len` bytes of a message file from `offset`; `None` if the file that is meant is not in this mailbox any more.
    pub(crate) async fn read_at(
        &self,
        account: &Account,
        mailbox: &MailboxPath,
        wanted: ReadRequest,
        (offset, len): (u64, usize),
        urgency: Urgency,
    ) -> Result<Option<Vec<u8>>, Failed> {
        let what = What::ReadAt(mailbox.clone(), wanted, offset, len as u64);
        match self.call(account, urgency, what).await? {
            Answer::Bytes(bytes) => Ok(bytes),
            answer => Err(other(answer)),
        }
    }

    /// The dated copies in one directory.
    pub(crate) async fn snapshots(
        &self,
        account: &Account,
        asked: SnapshotsAsk,
        urgency: Urgency,
    ) -> Result<Vec<SnapshotSeen>, Cause> {
        match self.call(account, urgency, What::Snapshots(asked)).await? {
            Answer::Snapshots(seen) => Ok(seen),
            answer => Err(other(answer).cause),
        }
    }

    /// What a copy says of how many messages it has of an account.
    pub(crate) async fn marker_count(
        &self,
        account: &Account,
        asked: MarkerAsk,
        urgency: Urgency,
    ) -> Result<MarkerCount, Cause> {
        match self.call(account, urgency, What::MarkerCount(asked)).await? {
            Answer::MarkerCount(said) => Ok(said),
            answer => Err(other(answer).cause),
        }
    }

    /// Whether it is certain that the account has no mail: the folders that it would stand in are there, and it is not.
    pub(crate) async fn lacks(&self, account: &Account, patience: Duration) -> Result<bool, Cause> {
        let urgency = Urgency::Waiting(patience);
        let asked = Box::pin(self.lacks_in_all_roots(account, urgency));
        Ok(self.as_rehearsed(account, urgency, asked).await?)
    }

    /// Whether a file of the account hangs, and nothing has ended its helper yet.
    pub(crate) fn is_stuck(&self, account: &Account) -> bool {
        let mount = self.mount_in_memory(account);
        mount.is_ok_and(|mount| mount.is_stuck(key_of(&account.name)))
    }

    /// Whether that is so, and all helpers that the account may have are at work but one.
    pub(crate) fn has_one_left(&self, account: &Account) -> bool {
        let mount = self.mount_in_memory(account);
        mount.is_ok_and(|mount| mount.has_one_left(key_of(&account.name)))
    }

    /// With what the account was read last.
    fn mount_in_memory(&self, account: &Account) -> io::Result<Arc<Mount>> {
        self.mount(&self.root_in_memory(account).mount)
    }

    /// How long it took to answer, or for how long it was waited for, and why there is nothing.
    pub(crate) async fn look(&self, key: &MountKey, markers: &[PathBuf]) -> Result<Duration, (Duration, Cause)> {
        match self.mount(key) {
            Ok(mount) => mount.look(markers).await,
            Err(_) => Err((Duration::ZERO, Cause::Slow)),
        }
    }

    async fn call(&self, account: &Account, urgency: Urgency, what: What) -> Result<Answer, Failed> {
        // In a box: a page asks in many places, and each has room for the whole of what is asked.
        let asked = Box::pin(self.ask_where_it_lies(account, urgency, what));
        self.as_rehearsed(account, urgency, asked).await
    }

    async fn as_rehearsed<T>(
        &self,
        account: &Account,
        urgency: Urgency,
        asked: impl Future<Output = Result<T, Failed>>,
    ) -> Result<T, Failed> {
        // Copies lie elsewhere, as a rule: whoever rehearses that the spool is gone shows people that they are there.
        let drill = match account.mount.kind {
            MountKind::Copies => None,
            MountKind::Live => self.drills.of(&account.name, self.clock.now()),
        };
        match drill {
            // As when it is left alone: nobody waits for what will not come.
            Some((Rehearsed::Gone, _)) => Err(slow("rehearsed")),
            Some((Rehearsed::Slow, _)) => {
                let deadline = match urgency {
                    Urgency::Waiting(deadline) => deadline,
                    Urgency::Background => BACKGROUND_DEADLINE,
                };
                // Some wait longer than a person does, for others' sake.
                let patience = deadline.min(self.patience);
                drills::late(patience, deadline, asked).await
            }
            Some((Rehearsed::Elsewhere, _)) | None => asked.await,
        }
    }
}

/// An account in short; 0 is nobody's.
pub(crate) fn key_of(account: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    account.hash(&mut hasher);
    hasher.finish() | 1
}
