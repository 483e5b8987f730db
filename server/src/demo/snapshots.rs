//! Dated copies of one person's mail: snapshots as a file system makes them, and copies of which one was never finished.

use super::{
    people::{PEOPLE, Person},
    special,
    store::Sink,
    write,
};
use jiff::{Timestamp, tz::TimeZone};
use mailroom::{SnapshotKind, SnapshotRoot};
use std::{fs, io, path::Path};

/// Whose mail is copied: the first of the campus.
const NUMBER: usize = 0;
const DAY: i64 = 24 * 3600;
const ZONE: &str = "Asia/Tokyo";
const MARKER: &str = "COMPLETE";

/// Where the copies are; empty for everybody else.
pub(super) fn roots(dir: &Path, person: &Person) -> Vec<SnapshotRoot> {
    if person.name != PEOPLE[NUMBER].name {
        return Vec::new();
    }
    let root = |folder: &str, kind| SnapshotRoot {
        folder: dir.join(folder),
        dir: dir.join(folder),
        before: String::new(),
        after: String::new(),
        within: Path::new(person.name).join("Maildir"),
        folders: None,
        kind,
        zone: zone(),
    };
    let marker = MARKER.to_owned();
    vec![
        root(".snapshot", SnapshotKind::Atomic),
        root(".copies", SnapshotKind::Copy { marker }),
    ]
}

pub(super) fn make(dir: &Path, now: i64) -> io::Result<()> {
    let three = three_in_the_night(now);
    for days in [0, 7] {
        let at = three - days * DAY;
        copy(&dir.join(".snapshot").join(name(at, "auto-%Y-%m-%d_%H-%M")), at, now)?;
    }
    let at = three - 14 * DAY;
    let complete = dir.join(".copies").join(name(at, "%Y-%m-%d"));
    copy(&complete, at, now)?;
    fs::write(complete.join(MARKER), name(at + 1800, "%Y-%m-%dT%H:%M:%S%:z\n"))?;
    // Broken off: of some mailboxes nothing was copied, and nothing says that it is done.
    let at = three - 2 * DAY;
    let torn = dir.join(".copies").join(name(at, "%Y-%m-%d_%H%M"));
    copy(&torn, at, now)?;
    let mail = torn.join(PEOPLE[NUMBER].name).join("Maildir");
    for entry in fs::read_dir(&mail)? {
        let path = entry?.path();
        let is_mailbox = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b".&"));
        if is_mailbox {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

/// The person's mail of `now` as it was at that time.
fn copy(dir: &Path, at: i64, now: i64) -> io::Result<()> {
    let person = &PEOPLE[NUMBER];
    let mut sink = Sink::maildir_until(&dir.join(person.name).join("Maildir"), at)?;
    write(NUMBER as u64, person, now, &mut sink)?;
    special::write_deleted(person, now - 20 * DAY, &mut sink)?;
    sink.finish()
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

/// The last one.
fn three_in_the_night(now: i64) -> i64 {
    let hour = 3 * 3600;
    let at = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let offset = i64::from(zone().to_offset(at).seconds());
    (now + offset - hour).div_euclid(DAY) * DAY + hour - offset
}

fn name(at: i64, form: &str) -> String {
    let at = Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(zone()).strftime(form).to_string()
}
