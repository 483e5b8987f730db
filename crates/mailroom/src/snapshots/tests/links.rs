//! What a person has made a link of is not followed, wherever it leads; what the administrator has, is.

use super::*;
use crate::survey_snapshots;
use std::os::unix::fs::symlink;

/// `home`, a link of the administrator's to where people's homes are, with copies in each.
fn at_home(dir: &Path) -> SnapshotRoot {
    SnapshotRoot {
        folder: dir.join("home"),
        dir: dir.join("home/tanaka/.snapshots"),
        within: "Maildir".into(),
        ..root(dir, "home", marked())
    }
}

async fn homes() -> (Room, PathBuf) {
    let room = Room::with_snapshots(|dir| vec![at_home(dir)]).await;
    letters(&room);
    let home = room.path().join("disk/tanaka");
    fs::create_dir_all(&home).unwrap();
    symlink("disk", room.path().join("home")).unwrap();
    let copy = copy(&room, &format!("elsewhere/{THREE}"));
    fs::write(copy.join("COMPLETE"), "2026-11-27T03:40:00+09:00\n").unwrap();
    fs::rename(copy.join("tanaka/Maildir"), copy.join("Maildir")).unwrap();
    (room, home)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_of_copies_that_is_a_persons_own_link_is_refused_and_told() {
    let (room, home) = homes().await;
    symlink("../../elsewhere", home.join(".snapshots")).unwrap();
    let found = room.reader().snapshots(&Plain).await.unwrap();
    assert_eq!((found.lines.len(), found.trouble), (0, Some(Cause::Denied)));
    let account = room.desk().await.account.clone();
    let said = survey_snapshots(&account).remove(0).trouble;
    assert!(said.as_ref().is_some_and(|said| said.contains("Symlink")), "{said:?}");

    // The same folder, and no link.
    fs::remove_file(home.join(".snapshots")).unwrap();
    fs::rename(room.path().join("elsewhere"), home.join(".snapshots")).unwrap();
    room.pass(Duration::from_secs(120));
    let lines = lines(&room).await;
    assert_eq!((lines.len(), lines[0].whole), (1, true));
    assert_eq!(list(&room, &lines[0].inbox).await.total, 1);
}

/// In a copy of a home the mail may be a link to where it lies now: that is no copy of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_in_a_copy_that_is_a_link_is_refused_and_told() {
    let (room, home) = homes().await;
    fs::rename(room.path().join("elsewhere"), home.join(".snapshots")).unwrap();
    let mail = home.join(".snapshots").join(THREE).join("Maildir");
    fs::remove_dir_all(&mail).unwrap();
    symlink(room.path().join("Maildir"), &mail).unwrap();
    let inbox = lines(&room).await[0].inbox.clone();
    let said = room.reader().list(&inbox, &ListQuery::default(), &Plain).await;
    assert!(
        matches!(said, Err(MailroomError::Unavailable(Cause::Denied))),
        "{said:?}"
    );
}
