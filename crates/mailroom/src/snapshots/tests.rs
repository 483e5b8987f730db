//! Over real directories: what is read of a copy, what is said of it, and what it must never touch.

mod bounds;
mod complete;
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
    room.make_mailbox(".Work");
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
        .export_plan(&ExportOf::Mailboxes(vec![inbox.clone()]), &Plain)
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
async fn an_export_takes_of_several_copies_at_once_what_each_has() {
    let room = room().await;
    letters(&room);
    copy(&room, &format!("zfs/{THREE}"));
    room.deliver("cur/1795000003.M3P1.h:2,", "Subject: came later\n\ntext\n");
    copy(&room, "zfs/2026-11-28_0300");
    let (reader, live) = (room.reader(), room.inbox().await);
    let inboxes: Vec<_> = lines(&room).await.into_iter().map(|line| line.inbox).collect();
    assert_eq!(inboxes.len(), 2);

    let of = ExportOf::Mailboxes([&inboxes[..], std::slice::from_ref(&live)].concat());
    let plan = reader.export_plan(&of, &Plain).await.unwrap();
    assert!(plan.label.is_none(), "no one time is that of all of them");
    let mut taken = Vec::new();
    for place in &plan.places {
        let messages: Vec<_> = reader.export(place, i64::MIN..i64::MAX, &Plain).collect().await;
        let label = reader.export_label(place, &Plain).await.unwrap();
        taken.push((place.name.clone(), messages.len(), label.source));
    }
    taken.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(
        taken,
        [
            ("INBOX".to_owned(), 2, Source::Live),
            ("INBOX@2026-11-27_0300".to_owned(), 1, Source::Snapshot),
            ("INBOX@2026-11-28_0300".to_owned(), 2, Source::Snapshot),
        ]
    );

    // One message of each, by its own id there.
    let mut ticked = Vec::new();
    for inbox in [&inboxes[0], &live] {
        let row = list(&room, inbox)
            .await
            .rows
            .into_iter()
            .find(|row| row.subject == "lost later");
        ticked.push((inbox.clone(), row.unwrap().id));
    }
    let plan = reader.export_plan(&ExportOf::Messages(ticked), &Plain).await.unwrap();
    assert_eq!((plan.places.len(), plan.label.is_none()), (2, true));
    for place in &plan.places {
        let messages: Vec<_> = reader.export(place, i64::MIN..i64::MAX, &Plain).collect().await;
        assert_eq!(messages.len(), 1, "{}", place.name);
    }
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
