//! The demo campus: four people with a few thousand messages, made at first start, dated back from that moment. What is
//! written here is mail as campus systems really send it: four charsets, lists, newsletters, reports, invitations.
//!
//! To extend: a kind of message is a function in `demo/special.rs` or `demo/routine.rs` and its line in a person's plan below.

mod compose;
mod encode;
mod files;
mod people;
mod rng;
mod routine;
mod snapshots;
mod special;
mod store;

use mailroom::{Account, Layout, MboxQuoting, MountKey, StoreConfig};
use people::{PEOPLE, Person};
use rng::Rng;
use std::{fs, io, path::Path};
use store::Sink;

/// The same campus every time, but for the day.
const SEED: u64 = 0x66_75_6d_69_62_61_6b_6f;

/// The people of the campus in `dir`; their mail is written when it is not there yet.
pub fn accounts(dir: &Path, now: i64) -> io::Result<Vec<Account>> {
    if !dir.is_dir() {
        make(dir, now)?;
    }
    Ok(PEOPLE.iter().map(|person| account(dir, person)).collect())
}

fn account(dir: &Path, person: &Person) -> Account {
    let home = dir.join(person.name);
    let layout = if person.mbox {
        Layout::Mbox {
            inbox: home.join("inbox"),
            folders: Some(home.join("mail")),
            quoting: MboxQuoting::Mboxrd,
        }
    } else {
        Layout::Maildir {
            root: home.join("Maildir"),
        }
    };
    Account {
        name: person.name.to_owned(),
        display_name: person.display.to_owned(),
        addresses: vec![person.address.to_owned()],
        store: StoreConfig::new(layout),
        mount: MountKey::live(home.parent().map(Path::to_owned).into_iter().collect()),
        snapshots: snapshots::roots(dir, person),
    }
}

/// Written beside its place and moved there whole: a start that was cut off leaves no half campus.
fn make(dir: &Path, now: i64) -> io::Result<()> {
    let unfinished = dir.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    for (number, person) in (0u64..).zip(PEOPLE) {
        let home = unfinished.join(person.name);
        let mut sink = if person.mbox {
            Sink::mbox(&home)?
        } else {
            Sink::maildir(&home.join("Maildir"))?
        };
        write(number, person, now, &mut sink)?;
        sink.finish()?;
    }
    snapshots::make(&unfinished, now)?;
    fs::rename(&unfinished, dir)
}

/// All mail of a person, the same every time.
fn write(number: u64, person: &Person, now: i64, sink: &mut Sink) -> io::Result<()> {
    let mut rng = Rng::new(SEED + number);
    special::write(person, now, sink)?;
    routine::write(person, now, &mut rng, sink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_campus_is_made_once_and_is_large_enough() {
        let dir = tempfile::tempdir().unwrap();
        let campus = dir.path().join("demo");
        let people = accounts(&campus, 1_795_500_000).unwrap();
        assert_eq!(people.len(), 4);
        let count = |path: &Path| fs::read_dir(path).unwrap().count();
        let root = campus.join("tanaka/Maildir");
        assert!(count(&root.join("cur")) > 400);
        assert!(root.join(".&eBR6dluk-").is_dir(), "研究室 in modified UTF-7");
        let mbox = fs::read(campus.join("mori/inbox")).unwrap();
        assert!(mbox.starts_with(b"From "));
        let copies: Vec<_> = people[0].snapshots.iter().map(|root| count(&root.dir)).collect();
        assert_eq!(copies, [2, 2]);
        assert!(people[1].snapshots.is_empty());
        for copy in fs::read_dir(&people[0].snapshots[0].dir).unwrap() {
            let cur = copy.unwrap().path().join("tanaka/Maildir/cur");
            assert!(
                count(&cur) > 300 && count(&cur) < count(&root.join("cur")),
                "as it was then"
            );
        }
        let marker = root.join("marker");
        fs::write(&marker, b"").unwrap();
        accounts(&campus, 1_795_600_000).unwrap();
        assert!(marker.exists(), "a second start changes nothing");
    }

    #[test]
    fn folders_have_the_names_that_other_programs_give_them() {
        assert_eq!(store::modified_utf7("研究室.輪講"), "&eBR6dluk-.&jyqLGw-");
        assert_eq!(store::modified_utf7("A&B"), "A&-B");
        assert_eq!(store::Folder::Inbox.maildir_name(), None);
    }
}
