//! Which message is meant: its row of the index, looked up once for a page that both notes it as opened and shows it.

use crate::{MailroomError, desk::Desk, fetch::elsewhere};
use api_types::{MailboxId, MessageId};
use index::{MailboxRow, MessageRow};
use spool::MailboxPath;
use std::sync::Arc;

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
    let meant = (mailbox.clone(), message.clone());
    let moment = desk.moment();
    if let Some(found) = desk.found.get(&meant, moment) {
        return Ok(found);
    }
    let row = match desk.index.find(mailbox.as_str(), message.as_str()).await? {
        Some((mailbox, Some(message))) => {
            let found = Found { mailbox, message };
            desk.found.keep(meant, found.clone(), moment);
            return Ok(found);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Room;

    async fn row(room: &Room) -> (MailboxId, MessageId, Found) {
        room.deliver("cur/1795000001.M1P1.h:2,", "Subject: one\n\ntext\n");
        room.read_all().await;
        let (desk, inbox, list) = (room.desk().await, room.inbox().await, room.list().await);
        let message = list.rows[0].id.clone();
        let found = find(&desk, &inbox, &message).await.unwrap();
        (inbox, message, found)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_looked_up_again_is_as_the_index_has_it() {
        let room = Room::new().await;
        let (inbox, message, found) = row(&room).await;
        assert!(found.message.unread);
        let desk = room.desk().await;
        let writer = room.mailroom.writer("tanaka").unwrap();
        let meant = (inbox.clone(), message.clone());
        for opened in [true, true, false] {
            match opened {
                true => writer.note_opened(&inbox, &message).await.unwrap(),
                false => writer.mark_unread(&inbox, &message).await.unwrap(),
            }
            find(&desk, &inbox, &message).await.unwrap();
            let kept = desk.found.get(&meant, desk.moment()).unwrap();
            let looked_up = desk.index.find(inbox.as_str(), message.as_str()).await.unwrap();
            let (mailbox, row) = looked_up.unwrap();
            assert_eq!(kept.message.unread, !opened);
            assert_eq!(
                (kept.mailbox, Some(kept.message)),
                (mailbox, row),
                "as the index has it"
            );
        }
    }

    /// As when somebody goes elsewhere while the letter is on its way.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_goes_away_while_a_letter_is_noted_as_opened_leaves_nothing_wrong_behind() {
        let room = Room::new().await;
        let (inbox, desk) = (room.inbox().await, room.desk().await);
        let writer = room.mailroom.writer("tanaka").unwrap();
        let mut opened = 0;
        for polls in 1..60 {
            room.deliver(&format!("cur/1795{polls:06}.M1P1.h:2,"), "Subject: one\n\ntext\n");
            room.read_all().await;
            let message = room.list().await.rows[0].id.clone();
            let mut noting = Box::pin(writer.note_opened(&inbox, &message));
            // Each time a little further.
            for _ in 0..polls * polls {
                if futures::poll!(&mut noting).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(noting);
            let agree = async || {
                let known = desk.index.find(inbox.as_str(), message.as_str()).await.unwrap();
                let (listed, known) = (room.list().await.rows[0].unread, known.unwrap().1.unwrap());
                (listed == known.unread).then_some(listed)
            };
            // What was under way may end between two looks.
            let mut unread = None;
            for _ in 0..20 {
                unread = agree().await;
                if unread.is_some() {
                    break;
                }
            }
            opened += u32::from(!unread.expect("the list and the index go on differing"));
        }
        assert!(opened > 0, "none got so far");
    }
}
