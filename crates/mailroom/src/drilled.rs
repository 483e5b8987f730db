use crate::Mailroom;

/// What an outage that is rehearsed looks like, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rehearsed {
    /// The spool does not answer.
    Gone,
    /// The spool answers late.
    Slow,
    /// It is not about the spool; that it is a drill is said all the same.
    Elsewhere,
}

/// An outage that is rehearsed with one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drilled {
    /// With whom.
    pub account: String,
    /// What it looks like.
    pub how: Rehearsed,
    /// When it ends, in seconds.
    pub ends: i64,
}

impl Mailroom {
    /// From now on these outages are rehearsed, in place of those before. Each ends by itself.
    pub fn rehearse(&self, drills: Vec<Drilled>) {
        self.shared().client.drills.set(drills);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        MailroomError,
        testing::{Plain, Room},
    };
    use api_types::{Cause, LetterQuery, Source};

    /// The clock of the room stands at this second.
    const NOW: i64 = 4_000_000_000;

    fn drilled(account: &str, how: Rehearsed, ends: i64) -> Drilled {
        Drilled {
            account: account.to_owned(),
            how,
            ends,
        }
    }

    #[tokio::test]
    async fn who_is_in_a_drill_sees_what_is_kept_and_that_it_is_a_drill_until_it_is_over() {
        let room = Room::new().await;
        room.deliver("cur/1700000000.a:2,", "Subject: One\n\nText\n");
        room.read_all().await;
        room.deliver("new/1700000900.b", "Subject: Two\n\nText\n");

        room.mailroom
            .rehearse(vec![drilled("tanaka", Rehearsed::Gone, NOW + 60)]);
        let list = room.list().await;
        assert_eq!(
            (list.trouble, list.freshness.source),
            (Some(Cause::Slow), Source::Saved)
        );
        assert_eq!(list.rows.len(), 1, "as it was seen last");
        assert_eq!(list.drill.unwrap().rfc3339, (NOW + 60).to_string());
        let newest = room.reader().newest().await.unwrap();
        assert_eq!(newest.trouble, Some(Cause::Slow));

        for drills in [
            vec![drilled("tanaka", Rehearsed::Gone, NOW)],
            vec![drilled("suzuki", Rehearsed::Gone, NOW + 60)],
        ] {
            room.mailroom.rehearse(drills);
            let list = room.list().await;
            assert_eq!((list.trouble, list.drill, list.rows.len()), (None, None, 2));
            assert_eq!(list.freshness.source, Source::Live);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn letters_that_were_kept_are_read_in_a_drill_and_others_are_not() {
        let room = Room::new().await;
        room.deliver("cur/1700000000.a:2,", "Subject: One\n\nText\n");
        room.deliver("cur/1700000900.b:2,", "Subject: Two\n\nText\n");
        room.read_all().await;
        let (desk, inbox, rows) = (room.desk().await, room.inbox().await, room.list().await.rows);
        let id = |subject: &str| rows.iter().find(|row| row.subject == subject).unwrap().id.clone();
        let open = async |subject: &str| {
            let letter = room
                .reader()
                .open(&inbox, &id(subject), &LetterQuery::default(), &Plain)
                .await;
            letter.map(|letter| letter.freshness.source)
        };
        assert_eq!(open("One").await.unwrap(), Source::Live);
        while desk.kept_body(id("One").as_str()).await.is_none() {
            tokio::task::yield_now().await;
        }
        room.mailroom
            .rehearse(vec![drilled("tanaka", Rehearsed::Gone, NOW + 60)]);
        assert_eq!(open("One").await.unwrap(), Source::Saved);
        let other = open("Two").await;
        assert!(
            matches!(other, Err(MailroomError::Unavailable(Cause::Slow))),
            "{other:?}"
        );
    }

    /// Takes some seconds: the patience of the room is long, and each question comes late by a part of it.
    #[tokio::test]
    async fn a_spool_that_is_slow_in_a_drill_answers_in_time_all_the_same() {
        let room = Room::new().await;
        room.deliver("cur/1700000000.a:2,", "Subject: One\n\nText\n");
        room.read_all().await;
        room.deliver("new/1700000900.b", "Subject: Two\n\nText\n");
        room.mailroom
            .rehearse(vec![drilled("tanaka", Rehearsed::Slow, NOW + 60)]);
        let newest = room.reader().newest().await.unwrap();
        assert_eq!((newest.at.is_some(), newest.trouble), (true, None));
        assert_eq!(
            room.desk().await.mailboxes().await.unwrap()[0].total,
            2,
            "what came meanwhile"
        );
    }

    #[tokio::test]
    async fn what_is_not_about_the_spool_leaves_it_as_it_is_and_is_said() {
        let room = Room::new().await;
        room.deliver("cur/1700000000.a:2,", "Subject: One\n\nText\n");
        room.mailroom
            .rehearse(vec![drilled("tanaka", Rehearsed::Elsewhere, NOW + 60)]);
        let list = room.list().await;
        assert_eq!((list.trouble, list.freshness.source), (None, Source::Live));
        assert!(list.drill.is_some());
    }
}
