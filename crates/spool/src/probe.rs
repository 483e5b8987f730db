//! Whether a place answers, before anything is known of what lies there.

use std::io;
use std::path::Path;

use crate::SpoolError;

/// Opens the folder and reads the first of its names: what hangs or is not there is found out by that, whatever the system remembers
/// of it. `stat` may tell of what was (NFS keeps attributes).
///
/// # Errors
/// What the system says.
pub fn probe(folder: &Path) -> Result<(), SpoolError> {
    let said = |error: io::Error| SpoolError::from_io(&error, "the folder of the store");
    match std::fs::read_dir(folder).map_err(said)?.next() {
        Some(entry) => entry.map(drop).map_err(said),
        None => Ok(()),
    }
}

/// Whether the folder is there and has something in it: where nothing is mounted there is an empty one, or none.
pub fn has_entries(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some_and(|entry| entry.is_ok()))
}

/// Whether it is certain that nothing is there.
pub fn is_missing(place: &Path) -> bool {
    std::fs::symlink_metadata(place).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_answers() {
        let dir = tempfile::tempdir().unwrap();
        let gone = dir.path().join("gone");
        assert!(probe(dir.path()).is_ok());
        assert!(matches!(probe(&gone), Err(SpoolError::NotFound(_))));
        assert!(!has_entries(dir.path()) && !has_entries(&gone));
        assert!(is_missing(&gone) && !is_missing(dir.path()));
        std::fs::write(dir.path().join("x"), "").unwrap();
        assert!(probe(dir.path()).is_ok() && has_entries(dir.path()));
        // Not a folder, so nothing is certain below it.
        assert!(!is_missing(&dir.path().join("x/y")));
    }
}
