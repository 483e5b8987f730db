//! F20 of the fault table: a marker that counts, and a copy that has lost messages under it.

use super::*;
use crate::{Layout, MboxQuoting, count_in_copy, survey_snapshots};

const NAME: &str = "2026-11-27";
const TIME: &str = "2026-11-27T03:40:00+09:00";

/// With one copy of the live mail: four messages in the inbox and two below.
async fn with_copy() -> (Room, PathBuf) {
    let room = room().await;
    letters(&room);
    for number in 3..6 {
        room.deliver(&format!("cur/179500000{number}.M{number}P1.h:2,"), "Subject: more\n\n");
    }
    room.deliver(".Work/new/1795000007.M7P1.h", "Subject: more\n\n");
    room.read_all().await;
    let copy = copy(&room, &format!("copies/{NAME}"));
    (room, copy)
}

fn mark(copy: &Path, lines: &str) {
    fs::write(copy.join("COMPLETE"), format!("{TIME}\n{lines}")).unwrap();
}

/// Half of the files of the inbox.
fn tear(copy: &Path) {
    for number in 3..5 {
        let file = format!("tanaka/Maildir/cur/179500000{number}.M{number}P1.h:2,");
        fs::remove_file(copy.join(file)).unwrap();
    }
}

/// Opens the copy as a page does, and waits until all that this begins is done.
async fn look_into(room: &Room, inbox: &MailboxId) {
    let desk = room.reader().desk_of(inbox).await.unwrap();
    room.reader().rail_of(inbox.snapshot(), &Plain).await.unwrap();
    while desk.work().sweeping {
        tokio::task::yield_now().await;
    }
}

/// Whether the list of copies, the copy itself and its mailboxes say that it is complete.
async fn says(room: &Room) -> (bool, Source, Source) {
    let line = lines(room).await.remove(0);
    look_into(room, &line.inbox).await;
    let rail = room.reader().rail_of(line.inbox.snapshot(), &Plain).await.unwrap();
    (
        line.whole,
        list(room, &line.inbox).await.freshness.source,
        rail.freshness.source,
    )
}

const WHOLE: (bool, Source, Source) = (true, Source::Snapshot, Source::Snapshot);
const TORN: (bool, Source, Source) = (false, Source::Unmarked, Source::Unmarked);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_complete_as_long_as_it_has_what_its_marker_counts() {
    let (room, copy) = with_copy().await;
    let account = room.desk().await.account.clone();
    assert_eq!(count_in_copy(&account, &account.snapshots[1], NAME), Ok(Some(6)));
    mark(&copy, "sato\t2\ntanaka\t6\n");
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE);
    room.put_away();
    assert_eq!(room.list().await.earlier.map(|copy| copy.name).as_deref(), Some(NAME));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_of_the_files_gone_is_told_and_not_offered_until_they_are_back() {
    let (room, copy) = with_copy().await;
    mark(&copy, "tanaka\t6\n");
    let kept = room.path().join("kept");
    fs::create_dir(&kept).unwrap();
    let torn = copy.join("tanaka/Maildir/.Work");
    fs::rename(&torn, kept.join("Work")).unwrap();
    tear(&copy);
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN);
    assert_eq!(list(&room, &inbox).await.total, 2, "what is there is read");
    assert_eq!(lines(&room).await[0].as_of.as_ref().unwrap().rfc3339, "1795718400");
    // Also when the copies are looked for again.
    room.pass(Duration::from_secs(120));
    assert_eq!(says(&room).await, TORN);
    room.put_away();
    room.pass(Duration::from_secs(120));
    assert_eq!(room.list().await.earlier, None);
    room.put_back();
    // Somebody brings the rest, and counts anew.
    fs::rename(kept.join("Work"), &torn).unwrap();
    mark(&copy, "tanaka\t4\n");
    room.pass(Duration::from_secs(120));
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE);
    assert_eq!(list(&room, &inbox).await.total, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_listed_before_a_restart_is_compared_too() {
    let (room, copy) = with_copy().await;
    mark(&copy, "tanaka\t6\n");
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    room.mailroom.forget("tanaka");
    mark(&copy, "tanaka\t7\n");
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_marker_that_does_not_count_is_believed_and_one_that_counts_badly_is_not() {
    for (lines, said) in [
        ("", WHOLE),
        ("made by rsync on backup1\n", WHOLE),
        ("sato\t2\n", WHOLE),
        ("tanaka\tmany\n", TORN),
        ("tanaka\n", TORN),
        ("tanaka\t5\n", TORN),
        ("tanaka\t7\n", TORN),
    ] {
        let (room, copy) = with_copy().await;
        mark(&copy, lines);
        let inbox = self::lines(&room).await[0].inbox.clone();
        look_into(&room, &inbox).await;
        assert_eq!(says(&room).await, said, "{lines:?}");
        let account = room.desk().await.account.clone();
        let surveyed = survey_snapshots(&account).remove(1);
        assert_eq!(surveyed.miscounted.is_empty(), said == WHOLE, "{lines:?}");
    }
    let (room, copy) = with_copy().await;
    mark(&copy, &"somebody\t12345\n".repeat(300_000));
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN, "too long");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_twice_in_a_copy_is_counted_once() {
    let (room, copy) = with_copy().await;
    let twice = "Subject: more\n\n";
    fs::write(copy.join("tanaka/Maildir/new/1795000003.M3P1.h"), twice).unwrap();
    let account = room.desk().await.account.clone();
    let counted = count_in_copy(&account, &account.snapshots[1], NAME).unwrap().unwrap();
    mark(&copy, &format!("tanaka\t{counted}\n"));
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert_eq!((counted, says(&room).await), (6, WHOLE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_mboxes_are_counted() {
    let layout = |dir: &Path| Layout::Mbox {
        inbox: dir.join("spool/tanaka"),
        folders: Some(dir.join("home/tanaka/mail")),
        quoting: MboxQuoting::Mboxo,
    };
    let place = |dir: &Path| SnapshotRoot {
        within: "spool/tanaka".into(),
        folders: Some("home/tanaka/mail".into()),
        ..root(dir, "copies", marked())
    };
    let room = Room::lying_at(layout, |dir| vec![place(dir)]).await;
    let copy = room.path().join("copies").join(NAME);
    let message = "From a@b.example Fri Nov 27 09:12:00 2026\nSubject: the same\n\ntext\n\n";
    for (file, messages) in [("spool/tanaka", 4), ("home/tanaka/mail/Sent", 3)] {
        for path in [room.path().join(file), copy.join(file)] {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, message.repeat(messages)).unwrap();
        }
    }
    let account = room.desk().await.account.clone();
    assert_eq!(count_in_copy(&account, &account.snapshots[0], NAME), Ok(Some(7)));
    mark(&copy, "tanaka\t7\n");
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE);

    let torn = room.path().join("copies/2026-11-28");
    fs::create_dir_all(torn.join("spool")).unwrap();
    fs::create_dir_all(torn.join("home/tanaka/mail")).unwrap();
    fs::write(torn.join("spool/tanaka"), message.repeat(2)).unwrap();
    fs::write(torn.join("home/tanaka/mail/Sent"), message.repeat(3)).unwrap();
    fs::write(torn.join("COMPLETE"), "2026-11-28T03:40:00+09:00\ntanaka\t7\n").unwrap();
    room.pass(Duration::from_secs(120));
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_a_copy_when_it_turns_out_to_be_torn_reads_on() {
    let (room, copy) = with_copy().await;
    mark(&copy, "tanaka\t7\n");
    let inbox = lines(&room).await[0].inbox.clone();
    let desk = room.reader().desk_of(&inbox).await.unwrap();
    let file = desk.shared.snapshot_file("tanaka", desk.snapshot.as_ref().unwrap());
    let file = desk.shared.snapshot_path("tanaka", &file);
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN);
    room.mailroom.forget_old_snapshots().await.unwrap();
    assert!(file.exists());
    assert_eq!(desk.index.mailboxes().await.unwrap().len(), 2);
    let held = std::sync::Arc::downgrade(&desk);
    drop(desk);
    while held.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
    room.mailroom.forget_old_snapshots().await.unwrap();
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_found_is_known_after_a_restart_until_the_copy_is_made_anew() {
    let (mut room, copy) = with_copy().await;
    mark(&copy, "tanaka\t7\n");
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert!(!lines(&room).await[0].whole);
    room.restart();
    assert!(!lines(&room).await[0].whole, "before it is opened again");
    room.put_away();
    room.pass(Duration::from_secs(120));
    assert_eq!(room.list().await.earlier, None);
    room.put_back();
    fs::write(copy.join("COMPLETE"), "2026-11-27T04:00:00+09:00\ntanaka\t6\n").unwrap();
    room.restart();
    assert_eq!(says(&room).await, WHOLE);
    assert_eq!(verdicts(&room), 0, "of the one before nothing is kept");
    fs::write(copy.join("COMPLETE"), "2026-11-27T04:00:00+09:00\ntanaka\t8\n").unwrap();
    room.mailroom.forget("tanaka");
    look_into(&room, &inbox).await;
    assert_eq!(verdicts(&room), 1);
    room.mailroom.erase("tanaka").await.unwrap();
    assert_eq!(verdicts(&room), 0);
}

/// Files below the indexes that say what was found.
fn verdicts(room: &Room) -> usize {
    let all = fingerprint(&room.path().join("data/index"));
    let judged = all
        .keys()
        .filter(|path| path.extension().is_some_and(|end| end == "judged"));
    judged.count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_was_put_away_and_is_open_again_stays() {
    let (room, copy) = with_copy().await;
    mark(&copy, "tanaka\t6\n");
    let inbox = lines(&room).await[0].inbox.clone();
    let first = room.reader().desk_of(&inbox).await.unwrap();
    let snapshot = first.snapshot.clone().unwrap();
    let file = first.shared.snapshot_file("tanaka", &snapshot);
    let file = first.shared.snapshot_path("tanaka", &file);
    first.shared.put_away(&first, &snapshot);
    let second = room.reader().desk_of(&inbox).await.unwrap();
    assert!(!std::sync::Arc::ptr_eq(&first, &second));
    drop(first);
    room.mailroom.forget_old_snapshots().await.unwrap();
    assert!(file.exists());
    drop(second);
    room.pass(Duration::from_secs(3600));
    // The desk is closed first, and then nobody has the file.
    room.mailroom.forget_old_snapshots().await.unwrap();
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lost_later_is_found_at_the_first_opening_and_a_day_later() {
    let (mut room, copy) = with_copy().await;
    mark(&copy, "tanaka\t6\n");
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE);
    let work = room.path().join("work");
    fs::rename(copy.join("tanaka/Maildir/.Work"), &work).unwrap();
    room.pass(Duration::from_secs(120));
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE, "it is read from the index");
    room.pass(Duration::from_secs(25 * 3600));
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN);

    fs::rename(&work, copy.join("tanaka/Maildir/.Work")).unwrap();
    room.pass(Duration::from_secs(120));
    look_into(&room, &inbox).await;
    // Listed at another desk, and then at one more, which is complete.
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE);
    tear(&copy);
    room.restart();
    lines(&room).await;
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_whose_index_is_here_is_not_judged_while_it_cannot_be_read() {
    let (mut room, copy) = with_copy().await;
    mark(&copy, "tanaka\t6\n");
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    room.restart();
    lines(&room).await;
    let (mail, away) = (copy.join("tanaka/Maildir"), room.path().join("unmounted"));
    fs::rename(&mail, &away).unwrap();
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE);
    assert_eq!(list(&room, &inbox).await.total, 4);
    fs::rename(&away, &mail).unwrap();
    tear(&copy);
    // It is asked again before the day is over.
    room.pass(Duration::from_secs(3600));
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_with_a_mailbox_that_the_portal_may_not_read_is_not_judged() {
    let (mut room, copy) = with_copy().await;
    mark(&copy, "tanaka\t6\n");
    let (work, place) = (room.path().join("work"), copy.join("tanaka/Maildir/.Work"));
    fs::rename(&place, &work).unwrap();
    std::os::unix::fs::symlink(&work, &place).unwrap();
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE);
    room.restart();
    lines(&room).await;
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, WHOLE, "nor when it is counted anew");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_was_counted_anew_is_read_from_its_index_for_a_day() {
    let (mut room, copy) = with_copy().await;
    mark(&copy, "tanaka\t6\n");
    let inbox = lines(&room).await[0].inbox.clone();
    look_into(&room, &inbox).await;
    room.restart();
    lines(&room).await;
    look_into(&room, &inbox).await;
    tear(&copy);
    // Also at a desk that is opened after this one was closed.
    for hours in [1, 22] {
        room.mailroom.forget("tanaka");
        room.pass(Duration::from_secs(hours * 3600));
        look_into(&room, &inbox).await;
        assert_eq!(says(&room).await, WHOLE, "{hours}");
        assert_eq!(list(&room, &inbox).await.total, 4);
    }
    room.pass(Duration::from_secs(2 * 3600));
    look_into(&room, &inbox).await;
    assert_eq!(says(&room).await, TORN);
}
