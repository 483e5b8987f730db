//! What lies in a place, judged by what is there and not by what it is called.

use std::path::{Path, PathBuf};

use rustix::fs::{FileType, stat};

use crate::config::{Layout, MboxQuoting, Place};
use crate::maildir::Maildir;
use crate::mbox::begins_like_mbox;
use crate::open::{Root, read_dir};
use crate::{Limits, SpoolError};

/// INBOX in a directory of mboxes, as Dovecot and UW IMAP call it.
const INBOX_NAMES: [&[u8]; 4] = [b"inbox", b"INBOX", b"mbox", b"Inbox"];
/// Files of a directory looked into for one that begins like an mbox.
const LOOKED_AT: usize = 50;

/// The layout of the first of the places that is there.
pub(crate) fn detect(
    places: &[Place],
    quoting: MboxQuoting,
    owner: Option<u32>,
    limits: Limits,
) -> Result<Layout, SpoolError> {
    let mut absent = SpoolError::NotFound("the root of the store");
    for place in places {
        match look(place, quoting, owner, limits) {
            Err(error @ SpoolError::NotFound(_)) => absent = error,
            other => return other,
        }
    }
    Err(absent)
}

fn look(place: &Place, quoting: MboxQuoting, owner: Option<u32>, limits: Limits) -> Result<Layout, SpoolError> {
    let found = stat(&place.root).map_err(|errno| SpoolError::from_errno(errno, "the root of the store", b""))?;
    match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile => Ok(Layout::Mbox {
            inbox: place.root.clone(),
            folders: place.folders.clone(),
            quoting,
        }),
        FileType::Directory => directory(&place.root, quoting, owner, limits),
        _ => Err(SpoolError::WrongStore("the root is neither a directory nor a file")),
    }
}

fn directory(path: &Path, quoting: MboxQuoting, owner: Option<u32>, limits: Limits) -> Result<Layout, SpoolError> {
    match Maildir::open(path, owner, None, limits) {
        Err(error @ SpoolError::WrongStore(_)) => mboxes(path, quoting, owner)?.ok_or(error),
        other => other.map(|_| Layout::Maildir { root: path.to_owned() }),
    }
}

/// A directory of mboxes, if one of its files is one.
fn mboxes(path: &Path, quoting: MboxQuoting, owner: Option<u32>) -> Result<Option<Layout>, SpoolError> {
    let root = Root::open(path, owner)?;
    let mut names: Vec<Vec<u8>> = Vec::new();
    read_dir(&root.dir(b"")?.fd, |name, kind| {
        if kind == FileType::RegularFile && !name.starts_with(b".") {
            names.push(name.to_vec());
        }
        names.len() < LOOKED_AT
    })?;
    let is_mbox = |name: &Vec<u8>| root.file(name).is_ok_and(|file| begins_like_mbox(&file.fd));
    let inbox = INBOX_NAMES.iter().find(|name| names.iter().any(|found| found == *name));
    if inbox.is_none() && !names.iter().any(is_mbox) {
        return Ok(None);
    }
    let inbox = inbox.copied().unwrap_or(b"inbox");
    Ok(Some(Layout::Mbox {
        inbox: path.join(os_path(inbox)),
        folders: Some(path.to_owned()),
        quoting,
    }))
}

fn os_path(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}
