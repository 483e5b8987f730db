//! The directory that dated copies of a store stand in: their names, and what a copy says of itself.

use std::path::Path;

use rustix::fs::FileType;
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use crate::open::{Opened, Root, read_dir};
use crate::{SpoolError, Store};

/// Names read of the directory; a file system that keeps more snapshots than this is not known.
const NAMES: usize = 20_000;
/// Bytes read of a marker for its first line.
const MARKER: usize = 512;
/// Bytes of a marker that is read for one of its counts: a hundred thousand accounts with names of the usual length, and room to spare.
pub const LONGEST_MARKER: usize = 4 << 20;

/// How many messages of an account a copy holds, by its marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkerCount {
    /// It says nothing of that account.
    Untold,
    /// So many, in all its mailboxes.
    Messages(u64),
    /// The account's line has no number.
    Broken,
    /// It has more bytes than are read of one.
    TooLong,
}

/// The directories in `dir`, in no order; from `folder` on, which is the administrator's, the way there leads over no link. Files, links
/// (`latest` is one of the others) and dot names are none of them, and what is no text has no name that could be shown.
///
/// # Errors
/// When `dir` cannot be read; an empty answer means that it is empty.
pub fn snapshot_names(dir: &Path, folder: &Path) -> Result<Vec<String>, SpoolError> {
    let opened = Root::open(dir, Some(folder), None)?.dir(b"")?;
    let (mut names, mut seen) = (Vec::new(), 0_usize);
    read_dir(&opened.fd, |name, kind| {
        seen += 1;
        if kind == FileType::Directory
            && !name.starts_with(b".")
            && let Ok(name) = std::str::from_utf8(name)
        {
            names.push(name.to_owned());
        }
        seen < NAMES
    })?;
    Ok(names)
}

/// The first line of the file `marker` in a copy; `None` if there is no such file, or none that may be read: such a copy has not said
/// that it is complete.
///
/// # Errors
/// When the server or the disk does not say whether there is one.
pub fn marker_line(copy: &Path, folder: &Path, marker: &str) -> Result<Option<String>, SpoolError> {
    let read = open_marker(copy, folder, marker).and_then(|opened| read_up_to(&opened, MARKER, marker));
    let line = |bytes: Vec<u8>| {
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        String::from_utf8_lossy(line).trim().to_owned()
    };
    Ok(present(read)?.map(line))
}

/// What the marker of a copy says of the messages of `account`: behind its first line stand lines `ACCOUNT<TAB>MESSAGES`.
///
/// # Errors
/// When the server or the disk does not say.
pub fn marker_count(copy: &Path, folder: &Path, marker: &str, account: &str) -> Result<MarkerCount, SpoolError> {
    let read = open_marker(copy, folder, marker).and_then(|opened| match u64::try_from(opened.stat.st_size) {
        Ok(size) if size > LONGEST_MARKER as u64 => Ok(None),
        _ => read_up_to(&opened, LONGEST_MARKER, marker).map(Some),
    });
    Ok(match present(read)? {
        None => MarkerCount::Untold,
        Some(None) => MarkerCount::TooLong,
        Some(Some(bytes)) => count_in(&bytes, account),
    })
}

fn count_in(marker: &[u8], account: &str) -> MarkerCount {
    let behind_time = marker.split(|byte| *byte == b'\n').skip(1);
    let mut own = behind_time.filter_map(|line| {
        let rest = line.trim_ascii().strip_prefix(account.as_bytes())?;
        // Somebody else's name may begin with this one. Whoever writes the file by hand may write spaces.
        rest.first().is_none_or(u8::is_ascii_whitespace).then_some(rest)
    });
    let Some(first) = own.next() else {
        return MarkerCount::Untold;
    };
    let number = std::str::from_utf8(first.trim_ascii());
    match number.ok().and_then(|number| number.parse().ok()) {
        Some(count) => MarkerCount::Messages(count),
        None => MarkerCount::Broken,
    }
}

/// Messages in all mailboxes of a store, as lists show them: what stands there under two names is one. Mailboxes that may not be read
/// are left out.
///
/// # Errors
/// When one of the others cannot be read.
pub fn count_messages(store: &Store) -> Result<u64, SpoolError> {
    let mut messages = 0;
    for mailbox in store.mailboxes()? {
        match store.list(&mailbox.path, None) {
            Ok(listing) => messages += listing.entries.len() as u64,
            Err(SpoolError::Denied(_) | SpoolError::Refused(_) | SpoolError::Unsupported { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(messages)
}

fn open_marker(copy: &Path, folder: &Path, marker: &str) -> Result<Opened, SpoolError> {
    Root::open(copy, Some(folder), None)?.file(marker.as_bytes())
}

fn read_up_to(opened: &Opened, most: usize, marker: &str) -> Result<Vec<u8>, SpoolError> {
    let size = usize::try_from(opened.stat.st_size).unwrap_or(most);
    let mut bytes = vec![0; most.min(size)];
    let mut have = 0;
    while have < bytes.len() {
        match rustix::io::read(&opened.fd, &mut bytes[have..]) {
            Ok(0) => break,
            Ok(count) => have += count,
            Err(Errno::INTR) => {}
            Err(errno) => return Err(SpoolError::from_errno(errno, "the marker", marker.as_bytes())),
        }
    }
    bytes.truncate(have);
    Ok(bytes)
}

/// `None` where there is no such file, or none that may be read.
fn present<T>(read: Result<T, SpoolError>) -> Result<Option<T>, SpoolError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.is_of_the_server() || error.is_of_the_disk() => Err(error),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::symlink};

    #[test]
    fn directories_alone_are_copies() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["2026-11-27", ".hidden", "x"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        symlink("2026-11-27", dir.path().join("latest")).unwrap();
        fs::write(dir.path().join("log"), "").unwrap();
        let mut names = snapshot_names(dir.path(), dir.path()).unwrap();
        names.sort();
        assert_eq!(names, ["2026-11-27", "x"]);
        assert!(
            snapshot_names(&dir.path().join("gone"), dir.path()).is_err(),
            "not there is not empty"
        );
        assert!(snapshot_names(&dir.path().join("log"), dir.path()).is_err());
        let linked = snapshot_names(&dir.path().join("latest"), dir.path());
        assert!(matches!(linked, Err(SpoolError::Refused(_))), "{linked:?}");
    }

    #[test]
    fn a_marker_is_a_file_of_the_copy_itself() {
        let dir = tempfile::tempdir().unwrap();
        let copy = dir.path().join("copy");
        fs::create_dir_all(copy.join("sub")).unwrap();
        fs::write(copy.join("COMPLETE"), "2026-11-27T03:00:00+09:00 \nmore\n").unwrap();
        fs::write(copy.join("empty"), "").unwrap();
        fs::write(dir.path().join("secret"), "secret").unwrap();
        symlink("../secret", copy.join("link")).unwrap();
        assert_eq!(
            marker_line(&copy, dir.path(), "COMPLETE").unwrap().as_deref(),
            Some("2026-11-27T03:00:00+09:00")
        );
        assert_eq!(marker_line(&copy, dir.path(), "empty").unwrap().as_deref(), Some(""));
        for none in ["gone", "link", "sub", "../secret"] {
            assert_eq!(marker_line(&copy, dir.path(), none).unwrap(), None, "{none}");
        }
        // A server that does not say has not said that there is none.
        let error = |errno| SpoolError::from_errno(errno, "the marker", b"COMPLETE");
        assert!(present::<()>(Err(error(Errno::TIMEDOUT))).is_err() && present::<()>(Err(error(Errno::IO))).is_err());
        assert_eq!(present::<()>(Err(error(Errno::ACCESS))).unwrap(), None);
    }

    #[test]
    fn a_marker_counts_and_is_not_read_without_end() {
        let dir = tempfile::tempdir().unwrap();
        let count = |text: &str| {
            fs::write(dir.path().join("COMPLETE"), text).unwrap();
            marker_count(dir.path(), dir.path(), "COMPLETE", "tanaka").unwrap()
        };
        for (lines, counted) in [
            ("", MarkerCount::Untold),
            ("tanakau\t1\nsato\t2\n", MarkerCount::Untold),
            ("sato\t2\ntanaka\t12\n", MarkerCount::Messages(12)),
            ("tanaka\t0", MarkerCount::Messages(0)),
            ("tanaka  7\r\n", MarkerCount::Messages(7)),
            ("tanaka\n", MarkerCount::Broken),
            ("tanaka\tunreadable\n", MarkerCount::Broken),
            ("tanaka\t-1\n", MarkerCount::Broken),
            ("tanaka\t1\t2\n", MarkerCount::Broken),
            ("tanaka\t99999999999999999999\n", MarkerCount::Broken),
        ] {
            assert_eq!(count(&format!("2026-11-27T03:00:00Z\n{lines}")), counted, "{lines:?}");
        }
        // The first line is the time, whatever it says.
        assert_eq!(count("tanaka\t3\n"), MarkerCount::Untold);
        let own = "tanaka\t12\n";
        let filled = "x".repeat(LONGEST_MARKER - own.len() - 1);
        assert_eq!(count(&format!("{filled}\n{own}")), MarkerCount::Messages(12));
        assert_eq!(count(&format!("{filled}x\n{own}")), MarkerCount::TooLong);
        assert_eq!(
            marker_count(dir.path(), dir.path(), "gone", "tanaka").unwrap(),
            MarkerCount::Untold
        );
    }
}
