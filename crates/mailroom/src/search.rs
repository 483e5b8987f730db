use crate::{
    MailroomError, Reader, Wording, convert,
    desk::Desk,
    list::{answered, limit, offset, within},
    rail::Overview,
};
use api_types::{Found, ListQuery, MailboxId, MailboxRef, MessageList, MessageRow, Role, Source};
use index::{MailboxRow, SearchQuery};
use std::sync::Arc;

impl Reader {
    /// Messages whose sender, recipients or subject have all the words of `query.search`, newest first, of all mailboxes or one.
    /// They come from the index: `freshness.pending` says how many headers it has not read yet.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for a mailbox that is not this account's; [`MailroomError::Unavailable`] when nothing is known
    /// yet and the spool cannot be read.
    pub async fn search(&self, query: &ListQuery, words: &dyn Wording) -> Result<MessageList, MailroomError> {
        let within = query.search.as_ref().and_then(|search| search.within.as_ref());
        let snapshot = within.and_then(MailboxId::snapshot);
        self.with_desk(snapshot, |desk| self.search_at(desk, query, words))
            .await
    }

    async fn search_at(
        &self,
        desk: Arc<Desk>,
        query: &ListQuery,
        words: &dyn Wording,
    ) -> Result<MessageList, MailroomError> {
        let Overview {
            rows: mailboxes,
            mut freshness,
            trouble,
        } = self.overview(&desk, words).await?;
        let wanted = query.search.clone().unwrap_or_default();
        let place = match &wanted.within {
            Some(id) if !id.in_snapshot().is_empty() => {
                let of_id = |row: &&MailboxRow| row.public_id == id.as_str();
                Some(mailboxes.iter().find(of_id).ok_or(MailroomError::NotFound)?)
            }
            Some(_) | None => None,
        };
        let asked = SearchQuery {
            text: wanted.text,
            mailbox: place.map(|row| row.id),
        };
        let matches = desk.matches(asked).await?;
        let total = u64::from(matches.total());
        let first = within(offset(query), total, query.from.is_some());
        let found = desk.index.found(&matches, first, limit(query)).await?;
        if trouble.is_some() {
            freshness.source = Source::Saved;
        }
        let reference = |id: i64| mailboxes.iter().find(|row| row.id == id).map(convert::mailbox_ref);
        let rows: Vec<MessageRow> = found
            .into_iter()
            .filter_map(|(mailbox, row)| {
                let mailbox = reference(mailbox)?;
                let outgoing = matches!(mailbox.role, Role::Sent | Role::Drafts);
                Some(convert::message_row(row, Some(mailbox), outgoing, words))
            })
            .collect();
        let mut places: Vec<_> = matches
            .mailboxes
            .iter()
            .filter_map(|(mailbox, count)| Some((reference(*mailbox)?, *count)))
            .collect();
        places.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if place.is_some() {
            places.clear();
        }
        Ok(MessageList {
            mailbox: place.map_or_else(|| everywhere(&desk), convert::mailbox_ref),
            query: answered(query, first, total),
            first,
            matching: total,
            total,
            unread: 0,
            rows,
            freshness: desk.dated(freshness, words),
            trouble,
            drill: self.drill(words),
            notes: Vec::new(),
            found: Some(Found {
                more: matches.more,
                mailboxes: places,
            }),
            earlier: desk.earlier(trouble, words).await,
        })
    }
}

/// All mailboxes of a dated copy, or of the live mail.
fn everywhere(desk: &Desk) -> MailboxRef {
    let all = MailboxId::default();
    let key = desk.snapshot.as_ref().map(|snapshot| snapshot.key.as_str());
    MailboxRef {
        id: key.map(|key| all.of_snapshot(key)).unwrap_or(all),
        name: String::new(),
        role: Role::Plain,
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        MailroomError,
        testing::{Plain, Room},
    };
    use api_types::{ListQuery, MessageList, Search};

    async fn search(room: &Room, text: &str, query: ListQuery) -> MessageList {
        let search = Some(Search {
            text: text.into(),
            ..Search::default()
        });
        let query = ListQuery { search, ..query };
        room.reader().search(&query, &Plain).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_found_names_its_mailbox_and_is_cut_into_pages() {
        let room = Room::new().await;
        for number in 0..60 {
            room.deliver(
                &format!("cur/17950000{number:02}.M1P1.h:2,"),
                &format!("Subject: Minutes {number}\nDate: Thu, 01 Jan 2026 00:{number:02}:00 +0000\nTo: Sato <sato@x.example>\n\n."),
            );
        }
        room.read_all().await;
        let inbox = room.inbox().await;

        let first = search(&room, "INUTE", ListQuery::default()).await;
        assert_eq!(
            (first.matching, first.first, first.rows.len(), first.pages()),
            (60, 0, 50, 2)
        );
        let found = first.found.unwrap();
        assert_eq!(
            (found.more, found.mailboxes[0].0.id.clone(), found.mailboxes[0].1),
            (false, inbox.clone(), 60)
        );
        assert!(
            first
                .rows
                .iter()
                .all(|row| row.mailbox.as_ref().is_some_and(|at| at.id == inbox))
        );
        assert_eq!(first.rows[0].subject, "Minutes 59");

        let last = search(
            &room,
            "minutes",
            ListQuery {
                page: 9,
                ..ListQuery::default()
            },
        )
        .await;
        assert_eq!((last.query.page, last.first, last.rows.len()), (2, 50, 10));
        let piece = search(
            &room,
            "minutes",
            ListQuery {
                from: Some(20),
                ..ListQuery::default()
            },
        )
        .await;
        assert_eq!((piece.query.page, piece.first, piece.rows.len()), (1, 20, 40));
        assert_eq!(search(&room, "sato@x 7", ListQuery::default()).await.matching, 6);
        assert_eq!(search(&room, " ", ListQuery::default()).await.matching, 0);

        let within = |id: &str| ListQuery {
            search: Some(Search {
                text: "minutes".into(),
                within: Some(id.to_owned().into()),
            }),
            ..ListQuery::default()
        };
        let here = room.reader().search(&within(inbox.as_str()), &Plain).await.unwrap();
        assert_eq!((here.matching, here.mailbox.id), (60, inbox));
        let nowhere = room.reader().search(&within("another"), &Plain).await;
        assert!(matches!(nowhere, Err(MailroomError::NotFound)));
    }
}
