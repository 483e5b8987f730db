//! Mail to take along: chosen messages, what was found, mailboxes, or everything, also while the spool does not answer. Each message
//! comes from the spool or from the copy that was kept, what could not be had is named, and each mailbox says as of when it is told.

mod plan;

pub use plan::{ExportOf, ExportPlace, ExportPlan};

use crate::{Download, MailroomError, Reader, Wording, sync::LastLook};
use api_types::{Freshness, MessageId, Moment};
use futures::stream::{self, BoxStream, StreamExt};
use index::MessageRow;
use plan::Which;
use std::{collections::VecDeque, ops::Range};

/// Rows asked of the index at once.
const ROWS: u32 = 200;

/// One message of an export.
pub struct Exported {
    /// Which.
    pub id: MessageId,
    /// When it arrived, in seconds.
    pub received: i64,
    /// Its subject.
    pub subject: String,
    /// When it arrived, in the person's words.
    pub when: Moment,
    /// Its bytes, or why there are none.
    pub download: Result<Download, MailroomError>,
}

/// Where a stream of rows is.
struct Walk<'a> {
    place: &'a ExportPlace,
    between: Range<i64>,
    last: (i64, i64),
    rows: VecDeque<MessageRow>,
}

impl Reader {
    /// Looks at a mailbox that is about to be exported, no longer than the deadline for lists: where what is known of it comes from, and
    /// as of when.
    pub async fn export_label(&self, place: &ExportPlace, words: &dyn Wording) -> Result<Freshness, MailroomError> {
        let desk = self.desk_of(&place.mailbox).await?;
        let looked = desk.look_within(place.row, self.shared().deadlines.list).await;
        let found = desk.index.mailbox(place.mailbox.as_str()).await?;
        let row = found.ok_or(MailroomError::NotFound)?;
        let look = LastLook {
            trouble: looked.trouble,
            ..desk.last_look(&row)
        };
        Ok(desk.told(look, looked.spool_us, row.pending_headers, words))
    }

    /// The messages of a place of a plan whose date lies in `between` (seconds), one after the other, the oldest first. One that was
    /// deleted meanwhile is left out, unless it was asked for by itself; one that was moved comes from where it is.
    pub fn export<'a>(
        &'a self,
        place: &'a ExportPlace,
        between: Range<i64>,
        words: &'a dyn Wording,
    ) -> BoxStream<'a, Result<Exported, MailroomError>> {
        let rows = match &place.which {
            Which::Those(ids) => {
                let found = stream::iter(ids).then(move |id| self.export_row(place, id));
                found.filter_map(async |row| row.transpose()).boxed()
            }
            Which::All => {
                let walk = Walk {
                    place,
                    last: (between.start, i64::MIN),
                    between,
                    rows: VecDeque::new(),
                };
                stream::try_unfold(walk, move |walk| self.next_row(walk)).boxed()
            }
        };
        let each = rows.then(async move |row| match row {
            Ok(row) => self.exported(place, row, words).await.map(Ok),
            Err(error) => Some(Err(error)),
        });
        each.filter_map(std::future::ready).boxed()
    }

    async fn export_row(&self, place: &ExportPlace, id: &MessageId) -> Result<Option<MessageRow>, MailroomError> {
        let desk = self.desk_of(&place.mailbox).await?;
        let found = desk.index.find(place.mailbox.as_str(), id.as_str()).await?;
        Ok(found.and_then(|(_, row)| row))
    }

    async fn next_row<'a>(&self, mut walk: Walk<'a>) -> Result<Option<(MessageRow, Walk<'a>)>, MailroomError> {
        if walk.rows.is_empty() {
            let desk = self.desk_of(&walk.place.mailbox).await?;
            walk.rows = desk.index.after(walk.place.row, walk.last, ROWS).await?.into();
        }
        let row = walk.rows.pop_front().filter(|row| row.date < walk.between.end);
        Ok(row.map(|row| {
            walk.last = (row.date, row.row);
            (row, walk)
        }))
    }

    async fn exported(&self, place: &ExportPlace, row: MessageRow, words: &dyn Wording) -> Option<Exported> {
        let id = MessageId(row.public_id.clone());
        let read = match self.source_and_row(&place.mailbox, &id).await {
            // Deleted meanwhile; what was asked for by itself is missed.
            Err(MailroomError::Gone | MailroomError::NotFound) if matches!(place.which, Which::All) => return None,
            // The mailbox that it was moved to may have been gone through already: better twice than not at all.
            Err(MailroomError::Moved { mailbox, message }) => self.source_and_row(&mailbox, &message).await,
            read => read,
        };
        // Whose the bytes are, if there are any.
        let (download, row) = match read {
            Ok((download, row)) => (Ok(download), row),
            Err(error) => (Err(error), row),
        };
        Some(Exported {
            id,
            received: row.received,
            subject: row.subject,
            when: words.moment(row.received),
            download,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Plain, Room};
    use api_types::{Search, Source};
    use std::time::Duration;

    #[tokio::test]
    async fn what_is_exported_is_as_old_as_it_says() {
        let room = Room::new().await;
        room.make_mailbox(".Old");
        room.deliver("cur/1795000001.M1P1.h:2,S", "Subject: Minutes 1\n\n.");
        room.at_present();
        room.pass(Duration::from_secs(60));
        room.read_all().await;
        room.list().await;
        let desk = room.desk().await;
        let now = || (desk.now_ns() / 1_000_000_000).to_string();
        let plan = async |of: ExportOf| {
            let plan = room.reader().export_plan(&of, &Plain).await.unwrap();
            let label = plan.label.clone().unwrap();
            (plan, label.source, label.as_of.unwrap().rfc3339)
        };
        let search = || {
            ExportOf::Found(Search {
                text: "minutes".into(),
                ..Search::default()
            })
        };
        // What came since somebody looked last is found, and taken along.
        room.pass(Duration::from_secs(3600));
        room.deliver("new/1795000002.M1P1.h", "Subject: Minutes 2\n\n.");
        let (found, source, at) = plan(search()).await;
        assert_eq!((source, at), (Source::Live, now()));
        let reader = room.reader();
        let each = reader.export(&found.places[0], i64::MIN..i64::MAX, &Plain);
        assert_eq!(each.count().await, 2);
        let (all, source, last) = plan(ExportOf::Everything).await;
        assert_eq!((all.places.len(), source, &last), (2, Source::Live, &now()));

        room.put_away();
        room.pass(Duration::from_secs(60));
        let inbox = room.inbox().await;
        for of in [search(), ExportOf::Everything, ExportOf::Mailboxes(vec![inbox])] {
            let (_, source, at) = plan(of).await;
            assert_eq!((source, &at), (Source::Saved, &last));
        }
    }
}
