use super::{CLOCK_SKEW_NS, SECOND_LOOK, mailboxes::FLIGHT_DEADLINE};
use crate::{
    MailroomError,
    desk::{Desk, Looked},
    spool_client::Urgency,
};
use api_types::Cause;
use index::{ListingIn, MailboxRow, Seen};
use spool::{Listing, MailboxPath, MboxMemory};
use std::{sync::Arc, time::Duration};

/// A listing that changed under the reader is tried again this often.
const TRIES: u32 = 3;
/// The file's own note of when a mailbox was seen is renewed after this, in nanoseconds: a row for each look would be a
/// write for each click.
const NOTE_AGE_NS: i64 = 10_000_000_000;

impl Desk {
    /// Sees whether the mailbox changed, and lists it if so (three system calls if not).
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
        let elapsed = || self.shared.clock.ticks_us() - began;
        let urgency = Urgency::Waiting(FLIGHT_DEADLINE);

        if row.settled && self.work().listed.contains(&mailbox) {
            let now = self.now_ns();
            match self.shared.client.stamp(&self.account.store, &path, urgency).await {
                Ok(stamp) if row.stamp.as_deref() == Some(&stamp.to_bytes()[..]) => {
                    self.note_seen(&row, now).await?;
                    return Ok(Looked {
                        spool_us: elapsed(),
                        trouble: None,
                    });
                }
                Ok(_) => {}
                Err(cause) => {
                    return Ok(Looked {
                        spool_us: elapsed(),
                        trouble: Some(cause),
                    });
                }
            }
        }

        let memory = self.index.memory(mailbox).await?;
        let mut known = memory.as_deref().and_then(MboxMemory::from_bytes);
        for attempt in 1..=TRIES {
            let now = self.now_ns();
            let listing = match self
                .shared
                .client
                .list(&self.account.store, &path, known.take(), urgency)
                .await
            {
                Ok(listing) => listing,
                Err(cause) => {
                    return Ok(Looked {
                        spool_us: elapsed(),
                        trouble: Some(cause),
                    });
                }
            };
            let consistent = listing.consistent;
            if consistent || attempt == TRIES {
                let spool_us = elapsed();
                let trouble = self.take_listing(&row, listing, now).await?;
                return Ok(Looked { spool_us, trouble });
            }
            known.clone_from(&listing.mbox_memory);
            tokio::time::sleep(Duration::from_millis(20 << attempt)).await;
        }
        Ok(Looked::trouble(Cause::Slow))
    }

    async fn take_listing(
        self: &Arc<Self>,
        row: &MailboxRow,
        listing: Listing,
        now: i64,
    ) -> Result<Option<Cause>, MailroomError> {
        let settled = listing.consistent && listing.stamp.settled(now, CLOCK_SKEW_NS);
        let ids = &self.shared.ids;
        let account = &self.account.name;
        let applied = self
            .index
            .apply_listing(
                row.id,
                &ListingIn {
                    may_remove: listing.consistent,
                    stamp: listing.stamp.to_bytes(),
                    settled,
                    memory: listing.mbox_memory.as_ref().map(MboxMemory::to_bytes),
                    uidvalidity: listing.uidvalidity,
                    expected: listing.expected,
                    defect: crate::convert::defects_to_text(&listing.defects),
                    as_of: now,
                    entries: listing
                        .entries
                        .into_iter()
                        .map(|entry| Seen {
                            public_id: ids.message(account, entry.base.as_bytes()),
                            location: entry.location.to_bytes(),
                            flags: crate::convert::flag_bits(&entry.flags),
                            keywords: entry.keywords,
                            uid: entry.uid,
                            size: entry.size,
                            order_hint: entry.delivered_hint.unwrap_or(0),
                            base: entry.base.as_bytes().to_vec(),
                        })
                        .collect(),
                },
                now,
            )
            .await?;
        self.note_change();
        if applied.refused.is_some() {
            return Ok(Some(Cause::WrongStore));
        }
        if applied.added > 0 {
            self.mark_opened_here().await?;
            self.read_behind(row.id);
        } else if row.pending_headers > 0 || row.pending_previews > 0 {
            self.read_behind(row.id);
        }
        {
            let mut work = self.work();
            if applied.missing > 0 {
                // The second listing decides, and an equal stamp must not stand in for it.
                work.listed.remove(&row.id);
            } else {
                work.listed.insert(row.id);
            }
            work.seen.insert(row.id, now);
        }
        if applied.missing > 0 || !settled {
            self.look_again_behind(row.id);
        }
        self.report_progress();
        Ok(None)
    }

    async fn note_seen(&self, row: &MailboxRow, now: i64) -> Result<(), MailroomError> {
        self.work().seen.insert(row.id, now);
        if row.as_of.is_none_or(|noted| now - noted > NOTE_AGE_NS) {
            self.index.verified(row.id, now).await?;
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
