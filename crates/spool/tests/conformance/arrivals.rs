//! What arrives in a Maildir is found by reading `new` alone, and only where that is all that happened.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::symlink;

use spool::{ArrivalMemory, Arrivals, Entry, Limits, MailboxPath, Store};

use crate::fixture::{Fixture, Format, five};

struct World {
    fixture: Fixture,
    store: Store,
}

impl World {
    /// Five messages, of which the fifth is in `new`.
    fn new() -> (Self, ArrivalMemory) {
        let fixture = Fixture::new(Format::Maildir, &five());
        let store = fixture.store();
        let world = World { fixture, store };
        let memory = world.memory();
        (world, memory)
    }

    fn listed(&self) -> Vec<Entry> {
        self.store.list(&MailboxPath::inbox(), None).unwrap().entries
    }

    /// What a listing remembers, by way of the bytes that are kept.
    fn memory(&self) -> ArrivalMemory {
        let listing = self.store.list(&MailboxPath::inbox(), None).unwrap();
        ArrivalMemory::from_bytes(&listing.arrival_memory.unwrap().to_bytes()).unwrap()
    }

    fn look(&self, memory: &ArrivalMemory) -> Option<Arrivals> {
        self.store.arrivals(&MailboxPath::inbox(), memory).unwrap()
    }

    fn deliver(&self, name: &str) {
        fs::write(self.fixture.path("Maildir/new").join(name), "A: b\n\n").unwrap();
    }

    /// The one of the five that is in `new`.
    fn name_in_new(&self) -> String {
        let mut names = fs::read_dir(self.fixture.path("Maildir/new")).unwrap();
        names.next().unwrap().unwrap().file_name().into_string().unwrap()
    }

    fn append(&self, lines: &str) {
        let path = self.fixture.path("Maildir/dovecot-uidlist");
        let mut file = OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(lines.as_bytes()).unwrap();
    }

    /// As it is with a listing: the same entries as a listing has under these names, in no order.
    #[track_caller]
    fn found(&self, arrivals: &Arrivals, bases: &[&str]) {
        let of = |entries: Vec<Entry>| {
            let mut found: Vec<Entry> = entries
                .into_iter()
                .filter(|entry| bases.contains(&std::str::from_utf8(entry.base.as_bytes()).unwrap()))
                .collect();
            found.sort_by(|a, b| a.base.cmp(&b.base));
            found
        };
        assert_eq!(arrivals.entries.len(), bases.len());
        assert_eq!(of(arrivals.entries.clone()), of(self.listed()));
    }
}

#[test]
fn what_arrives_is_found_and_nothing_else() {
    let (world, memory) = World::new();
    let none = world.look(&memory).unwrap();
    assert_eq!((none.entries.len(), none.consistent), (0, true));
    world.deliver("1800000001.M1P1.host,S=6");
    world.deliver("1800000002.M1P1.host");
    // Neither is a message.
    world.deliver(".nfs0001");
    let found = world.look(&memory).unwrap();
    assert!(found.consistent);
    world.found(&found, &["1800000001.M1P1.host,S=6", "1800000002.M1P1.host"]);
    assert_eq!(found.stamp, world.store.stamp(&MailboxPath::inbox()).unwrap());
    assert_eq!(found.memory, world.memory(), "as a listing would remember it");
    world.deliver("1800000003.M1P1.host:2,Fa");
    let next = world.look(&found.memory).unwrap();
    world.found(&next, &["1800000003.M1P1.host"]);
    assert_eq!(next.entries[0].keywords, ["work"]);
}

/// Two deliveries within the grain of times look like one: `new` is read although its stamp is as it was.
#[test]
fn an_equal_stamp_of_new_proves_nothing() {
    let (world, memory) = World::new();
    world.deliver("1800000001.M1P1.host");
    let first = world.look(&memory).unwrap();
    world.deliver("1800000002.M1P1.host");
    let mut bytes = first.memory.to_bytes();
    let stamp = first.stamp.to_bytes();
    let now = world.store.stamp(&MailboxPath::inbox()).unwrap().to_bytes();
    let at = bytes.windows(stamp.len()).position(|window| window == stamp).unwrap();
    bytes[at..at + stamp.len()].copy_from_slice(&now);
    let in_one_tick = ArrivalMemory::from_bytes(&bytes).unwrap();
    world.found(&world.look(&in_one_tick).unwrap(), &["1800000002.M1P1.host"]);
}

#[test]
fn a_name_that_left_new_calls_for_a_listing() {
    let (world, memory) = World::new();
    world.deliver("1800000001.M1P1.host");
    fs::remove_file(world.fixture.path("Maildir/new").join(world.name_in_new())).unwrap();
    assert_eq!(world.look(&memory), None);
}

#[test]
fn what_moves_to_cur_calls_for_a_listing_that_has_it_once() {
    let (world, memory) = World::new();
    let name = world.name_in_new();
    world.deliver("1800000001.M1P1.host");
    fs::rename(
        world.fixture.path("Maildir/new").join(&name),
        world.fixture.path("Maildir/cur").join(format!("{name}:2,")),
    )
    .unwrap();
    assert_eq!(world.look(&memory), None);
    assert_eq!(world.listed().len(), 6);
}

#[test]
fn flags_call_for_a_listing() {
    let (world, memory) = World::new();
    let cur = world.fixture.path("Maildir/cur");
    let old = fs::read_dir(&cur).unwrap().next().unwrap().unwrap().path();
    fs::rename(&old, cur.join("1700000009.renamed:2,S")).unwrap();
    assert_eq!(world.look(&memory), None);
}

#[test]
fn uids_are_read_on_from_where_they_ended() {
    let (world, memory) = World::new();
    let before = world.name_in_new();
    // Dovecot's own delivery: the message first, then its line.
    world.deliver("1800000001.M1P1.host");
    world.append("99 :1800000001.M1P1.host\n100 :18000000");
    let found = world.look(&memory).unwrap();
    world.found(&found, &["1800000001.M1P1.host"]);
    assert_eq!(found.entries[0].uid, Some(99));
    // The line that was not complete; and a UID for what had come before.
    world.deliver("1800000002.M1P1.host");
    world.append(&format!("02.M1P1.host\n101 :{before}\n"));
    let next = world.look(&found.memory).unwrap();
    world.found(&next, &["1800000002.M1P1.host", &before]);
    assert_eq!(world.look(&next.memory).unwrap().entries, []);
}

/// The line was there before the message.
#[test]
fn a_uid_waits_for_its_message() {
    let (world, _) = World::new();
    world.append("99 :1800000001.M1P1.host\n");
    let memory = world.memory();
    world.deliver("1800000001.M1P1.host");
    let found = world.look(&memory).unwrap();
    world.found(&found, &["1800000001.M1P1.host"]);
    assert_eq!(found.entries[0].uid, Some(99));
}

#[test]
fn other_lists_of_uids_call_for_a_listing() {
    let uidlist = |world: &World| world.fixture.path("Maildir/dovecot-uidlist");
    let replace = |world: &World, text: &str| {
        fs::write(world.fixture.path("Maildir/lock"), text).unwrap();
        fs::rename(world.fixture.path("Maildir/lock"), uidlist(world)).unwrap();
    };
    let changes: [&dyn Fn(&World); 7] = [
        &|world| replace(world, &fs::read_to_string(uidlist(world)).unwrap()),
        &|world| fs::remove_file(uidlist(world)).unwrap(),
        &|world| fs::write(uidlist(world), "3 V1700 N99 G0123\n").unwrap(),
        // In place, and longer.
        &|world| {
            let text = fs::read_to_string(uidlist(world)).unwrap().replace("V1700", "V1701");
            fs::write(uidlist(world), text + "99 :x\n").unwrap();
        },
        // A message that is not in `new`, and a line that is none.
        &|world| world.append("99 :1700000001.in.cur\n"),
        &|world| world.append("what\n"),
        &|world| {
            fs::remove_file(uidlist(world)).unwrap();
            symlink("/etc/passwd", uidlist(world)).unwrap();
        },
    ];
    for (n, change) in changes.iter().enumerate() {
        let (world, memory) = World::new();
        world.deliver("1800000001.M1P1.host");
        change(&world);
        assert_eq!(world.look(&memory), None, "{n}");
    }
}

#[test]
fn changed_keywords_call_for_a_listing() {
    let (world, memory) = World::new();
    fs::write(world.fixture.path("Maildir/dovecot-keywords"), "0 home\n").unwrap();
    assert_eq!(world.look(&memory), None);
    let (world, memory) = World::new();
    fs::remove_file(world.fixture.path("Maildir/dovecot-keywords")).unwrap();
    assert_eq!(world.look(&memory), None);
}

#[test]
fn what_is_odd_in_new_calls_for_one_listing() {
    let oddities: [&dyn Fn(&World); 4] = [
        &|world| fs::create_dir(world.fixture.path("Maildir/new/dir")).unwrap(),
        &|world| symlink("x", world.fixture.path("Maildir/new/link")).unwrap(),
        &|world| world.deliver(":2,S"),
        // One base name twice.
        &|world| {
            world.deliver("twice");
            world.deliver("twice:2,S");
        },
    ];
    for (n, odd) in oddities.iter().enumerate() {
        let (world, memory) = World::new();
        odd(&world);
        assert_eq!(world.look(&memory), None, "{n}");
        let memory = world.memory();
        world.deliver("1800000001.M1P1.host");
        world.found(&world.look(&memory).unwrap(), &["1800000001.M1P1.host"]);
    }
}

#[test]
fn what_cannot_be_seen_at_rest_is_not_remembered() {
    let (world, memory) = World::new();
    fs::remove_dir_all(world.fixture.path("Maildir/new")).unwrap();
    assert_eq!(world.look(&memory), None);
    let listing = world.store.list(&MailboxPath::inbox(), None).unwrap();
    assert_eq!((listing.consistent, listing.arrival_memory), (false, None));

    let (world, memory) = World::new();
    let mut config = world.fixture.config();
    config.limits = Limits {
        entries: 5,
        ..Limits::default()
    };
    let store = Store::open(&config).unwrap();
    world.deliver("1800000001.M1P1.host");
    assert_eq!(store.arrivals(&MailboxPath::inbox(), &memory).unwrap(), None);
    let listing = store.list(&MailboxPath::inbox(), None).unwrap();
    assert_eq!((listing.consistent, listing.arrival_memory), (false, None));
}

#[test]
fn without_the_right_to_read_nothing_arrives() {
    let (world, memory) = World::new();
    world.deliver("1800000001.M1P1.host");
    fs::write(world.fixture.path("Maildir/dovecot-acl"), "owner\n").unwrap();
    assert!(world.store.arrivals(&MailboxPath::inbox(), &memory).is_err());
}

#[test]
fn other_servers_give_uids_in_their_own_ways() {
    let (world, _) = World::new();
    fs::remove_file(world.fixture.path("Maildir/dovecot-uidlist")).unwrap();
    let memory = world.memory();
    world.deliver("1800000001.M1P1.host,U=7");
    let found = world.look(&memory).unwrap();
    assert_eq!(found.entries[0].uid, None);
    fs::write(world.fixture.path("Maildir/.uidvalidity"), "1700\n7\n").unwrap();
    let memory = world.memory();
    world.deliver("1800000002.M1P1.host,U=8");
    world.found(&world.look(&memory).unwrap(), &["1800000002.M1P1.host,U=8"]);
    fs::write(
        world.fixture.path("Maildir/courierimapuiddb"),
        "1 170 4\n1 1800000001.M1P1.host,U=7\n",
    )
    .unwrap();
    assert_eq!(world.look(&memory), None);
    let memory = world.memory();
    world.deliver("1800000003.M1P1.host");
    let path = world.fixture.path("Maildir/courierimapuiddb");
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(b"4 1800000003.M1P1.host\n").unwrap();
    let found = world.look(&memory).unwrap();
    world.found(&found, &["1800000003.M1P1.host"]);
    assert_eq!(found.entries[0].uid, Some(4));
}
