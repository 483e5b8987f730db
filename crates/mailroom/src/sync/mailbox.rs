use super::{
    CLOCK_SKEW_NS, SECOND_LOOK,
    mailboxes::FLIGHT_DEADLINE,
    reading::{envelope_in, parted, preview_in},
};
use crate::{
    MailroomError,
    desk::{Desk, Looked},
    spool_client::{Met, ReadRequest, Urgency},
};
use api_types::Cause;
use index::{Applied, ArrivalsIn, MailboxRow, Seen};
use spool::{ArrivalMemory, Entry, MailboxPath, MboxMemory};
use std::{cmp::Reverse, sync::Arc, time::Duration};

/// A listing that changed under the reader is tried again this often.
const TRIES: u32 = 3;
/// A mailbox is listed again after this, in nanoseconds, whatever its stamp says.
const LISTED_AGE_NS: i64 = 24 * 3600 * 1_000_000_000;
/// Arrivals that are read when they are met; the others when their turn comes.
const MET_AT_ONCE: usize = 20;
/// A look outlives those who wait for it.
pub(super) const URGENCY: Urgency = Urgency::Waiting(FLIGHT_DEADLINE);
/// The file's own note of when a mailbox was seen is renewed after this, in nanoseconds: a row for each look would be a
/// write for each click.
const NOTE_AGE_NS: i64 = 10_000_000_000;

impl Desk {
    /// Sees whether the mailbox changed (three system calls if not). Then it takes what arrived, or lists it if more happened.
    pub(super) async fn look_at(self: &Arc<Self>, mailbox: i64, row: Option<MailboxRow>) -> Looked {
        match self.try_look_at(mailbox, row).await {
            Ok(looked) => looked,
            Err(error) => {
                tracing::error!(%error, "the index does not take a listing");
                Looked::trouble(Cause::Portal)
            }
        }
    }

    async fn try_look_at(self: &Arc<Self>, mailbox: i64, row: Option<MailboxRow>) -> Result<Looked, MailroomError> {
        let row = match row {
            Some(row) => row,
            None => match self.index.mailbox_by_row(mailbox).await? {
                Some(row) => row,
                None => return Ok(Looked::trouble(Cause::Missing)),
            },
        };
        let path = MailboxPath::from_bytes(row.path.clone());
        let began = self.shared.clock.ticks_us();
        let is_listed = self.is_listed(mailbox);
        self.know_troubles(mailbox).await;

        // What was listed of a complete copy, by this process or one before it, is so; it may not have been read to its end.
        if self.is_frozen() && row.stamp.is_some() {
            let now = self.now_ns();
            self.note_look(mailbox, now, Some(now), false);
            if !is_listed {
                let mut work = self.work();
                work.listed.insert(mailbox, now);
                work.listed_before = true;
                drop(work);
                self.follow(&row, &Applied::default(), true, false);
            } else if self.is_trouble_due(mailbox) {
                self.read_behind(mailbox);
            }
            return Ok(Looked::default());
        }
        if row.settled && is_listed {
            let now = self.now_ns();
            match self.shared.client.stamp(&self.account, &path, URGENCY).await {
                Ok(stamp) if row.stamp.as_deref() == Some(&stamp.to_bytes()[..]) => {
                    self.note_seen(&row, now, Some(now)).await?;
                    if self.is_trouble_due(mailbox) {
                        self.read_behind(mailbox);
                    }
                    return Ok(self.looked(began, None));
                }
                Ok(_) => {}
                Err(cause) => return Ok(self.troubled(mailbox, began, cause)),
            }
        }
        let memory = match row.stamp {
            Some(_) => self.index.memory(mailbox).await?,
            None => None,
        };
        if is_listed
            && let Some(known) = memory.as_deref().and_then(ArrivalMemory::from_bytes)
            && let Some(looked) = self.look_for_arrivals(&row, &path, known, began).await?
        {
            return Ok(looked);
        }

        let mut known = memory.as_deref().and_then(MboxMemory::from_bytes);
        for attempt in 1..=TRIES {
            let now = self.now_ns();
            let listing = self
                .shared
                .client
                .list(&self.account, &path, known.take(), URGENCY)
                .await;
            let listing = match listing {
                Ok(listing) => listing,
                Err(cause) => return Ok(self.troubled(mailbox, began, cause)),
            };
            let consistent = listing.consistent;
            if consistent || attempt == TRIES {
                let looked = self.looked(began, None);
                let trouble = self.take_listing(&row, listing, now, looked.spool_us).await?;
                return Ok(Looked { trouble, ..looked });
            }
            known.clone_from(&listing.mbox_memory);
            tokio::time::sleep(Duration::from_millis(20 << attempt)).await;
        }
        Ok(Looked::trouble(Cause::Slow))
    }

    /// This process has listed the mailbox, and not too long ago.
    fn is_listed(&self, mailbox: i64) -> bool {
        let now = self.now_ns();
        let listed = self.work().listed.get(&mailbox).copied();
        // Equality of stamps is not believed for ever; nor is a clock that was set back.
        listed.is_some_and(|at| (0..LISTED_AGE_NS).contains(&(now - at)))
    }

    fn looked(&self, began: u64, trouble: Option<Cause>) -> Looked {
        Looked {
            spool_us: self.shared.clock.ticks_us() - began,
            trouble,
            ..Looked::default()
        }
    }

    /// After a fault the mailbox is listed, whatever its stamp: another store may have been put in its place.
    fn troubled(&self, mailbox: i64, began: u64, cause: Cause) -> Looked {
        self.work().listed.remove(&mailbox);
        self.looked(began, Some(cause))
    }

    /// Takes what arrived, if that is all that happened; else `None`.
    async fn look_for_arrivals(
        self: &Arc<Self>,
        row: &MailboxRow,
        path: &MailboxPath,
        known: ArrivalMemory,
        began: u64,
    ) -> Result<Option<Looked>, MailroomError> {
        let now = self.now_ns();
        let client = &self.shared.client;
        let arrivals = match client.arrivals(&self.account, path, known, URGENCY).await {
            Ok(Some(arrivals)) => arrivals,
            Ok(None) => return Ok(None),
            Err(cause) => return Ok(Some(self.troubled(row.id, began, cause))),
        };
        let looked = self.looked(began, None);
        let settled = arrivals.consistent && arrivals.stamp.settled(now, CLOCK_SKEW_NS);
        let as_of = self.as_of(row, arrivals.consistent, settled, now);
        let stamp = arrivals.stamp.to_bytes();
        if arrivals.entries.is_empty() && !settled && row.stamp.as_ref() == Some(&stamp) {
            self.note_seen(row, now, as_of).await?;
            self.look_again_behind(row.id);
            return Ok(Some(looked));
        }
        let Met { heads, texts } = self.meet(path, &arrivals.entries).await;
        let entries: Vec<Seen> = arrivals
            .entries
            .into_iter()
            .map(|entry| self.seen_entry(entry))
            .collect();
        let ids: Vec<String> = entries.iter().map(|entry| entry.public_id.clone()).collect();
        let arrivals = ArrivalsIn {
            entries,
            since: row.stamp.clone().unwrap_or_default(),
            stamp,
            settled,
            memory: arrivals.memory.to_bytes(),
            as_of,
            heads: parted(heads, envelope_in).0,
            texts: parted(texts, preview_in).0,
        };
        let (applied, opened) = tokio::join!(self.index.apply_arrivals(row.id, &arrivals, now), self.opened_of(&ids));
        let Some(applied) = applied? else {
            return Ok(None);
        };
        self.note_change();
        self.set_opened_here(opened?, true).await?;
        self.note_look(row.id, now, as_of, false);
        let all_read = arrivals.texts.len() == arrivals.entries.len();
        self.follow(row, &applied, settled, applied.added > 0 && !all_read);
        Ok(Some(looked))
    }

    /// Reads the newest of what arrived; their rows are places among the entries.
    async fn meet(&self, path: &MailboxPath, entries: &[Entry]) -> Met {
        let mut newest: Vec<usize> = (0..entries.len()).collect();
        newest.sort_unstable_by_key(|at| Reverse(entries[*at].delivered_hint));
        newest.truncate(MET_AT_ONCE);
        let request = |at: usize| ReadRequest {
            row: i64::try_from(at).unwrap_or(i64::MAX),
            base: entries[at].base.clone(),
            location: entries[at].location.clone(),
            file: None,
        };
        let wanted: Vec<ReadRequest> = newest.into_iter().map(request).collect();
        match wanted.is_empty() {
            true => Met::default(),
            false => self.shared.client.met(&self.account, path, wanted).await,
        }
    }

    /// What is still to be read is read behind, and what is not certain is looked at again.
    pub(super) fn follow(self: &Arc<Self>, row: &MailboxRow, applied: &Applied, settled: bool, to_read: bool) {
        if to_read || row.pending_headers > 0 || row.pending_previews > 0 || self.is_trouble_due(row.id) {
            self.read_behind(row.id);
        }
        // What is doubtful is not decided by looking often.
        if !self.is_frozen() && ((applied.missing > 0 && !applied.doubtful) || !settled) {
            self.look_again_behind(row.id);
        }
        self.report_progress();
    }

    /// The spool answered at `now`, and nothing changed.
    async fn note_seen(&self, row: &MailboxRow, now: i64, as_of: Option<i64>) -> Result<(), MailroomError> {
        self.note_look(row.id, now, as_of, false);
        let is_noted = |at: i64| row.as_of.is_some_and(|noted| (0..=NOTE_AGE_NS).contains(&(at - noted)));
        if let Some(at) = as_of.filter(|at| !is_noted(*at)) {
            self.index.verified(row.id, at).await?;
            self.note_change();
        }
        Ok(())
    }

    /// A missing name is decided by a second listing, and a stamp too young to be trusted by a second look.
    fn look_again_behind(self: &Arc<Self>, mailbox: i64) {
        if !self.work().looking_again.insert(mailbox) {
            return;
        }
        let desk = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(SECOND_LOOK).await;
            desk.work().looking_again.remove(&mailbox);
            desk.look_within(mailbox, FLIGHT_DEADLINE).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::LISTED_AGE_NS;
    use crate::{desk::Desk, testing::Room};
    use index::{MailboxRow, MessageRow, PageQuery, Sort};
    use std::sync::Arc;

    /// An inbox with two messages that was listed, at a time that tells a later listing from that one.
    async fn listed(room: &Room) -> (Arc<Desk>, i64) {
        room.deliver("cur/1795000001.M1P1.h,S=19:2,S", "Subject: one\n\ntext\n");
        room.deliver("new/1795000002.M1P1.h,S=19", "Subject: two\n\ntext\n");
        room.read_all().await;
        let (desk, inbox) = (room.desk().await, room.inbox().await);
        let id = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap().id;
        pretend(&desk, id, 7);
        (desk, id)
    }

    fn pretend(desk: &Desk, id: i64, listed_ago: i64) {
        let at = desk.now_ns() - listed_ago;
        desk.work().listed.insert(id, at);
    }

    fn listed_ago(desk: &Desk, id: i64) -> Option<i64> {
        let at = desk.work().listed.get(&id).copied();
        at.map(|at| desk.now_ns() - at)
    }

    async fn known(desk: &Desk, id: i64) -> (MailboxRow, Vec<MessageRow>) {
        let query = PageQuery {
            sort: Sort::Date,
            descending: true,
            unread_only: false,
            offset: 0,
            limit: 100,
        };
        let page = desk.index.page(id, &query).await.unwrap();
        (page.mailbox.unwrap(), page.rows)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_delivered_shows_without_a_listing_and_a_listing_changes_nothing() {
        let room = Room::new().await;
        let (desk, id) = listed(&room).await;
        for number in 3..6 {
            room.deliver(&format!("new/179500000{number}.M1P1.h,S=19"), "Subject: new\n\ntext\n");
            let list = room.list().await;
            assert_eq!(
                (list.rows.len(), list.total, list.unread),
                (number, number as u64, number as u64 - 1)
            );
            let first = &list.rows[0];
            assert_eq!((first.subject.as_str(), first.preview.as_str()), ("new", "text"));
            assert_eq!(
                (list.freshness.pending, desk.is_reading(id)),
                (0, false),
                "read when it was met"
            );
            assert_eq!(listed_ago(&desk, id), Some(7));
        }
        room.read_all().await;
        let before = known(&desk, id).await;
        let memory = desk.index.memory(id).await.unwrap();
        assert!(memory.is_some());
        pretend(&desk, id, LISTED_AGE_NS);
        room.list().await;
        assert_eq!(listed_ago(&desk, id), Some(0), "a day has passed");
        assert_eq!(known(&desk, id).await, before);
        assert_eq!(desk.index.memory(id).await.unwrap(), memory);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn more_than_a_delivery_is_listed() {
        let room = Room::new().await;
        let (desk, id) = listed(&room).await;
        room.deliver("new/1795000003.M1P1.h", "Subject: new\n\ntext\n");
        room.deliver("cur/1795000004.M1P1.h:2,S", "Subject: elsewhere\n\ntext\n");
        assert_eq!(room.list().await.total, 4);
        assert_eq!(listed_ago(&desk, id), Some(0));
        // One that is in `cur` already: which is shown is not for the short way to say.
        pretend(&desk, id, 7);
        room.deliver("new/1795000004.M1P1.h", "Subject: twice\n\ntext\n");
        let list = room.list().await;
        assert_eq!((list.total, list.unread), (4, 2));
        assert_eq!(listed_ago(&desk, id), Some(0));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn after_a_fault_it_is_listed_although_nothing_changed() {
        let room = Room::new().await;
        let (desk, id) = listed(&room).await;
        room.put_away();
        assert!(room.list().await.trouble.is_some());
        assert_eq!(listed_ago(&desk, id), None);
        room.put_back();
        assert_eq!(room.list().await.trouble, None);
        assert_eq!(listed_ago(&desk, id), Some(0));
    }
}
