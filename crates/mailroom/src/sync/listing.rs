use super::CLOCK_SKEW_NS;
use crate::{MailroomError, desk::Desk};
use api_types::Cause;
use index::{ListingIn, MailboxRow, Rest, Seen};
use spool::{ArrivalMemory, Entry, Listing, MailboxStamp, MboxMemory};
use std::{cmp::Reverse, sync::Arc, time::Duration};

/// Messages that show before the rest of a first listing is written, and how many make that worth it.
const FIRST: usize = 100;
const LONG: usize = 2 * FIRST;
/// The rest waits this long for the heads of the first page, which a slow spool may not give.
const HEADS_FIRST: Duration = Duration::from_secs(1);
/// Entries looked at before other tasks have their turn.
const TURN: usize = 1_000;
impl Desk {
    /// Takes a listing that was made at `now`; a long one shows as soon as its beginning is written.
    pub(super) async fn take_listing(
        self: &Arc<Self>,
        row: &MailboxRow,
        listing: Listing,
        now: i64,
        spool_us: u64,
    ) -> Result<Option<Cause>, MailroomError> {
        let settled = listing.at_rest && listing.stamp.settled(now, CLOCK_SKEW_NS);
        let as_of = self.as_of(row, listing.at_rest, settled, now);
        if row.stamp.is_none() && row.total == 0 && listing.entries.len() > LONG {
            self.begin(row, &listing.entries, (now, as_of), spool_us).await?;
        }
        let trusted = listing
            .arrival_memory
            .filter(|memory| memory.trusted(now, CLOCK_SKEW_NS));
        let before = row.stamp.as_deref().and_then(MailboxStamp::from_bytes);
        let memory = listing.mbox_memory.as_ref().map(MboxMemory::to_bytes);
        let mut entries = Vec::with_capacity(listing.entries.len());
        for (at, entry) in listing.entries.into_iter().enumerate() {
            if at % TURN == TURN - 1 {
                tokio::task::yield_now().await;
            }
            entries.push(self.seen_entry(entry));
        }
        let listing = ListingIn {
            entries,
            may_remove: listing.consistent,
            stamp: listing.stamp.to_bytes(),
            settled,
            memory: memory.or_else(|| trusted.as_ref().map(ArrivalMemory::to_bytes)),
            uidvalidity: listing.uidvalidity,
            expected: listing.expected,
            same_place: before.as_ref().is_some_and(|before| before.same_place(&listing.stamp)),
            other_device: before.is_some_and(|before| before.other_device(&listing.stamp)),
            defect: crate::convert::defects_to_text(&listing.defects),
            as_of,
        };
        let applied = self
            .index
            .apply_listing_in_steps(row.id, &listing, now, &|| self.shows(row.id, spool_us))
            .await?;
        self.note_change();
        if applied.refused.is_some() {
            self.work().listed.remove(&row.id);
            return Ok(Some(Cause::WrongStore));
        }
        if applied.added > 0 {
            self.mark_opened_here().await?;
        }
        {
            let mut work = self.work();
            if applied.missing > 0 {
                // The second listing decides, and an equal stamp must not stand in for it.
                work.listed.remove(&row.id);
            } else {
                work.listed.insert(row.id, now);
            }
        }
        let as_of = as_of.filter(|_| applied.is_whole());
        self.note_look(row.id, now, as_of, applied.is_doubted());
        self.follow(row, &applied, settled, applied.added > 0);
        let is_elsewhere = applied.is_doubted() && listing.other_device;
        self.forget_kept_behind(applied.forgotten);
        Ok(is_elsewhere.then_some(Cause::WrongStore))
    }

    /// Shows the newest messages of a mailbox that is seen for the first time, before anything is done with the rest.
    async fn begin(
        self: &Arc<Self>,
        row: &MailboxRow,
        entries: &[Entry],
        (now, as_of): (i64, Option<i64>),
        spool_us: u64,
    ) -> Result<(), MailroomError> {
        let mut order: Vec<&Entry> = entries.iter().collect();
        let hint = |entry: &&Entry| Reverse(entry.delivered_hint);
        let (newest, _, _) = order.select_nth_unstable_by_key(FIRST, hint);
        let newest: Vec<Seen> = newest.iter().map(|entry| self.seen_entry((*entry).clone())).collect();
        let unread = entries.iter().filter(|entry| !entry.flags.seen).count();
        let unread_here = newest
            .iter()
            .filter(|entry| entry.flags & index::flags::SEEN == 0)
            .count();
        let rest = Rest {
            coming: (entries.len() - newest.len()) as u64,
            unread: (unread - unread_here) as u64,
        };
        if self.index.begin_listing(row.id, &newest, rest, as_of).await? {
            self.note_change();
            let ids: Vec<String> = newest.into_iter().map(|seen| seen.public_id).collect();
            self.set_opened_here(self.opened_of(&ids).await?, true).await?;
            self.note_look(row.id, now, as_of, false);
            self.shows(row.id, spool_us);
            // Somebody may be waiting for the heads of the first page and for the counts: the rest takes no turn before them.
            let mut progress = self.progress.subscribe();
            let _ = tokio::time::timeout(HEADS_FIRST, progress.changed()).await;
            self.counts_first().await;
        }
        Ok(())
    }

    /// Part of a long listing has been written: whoever waits may have it, and its headers are read.
    fn shows(self: &Arc<Self>, mailbox: i64, spool_us: u64) {
        self.note_change();
        self.work().begun.insert(mailbox, spool_us);
        self.read_behind(mailbox);
        self.report_progress();
    }

    pub(super) fn seen_entry(&self, entry: Entry) -> Seen {
        Seen {
            public_id: self.shared.ids.message(&self.account.name, entry.base.as_bytes()),
            location: entry.location.to_bytes(),
            flags: crate::convert::flag_bits(&entry.flags),
            keywords: entry.keywords,
            uid: entry.uid,
            size: entry.size,
            order_hint: entry.delivered_hint.unwrap_or(0),
            base: entry.base.as_bytes().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Plain, Room};
    use api_types::{Cause, ListQuery, Source};
    use std::{fs, time::Duration};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_long_mailbox_shows_before_it_is_written_and_is_whole_in_the_end() {
        let room = Room::new().await;
        for number in 0..1_700 {
            let flags = if number % 2 == 0 { "S" } else { "" };
            room.deliver(
                &format!("cur/17950{number:05}.M1P1.h:2,{flags}"),
                "Subject: one\n\ntext\n",
            );
        }
        let (desk, inbox) = (room.desk().await, room.inbox().await);
        let id = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap().id;
        let query = |page| ListQuery {
            page,
            ..ListQuery::default()
        };
        for page in [1, 34, 9, 1] {
            let list = room.reader().list(&inbox, &query(page), &Plain).await.unwrap();
            assert_eq!((list.total, list.unread), (1_700, 850));
            assert!(!list.rows.is_empty() && list.trouble.is_none());
            assert!(list.query.page <= page);
            if page == 1 {
                assert!(list.rows.iter().all(|row| !row.loading));
            }
        }
        room.read_all().await;
        assert!(desk.work().begun.is_empty());
        let row = desk.index.mailbox_by_row(id).await.unwrap().unwrap();
        assert_eq!((row.total, row.unread, row.coming), (1_700, 850, 0));
        assert_eq!((row.pending_headers, row.settled), (0, true));
        let list = room.reader().list(&inbox, &query(34), &Plain).await.unwrap();
        assert_eq!((list.query.page, list.rows.len()), (34, 50));
    }

    #[tokio::test]
    async fn another_store_in_its_place_is_told_and_nothing_is_taken_for_gone() {
        let room = Room::new().await;
        let names = |count: u32| (0..count).map(|number| format!("cur/17950000{number:02}.M1P1.h:2,S"));
        names(25).for_each(|name| room.deliver(&name, "Subject: one\n\ntext\n"));
        room.read_all().await;
        room.put_away();
        let other = tempfile::tempdir_in("/dev/shm").unwrap();
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(other.path().join(sub)).unwrap();
        }
        std::os::unix::fs::symlink(other.path(), room.path().join("Maildir")).unwrap();
        names(5).for_each(|name| room.deliver(&name, "Subject: one\n\ntext\n"));
        for _ in 0..3 {
            room.pass(Duration::from_secs(60));
            let list = room.list().await;
            assert_eq!((list.total, list.trouble), (25, Some(Cause::WrongStore)));
            assert_eq!(list.freshness.source, Source::Saved);
        }
        fs::remove_file(room.path().join("Maildir")).unwrap();
        room.put_back();
        let list = room.list().await;
        assert_eq!(
            (list.total, list.trouble, list.freshness.source),
            (25, None, Source::Live)
        );
    }

    #[tokio::test]
    async fn a_mailbox_that_another_store_does_not_have_is_not_taken_for_removed() {
        let room = Room::new().await;
        room.make_mailbox(".Work");
        room.deliver(".Work/cur/1795000001.M1P1.h:2,S", "Subject: minutes\n\ntext\n");
        room.deliver("cur/1795000002.M1P1.h:2,S", "Subject: one\n\ntext\n");
        room.read_all().await;
        let names = async || {
            let rail = room.reader().rail(&Plain).await.unwrap();
            rail.mailboxes.into_iter().map(|line| line.total).collect::<Vec<_>>()
        };
        assert_eq!(names().await, [1, 1]);
        room.put_away();
        // As a mail server makes it in an empty mount point.
        let other = tempfile::tempdir_in("/dev/shm").unwrap();
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(other.path().join(sub)).unwrap();
        }
        std::os::unix::fs::symlink(other.path(), room.path().join("Maildir")).unwrap();
        for _ in 0..3 {
            room.pass(Duration::from_secs(3600));
            assert_eq!(names().await.len(), 2);
        }
        fs::remove_file(room.path().join("Maildir")).unwrap();
        room.put_back();
        room.pass(Duration::from_secs(60));
        room.read_all().await;
        assert_eq!(names().await.len(), 2);
        // Where the mail lies, it is another matter.
        fs::remove_dir_all(room.path().join("Maildir/.Work")).unwrap();
        for _ in 0..3 {
            room.pass(Duration::from_secs(60));
            room.read_all().await;
        }
        assert_eq!(names().await.len(), 1);
    }

    /// As one that was killed while it wrote leaves the file.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_counted_and_not_there_yet_is_not_asked_for() {
        let room = Room::new().await;
        room.deliver("cur/1795000001.M1P1.h:2,S", "Subject: one\n\ntext\n");
        room.read_all().await;
        let (desk, inbox) = (room.desk().await, room.inbox().await);
        let id = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap().id;
        let (seen, other) = (
            index::MailboxSeen {
                public_id: "other".into(),
                path: b".Other".to_vec(),
                ..Default::default()
            },
            desk.index.mailbox_by_row(id).await.unwrap().unwrap(),
        );
        let known = index::MailboxSeen {
            public_id: other.public_id,
            path: other.path,
            segments: other.segments,
            special_use: other.special_use,
            subscribed: other.subscribed,
            defect: None,
        };
        desk.index.sync_mailboxes(&[known, seen], &[], 0).await.unwrap();
        let other = desk.index.mailbox("other").await.unwrap().unwrap().id;
        let rest = index::Rest {
            coming: 500,
            unread: 500,
        };
        assert!(desk.index.begin_listing(other, &[], rest, Some(1)).await.unwrap());
        desk.note_change();
        for unread in [false, true] {
            let asked = ListQuery {
                page: 9,
                unread,
                ..ListQuery::default()
            };
            let list = room.reader().list(&"other".into(), &asked, &Plain).await.unwrap();
            assert_eq!((list.query.page, list.rows.len(), list.total), (1, 0, 500));
            assert_eq!(list.freshness.pending, 500);
        }
    }
}
