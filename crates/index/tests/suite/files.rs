use crate::world::{SECOND, World, everything, mailbox, some};
use index::{EnvelopeIn, Index, IndexError, PageQuery, Sort};
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// An account with enough in it for several pages of file.
async fn filled() -> World {
    let world = World::new().await;
    world.list(&some(500), SECOND).await;
    world
        .read_headers(|row, base| EnvelopeIn {
            row,
            subject: base.repeat(20),
            ..EnvelopeIn::default()
        })
        .await;
    world
}

/// 4 KiB of the middle of the file are something else.
fn spoil(path: &Path) {
    let middle = fs::metadata(path).unwrap().len() / 2 / 4_096 * 4_096;
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(middle)).unwrap();
    file.write_all(&[0xa5; 4_096]).unwrap();
}

#[tokio::test]
async fn nobody_else_may_read_it() {
    let world = filled().await;
    assert_eq!(mode(world.path().parent().unwrap()), 0o700);
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(&beside(&world.path(), suffix)), 0o600, "{suffix}");
    }
}

#[tokio::test]
async fn a_file_closed_in_order_is_opened_as_it_was() {
    let world = filled().await;
    world.index.close().await;
    assert!(!beside(&world.path(), "-wal").exists());
    let index = Index::open(&world.path()).await.unwrap();
    assert_eq!(index.mailbox("inbox").await.unwrap().unwrap().total, 500);
    index.compact().await.unwrap();
    assert_eq!(index.mailbox("inbox").await.unwrap().unwrap().total, 500);
}

/// The files as they are at this moment are what a killed process leaves behind.
#[tokio::test]
async fn a_killed_process_loses_nothing_that_was_written() {
    let world = filled().await;
    let copy = world.directory.path().join("copy.sqlite");
    for suffix in ["", "-wal"] {
        fs::copy(beside(&world.path(), suffix), beside(&copy, suffix)).unwrap();
    }
    let index = Index::open(&copy).await.unwrap();
    let row = index.mailbox("inbox").await.unwrap().unwrap();
    assert_eq!((row.total, row.pending_headers), (500, 0));
    assert!(!beside(&copy, ".set-aside").exists());
}

#[tokio::test]
async fn a_damaged_file_left_by_a_killed_process_is_set_aside_at_once() {
    let world = filled().await;
    world.index.close().await;
    spoil(&world.path());
    fs::write(beside(&world.path(), "-wal"), b"left behind").unwrap();
    let index = Index::open(&world.path()).await.unwrap();
    assert_eq!(index.mailboxes().await.unwrap(), []);
    assert!(beside(&world.path(), ".set-aside").exists());
    index.sync_mailboxes(&[mailbox("inbox")], &[], 0).await.unwrap();
}

#[tokio::test]
async fn damage_found_while_working_is_set_aside_at_the_next_opening() {
    let world = filled().await;
    world.index.close().await;
    spoil(&world.path());
    let index = Index::open(&world.path()).await.unwrap();
    // Whichever page it is, one of these comes across it.
    let mut found = None;
    for sort in [Sort::Date, Sort::From, Sort::Subject, Sort::Size] {
        for unread_only in [false, true] {
            let query = PageQuery {
                unread_only,
                ..everything(sort, true)
            };
            found = found.or(index.page(world.inbox, &query).await.err());
        }
    }
    found = found.or(index.pending_previews(world.inbox, 1_000).await.err());
    for number in 0..500 {
        found = found.or(index.find("inbox", &format!("m{number}")).await.err());
    }
    assert!(matches!(found, Some(IndexError::Damaged(_))), "{found:?}");
    index.close().await;
    let index = Index::open(&world.path()).await.unwrap();
    assert_eq!(index.mailboxes().await.unwrap(), []);
    assert!(beside(&world.path(), ".set-aside").exists());
    assert!(!beside(&world.path(), ".doubt").exists());
}

#[tokio::test]
async fn what_is_no_index_of_this_version_is_set_aside() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("account.sqlite");
    let content = b"No database at all, but longer than the header of one: ".repeat(20);
    fs::write(&path, &content).unwrap();
    let index = Index::open(&path).await.unwrap();
    index.sync_mailboxes(&[mailbox("inbox")], &[], 0).await.unwrap();
    assert_eq!(fs::read(beside(&path, ".set-aside")).unwrap(), content);
    index.close().await;
    // The version of the schema stands at byte 60 (SQLite file format §1.3).
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(60)).unwrap();
    file.write_all(&999_u32.to_be_bytes()).unwrap();
    drop(file);
    let index = Index::open(&path).await.unwrap();
    assert_eq!(index.mailboxes().await.unwrap(), []);
}

#[tokio::test]
async fn a_deleted_directory_loses_nothing_that_cannot_be_found_again() {
    let world = filled().await;
    world.index.close().await;
    fs::remove_dir_all(world.path().parent().unwrap()).unwrap();
    let index = Index::open(&world.path()).await.unwrap();
    assert_eq!(index.mailboxes().await.unwrap(), []);
}

/// Two handles have no more in common than two processes would: connections of their own to one file.
#[tokio::test(flavor = "multi_thread")]
async fn two_at_one_file_do_not_spoil_it() {
    let world = World::new().await;
    let other = Index::open(&world.path()).await.unwrap();
    let tasks: Vec<_> = [world.index.clone(), other.clone()]
        .into_iter()
        .map(|index| {
            let inbox = world.inbox;
            tokio::spawn(async move {
                for count in 1..=30 {
                    let listing = crate::world::complete(&some(count * 5));
                    // Complete, but perhaps of an earlier time: nothing may become gone by it.
                    let listing = index::ListingIn {
                        may_remove: false,
                        ..listing
                    };
                    index.apply_listing(inbox, &listing, SECOND).await.unwrap();
                    let pending = index.pending_headers(inbox, 20).await.unwrap();
                    let read = |row| EnvelopeIn {
                        row,
                        subject: "s".into(),
                        ..EnvelopeIn::default()
                    };
                    let envelopes: Vec<_> = pending.into_iter().map(|pending| read(pending.row)).collect();
                    index.put_envelopes(&envelopes).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    for index in [&world.index, &other] {
        let row = index.mailbox("inbox").await.unwrap().unwrap();
        assert_eq!((row.total, row.unread), (150, 150));
    }
    let ids: std::collections::HashSet<_> = world.ids().await.into_iter().collect();
    assert_eq!(ids.len(), 150);
    world.index.close().await;
    // Opened while another has it open, it is checked whole.
    drop(Index::open(&world.path()).await.unwrap());
    assert!(!beside(&world.path(), ".set-aside").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_may_make_one_file_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("account.sqlite");
    let opened: Vec<_> = (0..6)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { Index::open(&path).await })
        })
        .collect();
    for index in opened {
        index.await.unwrap().unwrap().mailboxes().await.unwrap();
    }
    assert!(!beside(&path, ".set-aside").exists());
}
