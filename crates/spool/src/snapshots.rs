//! The directory that dated copies of a store stand in: their names, and what a copy says of itself.

use std::path::Path;

use rustix::fs::FileType;
use rustix::io::Errno;

use crate::SpoolError;
use crate::open::{Root, read_dir};

/// Names read of the directory; a file system that keeps more snapshots than this is not known.
const NAMES: usize = 20_000;
/// Bytes read of a marker: what counts is its first line.
const MARKER: usize = 512;

/// The directories in `dir`, in no order. Files, links (`latest` is one of the others) and dot names are none of them, and what is no
/// text has no name that could be shown.
///
/// # Errors
/// When `dir` cannot be read; an empty answer means that it is empty.
pub fn snapshot_names(dir: &Path) -> Result<Vec<String>, SpoolError> {
    let opened = Root::open(dir, None)?.dir(b"")?;
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
pub fn marker_line(copy: &Path, marker: &str) -> Result<Option<String>, SpoolError> {
    let opened = match Root::open(copy, None).and_then(|copy| copy.file(marker.as_bytes())) {
        Ok(opened) => opened,
        Err(error) => return unmarked(error),
    };
    let mut bytes = [0; MARKER];
    let mut have = 0;
    while have < MARKER {
        match rustix::io::read(&opened.fd, &mut bytes[have..]) {
            Ok(0) => break,
            Ok(count) => have += count,
            Err(Errno::INTR) => {}
            Err(errno) => return unmarked(SpoolError::from_errno(errno, "the marker", marker.as_bytes())),
        }
    }
    let line = bytes[..have].split(|byte| *byte == b'\n').next().unwrap_or_default();
    Ok(Some(String::from_utf8_lossy(line).trim().to_owned()))
}

fn unmarked(error: SpoolError) -> Result<Option<String>, SpoolError> {
    match error.is_of_the_server() || error.is_of_the_disk() {
        true => Err(error),
        false => Ok(None),
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
        let mut names = snapshot_names(dir.path()).unwrap();
        names.sort();
        assert_eq!(names, ["2026-11-27", "x"]);
        assert!(
            snapshot_names(&dir.path().join("gone")).is_err(),
            "not there is not empty"
        );
        assert!(snapshot_names(&dir.path().join("log")).is_err());
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
            marker_line(&copy, "COMPLETE").unwrap().as_deref(),
            Some("2026-11-27T03:00:00+09:00")
        );
        assert_eq!(marker_line(&copy, "empty").unwrap().as_deref(), Some(""));
        for none in ["gone", "link", "sub", "../secret"] {
            assert_eq!(marker_line(&copy, none).unwrap(), None, "{none}");
        }
        // A server that does not say has not said that there is none.
        let error = |errno| SpoolError::from_errno(errno, "the marker", b"COMPLETE");
        assert!(unmarked(error(Errno::TIMEDOUT)).is_err() && unmarked(error(Errno::IO)).is_err());
        assert_eq!(unmarked(error(Errno::ACCESS)).unwrap(), None);
    }
}
