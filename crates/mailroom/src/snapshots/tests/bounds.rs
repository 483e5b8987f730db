//! What is none, what cannot be read, and what is not kept.

use super::*;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_none_is_as_a_mailbox_that_is_none() {
    let room = room().await;
    letters(&room);
    copy(&room, &format!("zfs/{THREE}"));
    room.read_all().await;
    let inbox = room.inbox().await;
    let copied = lines(&room).await[0].inbox.clone();
    let unknown = [
        MailboxId::from("nosuchmailbox"),
        inbox.of_snapshot("abcdefghijklmnop"),
        inbox.of_snapshot(""),
        MailboxId::from("other").of_snapshot(copied.snapshot().unwrap()),
        MailboxId::default().of_snapshot(copied.snapshot().unwrap()),
        MailboxId::from("~~"),
    ];
    for id in unknown {
        let said = room.reader().list(&id, &ListQuery::default(), &Plain).await;
        assert!(matches!(said, Err(MailroomError::NotFound)), "{id} {said:?}");
        let said = room
            .reader()
            .export_plan(&ExportOf::Mailboxes(vec![id.clone()]), &Plain)
            .await;
        assert!(matches!(said, Err(MailroomError::NotFound)), "{id} {said:?}");
    }
    // Without any copies too.
    let without = Room::new().await;
    let said = without.reader().list(&copied, &ListQuery::default(), &Plain).await;
    assert!(matches!(said, Err(MailroomError::NotFound)), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_cannot_be_read_hides_no_other() {
    let room = room().await;
    letters(&room);
    copy(&room, &format!("zfs/{THREE}"));
    fs::remove_dir(room.path().join("copies")).unwrap();
    let found = room.reader().snapshots(&Plain).await.unwrap();
    assert_eq!((found.lines.len(), found.trouble), (1, Some(Cause::Missing)));
    // What was known of a place stays known while it cannot be asked.
    fs::rename(room.path().join("zfs"), room.path().join("away")).unwrap();
    room.pass(Duration::from_secs(120));
    let found = room.reader().snapshots(&Plain).await.unwrap();
    assert_eq!((found.lines.len(), found.trouble), (1, Some(Cause::Missing)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_without_the_person_says_that_it_cannot_be_read() {
    let room = room().await;
    fs::create_dir_all(room.path().join("zfs").join(THREE).join("sato/Maildir")).unwrap();
    let inbox = lines(&room).await[0].inbox.clone();
    let said = room.reader().list(&inbox, &ListQuery::default(), &Plain).await;
    assert!(
        matches!(said, Err(MailroomError::Unavailable(Cause::Missing))),
        "{said:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_indexes_of_copies_are_kept_and_none_for_long_nor_after_the_account() {
    let room = room().await;
    letters(&room);
    for day in 1..=12 {
        copy(&room, &format!("zfs/2026-11-{day:02}"));
    }
    // A file that is closed is written to, by the clock of the file system.
    room.at_present();
    let folder = room
        .desk()
        .await
        .shared
        .index_path("tanaka")
        .with_extension("snapshots");
    let files = || {
        fs::read_dir(&folder).map_or(0, |files| {
            let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name.ends_with(".sqlite")).count()
        })
    };
    for line in lines(&room).await {
        assert_eq!(list(&room, &line.inbox).await.total, 1);
        // As after a restart: what is open is not removed.
        room.mailroom.forget("tanaka");
    }
    assert_eq!(files(), 8);
    room.mailroom.forget_old_snapshots().await.unwrap();
    assert_eq!(files(), 8, "they were opened now");
    room.pass(Duration::from_secs(15 * 24 * 3600));
    let last = lines(&room).await.remove(0).inbox;
    list(&room, &last).await;
    room.mailroom.forget_old_snapshots().await.unwrap();
    assert_eq!(files(), 1, "the one that is open");
    room.mailroom.erase("tanaka").await.unwrap();
    assert!(!folder.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_of_a_copy_that_is_open_stays_however_much_there_is() {
    let room = room().await;
    letters(&room);
    copy(&room, "zfs/2026-11-26");
    copy(&room, "zfs/2026-11-27");
    let shared = Arc::clone(&room.desk().await.shared);
    let mut files = Vec::new();
    for line in lines(&room).await {
        assert_eq!(list(&room, &line.inbox).await.total, 1);
        let desk = room.reader().desk_of(&line.inbox).await.unwrap();
        files.push(shared.snapshot_file("tanaka", desk.snapshot.as_ref().unwrap()));
    }
    let there = || {
        let paths = files.iter().map(|file| shared.snapshot_path("tanaka", file));
        paths.map(|path| path.exists()).collect::<Vec<_>>()
    };
    shared.keep_snapshots_within(0).await.unwrap();
    assert_eq!(there(), [true, true]);
    shared.desks.close_copy("tanaka", &files[0]);
    shared.keep_snapshots_within(0).await.unwrap();
    assert_eq!(there(), [false, true]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_all_accounts_the_index_of_a_copy_that_was_opened_longest_ago_goes_first() {
    let room = room().await;
    let shared = Arc::clone(&room.desk().await.shared);
    let place = |account: &str, file: &str| shared.snapshot_path(account, file);
    // Opened then, in seconds; what belongs to it weighs too.
    let files = [("sato", "a", 30), ("sato", "b", 10), ("kato", "c", 20)].map(|(account, name, opened)| {
        let path = place(account, name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, [0; 100]).unwrap();
        fs::write(
            place(account, &format!("{name}.sqlite-wal")).with_extension(""),
            [0; 50],
        )
        .unwrap();
        let at = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(opened);
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(at).unwrap();
        path
    });
    let there = || files.iter().map(|file| file.exists()).collect::<Vec<_>>();
    for (most, left) in [
        (450, [true, true, true]),
        (449, [true, false, true]),
        (299, [true, false, false]),
        (149, [false, false, false]),
    ] {
        shared.keep_snapshots_within(most).await.unwrap();
        assert_eq!(there(), left, "{most}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_nobody_reads_any_more_is_closed() {
    let room = room().await;
    letters(&room);
    copy(&room, &format!("zfs/{THREE}"));
    let inbox = lines(&room).await[0].inbox.clone();
    assert_eq!(list(&room, &inbox).await.total, 1);
    let shared = Arc::clone(&room.desk().await.shared);
    let held = room.reader().desk_of(&inbox).await.unwrap();
    let file = shared.snapshot_file("tanaka", held.snapshot.as_ref().unwrap());
    room.pass(Duration::from_secs(20 * 60));
    room.mailroom.forget_old_snapshots().await.unwrap();
    assert!(shared.desks.has_copy(&file), "somebody holds it");
    let desk = Arc::downgrade(&held);
    drop(held);
    while desk.strong_count() > 1 {
        tokio::task::yield_now().await;
    }
    room.mailroom.forget_old_snapshots().await.unwrap();
    assert!(!shared.desks.has_copy(&file) && desk.strong_count() == 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_copies_is_not_who_reads_live_mail_though_both_lie_in_one_folder() {
    let room = room().await;
    let desk = room.desk().await;
    let client = &desk.shared.client;
    let mut root = root(room.path(), "zfs", SnapshotKind::Atomic);
    root.folder = desk.account.mount.folders[0].clone();
    let (live, copies) = (client.mount(&desk.account.mount), client.mount(&root.mount()));
    assert!(!Arc::ptr_eq(&live.unwrap(), &copies.unwrap()));
}
