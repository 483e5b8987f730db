//! When mailboxes were seen, and as of when what is told of them is true. The two differ: what the spool answers a moment after a
//! change may lack another change of that moment.

use super::CLOCK_SKEW_NS;
use crate::desk::Desk;
use api_types::Cause;
use index::MailboxRow;

/// What was seen within this, in nanoseconds, is live.
const LIVE_NS: i64 = 30_000_000_000;

/// What is known of a mailbox, or of several together, beside the mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LastLook {
    /// When the spool answered last, in nanoseconds.
    pub(crate) seen: Option<i64>,
    /// As of when what is known is true, in nanoseconds.
    pub(crate) as_of: Option<i64>,
    /// Why the last look found nothing out.
    pub(crate) trouble: Option<Cause>,
    /// It found much missing, which is not believed yet.
    pub(crate) is_doubted: bool,
}

impl LastLook {
    /// Of what was true, and seen to be, at that time.
    pub(crate) fn at(ns: i64) -> Self {
        Self {
            seen: Some(ns),
            as_of: Some(ns),
            ..Self::default()
        }
    }

    /// It may not be read and never was: nothing of it is told with others.
    pub(crate) fn may_not_be_read(&self) -> bool {
        self.as_of.is_none() && matches!(self.trouble, Some(Cause::Denied | Cause::Unsupported))
    }

    /// The spool has answered lately, and again when it was asked last.
    pub(crate) fn is_live(&self, now_ns: i64) -> bool {
        // A clock that was set back makes nothing live.
        let is_late = |at: i64| (0..=LIVE_NS).contains(&(now_ns - at));
        self.trouble.is_none() && !self.is_doubted && self.seen.is_some_and(is_late)
    }

    /// With what the file knows, which may be of a process before this one.
    pub(crate) fn of(self, row: &MailboxRow) -> Self {
        Self {
            as_of: self.as_of.max(row.as_of),
            ..self
        }
    }

    /// What is told of both together: the older decides. What was never seen is not live, and has no time to be told.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            seen: self.seen.min(other.seen),
            as_of: [self.as_of, other.as_of].into_iter().flatten().min(),
            trouble: self.trouble.or(other.trouble),
            is_doubted: self.is_doubted || other.is_doubted,
        }
    }
}

impl Desk {
    /// What the last look at a mailbox told, or what the file knows of those before this process.
    pub(crate) fn last_look(&self, row: &MailboxRow) -> LastLook {
        self.last_look_at(row.id).of(row)
    }

    /// What the last look at the mailbox in that row told.
    pub(crate) fn last_look_at(&self, mailbox: i64) -> LastLook {
        self.work().last.get(&mailbox).copied().unwrap_or_default()
    }

    /// As of when the index is true with what was found from `now` on. While a change is young another may have the same time and
    /// not be found, so that nothing later is certain than what came before both; and if something changed meanwhile, what moved
    /// may have been missed.
    pub(super) fn as_of(&self, row: &MailboxRow, at_rest: bool, settled: bool, now: i64) -> Option<i64> {
        let before = self.last_look(row).as_of.filter(|at| *at <= now);
        let sure = if settled { now } else { now - CLOCK_SKEW_NS };
        at_rest.then_some(sure).max(before)
    }

    /// The spool answered at `now`; what is known is true as of `as_of`, or nothing more is known of that than before. `is_doubted`: what
    /// it answered is not believed yet.
    pub(super) fn note_look(&self, mailbox: i64, now: i64, as_of: Option<i64>, is_doubted: bool) {
        let mut work = self.work();
        let last = work.last.entry(mailbox).or_default();
        last.seen = Some(now);
        last.as_of = as_of.or(last.as_of);
        last.is_doubted = is_doubted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Room;
    use api_types::Source;
    use spool::MailboxPath;
    use std::{
        fs,
        sync::Arc,
        time::{Duration, SystemTime},
    };

    const SECOND: i64 = 1_000_000_000;

    async fn row(desk: &Arc<Desk>) -> MailboxRow {
        desk.index.mailboxes().await.unwrap().remove(0)
    }

    #[test]
    fn of_several_the_oldest_is_told() {
        let (new, old) = (LastLook::at(40 * SECOND), LastLook::at(15 * SECOND));
        assert_eq!(new.and(old), old);
        let never = LastLook::default();
        let both = new.and(never);
        assert_eq!((both.seen, both.as_of), (None, Some(40 * SECOND)));
        assert!(new.is_live(70 * SECOND) && !new.is_live(71 * SECOND) && !never.is_live(SECOND));
        assert!(!new.is_live(39 * SECOND), "a clock that was set back");
        let failed = LastLook {
            trouble: Some(Cause::Slow),
            ..new
        };
        assert!(!failed.and(new).is_live(41 * SECOND));
    }

    #[tokio::test]
    async fn a_mailbox_is_told_as_of_what_is_certain() {
        let room = Room::new().await;
        room.deliver("cur/1795000001.M1P1.h:2,S", "Subject: one\n\ntext\n");
        room.at_present();
        let desk = room.desk().await;
        let began = desk.now_ns();
        let list = room.list().await;
        assert_eq!(list.freshness.source, Source::Live);
        assert_eq!(
            row(&desk).await.as_of,
            Some(began - CLOCK_SKEW_NS),
            "another may have come just then"
        );

        room.pass(Duration::from_secs(1));
        room.list().await;
        assert_eq!(row(&desk).await.as_of, Some(desk.now_ns() - CLOCK_SKEW_NS));
        room.pass(Duration::from_secs(60));
        let settled = desk.now_ns();
        room.list().await;
        assert_eq!(row(&desk).await.as_of, Some(settled));

        // What comes now does not turn the time back.
        room.pass(Duration::from_secs(1));
        room.deliver("new/1795000002.M1P1.h", "Subject: two\n\ntext\n");
        let young = SystemTime::UNIX_EPOCH + Duration::from_nanos(desk.now_ns().unsigned_abs());
        let folder = fs::File::open(room.path().join("Maildir/new")).unwrap();
        folder.set_modified(young).unwrap();
        assert_eq!(room.list().await.rows.len(), 2);
        let told = row(&desk).await.as_of;
        assert_eq!(told, Some(settled));

        // While somebody turned the mailbox over what moved may have been missed: more is known, and not as of when.
        room.pass(Duration::from_secs(60));
        let path = MailboxPath::from_bytes(row(&desk).await.path);
        let client = &desk.shared.client;
        let mut listing = client
            .list(&desk.account, &path, None, crate::sync::mailbox::URGENCY)
            .await
            .unwrap();
        (listing.consistent, listing.at_rest) = (false, false);
        desk.take_listing(&row(&desk).await, listing, desk.now_ns(), 0)
            .await
            .unwrap();
        let last = desk.last_look(&row(&desk).await);
        assert_eq!((last.seen, last.as_of), (Some(desk.now_ns()), told));
        assert_eq!(row(&desk).await.as_of, told);
    }

    #[tokio::test]
    async fn what_was_not_read_to_be_so_is_not_told_to_be() {
        let room = Room::new().await;
        room.deliver("cur/1795000001.M1P1.h:2,S", "Subject: one\n\ntext\n");
        room.at_present();
        room.pass(Duration::from_secs(60));
        let desk = room.desk().await;
        room.list().await;
        let told = row(&desk).await.as_of;
        room.put_away();
        for _ in 0..3 {
            room.pass(Duration::from_secs(10));
            let list = room.list().await;
            assert!(list.trouble.is_some() && list.freshness.source == Source::Saved);
            let at = list.freshness.as_of.unwrap().rfc3339;
            assert_eq!(Some(at), told.map(|at| (at / SECOND).to_string()));
        }
    }

    /// What a list tells: its source, as of when in seconds, and how many messages.
    async fn told(room: &Room) -> (Source, i64, u64) {
        let list = room.list().await;
        let at = list.freshness.as_of.unwrap().rfc3339.parse().unwrap();
        (list.freshness.source, at, list.total)
    }

    async fn with_letters(count: u32) -> Room {
        let room = Room::new().await;
        let mut uids = "3 V1 N99 G0\n".to_owned();
        for number in 0..count {
            let base = format!("17950001{number:02}.M1P1.h");
            room.deliver(&format!("cur/{base}:2,S"), "Subject: one\n\ntext\n");
            uids.push_str(&format!("{} :{base}\n", number + 1));
        }
        room.deliver("dovecot-uidlist", &uids);
        room.at_present();
        room.pass(Duration::from_secs(60));
        room.read_all().await;
        room
    }

    #[tokio::test]
    async fn while_something_is_missed_the_time_stands_still() {
        let room = with_letters(3).await;
        let before = told(&room).await;
        room.pass(Duration::from_secs(60));
        room.remove("cur/1795000101.M1P1.h:2,S");
        assert_eq!(
            told(&room).await,
            (Source::Live, before.1, 3),
            "it is shown, and it was there then"
        );
        room.put_away();
        assert_eq!(told(&room).await, (Source::Saved, before.1, 3));
    }

    #[tokio::test]
    async fn what_is_doubted_is_not_live() {
        let room = with_letters(30).await;
        let before = told(&room).await;
        for number in 10..30 {
            room.remove(&format!("cur/17950001{number}.M1P1.h:2,S"));
        }
        for _ in 0..3 {
            room.pass(Duration::from_secs(60));
            assert_eq!(told(&room).await, (Source::Saved, before.1, 30));
        }
        room.pass(Duration::from_secs(600));
        let now = room.desk().await.now_ns() / SECOND;
        assert_eq!(told(&room).await, (Source::Live, now, 10));
    }

    #[tokio::test]
    async fn a_mailbox_made_anew_is_as_it_is() {
        let room = with_letters(30).await;
        for sub in ["cur", "new", "dovecot-uidlist"] {
            let there = room.path().join("Maildir").join(sub);
            // Kept, so that its inode is not used again.
            fs::rename(&there, room.path().join(sub)).unwrap();
            if sub != "dovecot-uidlist" {
                fs::create_dir(there).unwrap();
            }
        }
        room.deliver("dovecot-uidlist", "3 V2 N2 G0\n1 :1795000201.M1P1.h\n");
        room.deliver("cur/1795000201.M1P1.h:2,S", "Subject: one\n\ntext\n");
        for _ in 0..2 {
            room.pass(Duration::from_secs(60));
            assert_eq!(room.list().await.trouble, None);
        }
        let now = room.desk().await.now_ns() / SECOND;
        assert_eq!(told(&room).await, (Source::Live, now, 1));
    }

    #[tokio::test]
    async fn a_mailbox_without_one_of_its_directories_has_a_time_if_nothing_is_missed() {
        let room = with_letters(3).await;
        let before = told(&room).await.1;
        let (cur, away) = (room.path().join("Maildir/cur"), room.path().join("cur"));
        fs::rename(&cur, &away).unwrap();
        room.pass(Duration::from_secs(60));
        let (_, at, total) = told(&room).await;
        assert_eq!((at, total), (before, 3), "they are not there");
        fs::rename(&away, &cur).unwrap();
        fs::remove_dir(room.path().join("Maildir/new")).unwrap();
        room.pass(Duration::from_secs(60));
        let now = room.desk().await.now_ns() / SECOND;
        assert_eq!(told(&room).await, (Source::Live, now, 3));
    }
}
