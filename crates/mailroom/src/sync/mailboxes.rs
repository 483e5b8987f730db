use crate::{
    desk::{Desk, Looked},
    spool_client::Urgency,
};
use api_types::{Cause, MailboxId};
use futures::{StreamExt, stream};
use index::{MailboxRow, MailboxSeen};
use spool::{MailboxEntry, MailboxPath, MailboxStamp};
use std::{collections::HashSet, sync::Arc, time::Duration};

/// A list of mailboxes is looked at again after this, in nanoseconds.
const MAILBOXES_AGE_NS: i64 = 2_000_000_000;
/// Mailboxes that are counted at once: each waits now for the spool, now for the index.
const SWEPT_AT_ONCE: usize = 2;
/// Counts of mailboxes that nobody looks into are brought up to date after this, in nanoseconds.
const SWEEP_AGE_NS: i64 = 20_000_000_000;

impl Desk {
    /// The list of mailboxes is not older than a moment, or has just been looked at.
    pub(crate) async fn fresh_mailboxes(self: &Arc<Self>, patience: Duration) -> Looked {
        // Those of a copy that is complete do not change, once each of them could be read.
        if self.is_frozen() && self.mailboxes().await.is_ok_and(|rows| is_whole(&rows)) {
            return Looked::default();
        }
        let seen = self.work().mailboxes_seen;
        match seen {
            Some(at) if (0..MAILBOXES_AGE_NS).contains(&(self.now_ns() - at)) => Looked::default(),
            _ => self.look_at_mailboxes_within(patience).await,
        }
    }

    pub(super) async fn look_at_mailboxes(self: &Arc<Self>) -> Looked {
        let (began, now) = (self.shared.clock.ticks_us(), self.now_ns());
        // The flight itself outlives those who wait; the client's own deadline for background work bounds it.
        let found = self
            .shared
            .client
            .mailboxes(&self.account, Urgency::Waiting(FLIGHT_DEADLINE))
            .await;
        let spool_us = self.shared.clock.ticks_us() - began;
        let entries = match found {
            Ok(entries) => entries,
            Err(cause) => {
                return Looked {
                    spool_us,
                    trouble: Some(cause),
                    ..Looked::default()
                };
            }
        };
        let seen: Vec<MailboxSeen> = entries.into_iter().map(|entry| self.seen(entry)).collect();
        let doubted = self.missing_elsewhere(&seen).await;
        match self.index.sync_mailboxes(&seen, &doubted, now).await {
            Ok(true) => self.note_change(),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, "the index does not take the list of mailboxes");
                return Looked {
                    spool_us,
                    trouble: Some(Cause::Portal),
                    ..Looked::default()
                };
            }
        }
        self.work().mailboxes_seen = Some(now);
        Looked {
            spool_us,
            ..Looked::default()
        }
    }

    /// The known mailboxes that are not listed, if they lay on another device than what is listed: another store may be there in the
    /// place of theirs, made by a mail server in an empty mount point for instance.
    async fn missing_elsewhere(&self, seen: &[MailboxSeen]) -> Vec<i64> {
        let listed: HashSet<&[u8]> = seen.iter().map(|mailbox| mailbox.path.as_slice()).collect();
        let known = self.mailboxes().await.unwrap_or_default();
        let missing: Vec<_> = known
            .iter()
            .filter(|row| !listed.contains(row.path.as_slice()))
            .collect();
        let Some(first) = seen.first().filter(|_| !missing.is_empty()) else {
            return Vec::new();
        };
        let first = MailboxPath::from_bytes(first.path.clone());
        let asked = Urgency::Waiting(self.shared.deadlines.list);
        let here = self.shared.client.stamp(&self.account, &first, asked).await.ok();
        let may_be_elsewhere = |row: &&&MailboxRow| {
            let before = row.stamp.as_deref().and_then(MailboxStamp::from_bytes);
            before.is_some_and(|before| here.as_ref().is_none_or(|here| before.other_device(here)))
        };
        missing.iter().filter(may_be_elsewhere).map(|row| row.id).collect()
    }

    fn mailbox_id(&self, path: &[u8]) -> String {
        let id = self.shared.ids.mailbox(&self.account.name, path);
        match &self.snapshot {
            Some(snapshot) => MailboxId(id).of_snapshot(&snapshot.key).0,
            None => id,
        }
    }

    fn seen(&self, entry: MailboxEntry) -> MailboxSeen {
        MailboxSeen {
            public_id: self.mailbox_id(entry.path.as_bytes()),
            path: entry.path.as_bytes().to_vec(),
            segments: entry.segments,
            special_use: entry.special_use.map(crate::convert::role_code),
            subscribed: entry.subscribed,
            defect: entry
                .defect
                .map(|defect| crate::convert::defect_code(defect.kind).to_owned()),
        }
    }

    /// Brings the counts of these mailboxes up to date behind, a few mailboxes at a time, as far as they are old.
    pub(crate) fn sweep_behind(self: &Arc<Self>, mailboxes: &[MailboxRow]) {
        let now = self.now_ns();
        let due: Vec<MailboxRow> = mailboxes.iter().filter(|row| self.is_old(row, now)).cloned().collect();
        let due = {
            let mut work = self.work();
            if work.sweeping || due.is_empty() {
                return;
            }
            work.sweeping = true;
            work.due = due.iter().map(|row| row.id).collect();
            work.counting = due.iter().any(|row| row.stamp.is_none());
            due
        };
        let sweep = Sweep(Arc::clone(self));
        tokio::spawn(async move {
            let desk = &sweep.0;
            let looks = due.into_iter().map(|row| desk.look_in_turn(row));
            let mut looks = stream::iter(looks).buffer_unordered(SWEPT_AT_ONCE);
            let mut all_seen = true;
            while let Some(looked) = looks.next().await {
                // Who counted for the marker may have been allowed more.
                all_seen &= looked.trouble.is_none();
                if looked.trouble == Some(Cause::Slow) {
                    // The spool does not keep up: do less, not more.
                    break;
                }
            }
            drop(looks);
            sweep.end_turns(false);
            if all_seen {
                desk.compare_with_marker().await;
            }
        });
    }

    /// The look of a sweep, unless somebody has looked since it began.
    async fn look_in_turn(self: &Arc<Self>, row: MailboxRow) -> Looked {
        let id = row.id;
        let looked = if self.is_old(&row, self.now_ns()) {
            self.look_to_show_within(id, Some(row), FLIGHT_DEADLINE).await
        } else {
            Looked::default()
        };
        self.work().due.remove(&id);
        self.report_progress();
        looked
    }

    fn is_old(&self, row: &MailboxRow, now: i64) -> bool {
        let last = self.last_look(row);
        let is_late = |at: i64| (0..=SWEEP_AGE_NS).contains(&(now - at));
        // Another store in its place is listed whole each time: not for everybody who asks.
        last.trouble.is_some_and(|cause| cause != Cause::WrongStore) || !last.seen.is_some_and(is_late)
    }
}

/// Mailboxes are being looked at, until this is dropped, however it ends.
struct Sweep(Arc<Desk>);

impl Sweep {
    /// Nobody's turn is waited for any more.
    fn end_turns(&self, is_over: bool) {
        {
            let mut work = self.0.work();
            work.sweeping &= !is_over;
            work.counting = false;
            work.due.clear();
        }
        self.0.report_progress();
    }
}

impl Drop for Sweep {
    fn drop(&mut self) {
        self.end_turns(true);
    }
}

/// Whether there are mailboxes, and a disk that did not answer hides none.
pub(crate) fn is_whole(rows: &[MailboxRow]) -> bool {
    let told = |row: &MailboxRow| {
        row.defect
            .as_deref()
            .is_some_and(|defect| defect.contains("unreadable"))
    };
    !rows.is_empty() && !rows.iter().any(told)
}

/// What nobody waits for waits so long for the counts of all mailboxes, which somebody does at his first visit.
const COUNTS_FIRST: Duration = Duration::from_secs(1);

impl Desk {
    /// Waits until all mailboxes have been counted, if that is going on, but no longer than a slow spool may ask for.
    pub(super) async fn counts_first(&self) {
        let mut progress = self.progress.subscribe();
        let counted = async { while self.work().counting && progress.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(COUNTS_FIRST, counted).await;
    }
}

/// A look may take this long when a mailbox is listed for the first time.
pub(super) const FLIGHT_DEADLINE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::is_whole;
    use crate::testing::Room;

    #[tokio::test]
    async fn a_list_with_a_mailbox_that_could_not_be_read_is_not_the_last_word() {
        let room = Room::new().await;
        room.deliver("cur/1795000001.M1P1.h:2,S", "Subject: one\n\n");
        room.read_all().await;
        let mut rows = room.desk().await.mailboxes().await.unwrap().to_vec();
        assert!(is_whole(&rows) && !is_whole(&[]));
        rows[0].defect = Some("unreadable".to_owned());
        assert!(!is_whole(&rows));
    }
}
