use crate::{
    MailroomError, Reader, Wording, convert,
    desk::{Desk, Looked},
    list::{answered, limit, offset, within},
    rail::Overview,
    sync::LastLook,
};
use api_types::{Cause, Found, Freshness, ListQuery, MailboxId, MailboxRef, MessageList, MessageRow, Role};
use index::{MailboxRow, SearchQuery};
use std::{slice, sync::Arc};

/// Mailboxes that a search names because they could not be looked at.
const NAMED: usize = 5;

impl Reader {
    /// Messages whose sender, recipients or subject have all the words of `query.search`, newest first, of all mailboxes or one.
    /// They come from the index, after each mailbox has been looked at lately, as far as the spool answers in time: `freshness` is that
    /// of the mailbox looked at longest ago, and its `pending` says how many headers have not been read yet.
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
        let wanted = query.search.clone().unwrap_or_default();
        let searched = self.searched(&desk, wanted.within.as_ref()).await?;
        let freshness = searched.freshness(&desk, words);
        let Searched {
            mailboxes,
            place,
            told,
            behind,
            ..
        } = searched;
        let asked = SearchQuery {
            text: wanted.text,
            mailbox: place.as_ref().map(|row| row.id),
        };
        let matches = desk.matches(asked).await?;
        let total = u64::from(matches.total());
        let first = within(offset(query), total, query.from.is_some());
        let found = desk.index.found(&matches, first, limit(query)).await?;
        let trouble = told.trouble;
        let named = |row: &MailboxRow, last: &LastLook| {
            let as_of = last.as_of.filter(|_| desk.snapshot.is_none());
            let moment = as_of.map(|at| words.moment(at.div_euclid(1_000_000_000)));
            (convert::mailbox_ref(row), moment)
        };
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
            mailbox: place.as_ref().map_or_else(|| everywhere(&desk), convert::mailbox_ref),
            query: answered(query, first, total),
            first,
            matching: total,
            total,
            unread: 0,
            rows,
            freshness,
            trouble,
            drill: self.drill(words),
            notes: Vec::new(),
            found: Some(Found {
                more: matches.more,
                mailboxes: places,
                behind: behind.iter().take(NAMED).map(|(row, last)| named(row, last)).collect(),
                behind_more: u32::try_from(behind.len().saturating_sub(NAMED)).unwrap_or(u32::MAX),
            }),
            earlier: desk.earlier(trouble, words).await,
        })
    }
}

/// Mailboxes that are searched, and what is told of them. It was so before anything was searched for.
pub(crate) struct Searched {
    pub(crate) mailboxes: Arc<Vec<MailboxRow>>,
    /// The one, if it is not all of them.
    pub(crate) place: Option<MailboxRow>,
    looked: Looked,
    /// Of all together.
    told: LastLook,
    /// Those that could not be looked at, where others could.
    behind: Vec<(MailboxRow, LastLook)>,
}

impl Searched {
    pub(crate) fn freshness(&self, desk: &Desk, words: &dyn Wording) -> Freshness {
        let is_searched = |row: &&MailboxRow| self.place.as_ref().is_none_or(|place| place.id == row.id);
        let pending = self.mailboxes.iter().filter(is_searched).map(|row| row.pending_headers);
        desk.told(self.told, self.looked.spool_us, pending.sum(), words)
    }
}

impl Reader {
    /// Looks at the mailboxes to be searched, as far as they were not looked at lately and the spool answers in time.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for a mailbox that is not this account's.
    pub(crate) async fn searched(
        &self,
        desk: &Arc<Desk>,
        within: Option<&MailboxId>,
    ) -> Result<Searched, MailroomError> {
        let Overview {
            rows, looked, patience, ..
        } = self.overview(desk).await?;
        let place = match within {
            Some(id) if !id.in_snapshot().is_empty() => {
                let of_id = |row: &&MailboxRow| row.public_id == id.as_str();
                Some(rows.iter().find(of_id).ok_or(MailroomError::NotFound)?)
            }
            Some(_) | None => None,
        };
        let searched = place.map_or(&rows[..], slice::from_ref);
        desk.wait_for_looks(searched, patience).await;
        let mut told = desk.told_of(searched, &looked);
        let now = desk.now_ns();
        let is_behind = |row: &MailboxRow, last: &LastLook| match desk.snapshot {
            // As it was, however long ago it was looked at.
            Some(_) => row.stamp.is_none(),
            None => !last.is_live(now),
        };
        let lasts = searched.iter().map(|row| (row.clone(), desk.last_look(row)));
        let mut behind: Vec<_> = lasts.filter(|(row, last)| is_behind(row, last)).collect();
        if looked.trouble.is_some() {
            behind.clear();
        } else if behind.len() == searched.len() {
            // What is said of the list says it; who gave no answer yet is slow.
            behind.clear();
            let is_slow = desk.snapshot.is_none() && !told.is_doubted;
            told.trouble = told.trouble.or(is_slow.then_some(Cause::Slow));
        } else if told.trouble.take().is_some() {
            // A few of many that cannot be read are named, and are no trouble of the others; nor is it all live.
            told.seen = None;
        }
        Ok(Searched {
            place: place.cloned(),
            mailboxes: desk.mailboxes().await?,
            looked,
            told,
            behind,
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
    use api_types::{ListQuery, MessageList, Search, Source};
    use std::{fs, time::Duration};

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

    #[tokio::test]
    async fn what_is_found_is_as_old_as_the_mailbox_looked_at_longest_ago() {
        let room = Room::new().await;
        let here = |folder: &str| room.path().join("Maildir").join(folder);
        room.make_mailbox(".Old");
        room.deliver("cur/1795000001.M1P1.h:2,S", "Subject: Minutes 1\n\n.");
        room.deliver(".Old/cur/1795000002.M1P1.h:2,S", "Subject: Minutes 2\n\n.");
        room.at_present();
        room.pass(Duration::from_secs(60));
        room.read_all().await;
        let ask = async || search(&room, "minutes", ListQuery::default()).await;
        let told = |list: &MessageList| (list.freshness.source, list.freshness.as_of.clone().unwrap().rfc3339);
        let desk = room.desk().await;
        let now = || (desk.now_ns() / 1_000_000_000).to_string();

        // Nobody has looked for an hour: what came meanwhile is found, and it is live.
        room.pass(Duration::from_secs(3600));
        room.deliver(".Old/new/1795000003.M1P1.h", "Subject: Minutes 3\n\n.");
        let list = ask().await;
        assert_eq!((list.matching, told(&list)), (3, (Source::Live, now())));
        let last = now();

        // One of two cannot be read.
        fs::rename(here(".Old/cur"), here(".Old/away")).unwrap();
        fs::write(here(".Old/cur"), "").unwrap();
        room.pass(Duration::from_secs(40));
        let list = ask().await;
        assert_eq!(
            (list.matching, told(&list), list.trouble),
            (3, (Source::Saved, last.clone()), None)
        );
        let found = list.found.unwrap();
        let behind: Vec<_> = found
            .behind
            .iter()
            .map(|(at, when)| (at.name.as_str(), when.clone().unwrap().rfc3339))
            .collect();
        assert_eq!((behind, found.behind_more), (vec![("Old", last.clone())], 0));
        let within = Some(room.inbox().await);
        let search = Some(Search {
            text: "minutes".into(),
            within,
        });
        let query = ListQuery {
            search,
            ..ListQuery::default()
        };
        let list = room.reader().search(&query, &Plain).await.unwrap();
        assert_eq!(
            (list.matching, told(&list), list.trouble),
            (1, (Source::Live, now()), None),
            "the other can"
        );
        assert_eq!(list.found.unwrap().behind, []);

        // Nothing can be read: that is said of all.
        room.put_away();
        room.pass(Duration::from_secs(40));
        let list = ask().await;
        assert_eq!((list.matching, told(&list)), (3, (Source::Saved, last)));
        assert!(list.trouble.is_some() && list.found.unwrap().behind.is_empty());

        room.put_back();
        fs::remove_file(here(".Old/cur")).unwrap();
        fs::rename(here(".Old/away"), here(".Old/cur")).unwrap();
        let list = ask().await;
        assert_eq!(
            (list.matching, told(&list), list.trouble),
            (3, (Source::Live, now()), None)
        );
    }
}
