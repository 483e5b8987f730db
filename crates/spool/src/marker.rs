//! Whether the store is there that should be. Its administrator has put a file at the top of it, which an empty mount point, or another
//! store that was mounted in its place, does not have.

use crate::{SpoolError, StoreConfig};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Looks for every marker that stands above `place`.
///
/// # Errors
/// [`SpoolError::WrongStore`] if one is missing; if that cannot be known, what the system says.
pub(crate) fn check(markers: &[PathBuf], place: &Path) -> Result<(), SpoolError> {
    markers
        .iter()
        .filter(|marker| is_above(marker, place))
        .try_for_each(|marker| marker_is_there(marker))
}

/// Whether all places of a store have their markers; without any, they do.
pub fn is_marked(store: &StoreConfig) -> bool {
    check_all(store).is_ok()
}

/// The same, of every place that a store may have.
pub(crate) fn check_all(store: &StoreConfig) -> Result<(), SpoolError> {
    let places = store.layout.places();
    places.into_iter().try_for_each(|place| check(&store.markers, place))
}

fn is_above(marker: &Path, place: &Path) -> bool {
    marker.parent().is_some_and(|folder| place.starts_with(folder))
}

/// Looks for one of them.
///
/// # Errors
/// As [`Store::open`](crate::Store::open) has them of it.
pub fn marker_is_there(marker: &Path) -> Result<(), SpoolError> {
    match std::fs::symlink_metadata(marker) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(SpoolError::WrongStore("its marker is not there: is it mounted?"))
        }
        Err(error) => Err(SpoolError::from_io(&error, "the marker of the store")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layout, MboxQuoting, Place, Store};
    use std::fs;

    fn maildir(root: &Path) {
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(root.join(sub)).unwrap();
        }
    }

    fn opened(config: &StoreConfig) -> Result<(), SpoolError> {
        Store::open(config).map(drop)
    }

    #[test]
    fn a_store_without_its_marker_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("mail/tanaka");
        maildir(&root);
        let place = Place {
            root: root.clone(),
            folders: None,
        };
        let marker = dir.path().join("mail/.mounted");
        for layout in [
            Layout::Maildir { root },
            Layout::Detect {
                places: vec![place],
                quoting: MboxQuoting::Mboxo,
            },
        ] {
            let config = StoreConfig {
                markers: vec![marker.clone(), dir.path().join("other/.mounted")],
                ..StoreConfig::new(layout)
            };
            assert!(matches!(opened(&config), Err(SpoolError::WrongStore(_))));
            assert!(!is_marked(&config));
            fs::write(&marker, "").unwrap();
            opened(&config).unwrap();
            assert!(is_marked(&config), "that of another store says nothing");
            fs::remove_file(&marker).unwrap();
        }
    }

    #[test]
    fn of_several_places_each_is_believed_by_itself() {
        let dir = tempfile::tempdir().unwrap();
        let place = |store: &str| Place {
            root: dir.path().join(store).join("tanaka"),
            folders: None,
        };
        let config = StoreConfig {
            markers: ["new", "old"].map(|store| dir.path().join(store).join("here")).into(),
            ..StoreConfig::new(Layout::Detect {
                places: vec![place("new"), place("old")],
                quoting: MboxQuoting::Mboxo,
            })
        };
        maildir(&place("new").root);
        fs::write(dir.path().join("new/here"), "").unwrap();
        opened(&config).unwrap();
        // It may be in the second one, of which nothing is known.
        fs::remove_dir_all(place("new").root).unwrap();
        assert!(matches!(opened(&config), Err(SpoolError::WrongStore(_))));
        fs::create_dir(dir.path().join("old")).unwrap();
        fs::write(dir.path().join("old/here"), "").unwrap();
        assert!(matches!(opened(&config), Err(SpoolError::NotFound(_))));
    }

    #[test]
    fn whether_it_is_there_may_not_be_known() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        let below_a_file = marker_is_there(&dir.path().join("file/here"));
        assert!(matches!(below_a_file, Err(SpoolError::Refused(_))));
        marker_is_there(&dir.path().join("file")).unwrap();
    }
}
