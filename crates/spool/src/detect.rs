//! What lies in a place, judged by what is there and not by what it is called.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::FileType;

use crate::SpoolError;
use crate::config::{Layout, MboxQuoting, Place};
use crate::marker;
use crate::mbox::begins_like_mbox;
use crate::open::{Root, read_dir, stat_root};

/// INBOX in a directory of mboxes, as Dovecot and UW IMAP call it.
const INBOX_NAMES: [&[u8]; 4] = [b"inbox", b"INBOX", b"mbox", b"Inbox"];
/// Files of a directory looked into for one that begins like an mbox.
const LOOKED_AT: usize = 50;

/// How the places are come to.
#[derive(Clone, Copy)]
pub(crate) struct Way<'a> {
    /// What they lie beneath.
    pub(crate) beneath: Option<&'a Path>,
    /// Whose they must be.
    pub(crate) owner: Option<u32>,
    /// What has to be there too.
    pub(crate) markers: &'a [PathBuf],
}

/// Opens the first of the places that is there, as what it is.
pub(crate) fn open_first<T>(
    places: &[Place],
    quoting: MboxQuoting,
    way: Way,
    open: impl Fn(&Layout) -> Result<T, SpoolError>,
) -> Result<T, SpoolError> {
    let mut absent = SpoolError::NotFound("the root of the store");
    for place in places {
        match open_place(place, quoting, way, &open) {
            Err(error @ SpoolError::NotFound(_)) => absent = error,
            other => return other,
        }
    }
    Err(absent)
}

fn open_place<T>(
    place: &Place,
    quoting: MboxQuoting,
    way: Way,
    open: impl Fn(&Layout) -> Result<T, SpoolError>,
) -> Result<T, SpoolError> {
    let root = &place.root;
    marker::check(way.markers, root)?;
    let found = stat_root(root, way.beneath)?;
    match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile => open(&Layout::Mbox {
            inbox: root.clone(),
            folders: place.folders.clone(),
            quoting,
        }),
        FileType::Directory => match open(&Layout::Maildir { root: root.clone() }) {
            Err(error @ SpoolError::WrongStore(_)) => open(&mboxes(root, quoting, way)?.ok_or(error)?),
            opened => opened,
        },
        _ => Err(SpoolError::WrongStore("the root is neither a directory nor a file")),
    }
}

/// A directory of mboxes, if one of its files is one.
fn mboxes(path: &Path, quoting: MboxQuoting, way: Way) -> Result<Option<Layout>, SpoolError> {
    let root = Root::open(path, way.beneath, way.owner)?;
    let inbox = INBOX_NAMES.into_iter().find(|name| root.file(name).is_ok());
    if inbox.is_none() {
        let mut names: Vec<Vec<u8>> = Vec::new();
        read_dir(&root.dir(b"")?.fd, |name, kind| {
            if kind == FileType::RegularFile && !name.starts_with(b".") {
                names.push(name.to_vec());
            }
            names.len() < LOOKED_AT
        })?;
        let is_mbox = |name: &Vec<u8>| root.file(name).is_ok_and(|file| begins_like_mbox(&file.fd));
        if !names.iter().any(is_mbox) {
            return Ok(None);
        }
    }
    let inbox = OsStr::from_bytes(inbox.unwrap_or(b"inbox"));
    Ok(Some(Layout::Mbox {
        inbox: path.join(inbox),
        folders: Some(path.to_owned()),
        quoting,
    }))
}
