//! Whole messages on local disk, for when the spool does not answer: what was opened, and the newest of each mailbox. Kept behind what
//! people wait for, and only as fast as the spool is.

mod newest;

use crate::{
    desk::Desk,
    fetch::FetchedMessage,
    found::Found,
    spool_client::{Failed, ReadRequest, Urgency},
    sync::request_of,
};
use api_types::Cause;
use futures::{FutureExt, future::BoxFuture};
use index::{MessageRow, Saved, SavedBody, SavedMeta};
use spool::MailboxPath;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::OnceCell;

/// Longer messages are not kept.
const LONGEST: u64 = 32 << 20;
/// Read at once while a message is kept.
const CHUNK: usize = 1 << 20;
/// Messages known to be kept are remembered up to here, so that nobody asks again for those.
const REMEMBERED: usize = 2_000;
/// A mailbox that was just read is kept from after so long: first come those who look at it.
const LATER: Duration = Duration::from_secs(20);
const DAY: i64 = 24 * 3600;

/// How much is kept of each account's mail, and of dated copies.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Bytes on disk at most; 0 keeps nothing.
    pub bytes: u64,
    /// What was delivered within so many days is kept, as far as there is room.
    pub days: u32,
    /// Bytes that the indexes of dated copies take on disk at most, all accounts together; what is open stays even so.
    pub snapshot_bytes: u64,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            bytes: 200 << 20,
            days: 30,
            snapshot_bytes: 4 << 30,
        }
    }
}

/// A piece of a message; `None` if the file that is meant is not there any more.
type Piece = Result<Option<Vec<u8>>, Failed>;

/// What came of keeping a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Kept,
    /// That very message is not there, or cannot be read.
    Unreadable,
    /// It was begun, and no answer came: it may be all that hangs.
    Stalled,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Kept {
    saved: OnceCell<Option<Saved>>,
    known: Mutex<HashSet<String>>,
    /// Mailboxes whose newest are being kept.
    busy: Mutex<HashSet<i64>>,
}

impl Desk {
    /// What is kept of a message, if it is: not of another one that had its name before.
    pub(crate) async fn kept_of(&self, row: &MessageRow) -> Option<SavedBody> {
        let body = self.kept_body(&row.public_id).await?;
        let is_it = match row.file {
            // Only its name is known, and the size if that tells it.
            None => row.size == 0 || body.len() == row.size,
            Some(_) => body.len() == row.size && body.delivered() == row.received,
        };
        is_it.then_some(body)
    }

    pub(crate) async fn kept_body(&self, message: &str) -> Option<SavedBody> {
        let saved = self.saved().await?;
        saved.get(message).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a kept message cannot be read");
            None
        })
    }

    /// A message that somebody opened is kept, behind their back.
    pub(crate) fn keep_opened(self: &Arc<Self>, found: &Found, fetched: &FetchedMessage) {
        let id = found.message.public_id.clone();
        if self.shared.keep.bytes == 0 || fetched.size > self.longest() || !self.is_news(&id) {
            return;
        }
        let meta = SavedMeta {
            // As the row has it, by which the copy is known again, whatever the file says by now.
            delivered: fetched.row.received,
            pinned: false,
            opened: true,
        };
        let whole = (fetched.skeleton.held() as u64 == fetched.size).then(|| Arc::clone(&fetched.skeleton));
        let (desk, path, wanted) = (Arc::clone(self), found.path(), request_of(&fetched.row));
        let size = fetched.size;
        tokio::spawn(async move {
            let done = match (&whole, wanted) {
                (Some(skeleton), _) => desk.keep_whole(&id, meta, skeleton.bytes()).await,
                (None, Some(wanted)) => {
                    let read = |wanted, offset| desk.piece(&path, wanted, offset);
                    let kept = desk.keep_piece_by_piece(&id, meta, (wanted, size), &read).await;
                    kept.filter(|kept| *kept == Outcome::Kept).map(drop)
                }
                (None, None) => None,
            };
            match done {
                Some(()) => drop(desk.keep_within_budget().await),
                None => desk.forget_news(&id),
            }
        });
    }

    /// No copy of a message stays: another has its name.
    pub(crate) async fn forget_copy(&self, id: &str) {
        if let Some(saved) = self.saved().await {
            saved.forget(&[id]).await.map_err(told).ok();
        }
        self.forget_news(id);
    }

    /// Of messages that were deleted long ago no copy stays, unless another mailbox has them.
    pub(crate) fn forget_kept_behind(self: &Arc<Self>, messages: Vec<String>) {
        if messages.is_empty() {
            return;
        }
        let desk = Arc::clone(self);
        tokio::spawn(async move { desk.forget_kept(messages).await });
    }

    /// Says nothing: what stays is removed with the last of the account, or when its room is needed.
    async fn forget_kept(&self, messages: Vec<String>) -> Option<()> {
        let saved = self.saved().await?;
        for message in &messages {
            let elsewhere = self.index.locate(message).await;
            if elsewhere.is_ok_and(|places| places.is_empty()) {
                saved.forget(&[message]).await.map_err(told).ok();
                self.forget_news(message);
            }
        }
        Some(())
    }

    /// The newest of a mailbox are kept, after a while and behind everything else.
    pub(crate) fn keep_newest_behind(self: &Arc<Self>, mailbox: i64) {
        let busy = || self.kept.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if self.shared.keep.bytes == 0 || !busy().insert(mailbox) {
            return;
        }
        let desk = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(LATER).await;
            let Some(desk) = desk.upgrade() else { return };
            desk.keep_newest(mailbox).await;
            let mut busy = desk.kept.busy.lock().unwrap_or_else(PoisonError::into_inner);
            busy.remove(&mailbox);
        });
    }

    /// Removes what is more than may be kept, the least wanted first.
    async fn keep_within_budget(&self) -> Option<()> {
        let (saved, budget) = (self.saved().await?, self.shared.keep.bytes);
        // The table says so at once; an eviction looks at every file.
        if saved.bytes().await.map_err(told).ok()? > budget {
            self.evict(saved).await?;
        }
        Some(())
    }

    async fn evict(&self, saved: &Saved) -> Option<()> {
        let (keep, now) = (self.shared.keep, self.shared.clock.now());
        let evicted = saved.evict(keep.bytes, self.newest_from(), now).await;
        if evicted.map_err(told).ok()?.messages > 0 {
            // Whichever went is kept again when it is opened again.
            self.known().clear();
        }
        Some(())
    }

    /// What came then or later is kept without being opened, in seconds since 1970.
    fn newest_from(&self) -> i64 {
        self.shared.clock.now() - i64::from(self.shared.keep.days) * DAY
    }

    /// Longer messages, in bytes, are not kept: each would displace all others, and itself.
    fn longest(&self) -> u64 {
        LONGEST.min(self.shared.keep.bytes)
    }

    /// Whether this very message is kept, and not another that had its name.
    async fn keeps(&self, id: &str, size: u64, meta: SavedMeta) -> bool {
        let is_it = |body: SavedBody| body.len() == size && body.delivered() == meta.delivered;
        self.kept_body(id).await.is_some_and(is_it)
    }

    async fn keep_whole(&self, id: &str, meta: SavedMeta, raw: &[u8]) -> Option<()> {
        let saved = self.saved().await?;
        if self.keeps(id, raw.len() as u64, meta).await {
            return saved.touch(&[id], self.shared.clock.now()).await.ok();
        }
        let put = saved.put(id, meta, raw, self.shared.clock.now()).await;
        put.map(drop).map_err(told).ok()
    }

    /// What is read is what `read` gives for a request and the offset of a piece. `None` says enough of the spool, or of the disk.
    async fn keep_piece_by_piece<'a>(
        &self,
        id: &str,
        meta: SavedMeta,
        (wanted, size): (ReadRequest, u64),
        read: &impl Fn(ReadRequest, u64) -> BoxFuture<'a, Piece>,
    ) -> Option<Outcome> {
        let saved = self.saved().await?;
        if self.keeps(id, size, meta).await {
            return Some(Outcome::Kept);
        }
        let mut writer = saved.writer(id, meta, size).map_err(told).ok()?;
        let mut offset = 0;
        loop {
            let piece = match read(wanted.clone(), offset).await {
                Ok(Some(piece)) => piece,
                Ok(None) => return Some(Outcome::Unreadable),
                // That is said of this file, and the others can be kept.
                Err(failed) if matches!(failed.cause, Cause::Denied | Cause::Broken) => {
                    return Some(Outcome::Unreadable);
                }
                Err(failed) if failed.is_stalled => return Some(Outcome::Stalled),
                Err(_) => return None,
            };
            if piece.is_empty() {
                break;
            }
            offset += piece.len() as u64;
            writer.feed(&piece).await.map_err(told).ok()?;
        }
        // Cut off while it was read, it would be a lie.
        if offset < size {
            return None;
        }
        let kept = writer.finish(self.shared.clock.now()).await;
        kept.map(|_| Outcome::Kept).map_err(told).ok()
    }

    /// A piece of a message of that mailbox, read behind.
    fn piece<'a>(&'a self, path: &'a MailboxPath, wanted: ReadRequest, offset: u64) -> BoxFuture<'a, Piece> {
        let client = &self.shared.client;
        client
            .read_at(&self.account, path, wanted, (offset, CHUNK), Urgency::Background)
            .boxed()
    }

    /// Opened at the first need. Without it mail is read all the same.
    async fn saved(&self) -> Option<&Saved> {
        // A dated copy is a copy already.
        if self.shared.keep.bytes == 0 || self.snapshot.is_some() {
            return None;
        }
        let opened = self.kept.saved.get_or_init(|| async {
            let (dir, key) = self.shared.saved_of(&self.account.name);
            match Saved::open(&dir, key).await {
                Ok(saved) => Some(saved.with_limit(LONGEST)),
                Err(error) => {
                    tracing::error!(%error, "messages cannot be kept");
                    None
                }
            }
        });
        opened.await.as_ref()
    }

    /// Whether it is not known yet that the message is kept.
    fn is_news(&self, id: &str) -> bool {
        let mut known = self.known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id.to_owned())
    }

    fn forget_news(&self, id: &str) {
        self.known().remove(id);
    }

    fn known(&self) -> MutexGuard<'_, HashSet<String>> {
        self.kept.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told(error: index::IndexError) {
    tracing::warn!(%error, "messages cannot be kept");
}

#[cfg(test)]
mod tests;
