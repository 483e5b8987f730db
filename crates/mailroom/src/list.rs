mod look;

use crate::{MailroomError, Reader, Wording, convert, desk::Desk, sync::LastLook};
use api_types::{ListQuery, MailboxId, MessageList, PAGE, PIECE, Role, Sort};
use index::{MailboxRow, PageQuery};
use look::{Read, read, read_and_look};
use std::{ops::Range, sync::Arc, time::Duration};

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
        self.with_desk(mailbox.snapshot(), |desk| self.list_at(desk, mailbox, query, words))
            .await
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
        self.took().note_spool(looked.spool_us, looked.queued_us);
        let row = found.page.mailbox.as_ref().ok_or(MailroomError::NotFound)?;
        let id = row.id;
        // While a listing is being written the newest are there, and the rest is only counted.
        let there = match (row.coming, query.unread, found.page.rows.is_empty()) {
            (0, ..) | (_, true, false) => found.page.matching,
            (_, true, true) => 0,
            (coming, false, _) => found.page.matching.saturating_sub(coming),
        };
        let first = match span(query, words) {
            Some(span) => {
                let moment = if asked.descending { span.end } else { span.start };
                u32::try_from(desk.index.before(id, &asked, moment).await?).unwrap_or(u32::MAX)
            }
            None => asked.offset,
        };
        let first = within(first, there, query.from.is_some() || query.day.is_some());
        if first != asked.offset {
            asked.offset = first;
            found = read(&desk, id, &asked).await?;
        }
        if found.page.rows.iter().any(|row| row.loading) {
            let spent = Duration::from_micros(self.shared().clock.ticks_us() - began);
            found = wait_for_headers(&desk, id, &asked, found, deadline.saturating_sub(spent)).await?;
        }

        let Read { page, reading, last } = found;
        let row = page.mailbox.as_ref().ok_or(MailroomError::NotFound)?;
        // However lately it was true: the spool could not be asked now.
        let look = LastLook {
            trouble: looked.trouble,
            ..last.of(row)
        };
        let freshness = desk.told(look, looked.spool_us, pending(row, reading), words);
        let reference = convert::mailbox_ref(row);
        let outgoing = matches!(reference.role, Role::Sent | Role::Drafts);
        Ok(MessageList {
            mailbox: reference,
            query: answered(query, first, page.matching),
            first,
            matching: page.matching,
            total: row.total,
            unread: row.unread,
            rows: page
                .rows
                .iter()
                .map(|row| convert::message_row(row.clone(), None, outgoing, words))
                .collect(),
            freshness,
            trouble: looked.trouble,
            drill: self.drill(words),
            notes: convert::defect_notes(row.defect.as_deref()),
            found: None,
            earlier: desk.earlier(looked.trouble, words).await,
        })
    }
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
        offset: offset(query),
        limit: limit(query),
    }
}

/// The first row that is wanted, as far as the query alone tells.
pub(crate) fn offset(query: &ListQuery) -> u32 {
    query
        .from
        .unwrap_or_else(|| query.page.saturating_sub(1).saturating_mul(PAGE))
}

/// Rows that are wanted.
pub(crate) fn limit(query: &ListQuery) -> u32 {
    if query.from.is_some() { PIECE } else { PAGE }
}

/// The first row as far as there are rows: what lies beyond the last page is the last page, or, in a list that is not cut into
/// pages, the last row.
pub(crate) fn within(first: u32, matching: u64, anywhere: bool) -> u32 {
    let last = u32::try_from(matching.saturating_sub(1)).unwrap_or(u32::MAX);
    if anywhere || first <= last {
        first.min(last)
    } else {
        last / PAGE * PAGE
    }
}

/// What was asked, as the answer repeats it.
pub(crate) fn answered(query: &ListQuery, first: u32, matching: u64) -> ListQuery {
    let row = match query.from {
        // The page of the URL, not of the piece.
        Some(_) => within(query.page.saturating_sub(1).saturating_mul(PAGE), matching, false),
        None => first,
    };
    ListQuery {
        page: row / PAGE + 1,
        from: None,
        ..query.clone()
    }
}

/// The day that a list by date shall begin with.
fn span(query: &ListQuery, words: &dyn Wording) -> Option<Range<i64>> {
    let day = query.day.as_deref().filter(|_| query.from.is_none())?;
    matches!(query.sort, Sort::Date | Sort::Oldest)
        .then(|| words.span(day))
        .flatten()
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
    use super::within;
    use crate::testing::{Plain, Room};
    use api_types::{ListQuery, Sort};
    use index::{EnvelopeIn, ListingIn, Seen};

    #[test]
    fn what_lies_beyond_the_last_row() {
        assert_eq!(
            [0, 49, 99, 100, 150, 4000].map(|first| within(first, 120, false)),
            [0, 49, 99, 100, 100, 100]
        );
        assert_eq!([0, 119, 120].map(|first| within(first, 120, true)), [0, 119, 119]);
        assert_eq!([within(50, 0, false), within(50, 0, true)], [0, 0]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_list_begins_with_a_day_or_with_any_row() {
        let room = Room::new().await;
        for number in 0..120 {
            let (minute, second) = (number / 60, number % 60);
            let text = format!("Subject: {number}\nDate: Thu, 01 Jan 1970 00:{minute:02}:{second:02} +0000\n\n.");
            room.deliver(&format!("cur/1795000{number:03}.M1P1.h:2,"), &text);
        }
        room.read_all().await;
        let inbox = room.inbox().await;
        let ask = async |query: ListQuery| room.reader().list(&inbox, &query, &Plain).await.unwrap();
        let at = |list: &api_types::MessageList| {
            (
                list.first,
                list.query.page,
                list.rows.len(),
                list.rows[0].subject.clone(),
            )
        };
        let day = |day: &str| Some(day.to_owned());

        let list = ask(ListQuery {
            day: day("20"),
            ..ListQuery::default()
        })
        .await;
        assert_eq!(at(&list), (90, 2, 30, "29".into()));
        let oldest = ListQuery {
            day: day("20"),
            sort: Sort::Oldest,
            ..ListQuery::default()
        };
        assert_eq!(at(&ask(oldest).await), (20, 1, 50, "20".into()));
        let list = ask(ListQuery {
            day: day("-50"),
            ..ListQuery::default()
        })
        .await;
        assert_eq!(at(&list), (119, 3, 1, "0".into()), "before the first: the last row");
        let list = ask(ListQuery {
            day: day("no day"),
            page: 2,
            ..ListQuery::default()
        })
        .await;
        assert_eq!(at(&list), (50, 2, 50, "69".into()));
        let list = ask(ListQuery {
            day: day("20"),
            sort: Sort::Subject,
            ..ListQuery::default()
        })
        .await;
        assert_eq!(list.first, 0, "not in a list that is not by date");

        let list = ask(ListQuery {
            from: Some(100),
            page: 2,
            ..ListQuery::default()
        })
        .await;
        assert_eq!(at(&list), (100, 2, 20, "19".into()));
        assert_eq!(list.query.from, None);
        let list = ask(ListQuery {
            from: Some(5),
            day: day("20"),
            ..ListQuery::default()
        })
        .await;
        assert_eq!((at(&list), list.query.day), ((5, 1, 115, "114".into()), day("20")));
        assert_eq!(
            at(&ask(ListQuery {
                page: 77,
                ..ListQuery::default()
            })
            .await),
            (100, 3, 20, "19".into())
        );
    }

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
