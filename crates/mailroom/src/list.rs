mod look;

use crate::{MailroomError, Reader, Wording, convert, desk::Desk, reader::freshness};
use api_types::{ListQuery, MailboxId, MessageList, Role, Sort, Source};
use index::{MailboxRow, PageQuery};
use look::{Read, read, read_and_look};
use std::{sync::Arc, time::Duration};

/// Rows on a page.
const PAGE: u32 = 50;

impl Reader {
    /// A page of a mailbox, from the index; the spool is looked at first, no longer than the deadline for lists.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for a mailbox that is not this account's; a mailbox that cannot be read is no error: the
    /// answer says so in `trouble`.
    pub async fn list(
        &self,
        mailbox: &MailboxId,
        query: &ListQuery,
        words: &dyn Wording,
    ) -> Result<MessageList, MailroomError> {
        self.with_desk(|desk| self.list_at(desk, mailbox, query, words)).await
    }

    async fn list_at(
        &self,
        desk: Arc<Desk>,
        mailbox: &MailboxId,
        query: &ListQuery,
        words: &dyn Wording,
    ) -> Result<MessageList, MailroomError> {
        let deadline = self.shared().deadlines.list;
        let began = self.shared().clock.ticks_us();
        let mut asked = page_query(query);
        let (mut found, looked) = read_and_look(&desk, mailbox, &asked, deadline).await?;
        let row = found.page.mailbox.as_ref().ok_or(MailroomError::NotFound)?;
        let id = row.id;
        let pages = pages(found.page.matching);
        // While a listing is being written the newest are there, and the rest is only counted.
        let there = match (row.coming, query.unread, found.page.rows.is_empty()) {
            (0, ..) | (_, true, false) => pages,
            (_, true, true) => 1,
            (coming, false, _) => self::pages(found.page.matching.saturating_sub(coming)),
        };
        let number = query.page.clamp(1, there);
        if number != query.page.max(1) {
            asked.offset = (number - 1) * PAGE;
            found = read(&desk, id, &asked).await?;
        }
        if found.page.rows.iter().any(|row| row.loading) {
            let spent = Duration::from_micros(self.shared().clock.ticks_us() - began);
            found = wait_for_headers(&desk, id, &asked, found, deadline.saturating_sub(spent)).await?;
        }

        let Read { page, reading } = found;
        let row = page.mailbox.ok_or(MailroomError::NotFound)?;
        let seen = desk.work().seen.get(&row.id).copied();
        let mut freshness = freshness(
            desk.now_ns(),
            seen.max(row.as_of),
            looked.spool_us,
            pending(&row, reading),
            |at| words.moment(at),
        );
        // However lately it was true: the spool could not be asked now.
        if looked.trouble.is_some() {
            freshness.source = Source::Saved;
        }
        let reference = convert::mailbox_ref(&row);
        let outgoing = matches!(reference.role, Role::Sent | Role::Drafts);
        Ok(MessageList {
            mailbox: reference,
            query: ListQuery {
                page: number,
                ..query.clone()
            },
            pages,
            total: row.total,
            unread: row.unread,
            rows: page
                .rows
                .into_iter()
                .map(|row| convert::message_row(row, outgoing, words))
                .collect(),
            freshness,
            trouble: looked.trouble,
            notes: convert::defect_notes(row.defect.as_deref()),
        })
    }
}

fn pages(messages: u64) -> u32 {
    u32::try_from(messages.div_ceil(u64::from(PAGE)).max(1)).unwrap_or(u32::MAX)
}

/// The order and filter of a page of the index.
pub(crate) fn page_query(query: &ListQuery) -> PageQuery {
    let (sort, descending) = match query.sort {
        Sort::Date => (index::Sort::Date, true),
        Sort::Oldest => (index::Sort::Date, false),
        Sort::From => (index::Sort::From, false),
        Sort::Subject => (index::Sort::Subject, false),
        Sort::Size => (index::Sort::Size, true),
    };
    PageQuery {
        sort,
        descending,
        unread_only: query.unread,
        offset: query.page.saturating_sub(1).saturating_mul(PAGE),
        limit: PAGE,
    }
}

/// The page that reading begins with.
fn is_newest(asked: &PageQuery) -> bool {
    asked.sort == index::Sort::Date && asked.descending && asked.offset == 0 && !asked.unread_only
}

/// Headers of the page's rows are being read: waits for them while the deadline lasts.
async fn wait_for_headers(
    desk: &Arc<Desk>,
    mailbox: i64,
    asked: &PageQuery,
    mut found: Read,
    patience: Duration,
) -> Result<Read, MailroomError> {
    let mut progress = desk.progress.subscribe();
    desk.read_behind(mailbox);
    let waiting = async {
        // The newest are read first anyhow. What is read may come to stand on another page.
        while !is_newest(asked) && found.page.rows.iter().any(|row| row.loading) {
            let Some(row) = &found.page.mailbox else { break };
            match desk.read_heads_of(&row.path, &found.page.rows, patience).await {
                Ok(1..) => found = read(desk, mailbox, asked).await?,
                // What cannot be read now waits for its turn.
                Ok(0) | Err(_) => break,
            }
        }
        while found.page.rows.iter().any(|row| row.loading) && desk.is_reading(mailbox) {
            if progress.changed().await.is_err() {
                break;
            }
            found = read(desk, mailbox, asked).await?;
        }
        Ok::<_, MailroomError>(())
    };
    match tokio::time::timeout(patience, waiting).await {
        Ok(Err(error)) => return Err(error),
        Ok(Ok(())) => found = read(desk, mailbox, asked).await?,
        Err(_) => {}
    }
    Ok(found)
}

/// Messages of which something is still to come. A text counts only while somebody reads: one that cannot be read stays
/// unknown, and is not waited for.
fn pending(row: &MailboxRow, reading: bool) -> u64 {
    row.pending_headers + if reading { row.pending_previews } else { 0 }
}

#[cfg(test)]
mod tests {
    use crate::testing::Room;
    use index::{EnvelopeIn, ListingIn, Seen};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn previews_are_pending_while_they_are_read_and_no_longer() {
        let room = Room::new().await;
        room.deliver("cur/1795000001.M1P1.h,S=19:2,", "Subject: one\n\ntext\n");
        room.read_all().await;
        let list = room.list().await;
        assert_eq!((list.freshness.pending, list.rows[0].preview.as_str()), (0, "text"));

        // Its header is known, its text not, and nobody will find it where the index says.
        let (desk, inbox) = (room.desk().await, room.inbox().await);
        let (mailbox, row) = desk
            .index
            .find(inbox.as_str(), list.rows[0].id.as_str())
            .await
            .unwrap()
            .unwrap();
        let row = row.unwrap();
        let nowhere = Seen {
            public_id: row.public_id,
            base: row.base,
            location: b"nowhere".to_vec(),
            size: Some(row.size + 1),
            ..Seen::default()
        };
        let listing = ListingIn {
            entries: vec![nowhere],
            stamp: mailbox.stamp.unwrap(),
            settled: true,
            ..ListingIn::default()
        };
        desk.index.apply_listing(mailbox.id, &listing, 0).await.unwrap();
        let header = EnvelopeIn {
            row: row.row,
            ..EnvelopeIn::default()
        };
        desk.index.put_envelopes(&[header]).await.unwrap();
        desk.note_change();

        assert!(
            desk.work().reading.insert(mailbox.id, false).is_none(),
            "as if somebody were reading"
        );
        assert_eq!(room.list().await.freshness.pending, 1);
        desk.work().reading.remove(&mailbox.id);

        let mut progress = desk.progress.subscribe();
        desk.read_behind(mailbox.id);
        while desk.is_reading(mailbox.id) {
            progress.changed().await.unwrap();
        }
        let list = room.list().await;
        assert_eq!(list.freshness.pending, 0, "what cannot be read is not waited for");
        assert_eq!(
            desk.index
                .mailbox_by_row(mailbox.id)
                .await
                .unwrap()
                .unwrap()
                .pending_previews,
            1
        );
    }
}
