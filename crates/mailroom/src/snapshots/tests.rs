//! Over real directories: what is read of a copy, what is said of it, and what it must never touch.

mod bounds;
mod counted;
mod links;

use super::*;
use crate::{
    Drilled, ExportOf, Rehearsed,
    testing::{Plain, Room},
};
use api_types::{LetterQuery, ListQuery, MessageList, Rail, Search};
use futures::StreamExt;
use jiff::tz::TimeZone;
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

const THREE: &str = "2026-11-27_0300";

pub(super) fn root(dir: &Path, folder: &str, kind: SnapshotKind) -> SnapshotRoot {
    SnapshotRoot {
        folder: dir.join(folder),
        dir: dir.join(folder),
        before: String::new(),
        after: String::new(),
        within: "tanaka/Maildir".into(),
        folders: None,
        kind,
        zone: TimeZone::get("Asia/Tokyo").unwrap(),
    }
}

fn marked() -> SnapshotKind {
    SnapshotKind::Copy {
        marker: "COMPLETE".to_owned(),
    }
}

/// With a place for a file system's snapshots and one for copies.
async fn room() -> Room {
    let room =
        Room::with_snapshots(|dir| vec![root(dir, "zfs", SnapshotKind::Atomic), root(dir, "copies", marked())]).await;
    for folder in ["zfs", "copies"] {
        fs::create_dir(room.path().join(folder)).unwrap();
    }
    room
}

/// The live Maildir as it is, copied.
fn copy(room: &Room, place: &str) -> PathBuf {
    fn walk(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let to = to.join(path.file_name().unwrap());
            match path.is_dir() {
                true => walk(&path, &to),
                false => drop(fs::copy(&path, to).unwrap()),
            }
        }
    }
    let copy = room.path().join(place);
    walk(&room.path().join("Maildir"), &copy.join("tanaka/Maildir"));
    copy
}

/// Names, inodes and times of everything below.
fn fingerprint(dir: &Path) -> BTreeMap<PathBuf, (u64, i64, i64, u64)> {
    let mut all = BTreeMap::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let meta = fs::metadata(&path).unwrap();
            all.insert(
                path.clone(),
                (meta.ino(), meta.mtime_nsec(), meta.ctime_nsec(), meta.len()),
            );
            if meta.is_dir() {
                dirs.push(path);
            }
        }
    }
    all
}

async fn lines(room: &Room) -> Vec<SnapshotLine> {
    let list = room.reader().snapshots(&Plain).await.unwrap();
    assert_eq!(list.trouble, None);
    list.lines
}

async fn list(room: &Room, mailbox: &MailboxId) -> MessageList {
    room.reader()
        .list(mailbox, &ListQuery::default(), &Plain)
        .await
        .unwrap()
}

/// As in the live mail: two letters, one of which is in a mailbox below.
fn letters(room: &Room) {
    for sub in ["cur", "new", "tmp"] {
        fs::create_dir_all(room.path().join("Maildir/.Work").join(sub)).unwrap();
    }
    room.deliver("cur/1795000001.M1P1.h:2,", "Subject: lost later\n\nstill here\n");
    room.deliver(".Work/cur/1795000002.M2P1.h:2,S", "Subject: minutes\n\ntext\n");
}

#[test]
fn the_day_of_a_copy_is_the_one_in_its_name() {
    let place = root(Path::new("/backup"), "copies", marked());
    for (name, marker, day) in [
        ("daily-2026-11-27", None, Some(Date::constant(2026, 11, 27))),
        ("2026-11-27_GMT", None, Some(Date::constant(2026, 11, 27))),
        (THREE, None, None),
        ("daily-2026-11-27", Some("2026-11-27T03:40:00+09:00".to_owned()), None),
    ] {
        let seen = SnapshotSeen {
            name: name.to_owned(),
            marker,
        };
        assert_eq!(Snapshot::new(String::new(), (0, &place), seen).day, day, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_copies_stand_beside_the_mailboxes_and_the_one_that_is_read() {
    let room = room().await;
    letters(&room);
    for day in 11..18 {
        copy(&room, &format!("zfs/2026-11-{day}_0300"));
    }
    room.read_all().await;
    let reader = room.reader();
    let names = |rail: &Rail| rail.copies.iter().map(|copy| copy.name.clone()).collect::<Vec<_>>();
    let asked = names(&reader.rail(&Plain).await.unwrap());
    assert!(asked.is_empty(), "no page asks for them");

    let oldest = lines(&room).await.pop().unwrap();
    let newest = ["17", "16", "15", "14", "13"].map(|day| format!("2026-11-{day}_0300"));
    assert_eq!(names(&reader.rail(&Plain).await.unwrap()), newest);
    let rail = reader.rail_of(oldest.inbox.snapshot(), &Plain).await.unwrap();
    assert_eq!(names(&rail), [&newest[..], &["2026-11-11_0300".to_owned()]].concat());
    assert_eq!(rail.copies[5].inbox, oldest.inbox);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_is_read_like_the_mail_it_was_made_of_and_says_its_date() {
    let room = room().await;
    letters(&room);
    let snapshot = copy(&room, &format!("zfs/{THREE}"));
    fs::remove_file(room.path().join("Maildir/cur/1795000001.M1P1.h:2,")).unwrap();
    room.read_all().await;
    let before = fingerprint(&snapshot);
    assert_eq!(room.list().await.total, 0);

    let [line] = &lines(&room).await[..] else { panic!() };
    assert_eq!((line.name.as_str(), line.whole), (THREE, true));
    // 3:00 in Tokyo.
    let at = "1795716000";
    assert_eq!(line.as_of.as_ref().unwrap().rfc3339, at);
    let (reader, inbox) = (room.reader(), line.inbox.clone());
    let shown = list(&room, &inbox).await;
    assert_eq!((shown.total, shown.rows[0].subject.as_str()), (1, "lost later"));
    let says = |freshness: &Freshness| (freshness.source, freshness.as_of.as_ref().unwrap().rfc3339.clone());
    assert_eq!(says(&shown.freshness), (Source::Snapshot, at.to_owned()));
    assert_eq!(shown.mailbox.id, inbox);

    let rail = reader.rail_of(inbox.snapshot(), &Plain).await.unwrap();
    assert_eq!(rail.mailboxes.len(), 2);
    assert!(
        rail.mailboxes
            .iter()
            .all(|line| line.mailbox.id.snapshot() == inbox.snapshot())
    );
    assert_eq!(says(&rail.freshness), (Source::Snapshot, at.to_owned()));

    let id = shown.rows[0].id.clone();
    let letter = reader.open(&inbox, &id, &LetterQuery::default(), &Plain).await.unwrap();
    assert_eq!(letter.message.subject, "lost later");
    assert_eq!(says(&letter.freshness), (Source::Snapshot, at.to_owned()));
    let download = reader.source(&inbox, &id).await.unwrap();
    let bytes: Vec<_> = download.stream(0..download.len).map(Result::unwrap).collect().await;
    assert_eq!(bytes.concat(), b"Subject: lost later\n\nstill here\n");
    let plan = reader
        .export_plan(&ExportOf::Mailboxes(vec![inbox.clone()]))
        .await
        .unwrap();
    let place = &plan.places[0];
    assert_eq!(place.name, "INBOX@2026-11-27_0300");
    let label = reader.export_label(place, &Plain).await.unwrap();
    assert_eq!(says(&label), (Source::Snapshot, at.to_owned()));
    let exported: Vec<_> = reader.export(place, i64::MIN..i64::MAX, &Plain).collect().await;
    assert_eq!(exported.len(), 1);
    assert!(exported[0].as_ref().unwrap().download.is_ok());

    let everywhere = Search {
        text: "minutes".into(),
        within: Some(MailboxId::default().of_snapshot(inbox.snapshot().unwrap())),
    };
    let query = ListQuery {
        search: Some(everywhere),
        ..ListQuery::default()
    };
    let found = reader.search(&query, &Plain).await.unwrap();
    assert_eq!((found.matching, says(&found.freshness).0), (1, Source::Snapshot));
    assert_eq!(found.mailbox.id.as_str(), format!("{}~", inbox.snapshot().unwrap()));
    let in_work = found.rows[0].mailbox.clone().unwrap().id;
    assert_eq!(in_work.snapshot(), inbox.snapshot());
    let found_letter = LetterQuery {
        list: query,
        ..LetterQuery::default()
    };
    assert!(
        reader
            .open(&in_work, &found.rows[0].id, &found_letter, &Plain)
            .await
            .is_ok()
    );
    assert_eq!(fingerprint(&snapshot), before, "reading leaves no trace");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_copy_meets_the_live_mail() {
    let room = room().await;
    letters(&room);
    copy(&room, &format!("zfs/{THREE}"));
    room.deliver("cur/1795000009.M9P1.h:2,", "Subject: new since\n\n");
    room.read_all().await;
    let live = room.desk().await;
    let known = live.index.mailboxes().await.unwrap();
    let (total, shown) = (room.list().await.total, room.list().await.rows.len());
    let inbox = lines(&room).await[0].inbox.clone();
    let row = list(&room, &inbox).await.rows.remove(0);
    let reader = room.reader();
    reader
        .open(&inbox, &row.id, &LetterQuery::default(), &Plain)
        .await
        .unwrap();
    // What is opened in a copy stays as it was, here and there; whoever asks for more is told that there is no such mailbox.
    let writer = room.mailroom.writer("tanaka").unwrap();
    for refused in [
        writer.note_opened(&inbox, &row.id).await,
        writer.mark_unread(&inbox, &row.id).await,
    ] {
        assert!(matches!(refused, Err(MailroomError::NotFound)), "{refused:?}");
    }
    assert!(list(&room, &inbox).await.rows[0].unread);
    assert!(room.list().await.rows.iter().all(|row| row.unread));
    // What is marked in the live mail is not marked in a copy.
    let live_inbox = room.inbox().await;
    writer.note_opened(&live_inbox, &row.id).await.unwrap();
    room.mailroom.forget("tanaka");
    assert!(list(&room, &inbox).await.rows[0].unread);

    let live = room.desk().await;
    assert_eq!((room.list().await.total, room.list().await.rows.len()), (total, shown));
    let ids = |rows: &[index::MailboxRow]| rows.iter().map(|row| row.public_id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&live.index.mailboxes().await.unwrap()), ids(&known));
    let copied = room.reader().desk_of(&inbox).await.unwrap();
    assert!(copied.kept_body(row.id.as_str()).await.is_none(), "no letter is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_are_found_listed_and_read_while_the_spool_is_gone_in_a_drill() {
    let room = room().await;
    letters(&room);
    copy(&room, &format!("zfs/{THREE}"));
    room.read_all().await;
    for how in [Rehearsed::Gone, Rehearsed::Slow] {
        room.mailroom.rehearse(vec![Drilled {
            account: "tanaka".to_owned(),
            how,
            ends: i64::MAX,
        }]);
        // Nothing of the copies was known before.
        let copy = lines(&room).await[0].inbox.clone();
        let shown = list(&room, &copy).await;
        assert_eq!((shown.trouble, shown.freshness.source), (None, Source::Snapshot));
        let letter = room
            .reader()
            .open(&copy, &shown.rows[0].id, &LetterQuery::default(), &Plain)
            .await
            .unwrap();
        assert_eq!(letter.freshness.source, Source::Snapshot);
    }
    room.mailroom.rehearse(vec![Drilled {
        account: "tanaka".to_owned(),
        how: Rehearsed::Gone,
        ends: i64::MAX,
    }]);
    let live = room.list().await;
    assert_eq!(
        (live.trouble, live.freshness.source),
        (Some(Cause::Slow), Source::Saved)
    );
    assert!(live.earlier.is_some(), "and leads to the copy");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_says_whether_it_is_complete_and_is_read_all_the_same() {
    let room = room().await;
    letters(&room);
    let complete = copy(&room, "copies/2026-11-26");
    // Later than the name says: it took a while.
    fs::write(complete.join("COMPLETE"), "2026-11-26T04:10:00+09:00\n").unwrap();
    let nonsense = copy(&room, "copies/2026-11-25_0300");
    fs::write(nonsense.join("COMPLETE"), "yes\n").unwrap();
    let torn = copy(&room, "copies/2026-11-27");
    fs::remove_dir_all(torn.join("tanaka/Maildir/.Work")).unwrap();
    copy(&room, "copies/before-the-move");
    let lines = lines(&room).await;
    let said: Vec<_> = lines
        .iter()
        .map(|line| {
            let at = line.as_of.as_ref().map(|at| at.rfc3339.parse::<i64>().unwrap());
            (line.name.as_str(), line.whole, at)
        })
        .collect();
    assert_eq!(
        said,
        [
            ("2026-11-27", false, Some(1_795_705_200)),
            ("2026-11-26", true, Some(1_795_633_800)),
            ("2026-11-25_0300", false, Some(1_795_543_200)),
            ("before-the-move", false, None),
        ]
    );
    let sources = [Source::Unmarked, Source::Snapshot, Source::Unmarked, Source::Unmarked];
    for (line, source) in lines.iter().zip(sources) {
        let shown = list(&room, &line.inbox).await;
        assert_eq!((shown.freshness.source, shown.total), (source, 1), "{}", line.name);
        assert_eq!(shown.freshness.as_of, line.as_of);
        let inbox = ExportOf::Mailboxes(vec![line.inbox.clone()]);
        let plan = room.reader().export_plan(&inbox).await.unwrap();
        assert!(plan.places[0].name.starts_with("INBOX@"), "{}", plan.places[0].name);
    }
    // One that is completed later is the same copy, read anew, and its marker's time counts from then on.
    let inbox = lines[0].inbox.clone();
    let work = room.path().join("copies/2026-11-27/tanaka/Maildir");
    fs::write(work.join("cur/1795000003.M3P1.h:2,"), "Subject: copied last\n\n").unwrap();
    fs::write(torn.join("COMPLETE"), "2026-11-27T03:40:00+09:00").unwrap();
    room.pass(Duration::from_secs(120));
    let again = self::lines(&room).await;
    assert_eq!((&again[0].inbox, again[0].whole), (&inbox, true));
    let shown = list(&room, &inbox).await;
    assert_eq!((shown.freshness.source, shown.total), (Source::Snapshot, 2));
}

/// A message that was renamed while the copy was made stands in it under both names, or in both directories.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_in_a_copy_twice_is_shown_once() {
    let room = room().await;
    let torn = copy(&room, "copies/2026-11-27");
    let put = |name: &str, text: &str| fs::write(torn.join("tanaka/Maildir").join(name), text).unwrap();
    put("new/1795000001.M1P1.h", "Subject: moved on\n\n");
    put("cur/1795000001.M1P1.h:2,S", "Subject: moved on\n\n");
    put("cur/1795000002.M2P1.h:2,", "Subject: flagged\n\n");
    put("cur/1795000002.M2P1.h:2,FS", "Subject: flagged\n\n");
    let shown = list(&room, &lines(&room).await[0].inbox).await;
    let mut subjects: Vec<_> = shown.rows.iter().map(|row| row.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!((shown.total, subjects), (2, vec!["flagged", "moved on"]));
    assert!(!shown.notes.is_empty(), "and it is said");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complete_copy_is_listed_once() {
    let room = room().await;
    letters(&room);
    let snapshot = copy(&room, &format!("zfs/{THREE}"));
    let inbox = lines(&room).await[0].inbox.clone();
    assert_eq!(list(&room, &inbox).await.total, 1);
    let desk = room.reader().desk_of(&inbox).await.unwrap();
    let id = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap().id;
    while desk.is_reading(id) {
        tokio::task::yield_now().await;
    }
    // Nothing changes it; if it is no more, its list is still what it was.
    fs::rename(&snapshot, room.path().join("destroyed")).unwrap();
    for forgotten in [false, true] {
        if forgotten {
            room.mailroom.forget("tanaka");
        }
        let shown = list(&room, &inbox).await;
        assert_eq!((shown.total, shown.trouble), (1, None));
        let letter = room
            .reader()
            .open(&inbox, &shown.rows[0].id, &LetterQuery::default(), &Plain)
            .await;
        assert!(
            matches!(letter, Err(MailroomError::Unavailable(Cause::Missing))),
            "{letter:?}"
        );
    }
    // And when that is known, it is not there.
    room.pass(Duration::from_secs(120));
    lines(&room).await;
    let gone = room.reader().list(&inbox, &ListQuery::default(), &Plain).await;
    assert!(matches!(gone, Err(MailroomError::NotFound)), "{gone:?}");
}

/// F19 of the fault table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_mail_is_lost_its_list_stays_and_the_newest_complete_copy_is_offered() {
    let room = room().await;
    letters(&room);
    copy(&room, "zfs/2026-11-26_0300");
    copy(&room, &format!("zfs/{THREE}"));
    copy(&room, "copies/2026-11-28");
    room.read_all().await;
    let live = room.list().await;
    assert_eq!((live.earlier, live.freshness.source), (None, Source::Live));
    room.put_away();
    let lost = room.list().await;
    assert_eq!((lost.total, lost.trouble), (1, Some(Cause::Missing)));
    assert_eq!(lost.freshness.source, Source::Saved);
    let earlier = lost.earlier.expect("a copy is offered");
    assert_eq!(
        (earlier.name.as_str(), earlier.whole),
        (THREE, true),
        "not the one without a marker"
    );
    // The same letter has the same ids there.
    let there = live.mailbox.id.of_snapshot(earlier.inbox.snapshot().unwrap());
    let letter = room
        .reader()
        .open(&there, &live.rows[0].id, &LetterQuery::default(), &Plain)
        .await
        .unwrap();
    assert_eq!(letter.message.subject, "lost later");
    // A list of mailboxes that was just seen is not looked at again.
    room.pass(Duration::from_secs(3));
    let search = ListQuery {
        search: Some(Search {
            text: "minutes".into(),
            within: None,
        }),
        ..ListQuery::default()
    };
    let found = room.reader().search(&search, &Plain).await.unwrap();
    assert_eq!(found.earlier.map(|copy| copy.name).as_deref(), Some(THREE));
}
