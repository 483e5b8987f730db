//! What only a Maildir can show.

use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};
use spool::{BaseName, DefectKind, Layout, MailboxPath, SpoolError, Store, StoreConfig, Subdir};

use crate::fixture::{Fixture, Format, Message, five};

fn kinds(fixture: &Fixture) -> (usize, Vec<DefectKind>) {
    let listing = fixture.store().list(&MailboxPath::inbox(), None).unwrap();
    (
        listing.entries.len(),
        listing.defects.into_iter().map(|defect| defect.kind).collect(),
    )
}

fn fixture() -> Fixture {
    Fixture::new(Format::MaildirPlusPlus, &five())
}

/// V-96, V-97: links, FIFOs, devices and directories between the messages.
#[test]
fn hostile_entries_are_skipped_and_named() {
    let fixture = fixture();
    let other = Fixture::new(Format::Maildir, &five());
    let victim = fs::read_dir(other.path("Maildir/cur"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    symlink(victim, fixture.path("Maildir/new/link")).unwrap();
    fs::create_dir(fixture.path("Maildir/cur/dir")).unwrap();
    mknodat(CWD, fixture.path("Maildir/new/fifo"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    let mut expected = vec![DefectKind::Directory, DefectKind::Fifo, DefectKind::Symlink];
    let device = mknodat(
        CWD,
        fixture.path("Maildir/cur/null"),
        FileType::CharacterDevice,
        Mode::RUSR,
        makedev(1, 3),
    );
    match device {
        Ok(()) => expected.push(DefectKind::Device),
        Err(errno) => skipped("a device in a spool", &errno.to_string()),
    }
    // Not even worth a word: leftovers of NFS and deliveries that are not finished.
    fs::write(fixture.path("Maildir/cur/.nfs0000000000000001"), "From: x\n\nx\n").unwrap();
    fs::write(fixture.path("Maildir/tmp/1700000000.M1P1.host"), "From: x\n\nha").unwrap();
    let (count, mut defects) = kinds(&fixture);
    defects.sort_by_key(|kind| format!("{kind:?}"));
    expected.sort_by_key(|kind| format!("{kind:?}"));
    assert_eq!((count, defects), (5, expected));
    let store = fixture.store();
    for name in ["link", "fifo", "dir", "null"] {
        // Found by its name, refused by its kind, and at once.
        let opened = store.open_message(&MailboxPath::inbox(), &BaseName::from_bytes(name));
        assert!(matches!(opened.err(), Some(SpoolError::Refused(_)) | None), "{name}");
    }
}

#[test]
fn names_are_bytes() {
    let fixture = fixture();
    let name = b"1700000000.\xff\xfe.host:2,F";
    fs::write(
        fixture.path("Maildir/cur").join(std::ffi::OsStr::from_bytes(name)),
        "A: b\n\nx\n",
    )
    .unwrap();
    let store = fixture.store();
    let key = BaseName::from_bytes(*b"1700000000.\xff\xfe.host");
    let listing = store.list(&MailboxPath::inbox(), None).unwrap();
    assert!(
        listing
            .entries
            .iter()
            .any(|entry| entry.base == key && entry.flags.flagged)
    );
    assert_eq!(
        store.open_message(&MailboxPath::inbox(), &key).unwrap().unwrap().len(),
        8
    );
}

#[test]
fn one_of_two_equal_base_names_is_shown() {
    let fixture = fixture();
    fs::write(fixture.path("Maildir/new/twice"), "A: new\n\n").unwrap();
    fs::write(fixture.path("Maildir/cur/twice:2,S"), "A: old\n\n").unwrap();
    assert_eq!(kinds(&fixture), (6, vec![DefectKind::DuplicateBaseName]));
    let file = fixture
        .store()
        .open_message(&MailboxPath::inbox(), &BaseName::from_bytes(*b"twice"))
        .unwrap()
        .unwrap();
    assert_eq!(file.read_all(99).unwrap(), b"A: old\n\n");
}

#[test]
fn damaged_files_are_opened_with_their_defect() {
    let fixture = fixture();
    for (name, bytes, kind) in [
        ("empty", &b""[..], DefectKind::EmptyFile),
        ("nul", &[0; 5000][..], DefectKind::NulFilled),
        ("gzip", b"\x1f\x8b\x08\0", DefectKind::Compressed),
        ("crypt", b"CRYPTED\x03\x07\x02", DefectKind::Encrypted),
    ] {
        fs::write(fixture.path("Maildir/cur").join(name), bytes).unwrap();
        let opened = fixture
            .store()
            .open_message(&MailboxPath::inbox(), &BaseName::from_bytes(name))
            .unwrap()
            .unwrap();
        assert_eq!(opened.defect().map(|defect| defect.kind), Some(kind), "{name}");
        assert_eq!(opened.read_all(1 << 20).unwrap(), bytes);
    }
    assert_eq!(kinds(&fixture).0, 9);
}

/// Delivery and the first look by another program between our listing and our opening.
#[test]
fn a_message_moved_from_new_to_cur_is_found() {
    let fixture = fixture();
    let store = fixture.store();
    let inbox = MailboxPath::inbox();
    let entry = store
        .list(&inbox, None)
        .unwrap()
        .entries
        .into_iter()
        .find(|entry| entry.recent)
        .unwrap();
    let spool::Location::Maildir {
        subdir: Subdir::New,
        name,
    } = &entry.location
    else {
        panic!("not in new")
    };
    let name = String::from_utf8(name.clone()).unwrap();
    fs::rename(
        fixture.path("Maildir/new").join(&name),
        fixture.path("Maildir/cur").join(name + ":2,"),
    )
    .unwrap();
    assert!(
        store
            .open_entry(&inbox, &entry.base, &entry.location)
            .unwrap()
            .is_some()
    );
}

#[test]
fn broken_and_private_directories() {
    let fixture = fixture();
    fs::create_dir_all(fixture.path("Maildir/.Half/cur")).unwrap();
    fs::create_dir_all(fixture.path("Maildir/.Empty")).unwrap();
    fs::create_dir_all(fixture.path("Maildir/.ssh")).unwrap();
    fs::write(fixture.path("Maildir/.ssh/config"), "").unwrap();
    fs::write(fixture.path("Maildir/.profile"), "").unwrap();
    let store = fixture.store();
    let shown: Vec<(String, Option<DefectKind>)> = store
        .mailboxes()
        .unwrap()
        .into_iter()
        .map(|mailbox| (mailbox.segments.join("/"), mailbox.defect.map(|defect| defect.kind)))
        .collect();
    let broken = Some(DefectKind::MissingDirectory);
    assert_eq!(
        shown,
        [
            ("INBOX".into(), None),
            ("Empty".into(), broken),
            ("Half".into(), broken)
        ]
    );
    let half = store.list(&MailboxPath::from_bytes(*b".Half"), None).unwrap();
    assert_eq!(half.defects.len(), 1);
    let empty = store.list(&MailboxPath::from_bytes(*b".Empty"), None);
    assert!(matches!(empty, Err(SpoolError::NotFound(_))));
}

/// Opening what is no Maildir must not look like an empty one.
#[test]
fn other_directories_are_not_maildirs() {
    let dir = tempfile::tempdir().unwrap();
    let config = |path: &std::path::Path| StoreConfig::new(Layout::Maildir { root: path.to_owned() });
    let open = |path: &std::path::Path| Store::open(&config(path)).err().unwrap();
    assert!(matches!(open(dir.path()), SpoolError::WrongStore(_)));
    fs::create_dir(dir.path().join("mailboxes")).unwrap();
    assert!(matches!(open(dir.path()), SpoolError::Unsupported { .. }));
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(open(&file), SpoolError::WrongStore(_)));
}

/// V-98: one message of another owner. Making one needs root.
#[test]
fn a_message_of_another_owner_is_refused() {
    let fixture = Fixture::new(Format::Maildir, &[Message::new(1)]);
    let path = fixture.path("Maildir/cur/foreign:2,S");
    fs::write(&path, "A: b\n\n").unwrap();
    if std::os::unix::fs::chown(&path, Some(4321), None).is_err() {
        return skipped("a message of another owner", "not root");
    }
    let mut config = fixture.config();
    config.owner = spool::Owner::Uid(rustix::process::getuid().as_raw());
    let store = Store::open(&config).unwrap();
    let opened = store
        .open_message(&MailboxPath::inbox(), &BaseName::from_bytes(*b"foreign"))
        .err();
    assert!(matches!(opened, Some(SpoolError::Refused(defect)) if defect.kind == DefectKind::BadOwner(4321)));
}

#[test]
fn an_unreadable_side_file_takes_no_message_away() {
    let fixture = fixture();
    fs::write(fixture.path("Maildir/dovecot-uidlist"), "nonsense\n").unwrap();
    fs::remove_file(fixture.path("Maildir/dovecot-keywords")).unwrap();
    symlink("/etc/passwd", fixture.path("Maildir/dovecot-keywords")).unwrap();
    let (count, defects) = kinds(&fixture);
    assert_eq!(
        (count, defects),
        (5, vec![DefectKind::BadSideFile, DefectKind::Symlink])
    );
    let listing = fixture.store().list(&MailboxPath::inbox(), None).unwrap();
    let unnamed: Vec<_> = listing
        .entries
        .iter()
        .filter(|entry| !entry.flags.unknown.is_empty())
        .collect();
    assert_eq!(
        unnamed.iter().map(|entry| &entry.flags.unknown[..]).collect::<Vec<_>>(),
        [b"a"]
    );
}

#[test]
fn a_compressed_message_is_read_like_any_other() {
    let fixture = fixture();
    let text = "Subject: 会議\n\n".to_owned() + &"三号館です。\n".repeat(3000);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstandard = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let half = gzip[..gzip.len() / 2].to_vec();
    for (name, packed, defect) in [
        ("gzip,S=55555:2,S", gzip, None),
        ("zstandard:2,Z", zstandard, None),
        ("half", half, Some(DefectKind::Compressed)),
    ] {
        fs::write(fixture.path("Maildir/cur").join(name), packed).unwrap();
        let base = name.split(':').next().unwrap();
        let key = BaseName::from_bytes(base);
        let file = fixture
            .store()
            .open_message(&MailboxPath::inbox(), &key)
            .unwrap()
            .unwrap();
        let read = file.read_all(1 << 20).unwrap();
        assert_eq!(file.len(), read.len() as u64);
        assert_eq!(file.defect().map(|defect| defect.kind), defect, "{name}");
        assert!(text.as_bytes().starts_with(&read) && !read.is_empty(), "{name}");
        assert_eq!(read.len() == text.len(), defect.is_none(), "{name}");
        let mut buf = [0; 9];
        let got = file.read_at(3, &mut buf).unwrap();
        assert_eq!(&buf[..got], &text.as_bytes()[3..3 + got]);
    }
}

/// Of a store with nested mailboxes: what is none itself, what is broken, what is nobody's mailbox.
#[test]
fn directories_between_nested_mailboxes() {
    let fixture = Fixture::new(Format::MaildirNested, &five());
    for dir in [
        "Lab/2026/cur",
        "Lab/2026/new",
        "Lab/notes",
        "sieve/tmp",
        "courierimapkeywords",
        ".Old/cur",
        ".Old/new",
    ] {
        fs::create_dir_all(fixture.path("Maildir").join(dir)).unwrap();
    }
    fs::create_dir_all(fixture.path("Maildir/Half/cur")).unwrap();
    fs::write(fixture.path("Maildir/Lab/notes/cur"), "not a directory").unwrap();
    fs::write(fixture.path("Maildir/subscriptions"), "V\t2\n\nLab\t2026\n").unwrap();
    let shown: Vec<(String, Option<bool>, Option<DefectKind>)> = fixture
        .store()
        .mailboxes()
        .unwrap()
        .into_iter()
        .map(|mailbox| {
            let defect = mailbox.defect.map(|defect| defect.kind);
            (mailbox.segments.join(" > "), mailbox.subscribed, defect)
        })
        .collect();
    let broken = Some(DefectKind::MissingDirectory);
    assert_eq!(
        shown,
        [
            ("INBOX".into(), Some(true), None),
            ("Old".into(), Some(false), None),
            ("Half".into(), Some(false), broken),
            ("Lab > 2026".into(), Some(true), None),
            ("Lab > notes".into(), Some(false), broken),
        ]
    );
}

/// UIDs and keywords by other programs than Dovecot.
#[test]
fn what_courier_and_mbsync_write_beside_messages() {
    let listed = |fixture: &Fixture| {
        let listing = fixture.store().list(&MailboxPath::inbox(), None).unwrap();
        assert_eq!(listing.defects, []);
        let mut seen: Vec<(Option<u32>, Vec<String>)> = listing
            .entries
            .into_iter()
            .map(|entry| (entry.uid, entry.keywords))
            .collect();
        seen.sort();
        (listing.uidvalidity, seen)
    };
    let empty = || {
        let fixture = Fixture::new(Format::Maildir, &[]);
        for name in ["dovecot-uidlist", "dovecot-keywords"] {
            fs::remove_file(fixture.path("Maildir").join(name)).unwrap();
        }
        fixture
    };
    let write = |fixture: &Fixture, name: &str, text: &str| {
        let path = fixture.path("Maildir").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let courier = empty();
    for name in ["1.a:2,S", "2.b:2,", "3.c:2,"] {
        write(&courier, &format!("cur/{name}"), "A: b\n\n");
    }
    write(&courier, "courierimapuiddb", "1 170 4\n1 1.a\n2 2.b\n3 3.c\n");
    write(&courier, "courierimapkeywords/:list", "work\nhome\n\n1.a:0 1\n2.b:0\n");
    write(&courier, "courierimapkeywords/.5.2.b", "late\n");
    write(&courier, "courierimapkeywords/3.c", "new\n");
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let expected = [
        (Some(1), words(&["work", "home"])),
        (Some(2), words(&["late"])),
        (Some(3), words(&["new"])),
    ];
    assert_eq!(listed(&courier), (Some(170), expected.to_vec()));
    let before = courier.store().stamp(&MailboxPath::inbox()).unwrap();
    write(&courier, "courierimapkeywords/1.a", "home\n");
    assert_ne!(
        courier.store().stamp(&MailboxPath::inbox()).unwrap(),
        before,
        "a keyword is a change"
    );
    let mbsync = empty();
    write(&mbsync, ".uidvalidity", "1700000000\n7\n");
    write(&mbsync, "cur/1.a,U=5:2,S", "A: b\n\n");
    write(&mbsync, "new/2.b,U=7", "A: b\n\n");
    write(&mbsync, "new/3.c", "A: b\n\n");
    let expected = [(None, vec![]), (Some(5), vec![]), (Some(7), vec![])];
    assert_eq!(listed(&mbsync), (Some(1_700_000_000), expected.to_vec()));
}

/// Rights are not in the permissions of files, so they are read like the mail server reads them.
#[test]
fn lists_of_rights_are_honoured() {
    for format in [Format::MaildirPlusPlus, Format::MaildirNested] {
        let fixture = Fixture::new(format, &five());
        let mailbox = |name: &str| fixture.mailbox(&[name]);
        for (name, rights) in [
            ("Open", "owner lrwst\n"),
            ("Hidden", "owner\n"),
            ("Locked", "-user=tanaka r\n"),
            ("Odd", "what is this?\n"),
            ("Other", "-user=sato lr\n"),
        ] {
            fixture.write_mailbox(&mailbox(name), &five());
            fs::write(fixture.place(&mailbox(name)).join("dovecot-acl"), rights).unwrap();
        }
        // A name no mail program writes is no way around.
        let odd = MailboxPath::from_bytes(if format == Format::MaildirNested { "R&D" } else { ".R&D" });
        fixture.write_mailbox(&odd, &five());
        fs::write(fixture.place(&odd).join("dovecot-acl"), "owner\n").unwrap();
        let mut config = fixture.config();
        config.account = Some("tanaka".to_owned());
        let store = Store::open(&config).unwrap();
        let shown: Vec<(String, Option<DefectKind>)> = store
            .mailboxes()
            .unwrap()
            .into_iter()
            .map(|mailbox| (mailbox.segments.join("/"), mailbox.defect.map(|defect| defect.kind)))
            .collect();
        assert_eq!(
            shown,
            [
                ("INBOX".into(), None),
                ("Locked".into(), Some(DefectKind::NotPermitted)),
                ("Open".into(), None),
                ("Other".into(), None)
            ]
        );
        let key = &store.list(&mailbox("Open"), None).unwrap().entries[0].base;
        assert!(store.open_message(&mailbox("Open"), key).unwrap().is_some());
        for name in ["Hidden", "Locked", "Odd"] {
            let denied = |error: SpoolError| matches!(error, SpoolError::Denied(_));
            assert!(store.list(&mailbox(name), None).is_err_and(denied), "{name}");
            assert!(store.open_message(&mailbox(name), key).is_err_and(denied), "{name}");
        }
    }
}

/// Said even where what tests print is not shown; `end2end/crates.mjs` reads it.
#[expect(clippy::explicit_write, reason = "the macro is not shown of a test that passes")]
fn skipped(what: &str, why: &str) {
    writeln!(std::io::stderr(), "\nSKIPPED, {what} is not tried: {why}").unwrap();
}
