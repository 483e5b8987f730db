//! What came within the last days is kept without being opened, page by page and newest first, for as long as there is room.

use super::{Outcome, Piece, told};
use crate::{
    desk::Desk,
    spool_client::{ReadRequest, Urgency},
    sync::{self, request_of},
};
use futures::future::BoxFuture;
use index::{MessageRow, Saved, SavedMeta};
use spool::MailboxPath;
use std::{collections::HashSet, sync::Arc};

/// Messages of a page.
const PAGE: usize = 200;
/// Where a message of so many bytes has no room, there is none for older mail.
const ORDINARY: u64 = 64 << 10;

impl Desk {
    /// Says nothing: what could not be kept now will be tried when the mailbox is read again.
    pub(super) async fn keep_newest(self: &Arc<Self>, mailbox: i64) -> Option<()> {
        let place = self.index.mailbox_by_row(mailbox).await.ok()??;
        let path = MailboxPath::from_bytes(place.path);
        let read = |wanted, offset| self.piece(&path, wanted, offset);
        self.keep_newest_read_by(mailbox, &path, read).await
    }

    pub(super) async fn keep_newest_read_by<'a>(
        self: &Arc<Self>,
        mailbox: i64,
        path: &MailboxPath,
        read: impl Fn(ReadRequest, u64) -> BoxFuture<'a, Piece>,
    ) -> Option<()> {
        let saved = self.saved().await?;
        let came = self.index.came_since(mailbox, self.newest_from()).await.ok()?;
        let mut is_changed = false;
        let done = self.keep_pages((mailbox, path), &came, &mut is_changed, &read).await;
        // Also of what was kept until something failed.
        if is_changed {
            self.evict(saved).await?;
        }
        done
    }

    async fn keep_pages<'a>(
        self: &Arc<Self>,
        (mailbox, path): (i64, &MailboxPath),
        came: &[i64],
        is_changed: &mut bool,
        read: &impl Fn(ReadRequest, u64) -> BoxFuture<'a, Piece>,
    ) -> Option<()> {
        let saved = self.saved().await?;
        let mut stalled = 0;
        for page in came.chunks(PAGE) {
            let mut rows = self.index.rows(page).await.ok()?;
            rows.retain(|row| row.size <= self.longest() && row.trouble.is_none());
            let (wanted, has_room) = self.wanted(saved, &rows).await?;
            for row in rows.iter().filter(|row| wanted.contains(&row.public_id)) {
                *is_changed = true;
                self.keep_row((mailbox, path), row, &mut stalled, read).await?;
            }
            pin(saved, &rows).await?;
            if !has_room {
                break;
            }
            self.keep_within_budget().await?;
        }
        Some(())
    }

    /// Which of these are to be kept, and whether there is room for older ones.
    async fn wanted(&self, saved: &Saved, rows: &[MessageRow]) -> Option<(HashSet<String>, bool)> {
        let asked: Vec<_> = rows
            .iter()
            .map(|row| (row.public_id.as_str(), row.received, row.size))
            .collect();
        let wanted = saved.wanted(&asked, self.shared.keep.bytes).await.map_err(told).ok()?;
        let wanted: HashSet<String> = wanted.into_iter().collect();
        let ids: Vec<_> = asked.iter().map(|(id, _, _)| *id).collect();
        let kept = saved.has(&ids).await.map_err(told).ok()?;
        let has_room = rows
            .iter()
            .zip(kept)
            .all(|(row, kept)| kept || row.size > ORDINARY || wanted.contains(&row.public_id));
        Some((wanted, has_room))
    }

    /// `None` where the others cannot be kept either.
    async fn keep_row<'a>(
        self: &Arc<Self>,
        (mailbox, path): (i64, &MailboxPath),
        row: &MessageRow,
        stalled: &mut usize,
        read: &impl Fn(ReadRequest, u64) -> BoxFuture<'a, Piece>,
    ) -> Option<()> {
        let meta = SavedMeta {
            delivered: row.received,
            pinned: is_pinned(row),
            opened: false,
        };
        let Some(wanted) = request_of(row) else { return Some(()) };
        match self
            .keep_piece_by_piece(&row.public_id, meta, (wanted, row.size), read)
            .await?
        {
            Outcome::Kept => {}
            // It may be that another has its name: it is kept when the mailbox is read again.
            Outcome::Unreadable => drop(self.reread(mailbox, path, row, Urgency::Background).await),
            Outcome::Stalled => {
                *stalled += 1;
                if *stalled >= sync::MOST || self.answers_at_once(path).await.is_err() {
                    return None;
                }
            }
        }
        Some(())
    }
}

/// What was read or flagged since it was kept.
async fn pin(saved: &Saved, rows: &[MessageRow]) -> Option<()> {
    for pinned in [true, false] {
        let ids = rows
            .iter()
            .filter(|row| is_pinned(row) == pinned)
            .map(|row| row.public_id.as_str());
        let ids: Vec<_> = ids.collect();
        saved.set_pinned(&ids, pinned).await.map_err(told).ok()?;
    }
    Some(())
}

/// Unread or flagged: somebody will look for it.
fn is_pinned(row: &MessageRow) -> bool {
    row.unread || row.flags & index::flags::FLAGGED != 0
}
