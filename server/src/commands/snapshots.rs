//! `snapshots mark`: the marker of a copy that has just been finished.

use crate::{
    cli::{Source, snapshots::Snapshots},
    clock::SystemClock,
    setup::{Plan, SetupError},
};
use jiff::Timestamp;
use mailroom::{Account, Clock, LONGEST_MARKER, SnapshotKind, SnapshotRoot, count_in_copy, marked_at};
use std::{
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{self, ExitCode},
};

/// A copy whose name tells another time than this many seconds from now was not made now.
const JUST_MADE: i64 = 48 * 3600;
/// Stands for a number that could not be found: no such copy is complete.
const UNREADABLE: &str = "unreadable";

pub(super) fn run(what: Snapshots) -> Result<ExitCode, SetupError> {
    let Snapshots::Mark { dir, at, source } = what;
    mark(&std::path::absolute(dir)?, at.as_deref(), &source)
}

fn mark(dir: &Path, at: Option<&str>, source: &Source) -> Result<ExitCode, SetupError> {
    let accounts = Plan::new(source)?.accounts.all();
    let place = accounts.iter().find_map(|account| place_of(account, dir));
    let Some((root, marker)) = place else {
        let text = format!("{} is in no [[spool.snapshots]] with kind = \"copy\"", dir.display());
        return Err(SetupError::Text(text));
    };
    if root.dir != root.folder {
        // What people can write to is no place to write to for whoever else may.
        let text = "copies that lie with each person are marked by who makes them: `date -Iseconds > COMPLETE`";
        return Err(SetupError::Text(text.to_owned()));
    }
    let name = root.name_of(dir).unwrap_or_default();
    let marker = dir.join(marker);
    for place in marker.ancestors().skip(1).take_while(|place| place.starts_with(dir)) {
        if fs::symlink_metadata(place).is_ok_and(|found| found.is_symlink()) {
            let text = format!("{} is a link: say what it leads to", place.display());
            return Err(SetupError::Text(text));
        }
    }
    let time = time_of(root, name, at)?;
    let mut counts = Counts::default();
    for account in &accounts {
        if let Some((root, _)) = place_of(account, dir) {
            counts.add(&account.name, count_in_copy(account, root, name));
        }
    }
    if counts.accounts == 0 {
        let text = format!("nobody's mail is in {}", dir.display());
        return Err(SetupError::Text(text));
    }
    if counts.unreadable == counts.accounts {
        // Whatever is wrong, it is not these copies of theirs.
        let text = format!(
            "nobody's mail in {} can be counted, and it is left as it is",
            dir.display()
        );
        return Err(SetupError::Text(text));
    }
    let text = format!("{time}\n{}", counts.lines);
    if text.len() > LONGEST_MARKER {
        let text = format!(
            "a marker of {} bytes is longer than is read; divide the copy",
            text.len()
        );
        return Err(SetupError::Text(text));
    }
    put(&marker, &text)?;
    println!(
        "{}: {} messages of {} accounts, as of {time}",
        marker.display(),
        counts.messages,
        counts.accounts
    );
    Ok(match counts.unreadable {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(1),
    })
}

/// Which of an account's places that directory is a copy in, and the name of its marker.
fn place_of<'a>(account: &'a Account, dir: &Path) -> Option<(&'a SnapshotRoot, &'a str)> {
    account.snapshots.iter().find_map(|root| match &root.kind {
        SnapshotKind::Copy { marker } if root.name_of(dir).is_some() => Some((root, marker.as_str())),
        _ => None,
    })
}

fn time_of(root: &SnapshotRoot, name: &str, at: Option<&str>) -> Result<Timestamp, SetupError> {
    if let Some(at) = at {
        let at = at.parse();
        return at.map_err(|error| SetupError::Text(format!("--at: {error}")));
    }
    if let Some(said) = marked_at(root, name).map_err(SetupError::Text)? {
        return Ok(said);
    }
    let second = |at| Timestamp::from_second(at).map_err(|error| SetupError::Text(error.to_string()));
    if let Some(named) = root.moment_in(name) {
        return second(named);
    }
    let now = SystemClock.now();
    if root.time_in(name).is_some_and(|named| (now - named).abs() > JUST_MADE) {
        let text = format!("{name:?} was not made just now: say when, with --at 2026-11-27T03:00:00+09:00");
        return Err(SetupError::Text(text));
    }
    second(now)
}

#[derive(Default)]
struct Counts {
    lines: String,
    accounts: u64,
    messages: u64,
    unreadable: u64,
}

impl Counts {
    fn add(&mut self, account: &str, counted: Result<Option<u64>, String>) {
        let said = match counted {
            // They came later, or had gone.
            Ok(None) => return,
            Ok(Some(messages)) => {
                self.messages += messages;
                messages.to_string()
            }
            Err(error) => {
                eprintln!("{account}: {error}");
                self.unreadable += 1;
                UNREADABLE.to_owned()
            }
        };
        self.accounts += 1;
        self.lines.extend([account, "\t", &said, "\n"]);
    }
}

/// Whole, or not at all: half a marker would be one that counts half of the accounts.
fn put(marker: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = marker.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut beside = marker.to_owned().into_os_string();
    beside.push(format!(".{}.new", process::id()));
    let beside = PathBuf::from(beside);
    // A new file, and no link that lies there: what people have made is copied too.
    let mut file = File::options().write(true).create_new(true).open(&beside)?;
    let written = (|| {
        // The portal reads it, and runs as somebody else.
        file.set_permissions(Permissions::from_mode(0o644))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, marker)
    })();
    written.inspect_err(|_| drop(fs::remove_file(&beside)))
}
