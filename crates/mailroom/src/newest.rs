//! When mail came last: for who wonders whether any arrives.

use crate::{MailroomError, Reader};
use api_types::{Cause, MailboxId};

/// What is known of the newest message of an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    /// The inbox.
    pub inbox: MailboxId,
    /// When it came, in seconds; nothing if the inbox is empty.
    pub at: Option<i64>,
    /// As of when that is known, in seconds; nothing if it never was.
    pub seen: Option<i64>,
    /// Why the spool could not be asked just now.
    pub trouble: Option<Cause>,
}

impl Reader {
    /// When mail came last into the inbox. The spool is looked at first, no longer than the deadline for lists.
    ///
    /// # Errors
    /// As [`Reader::inbox`].
    pub async fn newest(&self) -> Result<Newest, MailroomError> {
        self.with_desk(None, |desk| async move {
            let inbox = self.inbox().await?;
            let row = desk.mailbox(&inbox).await?;
            let patience = self.shared().deadlines.list;
            let looked = desk.look_to_show_within(row.id, Some(row.clone()), patience).await;
            let seen = desk.last_look(&row).as_of;
            Ok(Newest {
                at: desk.index.newest_arrival(row.id).await?,
                seen: seen.map(|at| at.div_euclid(1_000_000_000)),
                trouble: looked.trouble,
                inbox,
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Room;

    const OLD: &str = "From: a@campus.example\nDate: 1 Jan 2001 09:00:00 +0900\nSubject: Late\n\nText\n";

    #[tokio::test]
    async fn what_came_last_counts_and_not_what_was_dated_last() {
        let room = Room::new().await;
        let newest = room.reader().newest().await.unwrap();
        assert_eq!((newest.at, newest.trouble), (None, None), "nothing is there");
        for (name, at) in [("new/1700000000.a", 1_700_000_000), ("new/1700000900.b", 1_700_000_900)] {
            let text = if at == 1_700_000_000 {
                "Subject: First\n\nText\n"
            } else {
                OLD
            };
            room.deliver(name, text);
            room.received(name, at);
        }
        room.read_all().await;
        let newest = room.reader().newest().await.unwrap();
        assert_eq!((newest.at, newest.trouble), (Some(1_700_000_900), None));
        room.put_away();
        let known = room.reader().newest().await.unwrap();
        assert_eq!(known.at, Some(1_700_000_900), "as far as is known");
        assert!(known.trouble.is_some() && known.seen.is_some());
    }
}
