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
    async fn what_is_noted_as_opened_is_shown_without_another_look() {
        let room = Room::new().await;
        let (inbox, message, found) = row(&room).await;
        assert!(found.message.unread);
        let desk = room.desk().await;
        let writer = room.mailroom.writer("tanaka").unwrap();
        let meant = (inbox.clone(), message.clone());
        for _ in 0..2 {
            writer.note_opened(&inbox, &message).await.unwrap();
            let kept = desk.found.get(&meant, desk.moment()).unwrap();
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
