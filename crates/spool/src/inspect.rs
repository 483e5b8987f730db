//! What the system says of files that are no messages: locks, unfinished deliveries, the directories themselves. For an operator who
//! looks for what is wrong; showing mail needs none of it.

use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, FileType, Mode, Stat, statat};
use rustix::io::Errno;

use crate::open::{Opened, read_dir};
use crate::{FileStamp, SpoolError};

/// A part of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corner {
    /// The mailbox itself: of a Maildir its directory (named by nothing), `cur`, `new` and `tmp`; of an mbox the file.
    Itself,
    /// What lies beside its messages: of a Maildir all in its directory, of an mbox its lock.
    Beside,
    /// Deliveries that are not finished.
    Tmp,
    /// Messages that no mail program has seen.
    New,
    /// All other messages.
    Cur,
}

/// A file, by what the system says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its name in its directory.
    pub name: Vec<u8>,
    /// A regular file.
    pub is_file: bool,
    /// Whose it is.
    pub uid: u32,
    /// What may be done with it, by whom: the last nine bits of its mode.
    pub mode: u32,
    /// Bytes.
    pub size: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub mtime: i64,
    /// When anything of it last changed, in nanoseconds since 1970.
    pub ctime: i64,
}

impl Facts {
    fn of(name: &[u8], stat: &Stat) -> Self {
        let stamp = FileStamp::of(stat);
        Facts {
            name: name.to_vec(),
            is_file: FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile,
            uid: stat.st_uid,
            mode: Mode::from_raw_mode(stat.st_mode).bits() & 0o777,
            size: stamp.size,
            mtime: stamp.mtime,
            ctime: stamp.ctime,
        }
    }

    pub(crate) fn of_opened(name: &[u8], opened: &Opened) -> Self {
        Self::of(name, &opened.stat)
    }
}

/// Tells everything in a directory; links are told as such. What is gone by the time it is looked at was not there.
pub(crate) fn facts_in(dir: &OwnedFd, each: &mut dyn FnMut(Facts)) -> Result<(), SpoolError> {
    let mut error = None;
    read_dir(dir, |name, _| {
        match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => each(Facts::of(name, &stat)),
            Err(Errno::NOENT) => {}
            Err(errno) => error = Some(SpoolError::from_errno(errno, "looking at a file", name)),
        }
        error.is_none()
    })?;
    error.map_or(Ok(()), Err)
}
