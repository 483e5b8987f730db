//! Each thing that can be wrong, alone: it is found, and nothing else is; of what is right nothing is said.

use super::*;
use spool::{Layout, MboxQuoting, Place};
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// Long after the files of the test were made would be a stale lock; this is the moment they were.
fn now(folder: &Path) -> i64 {
    let stat = fs::metadata(folder).unwrap();
    stat.ctime() * 1_000_000_000 + stat.ctime_nsec()
}

fn text(number: usize) -> String {
    format!("From: a@example.org\nSubject: Letter {number}\n\ntext\n")
}

fn maildir() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for mailbox in ["", ".Sent", ".&MFk-"] {
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(dir.path().join(mailbox).join(sub)).unwrap();
        }
    }
    fs::write(dir.path().join("cur/1.a:2,S"), text(1)).unwrap();
    fs::write(dir.path().join(format!("new/2.b,S={}", text(2).len())), text(2)).unwrap();
    fs::write(dir.path().join(".Sent/cur/3.c:2,S"), text(3)).unwrap();
    dir
}

fn account(root: PathBuf) -> Account {
    Account {
        name: "tanaka".to_owned(),
        display_name: "tanaka".to_owned(),
        addresses: Vec::new(),
        store: StoreConfig::new(Layout::Detect {
            places: vec![Place { root, folders: None }],
            quoting: MboxQuoting::Mboxo,
        }),
        mount: crate::MountKey::live(Vec::new()),
        snapshots: Vec::new(),
    }
}

fn kinds(root: &Path, later_seconds: i64) -> Vec<(Severity, &'static str)> {
    let ills = doctor(
        &account(root.to_owned()),
        now(root) + later_seconds * 1_000_000_000,
        None,
        &|_, _| (),
    );
    for ill in &ills {
        assert!(!ill.cause.is_empty() && !ill.advice.is_empty());
    }
    ills.iter().map(|ill| (ill.severity, ill.kind)).collect()
}

#[test]
fn of_a_sound_spool_nothing_is_said() {
    let dir = maildir();
    assert_eq!(kinds(dir.path(), 3600 * 24 * 365), []);
    let dir = tempfile::tempdir().unwrap();
    let mbox = |number| format!("From a Thu Jan  1 00:00:00 2026\n{}\n", text(number));
    fs::write(dir.path().join("inbox"), mbox(1)).unwrap();
    fs::write(dir.path().join("sent"), mbox(2)).unwrap();
    assert_eq!(kinds(dir.path(), 3600), []);
}

/// What is done to the Maildir, how many seconds later it is looked at, and what is found.
type Case<'a> = (&'a dyn Fn(&Path), i64, Severity, &'static str);

#[test]
fn each_thing_is_found_alone() {
    let cases: [Case<'_>; 19] = [
        (
            &|dir| fs::write(dir.join("dovecot-uidlist.lock"), "").unwrap(),
            121,
            Severity::Error,
            "stale-lock",
        ),
        (
            &|dir| fs::write(dir.join(".Sent/tmp/x"), "").unwrap(),
            37 * 3600,
            Severity::Note,
            "left-in-tmp",
        ),
        (
            &|dir| symlink("/nowhere", dir.join("cur/link")).unwrap(),
            0,
            Severity::Error,
            "symlink",
        ),
        (
            &|dir| fs::create_dir(dir.join("cur/dir")).unwrap(),
            0,
            Severity::Error,
            "directory",
        ),
        (
            &|dir| symlink("/nowhere", dir.join(".Linked")).unwrap(),
            0,
            Severity::Error,
            "symlink",
        ),
        (
            &|dir| fs::write(dir.join("cur/nul"), [0; 300]).unwrap(),
            0,
            Severity::Error,
            "nul-bytes",
        ),
        (
            &|dir| fs::write(dir.join("cur/empty"), "").unwrap(),
            0,
            Severity::Error,
            "empty-file",
        ),
        (
            &|dir| fs::write(dir.join("cur/packed"), b"\x1f\x8b\x08\0x").unwrap(),
            0,
            Severity::Error,
            "compressed",
        ),
        (
            &|dir| fs::write(dir.join("cur/secret"), b"CRYPTED\x03\x07\x02").unwrap(),
            0,
            Severity::Error,
            "encrypted-file",
        ),
        (
            &|dir| fs::write(dir.join("cur/4.d,S=9:2,"), text(4)).unwrap(),
            0,
            Severity::Warning,
            "wrong-size",
        ),
        (
            &|dir| fs::write(dir.join("new/1.a"), text(4)).unwrap(),
            0,
            Severity::Warning,
            "duplicate",
        ),
        (
            &|dir| fs::write(dir.join(".Sent/cur/4.d:2,"), text(1)).unwrap(),
            0,
            Severity::Note,
            "same-content",
        ),
        (
            &|dir| fs::remove_dir(dir.join(".Sent/new")).unwrap(),
            0,
            Severity::Error,
            "missing-directory",
        ),
        (
            &|dir| fs::remove_dir(dir.join(".Sent/tmp")).unwrap(),
            0,
            Severity::Warning,
            "no-tmp",
        ),
        (
            &|dir| {
                fs::create_dir_all(dir.join(".&broken/cur"))
                    .and_then(|()| fs::create_dir_all(dir.join(".&broken/new")))
                    .and_then(|()| fs::create_dir_all(dir.join(".&broken/tmp")))
                    .unwrap()
            },
            0,
            Severity::Note,
            "odd-name",
        ),
        (
            &|dir| fs::write(dir.join("dovecot-uidlist"), "3 V1 N9\n1 :1.a\n2 :gone\n").unwrap(),
            0,
            Severity::Warning,
            "uid-without-message",
        ),
        (
            &|dir| fs::write(dir.join("dovecot-uidlist"), "3 V1 N9\nwhat\n").unwrap(),
            0,
            Severity::Warning,
            "bad-side-file",
        ),
        (
            &|dir| fs::write(dir.join("maildirsize"), "1000000S\n999 77\n").unwrap(),
            0,
            Severity::Warning,
            "maildirsize",
        ),
        (
            &|dir| fs::set_permissions(dir.join("cur/1.a:2,S"), fs::Permissions::from_mode(0o666)).unwrap(),
            0,
            Severity::Warning,
            "world-writable",
        ),
    ];
    for (spoil, later, severity, kind) in cases {
        let dir = maildir();
        spoil(dir.path());
        assert_eq!(kinds(dir.path(), later), [(severity, kind)]);
    }
}

#[test]
fn what_is_young_is_no_fault() {
    let dir = maildir();
    fs::write(dir.path().join("dovecot-uidlist.lock"), "").unwrap();
    fs::write(dir.path().join("tmp/x"), "").unwrap();
    assert_eq!(kinds(dir.path(), 60), []);
}

#[test]
fn times_to_come_are_told() {
    let dir = maildir();
    let kinds = kinds(dir.path(), -3600);
    assert!(!kinds.is_empty());
    assert!(
        kinds.iter().all(|kind| *kind == (Severity::Warning, "clock-skew")),
        "{kinds:?}"
    );
}

#[test]
fn files_of_others_are_told() {
    let dir = maildir();
    let mut account = account(dir.path().to_owned());
    account.store.owner = Owner::Uid(fs::metadata(dir.path()).unwrap().uid() + 1);
    let ills = doctor(&account, now(dir.path()), None, &|_, _| ());
    assert!(
        ills.len() > 3 && ills.iter().all(|ill| ill.kind == "bad-owner"),
        "{ills:?}"
    );
}

#[test]
fn names_that_look_alike_are_told() {
    let dir = maildir();
    for name in [".\u{304c}", ".\u{304b}\u{3099}"] {
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(dir.path().join(name).join(sub)).unwrap();
        }
    }
    assert_eq!(
        kinds(dir.path(), 0),
        [(Severity::Warning, "name-twice"), (Severity::Note, "decomposed-name")]
    );
}

#[test]
fn damaged_mboxes_and_their_locks_are_told() {
    let whole = format!("From a Thu Jan  1 00:00:00 2026\n{}\n", text(1));
    for (name, bytes, later, kind) in [
        ("cut", whole.trim_end().as_bytes(), 0, "truncated-mbox"),
        ("nul", &[0; 100][..], 0, "not-mbox"),
        ("text", b"hello\n", 0, "not-mbox"),
        ("inbox.lock", b"", 600, "stale-lock"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(
            dir.path().join("inbox"),
            format!("From a Thu Jan  1 00:00:00 2026\n{}\n", text(2)),
        )
        .unwrap();
        fs::write(dir.path().join(name), bytes).unwrap();
        assert_eq!(kinds(dir.path(), later), [(Severity::Error, kind)], "{name}");
    }
}

#[test]
fn the_index_is_held_against_the_spool() {
    let dir = maildir();
    let row = |mailbox: &str, base: &str| (mailbox.as_bytes().to_vec(), base.as_bytes().to_vec());
    let rows = [row("", "1.a"), row("", "gone"), row(".Sent", "3.c"), row(".Gone", "4")];
    let ills = doctor(
        &account(dir.path().to_owned()),
        now(dir.path()),
        Some(&rows),
        &|_, _| (),
    );
    let found: Vec<_> = ills.iter().map(|ill| (ill.kind, ill.mailbox.as_deref())).collect();
    assert_eq!(found, [("index", None), ("index", Some("INBOX"))]);
    assert!(ills.iter().all(|ill| ill.cause.contains("1 messages")));
}

#[tokio::test]
async fn an_index_says_which_messages_it_has() {
    let room = crate::testing::Room::new().await;
    assert_eq!(room.mailroom.indexed_names("tanaka").await.unwrap(), None);
    room.deliver("cur/1.a:2,S", &text(1));
    room.deliver("new/2.b", &text(2));
    room.read_all().await;
    let mut names = room.mailroom.indexed_names("tanaka").await.unwrap().unwrap();
    names.sort();
    let inbox = |base: &str| (Vec::new(), base.as_bytes().to_vec());
    assert_eq!(names, [inbox("1.a"), inbox("2.b")]);
}

#[test]
fn a_spool_that_is_not_there_is_one_finding() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(kinds(dir.path(), 0), [(Severity::Error, "store")]);
}

#[test]
fn the_spool_is_left_as_it_was() {
    let dir = maildir();
    fs::write(dir.path().join("cur/packed"), b"\x1f\x8b\x08\0x").unwrap();
    let stats = || {
        let files = [
            "cur",
            "new",
            "tmp",
            ".Sent/cur",
            "cur/1.a:2,S",
            ".Sent/cur/3.c:2,S",
            "cur/packed",
        ];
        files.map(|file| {
            let stat = fs::metadata(dir.path().join(file)).unwrap();
            (
                stat.ino(),
                stat.mode(),
                stat.size(),
                stat.mtime_nsec(),
                stat.ctime_nsec(),
                stat.atime_nsec(),
            )
        })
    };
    let before = stats();
    assert_eq!(kinds(dir.path(), 0), [(Severity::Error, "compressed")]);
    assert_eq!(stats(), before);
}
