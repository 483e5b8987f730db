use super::reading::request_of;
use crate::{
    MailroomError,
    desk::{Desk, to_the_end},
    spool_client::Urgency,
};
use index::MessageRow;
use spool::MailboxPath;
use std::{sync::Arc, time::Duration};

impl Desk {
    /// Reads the heads of the rows that somebody waits for, before those that it is the turn of. Says how many were read.
    pub(crate) async fn read_heads_of(
        self: &Arc<Self>,
        mailbox: &[u8],
        rows: &[MessageRow],
        patience: Duration,
    ) -> Result<usize, MailroomError> {
        let loading = rows.iter().filter(|row| row.loading);
        let wanted = loading.filter_map(request_of).collect();
        let path = MailboxPath::from_bytes(mailbox);
        let read = self
            .shared
            .client
            .headers(&self.account, &path, wanted, Urgency::Waiting(patience))
            .await
            .map_err(|failed| MailroomError::Unavailable(failed.cause))?;
        let desk = Arc::clone(self);
        to_the_end(async move {
            let count = desk.put_heads(read).await?;
            desk.report_progress();
            Ok(count)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Plain, Room};
    use api_types::{ListQuery, Sort};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn any_page_is_read_for_who_asks_for_it_although_others_have_their_turn_before() {
        let room = Room::new().await;
        for number in 0..120 {
            // Sent when it arrived: no row goes to another page when it is read.
            let (minute, second) = ((number + 40) / 60, (number + 40) % 60);
            let date = format!("Wed, 18 Nov 2026 11:{:02}:{second:02} +0000", minute + 6);
            let text = format!("Date: {date}\nSubject: one\n\ntext\n");
            room.deliver(&format!("cur/17950{number:05}.M1P1.h:2,"), &text);
        }
        let (desk, inbox) = (room.desk().await, room.inbox().await);
        let id = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap().id;
        // As if somebody were reading, who never comes to these.
        desk.work().reading.insert(id, false);
        for (page, sort) in [(3, Sort::Date), (1, Sort::Oldest)] {
            let query = ListQuery {
                page,
                sort,
                ..ListQuery::default()
            };
            let list = room.reader().list(&inbox, &query, &Plain).await.unwrap();
            assert!(!list.rows.is_empty() && list.rows.iter().all(|row| !row.loading));
        }
        let row = desk.index.mailbox_by_row(id).await.unwrap().unwrap();
        assert_eq!(row.pending_headers, 70);
        desk.work().reading.remove(&id);
        room.read_all().await;
    }
}
