//! One suite for all formats: each case below runs against each of them. What only one format can do is in
//! `maildir.rs` and `mbox.rs`.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is the test's failure")]

mod arrivals;
mod detect;
mod fixture;
mod maildir;
mod mbox;

use std::fs;
use std::os::unix::fs::symlink;

use fixture::{Fixture, Format, Message, age, fingerprint, five, read, sorted, walk};
use spool::{BaseName, DefectKind, Location, MailboxPath, SpecialUse, SpoolError, Store};

macro_rules! conformance {
    ($($case:ident)*) => { conformance!(@ [maildir_plain Maildir] [maildir_plus_plus MaildirPlusPlus] [maildir_nested MaildirNested] [mbox_file Mbox] [mbox_tree MboxTree] $($case)*); };
    (@ [$name:ident $format:ident] $($rest:tt)*) => { conformance!(@one $name $format $($rest)*); };
    (@one $name:ident $format:ident $([$n:ident $f:ident])* $($case:ident)*) => {
        mod $name {
            $(#[test] fn $case() { super::$case(super::Format::$format); })*
        }
        conformance!(@ $([$n $f])* $($case)*);
    };
    (@ $($case:ident)*) => {};
}

conformance! {
    a_listing_tells_flags_keywords_and_uids
    messages_come_back_byte_for_byte
    an_empty_mailbox_is_empty_without_complaint
    names_in_japanese_have_levels
    a_stamp_changes_with_the_mailbox_and_not_with_reading
    reading_leaves_no_trace
    a_message_gone_meanwhile_is_none
    a_message_is_found_after_a_flag_change
    a_link_is_not_a_mailbox
    what_is_not_there_is_an_error
    mail_of_another_owner_is_refused
    what_lies_past_the_limit_is_said
    keys_and_places_are_plain_bytes
}

fn a_listing_tells_flags_keywords_and_uids(format: Format) {
    let fixture = Fixture::new(format, &five());
    let listing = fixture.store().list(&MailboxPath::inbox(), None).unwrap();
    assert!(listing.consistent);
    assert_eq!(listing.defects, []);
    assert_eq!(listing.uidvalidity, Some(1700));
    let seen: Vec<String> = sorted(listing)
        .iter()
        .map(|entry| {
            let f = &entry.flags;
            assert!(f.unknown.is_empty() && !f.passed);
            let on: Vec<&str> = [
                (f.seen, "seen"),
                (f.answered, "answered"),
                (f.flagged, "flagged"),
                (f.deleted, "deleted"),
                (f.draft, "draft"),
                (entry.recent, "recent"),
            ]
            .into_iter()
            .filter_map(|(on, name)| on.then_some(name))
            .collect();
            format!(
                "{} {} {}",
                entry.uid.unwrap_or(0),
                on.join(" "),
                entry.keywords.join(" ")
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            "10 seen ",
            "20 seen answered flagged ",
            "30 deleted draft ",
            "40  work",
            "0 recent "
        ]
    );
}

fn messages_come_back_byte_for_byte(format: Format) {
    let mut messages = five();
    messages[0].body = (0..20_000).map(|n| format!("line {n} 漢字\n")).collect();
    let fixture = Fixture::new(format, &messages);
    let store = fixture.store();
    let inbox = MailboxPath::inbox();
    let entries = sorted(store.list(&inbox, None).unwrap());
    assert_eq!(entries.len(), messages.len());
    for (n, (entry, message)) in entries.iter().zip(&messages).enumerate() {
        let expected = fixture.bytes(message, n == 0);
        assert_eq!(entry.size, Some(expected.len() as u64));
        assert!(read(&store, &inbox, entry) == expected, "message {n}");
        let file = store.open_message(&inbox, &entry.base).unwrap().unwrap();
        assert_eq!(file.len(), expected.len() as u64);
        assert_eq!(file.defect(), None);
        let mut buf = [0; 7];
        let got = file.read_at(5, &mut buf).unwrap();
        assert_eq!(&buf[..got], &expected[5..5 + got]);
        assert_eq!(file.read_at(file.len(), &mut buf), Ok(0));
        assert_eq!(file.read_all(3).err(), Some(SpoolError::TooLarge { limit: 3 }));
    }
}

fn an_empty_mailbox_is_empty_without_complaint(format: Format) {
    let fixture = Fixture::new(format, &[]);
    let store = fixture.store();
    assert_eq!(store.mailboxes().unwrap()[0].defect, None);
    let listing = store.list(&MailboxPath::inbox(), None).unwrap();
    assert!(listing.consistent && listing.entries.is_empty() && listing.defects.is_empty());
}

fn names_in_japanese_have_levels(format: Format) {
    let fixture = Fixture::new(format, &five());
    let folders: [&[&str]; 4] = [&["研究室"], &["研究室", "輪講"], &["送信済み"], &["R&D"]];
    if fixture.has_folders() {
        for (n, levels) in folders
            .iter()
            .enumerate()
            .filter(|(n, _)| format != Format::MboxTree || *n > 0)
        {
            fixture.write_mailbox(&fixture.mailbox(levels), &[Message::new(n as u32)]);
        }
        let name = if format == Format::MboxTree {
            "mail/subscriptions"
        } else {
            "Maildir/subscriptions"
        };
        fs::write(fixture.path(name), "R&-D\n").unwrap();
    }
    let store = fixture.store();
    let mailboxes = store.mailboxes().unwrap();
    assert_eq!(
        (&mailboxes[0].path, mailboxes[0].special_use),
        (&MailboxPath::inbox(), Some(SpecialUse::Inbox))
    );
    assert_eq!(mailboxes[0].segments, ["INBOX"]);
    if !fixture.has_folders() {
        assert_eq!(mailboxes.len(), 1);
        assert_eq!(mailboxes[0].subscribed, None);
        return;
    }
    // In a tree of mboxes 研究室 is a directory only.
    let expected = if format == Format::MboxTree {
        &folders[1..]
    } else {
        &folders[..]
    };
    assert_eq!(mailboxes.len(), 1 + expected.len());
    for levels in expected {
        let mailbox = mailboxes.iter().find(|mailbox| mailbox.segments == *levels).unwrap();
        assert_eq!(mailbox.path, fixture.mailbox(levels));
        assert_eq!(mailbox.defect, None);
        assert_eq!(
            mailbox.special_use,
            (levels[0] == "送信済み").then_some(SpecialUse::Sent)
        );
        assert_eq!(mailbox.subscribed, Some(levels[0] == "R&D"));
        assert_eq!(store.list(&mailbox.path, None).unwrap().entries.len(), 1);
    }
}

fn a_stamp_changes_with_the_mailbox_and_not_with_reading(format: Format) {
    let fixture = Fixture::new(format, &five());
    let store = fixture.store();
    let inbox = MailboxPath::inbox();
    let mut paths = Vec::new();
    walk(&fixture.path(""), &mut paths);
    age(&paths); // so that the delivery cannot fall into the grain of the first stamp
    let before = store.stamp(&inbox).unwrap();
    let listing = store.list(&inbox, None).unwrap();
    assert_eq!(listing.stamp, before);
    assert_eq!(store.stamp(&inbox).unwrap(), before);
    fixture.deliver(&Message::new(6));
    assert_ne!(store.stamp(&inbox).unwrap(), before);
    assert_eq!(
        store.list(&inbox, listing.mbox_memory.as_ref()).unwrap().entries.len(),
        6
    );
}

fn reading_leaves_no_trace(format: Format) {
    let fixture = Fixture::new(format, &five());
    if fixture.has_folders() {
        fixture.write_mailbox(&fixture.mailbox(&["研究室", "輪講"]), &five());
    }
    let mut paths = Vec::new();
    walk(&fixture.path(""), &mut paths);
    age(&paths);
    let before = fingerprint(&paths);
    let store = fixture.store();
    let mut count = 0;
    for mailbox in store.mailboxes().unwrap() {
        store.stamp(&mailbox.path).unwrap();
        for entry in store.list(&mailbox.path, None).unwrap().entries {
            read(&store, &mailbox.path, &entry);
            store.open_message(&mailbox.path, &entry.base).unwrap().unwrap();
            count += 1;
        }
    }
    assert_eq!(count, if fixture.has_folders() { 10 } else { 5 });
    assert_eq!(fingerprint(&paths), before);
    let mut after = Vec::new();
    walk(&fixture.path(""), &mut after);
    assert_eq!(after, paths);
}

fn a_message_gone_meanwhile_is_none(format: Format) {
    let fixture = Fixture::new(format, &five());
    let store = fixture.store();
    let inbox = MailboxPath::inbox();
    let entries = sorted(store.list(&inbox, None).unwrap());
    if fixture.is_maildir() {
        for subdir in ["cur", "new"] {
            let dir = fixture.path("Maildir").join(subdir);
            fs::remove_dir_all(&dir).unwrap();
            fs::create_dir(&dir).unwrap();
        }
    } else {
        fixture.write_mailbox(&inbox, &[Message::new(9)]);
    }
    for entry in entries {
        assert!(store.open_message(&inbox, &entry.base).unwrap().is_none());
        assert!(
            store
                .open_entry(&inbox, &entry.base, &entry.location)
                .unwrap()
                .is_none()
        );
    }
}

fn a_message_is_found_after_a_flag_change(format: Format) {
    let mut messages = five();
    let fixture = Fixture::new(format, &messages);
    let store = fixture.store();
    let inbox = MailboxPath::inbox();
    let before = sorted(store.list(&inbox, None).unwrap());
    if fixture.is_maildir() {
        let dir = fixture.path("Maildir/cur");
        for file in fs::read_dir(&dir)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect::<Vec<_>>()
        {
            let base = file.to_str().unwrap().split(':').next().unwrap().to_owned();
            fs::rename(&file, format!("{base}:2,PS")).unwrap();
        }
    }
    for message in &mut messages {
        message.flags = "FS";
    }
    if !fixture.is_maildir() {
        messages.remove(0);
        fixture.write_mailbox(&inbox, &messages);
    }
    for (n, message) in messages.iter().enumerate() {
        let entry = before
            .iter()
            .find(|entry| entry.delivered_hint == Some(message.time()))
            .unwrap();
        assert!(
            read(&store, &inbox, entry) == fixture.bytes(message, n == 0),
            "message {n}"
        );
    }
    let after = sorted(store.list(&inbox, None).unwrap());
    assert!(after.iter().all(|entry| entry.flags.seen || entry.recent));
    assert!(
        after
            .iter()
            .all(|entry| before.iter().any(|known| known.base == entry.base))
    );
}

fn a_link_is_not_a_mailbox(format: Format) {
    let fixture = Fixture::new(format, &five());
    if !fixture.has_folders() {
        return;
    }
    let other = Fixture::new(format, &five());
    let link = fixture.mailbox(&["Stolen"]);
    symlink(other.place(&MailboxPath::inbox()), fixture.place(&link)).unwrap();
    let store = fixture.store();
    let mailboxes = store.mailboxes().unwrap();
    let shown = mailboxes.iter().find(|mailbox| mailbox.path == link).unwrap();
    assert_eq!(
        shown.defect.as_ref().map(|defect| defect.kind),
        Some(DefectKind::Symlink)
    );
    let refused = |error: SpoolError| matches!(error, SpoolError::Refused(d) if d.kind == DefectKind::Symlink);
    assert!(refused(store.list(&link, None).unwrap_err()));
    assert!(refused(store.stamp(&link).unwrap_err()));
    let key = &other.store().list(&MailboxPath::inbox(), None).unwrap().entries[0].base;
    assert!(store.open_message(&link, key).is_err_and(refused));
}

fn what_is_not_there_is_an_error(format: Format) {
    let fixture = Fixture::new(format, &five());
    let store = fixture.store();
    for name in [
        &b".Nothing"[..],
        b"Nothing",
        b"..",
        b"../..",
        b".A/../../x",
        b"/etc",
        b".a\0b",
    ] {
        let mailbox = MailboxPath::from_bytes(name);
        assert!(
            matches!(store.list(&mailbox, None), Err(SpoolError::NotFound(_))),
            "{name:?}"
        );
        assert!(
            matches!(store.stamp(&mailbox), Err(SpoolError::NotFound(_))),
            "{name:?}"
        );
    }
    assert!(
        store
            .open_message(&MailboxPath::inbox(), &BaseName::from_bytes(*b"../x"))
            .unwrap()
            .is_none()
    );
    let gone = fixture.config();
    drop(fixture);
    assert!(matches!(Store::open(&gone).err(), Some(SpoolError::NotFound(_))));
    // A store that vanished under an open one is not an empty mailbox.
    assert!(store.list(&MailboxPath::inbox(), None).is_err());
}

fn mail_of_another_owner_is_refused(format: Format) {
    let fixture = Fixture::new(format, &five());
    let uid = rustix::process::getuid().as_raw();
    let mut config = fixture.config();
    config.owner = spool::Owner::Uid(uid);
    assert_eq!(
        Store::open(&config)
            .unwrap()
            .list(&MailboxPath::inbox(), None)
            .unwrap()
            .entries
            .len(),
        5
    );
    config.owner = spool::Owner::Uid(uid + 1);
    let refused = Store::open(&config).err().unwrap();
    assert!(matches!(refused, SpoolError::Refused(defect) if defect.kind == DefectKind::BadOwner(uid)));
}

fn what_lies_past_the_limit_is_said(format: Format) {
    let fixture = Fixture::new(format, &five());
    let mut config = fixture.config();
    config.limits.entries = 3;
    let listing = Store::open(&config).unwrap().list(&MailboxPath::inbox(), None).unwrap();
    assert_eq!(listing.entries.len(), 3);
    assert!(!listing.consistent);
    assert!(
        listing
            .defects
            .iter()
            .any(|defect| defect.kind == DefectKind::TooManyEntries)
    );
    config.limits.entries = 5;
    assert!(
        Store::open(&config)
            .unwrap()
            .list(&MailboxPath::inbox(), None)
            .unwrap()
            .consistent
    );
}

fn keys_and_places_are_plain_bytes(format: Format) {
    let fixture = Fixture::new(format, &five());
    let store = fixture.store();
    let inbox = MailboxPath::from_bytes(MailboxPath::inbox().as_bytes());
    for entry in store.list(&inbox, None).unwrap().entries {
        let key = BaseName::from_bytes(entry.base.as_bytes());
        let place = Location::from_bytes(&entry.location.to_bytes()).unwrap();
        assert!(store.open_entry(&inbox, &key, &place).unwrap().is_some());
        // A place of another format, or of another message, is only a bad hint.
        let wrong = Location::Mbox {
            offset: 3,
            start: 9,
            len: u64::MAX,
            date: 0,
        };
        assert!(store.open_entry(&inbox, &key, &wrong).unwrap().is_some());
    }
}
