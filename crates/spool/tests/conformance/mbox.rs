//! What only an mbox can show.

use std::fs;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use spool::{DefectKind, Layout, Listing, MailboxPath, MboxMemory, MboxQuoting, SpoolError, Store};

use crate::fixture::{Fixture, Format, Message, age, five, mbox_text, read, sorted};

fn inbox() -> MailboxPath {
    MailboxPath::inbox()
}

/// The memory as a caller keeps it.
fn kept(listing: &Listing) -> MboxMemory {
    MboxMemory::from_bytes(&listing.mbox_memory.as_ref().unwrap().to_bytes()).unwrap()
}

#[test]
fn a_grown_mbox_is_read_from_where_it_ended() {
    let fixture = Fixture::new(Format::Mbox, &(1..=100).map(Message::new).collect::<Vec<_>>());
    let store = fixture.store();
    let memory = kept(&store.list(&inbox(), None).unwrap());
    fixture.deliver(&Message::new(101));
    let full = store.list(&inbox(), None).unwrap();
    assert_eq!(store.list(&inbox(), Some(&memory)).unwrap(), full);
    assert_eq!(full.entries.len(), 101);
    // That the beginning is not read again shows where a change hides: between the edges of what is remembered.
    let text = fs::read_to_string(fixture.path("mbox")).unwrap();
    fs::write(
        fixture.path("mbox"),
        text.replace("<50@example.org>", "<XX@example.org>"),
    )
    .unwrap();
    assert_eq!(store.list(&inbox(), Some(&memory)).unwrap().entries, full.entries);
    assert_ne!(store.list(&inbox(), None).unwrap().entries, full.entries);
}

#[test]
fn a_rewritten_mbox_is_read_anew() {
    let fixture = Fixture::new(Format::Mbox, &five());
    let store = fixture.store();
    let memory = kept(&store.list(&inbox(), None).unwrap());
    let mut messages: Vec<Message> = (1..=9).map(Message::new).collect();
    messages[0].flags = "F";
    for change in 0..3 {
        match change {
            0 => fixture.write_mailbox(&inbox(), &messages),      // larger
            1 => fixture.write_mailbox(&inbox(), &messages[..2]), // smaller
            _ => {
                fs::remove_file(fixture.path("mbox")).unwrap(); // another file
                fixture.write_mailbox(&inbox(), &messages[3..]);
            }
        }
        assert_eq!(
            store.list(&inbox(), Some(&memory)).unwrap(),
            store.list(&inbox(), None).unwrap(),
            "{change}"
        );
    }
}

/// Whatever moment a listing falls into, it shows a true beginning of what was delivered.
#[test]
fn an_mbox_growing_under_the_reader_is_never_wrong() {
    let fixture = Fixture::new(Format::Mbox, &[Message::new(1)]);
    let store = fixture.store();
    let done = AtomicBool::new(false);
    let last = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 2..=300 {
                let mut message = Message::new(number);
                message.body = "x\n".repeat(number as usize);
                // In two writes, as a slow delivery.
                let text = mbox_text(&message, false);
                let (a, b) = text.split_at(text.len() / 2);
                let mut file = fs::OpenOptions::new().append(true).open(fixture.path("mbox")).unwrap();
                file.write_all(a.as_bytes()).unwrap();
                file.write_all(b.as_bytes()).unwrap();
            }
            done.store(true, Ordering::SeqCst);
        });
        let mut memory = None;
        loop {
            let finished = done.load(Ordering::SeqCst);
            let listing = store.list(&inbox(), memory.as_ref()).unwrap();
            let cut = listing
                .defects
                .iter()
                .filter(|defect| defect.kind == DefectKind::TruncatedMbox)
                .count();
            assert!(cut <= 1);
            // A listing may end within the last message; the ones before are whole.
            for (n, entry) in listing.entries.iter().enumerate().rev().skip(1).take(3) {
                let text = String::from_utf8(read(&store, &inbox(), entry)).unwrap();
                assert!(text.contains(&format!("<{}@example.org>", n + 1)), "{n}: {text}");
            }
            memory = Some(kept(&listing));
            if finished {
                break listing;
            }
        }
    });
    assert!(last.consistent);
    assert_eq!(last.entries.len(), 300);
    assert_eq!(last, store.list(&inbox(), None).unwrap());
}

#[test]
fn an_open_message_notices_that_its_mbox_was_rewritten() {
    let fixture = Fixture::new(Format::Mbox, &five());
    let store = fixture.store();
    let entry = sorted(store.list(&inbox(), None).unwrap()).remove(2);
    let file = store
        .open_entry(&inbox(), &entry.base, &entry.location)
        .unwrap()
        .unwrap();
    age(&[fixture.path("mbox")]);
    assert!(file.read_all(9999).is_ok(), "new times alone change nothing");
    fixture.deliver(&Message::new(6));
    assert!(file.read_all(9999).is_ok(), "mail added behind it changes nothing");
    fixture.write_mailbox(&inbox(), &five()[1..]);
    assert_eq!(file.read_all(9999), Err(SpoolError::Changed));
    assert!(
        store
            .open_entry(&inbox(), &entry.base, &entry.location)
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_cut_last_message_is_shown_with_its_defect() {
    let fixture = Fixture::new(Format::Mbox, &five());
    let text = fs::read(fixture.path("mbox")).unwrap();
    fs::write(fixture.path("mbox"), &text[..text.len() - 4]).unwrap();
    let listing = fixture.store().list(&inbox(), None).unwrap();
    assert_eq!(listing.entries.len(), 5);
    assert_eq!(
        listing.defects.iter().map(|defect| defect.kind).collect::<Vec<_>>(),
        [DefectKind::TruncatedMbox]
    );
    // When the rest arrives, the memory of the cut message does not stand in the way.
    fs::write(fixture.path("mbox"), &text).unwrap();
    let mended = fixture.store().list(&inbox(), listing.mbox_memory.as_ref()).unwrap();
    assert_eq!(mended, fixture.store().list(&inbox(), None).unwrap());
    assert_eq!(mended.defects, []);
}

#[test]
fn equal_messages_have_names_of_their_own() {
    let mut twin = Message::new(1);
    twin.body = "the other\n".into();
    let fixture = Fixture::new(Format::Mbox, &[Message::new(1), twin.clone()]);
    let store = fixture.store();
    let entries = store.list(&inbox(), None).unwrap().entries;
    assert_ne!(entries[0].base, entries[1].base);
    let file = store.open_message(&inbox(), &entries[1].base).unwrap().unwrap();
    assert_eq!(file.read_all(9999).unwrap(), fixture.bytes(&twin, false));
}

#[test]
fn quoting_is_undone_only_where_the_site_quotes() {
    let mut message = Message::new(1);
    message.body = ">From a\n>>From b\n\n>From c\n> From d\n".into();
    let fixture = Fixture::new(Format::Mbox, &[message.clone(), Message::new(2)]);
    let store = fixture.store();
    let entry = &store.list(&inbox(), None).unwrap().entries[0];
    assert_eq!(read(&store, &inbox(), entry), fixture.bytes(&message, true));
    let mut config = fixture.config();
    config.layout = Layout::Mbox {
        inbox: fixture.path("mbox"),
        folders: None,
        quoting: MboxQuoting::Mboxrd,
    };
    let store = Store::open(&config).unwrap();
    message.body = "From a\n>From b\n\nFrom c\n> From d\n".into();
    let expected = fixture.bytes(&message, true);
    assert_eq!(read(&store, &inbox(), entry), expected);
    let file = store.open_message(&inbox(), &entry.base).unwrap().unwrap();
    for offset in 0..=expected.len() {
        let mut buf = [0; 3];
        let got = file.read_at(offset as u64, &mut buf).unwrap();
        assert_eq!(buf[..got], expected[offset..offset + got]);
        assert!(got > 0 || offset == expected.len());
    }
}

#[test]
fn the_internal_message_is_hidden_and_still_counts_for_uids() {
    let fixture = Fixture::new(Format::Mbox, &[]);
    let internal = "From MAILER-DAEMON Tue Nov 14 22:13:20 2023\nFrom: Mail System Internal Data <MAILER-DAEMON@host>\n\
                    Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 42 99\nStatus: RO\n\nText.\n\n";
    fs::write(
        fixture.path("mbox"),
        format!("{internal}{}", mbox_text(&Message::new(1), false)),
    )
    .unwrap();
    let listing = fixture.store().list(&inbox(), None).unwrap();
    assert_eq!(listing.uidvalidity, Some(42));
    assert_eq!(
        listing.entries.iter().map(|entry| entry.uid).collect::<Vec<_>>(),
        [Some(10)]
    );
    assert!(
        fixture
            .store()
            .open_message(&inbox(), &listing.entries[0].base)
            .unwrap()
            .is_some()
    );
}

#[test]
fn files_that_are_no_mbox_are_named_as_such() {
    let fixture = Fixture::new(Format::MboxTree, &five());
    fs::write(fixture.path("mail/notes.txt"), "Dear diary,\n").unwrap();
    fs::write(fixture.path("mail/work.lock"), "").unwrap();
    fs::hard_link(fixture.path("mbox"), fixture.path("mail/inbox")).unwrap();
    fs::create_dir_all(fixture.path("mail/Maildir/cur")).unwrap();
    fs::create_dir_all(fixture.path("mail/Maildir/new")).unwrap();
    let store = fixture.store();
    let shown: Vec<_> = store
        .mailboxes()
        .unwrap()
        .into_iter()
        .map(|mailbox| (mailbox.segments.join("/"), mailbox.defect.map(|defect| defect.kind)))
        .collect();
    let (notes, maildir) = (Some(DefectKind::NotMbox), Some(DefectKind::Directory));
    assert_eq!(
        shown,
        [
            ("INBOX".into(), None),
            ("Maildir".into(), maildir),
            ("notes.txt".into(), notes)
        ]
    );
    let listed = store.list(&MailboxPath::from_bytes(*b"notes.txt"), None);
    assert!(matches!(listed, Err(SpoolError::Unsupported { .. })));
    fs::write(fixture.path("mail/notes.txt"), "From - \nSubject: no date\n\nx\n").unwrap();
    let listed = store.list(&MailboxPath::from_bytes(*b"notes.txt"), None);
    assert!(matches!(listed, Err(SpoolError::Unsupported { .. })));
}

#[test]
fn a_missing_inbox_file_is_said() {
    let fixture = Fixture::new(Format::MboxTree, &five());
    fs::remove_file(fixture.path("mbox")).unwrap();
    let store = fixture.store();
    assert_eq!(
        store.mailboxes().unwrap()[0].defect.as_ref().map(|defect| defect.kind),
        Some(DefectKind::Missing)
    );
    assert!(matches!(store.list(&inbox(), None), Err(SpoolError::NotFound(_))));
    let mut alone = fixture.config();
    alone.layout = Layout::Mbox {
        inbox: fixture.path("mbox"),
        folders: None,
        quoting: MboxQuoting::Mboxo,
    };
    assert!(matches!(Store::open(&alone).err(), Some(SpoolError::NotFound(_))));
}
