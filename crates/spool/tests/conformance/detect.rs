//! What a place is told to be when nobody says it.

use std::fs;
use std::path::{Path, PathBuf};

use spool::{Layout, MailboxPath, MboxQuoting, Place, SpoolError, Store, StoreConfig};

use crate::fixture::{Fixture, Format, five, mbox_text};

fn open(roots: &[&Path], folders: Option<PathBuf>) -> Result<Store, SpoolError> {
    let place = |root: &&Path| Place {
        root: root.to_path_buf(),
        folders: folders.clone(),
    };
    Store::open(&StoreConfig::new(Layout::Detect {
        places: roots.iter().map(place).collect(),
        quoting: MboxQuoting::Mboxo,
    }))
}

fn messages(store: &Store) -> usize {
    store.list(&MailboxPath::inbox(), None).unwrap().entries.len()
}

#[test]
fn every_format_is_recognised() {
    for format in [
        Format::Maildir,
        Format::MaildirPlusPlus,
        Format::MaildirNested,
        Format::Mbox,
        Format::MboxTree,
    ] {
        let fixture = Fixture::new(format, &five());
        let config = fixture.config();
        let (root, folders) = match &config.layout {
            Layout::Maildir { root } => (root.clone(), None),
            Layout::Mbox { inbox, folders, .. } => (inbox.clone(), folders.clone()),
            Layout::Detect { .. } => unreachable!("a fixture knows its layout"),
        };
        let store = open(&[&root], folders).unwrap();
        assert_eq!(store.layout(), &config.layout, "{format:?}");
        assert_eq!(messages(&store), 5);
    }
}

#[test]
fn a_directory_of_mboxes_has_its_inbox_among_them() {
    let dir = tempfile::tempdir().unwrap();
    let text: String = five().iter().map(|message| mbox_text(message, false)).collect();
    fs::write(dir.path().join("sent"), &text).unwrap();
    let store = open(&[dir.path()], None).unwrap();
    assert!(
        store.mailboxes().unwrap()[0].defect.is_some(),
        "no INBOX is said, not shown as empty"
    );
    fs::write(dir.path().join("inbox"), &text).unwrap();
    let store = open(&[dir.path()], None).unwrap();
    let names: Vec<String> = store
        .mailboxes()
        .unwrap()
        .into_iter()
        .map(|mailbox| mailbox.segments.join("/"))
        .collect();
    assert_eq!(names, ["INBOX", "sent"]);
    assert_eq!(messages(&store), 5);
    for number in 0..100 {
        fs::write(dir.path().join(format!("{number:03}")), &text).unwrap();
    }
    assert_eq!(messages(&open(&[dir.path()], None).unwrap()), 5, "among many");
}

#[test]
fn what_dovecot_keeps_beside_mboxes_makes_no_maildir_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let text: String = five().iter().map(|message| mbox_text(message, false)).collect();
    fs::write(dir.path().join("inbox"), &text).unwrap();
    fs::create_dir_all(dir.path().join(".imap/INBOX")).unwrap();
    let store = open(&[dir.path()], None).unwrap();
    assert!(matches!(store.layout(), Layout::Mbox { .. }));
    assert_eq!(messages(&store), 5);
}

#[test]
fn the_first_place_that_is_there_counts() {
    let old = Fixture::new(Format::Mbox, &five());
    let new = Fixture::new(Format::Maildir, &five()[..2]);
    let (old_root, new_root, nowhere) = (old.path("mbox"), new.path("Maildir"), new.path("nowhere"));
    assert_eq!(messages(&open(&[&nowhere, &new_root, &old_root], None).unwrap()), 2);
    assert_eq!(messages(&open(&[&old_root, &new_root], None).unwrap()), 5);
    assert!(matches!(open(&[&nowhere], None).err(), Some(SpoolError::NotFound(_))));
    // What is there and is no store does not hand on to the next: it may be the mount that is missing.
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(
        open(&[empty.path(), &old_root], None).err(),
        Some(SpoolError::WrongStore(_))
    ));
}

#[test]
fn other_formats_are_refused_by_name() {
    for (made, name) in [
        ("mailboxes/INBOX/dbox-Mails", "dbox"),
        ("storage", "dbox"),
        ("mailboxes/0123456789abcdef0123456789abcdef/cur", "LAYOUT=index"),
        ("inbox/1", "MH"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(made)).unwrap();
        if name == "MH" {
            fs::write(dir.path().join(".mh_sequences"), "unseen: 1\n").unwrap();
        }
        let refused = open(&[dir.path()], None).err().unwrap();
        let SpoolError::Unsupported { what, advice } = refused else {
            panic!("{made}: {refused:?}")
        };
        assert!(what.contains(name) && !advice.is_empty(), "{made}: {what}");
    }
}
