//! Whole messages on local disk, for when the spool does not answer: what was opened, and the newest of each mailbox. Kept behind what
//! people wait for, and only as fast as the spool is.

use crate::{
    desk::Desk,
    fetch::FetchedMessage,
    found::Found,
    spool_client::{ReadRequest, Urgency},
    sync::request_of,
};
use api_types::Cause;
use index::{MessageRow, PageQuery, Saved, SavedBody, SavedMeta, Sort};
use spool::MailboxPath;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::OnceCell;

/// Longer messages are not kept.
const LONGEST: u64 = 32 << 20;
/// Read at once while a message is kept.
const CHUNK: usize = 1 << 20;
/// Messages known to be kept are remembered up to here, so that nobody asks again for those.
const REMEMBERED: usize = 2_000;
/// Of a mailbox, so many of the newest are looked at.
const NEWEST: u32 = 200;
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
        if self.shared.keep.bytes == 0 || fetched.size > LONGEST || !self.is_news(&id) {
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
                    let kept = desk.keep_piece_by_piece(&id, meta, &path, wanted, size).await;
                    kept.filter(|kept| *kept).map(drop)
                }
                (None, None) => None,
            };
            if done.is_none() {
                desk.forget_news(&id);
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

    /// Says nothing: what could not be kept now will be tried when the mailbox is read again.
    async fn keep_newest(self: &Arc<Self>, mailbox: i64) -> Option<()> {
        let saved = self.saved().await?;
        let query = PageQuery {
            sort: Sort::Date,
            descending: true,
            unread_only: false,
            offset: 0,
            limit: NEWEST,
        };
        let page = self.index.page(mailbox, &query).await.ok()?;
        let now = self.shared.clock.now();
        let newest_from = now - i64::from(self.shared.keep.days) * DAY;
        let place = page.mailbox?;
        let path = MailboxPath::from_bytes(place.path);
        let wanted_rows = page
            .rows
            .iter()
            .filter(|row| row.received >= newest_from && row.size <= LONGEST && row.trouble.is_none());
        let rows: Vec<&MessageRow> = wanted_rows.collect();
        let asked: Vec<_> = rows
            .iter()
            .map(|row| (row.public_id.as_str(), row.received, row.size))
            .collect();
        let mut is_changed = false;
        for id in saved.wanted(&asked, self.shared.keep.bytes).await.ok()? {
            let Some(row) = rows.iter().find(|row| row.public_id == id) else {
                continue;
            };
            is_changed = true;
            let meta = SavedMeta {
                delivered: row.received,
                pinned: is_pinned(row),
                opened: false,
            };
            let Some(wanted) = request_of(row) else { continue };
            // The first that fails says enough of the spool, or of the disk.
            if !self.keep_piece_by_piece(&id, meta, &path, wanted, row.size).await? {
                // It may be that another has its name: it is kept when the mailbox is read again.
                self.reread(place.id, &path, row, Urgency::Background).await;
            }
        }
        // What was read or flagged since.
        for pinned in [true, false] {
            let ids = rows
                .iter()
                .filter(|row| is_pinned(row) == pinned)
                .map(|row| row.public_id.as_str());
            saved
                .set_pinned(&ids.collect::<Vec<_>>(), pinned)
                .await
                .map_err(told)
                .ok()?;
        }
        // It looks at every file.
        if is_changed {
            saved
                .evict(self.shared.keep.bytes, newest_from, now)
                .await
                .map_err(told)
                .ok()?;
        }
        Some(())
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

    /// Whether that very message was there, and could be read.
    async fn keep_piece_by_piece(
        &self,
        id: &str,
        meta: SavedMeta,
        path: &MailboxPath,
        wanted: ReadRequest,
        size: u64,
    ) -> Option<bool> {
        let saved = self.saved().await?;
        if self.keeps(id, size, meta).await {
            return Some(true);
        }
        let mut writer = saved.writer(id, meta, size).map_err(told).ok()?;
        let mut offset = 0;
        loop {
            let client = &self.shared.client;
            let read = client.read_at(
                &self.account,
                path,
                wanted.clone(),
                (offset, CHUNK),
                Urgency::Background,
            );
            let piece = match read.await {
                Ok(Some(piece)) => piece,
                Ok(None) => return Some(false),
                // That is said of this file, and the others can be kept.
                Err(Cause::Denied | Cause::Broken) => return Some(false),
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
        writer
            .finish(self.shared.clock.now())
            .await
            .map(|_| true)
            .map_err(told)
            .ok()
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
        let mut known = self.kept.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id.to_owned())
    }

    fn forget_news(&self, id: &str) {
        let mut known = self.kept.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(id);
    }
}

/// Unread or flagged: somebody will look for it.
fn is_pinned(row: &MessageRow) -> bool {
    row.unread || row.flags & index::flags::FLAGGED != 0
}

fn told(error: index::IndexError) {
    tracing::warn!(%error, "messages cannot be kept");
}

#[cfg(test)]
mod tests;
