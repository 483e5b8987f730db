//! Which message is meant: its row of the index, looked up once for a page that both notes it as opened and shows it.

use crate::{MailroomError, desk::Desk, fetch::elsewhere};
use api_types::{MailboxId, MessageId};
use index::{MailboxRow, MessageRow};
use spool::MailboxPath;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// A row that is asked for later than this, in microseconds, is looked up again.
const KEPT_US: u64 = 2_000_000;
/// Rows of one account.
const MOST: usize = 4;

/// A message that the index knows.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) mailbox: MailboxRow,
    pub(crate) message: MessageRow,
}

impl Found {
    pub(crate) fn path(&self) -> MailboxPath {
        MailboxPath::from_bytes(self.mailbox.path.clone())
    }
}

/// The message in that mailbox. The spool is looked at only if the index does not know the message.
pub(crate) async fn find(desk: &Arc<Desk>, mailbox: &MailboxId, message: &MessageId) -> Result<Found, MailroomError> {
    if let Some(found) = desk.found.take(mailbox, message, desk.moment()) {
        return Ok(found);
    }
    let row = match desk.index.find(mailbox.as_str(), message.as_str()).await? {
        Some((mailbox, Some(message))) => return Ok(Found { mailbox, message }),
        Some((mailbox, None)) => mailbox,
        None => desk.mailbox(mailbox).await?,
    };
    let looked = desk.look_within(row.id, desk.shared.deadlines.list).await;
    if let Some((mailbox, Some(message))) = desk.index.find(mailbox.as_str(), message.as_str()).await? {
        return Ok(Found { mailbox, message });
    }
    if let Some(moved) = elsewhere(desk, &row, message).await? {
        return Err(moved);
    }
    Err(looked
        .trouble
        .map_or(MailroomError::NotFound, MailroomError::Unavailable))
}

/// When something was known of the index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// How often this desk had written to the index.
    pub(crate) changes: u64,
    /// Microseconds of the clock.
    pub(crate) at_us: u64,
}

/// Rows that were found a moment ago and will be asked for again.
#[derive(Default)]
pub(crate) struct Kept(Mutex<VecDeque<(Moment, Found)>>);

impl Kept {
    /// Keeps a row that was so at that moment, for the next [`find`].
    pub(crate) fn keep(&self, found: Found, moment: Moment) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back((moment, found));
    }

    /// The row, unless it is too old or the index has changed since. It is given away once.
    fn take(&self, mailbox: &MailboxId, message: &MessageId, now: Moment) -> Option<Found> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(since, _)| since.is_still(now));
        let is_meant =
            |found: &Found| found.mailbox.public_id == mailbox.as_str() && found.message.public_id == message.as_str();
        let at = kept.iter().position(|(_, found)| is_meant(found))?;
        kept.remove(at).map(|(_, found)| found)
    }
}

impl Moment {
    fn is_still(self, now: Moment) -> bool {
        self.changes == now.changes && now.at_us.saturating_sub(self.at_us) <= KEPT_US
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Room;

    const NOW: Moment = Moment {
        changes: 7,
        at_us: 1_000,
    };

    async fn row(room: &Room) -> (MailboxId, MessageId, Found) {
        room.deliver("cur/1795000001.M1P1.h:2,", "Subject: one\n\ntext\n");
        room.read_all().await;
        let (desk, inbox, list) = (room.desk().await, room.inbox().await, room.list().await);
        let message = list.rows[0].id.clone();
        let found = find(&desk, &inbox, &message).await.unwrap();
        (inbox, message, found)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_row_is_given_once_and_not_when_it_is_old_or_changed() {
        let room = Room::new().await;
        let (inbox, message, found) = row(&room).await;
        let kept = Kept::default();
        let later = |changes, at_us| Moment { changes, at_us };
        for (now, given) in [
            (NOW, true),
            (later(7, 1_000 + KEPT_US), true),
            (later(7, 1_001 + KEPT_US), false),
            (later(8, 1_000), false),
        ] {
            kept.keep(found.clone(), NOW);
            assert!(kept.take(&inbox, &"another".into(), NOW).is_none());
            assert!(kept.take(&"another".into(), &message, NOW).is_none());
            assert_eq!(kept.take(&inbox, &message, now).is_some(), given, "{now:?}");
            assert!(kept.take(&inbox, &message, NOW).is_none(), "once");
        }
        for _ in 0..3 * MOST {
            kept.keep(found.clone(), NOW);
        }
        assert_eq!(kept.0.lock().unwrap().len(), MOST);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_noted_as_opened_is_shown_without_another_look() {
        let room = Room::new().await;
        let (inbox, message, found) = row(&room).await;
        assert!(found.message.unread);
        let desk = room.desk().await;
        let writer = room.mailroom.writer("tanaka").unwrap();
        for _ in 0..2 {
            writer.note_opened(&inbox, &message).await.unwrap();
            let kept = desk.found.take(&inbox, &message, desk.moment()).unwrap();
            let looked_up = desk.index.find(inbox.as_str(), message.as_str()).await.unwrap();
            let (mailbox, row) = looked_up.unwrap();
            assert_eq!(
                (kept.mailbox, Some(kept.message)),
                (mailbox, row),
                "as the index has it"
            );
        }
        writer.note_opened(&inbox, &message).await.unwrap();
        writer.mark_unread(&inbox, &message).await.unwrap();
        assert!(find(&desk, &inbox, &message).await.unwrap().message.unread);
    }
}
