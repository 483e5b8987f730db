//! What is wrong with something found in the spool; it is shown or logged, and never stops the rest.

use serde::{Deserialize, Serialize};

/// One oddity and the name it was met at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// What is wrong.
    pub kind: DefectKind,
    /// The file name as bytes on disk, for the log of an administrator.
    pub name: Vec<u8>,
}

impl Defect {
    pub(crate) fn new(kind: DefectKind, name: impl Into<Vec<u8>>) -> Self {
        Defect {
            kind,
            name: name.into(),
        }
    }

    /// The name in printable form: invalid UTF-8 replaced, control characters escaped.
    pub fn name_lossy(&self) -> String {
        crate::names::printable(&String::from_utf8_lossy(&self.name))
    }
}

/// The kinds of defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DefectKind {
    /// A symbolic link where a message or mailbox should be; it is not followed.
    Symlink,
    /// A FIFO where a regular file should be.
    Fifo,
    /// A device or socket where a regular file should be.
    Device,
    /// A directory where a regular file should be.
    Directory,
    /// A regular file where a directory should be.
    NotADirectory,
    /// It lies on another filesystem than the root.
    OtherFilesystem,
    /// It belongs to this uid and not to the owner of the mail.
    BadOwner(u32),
    /// Everybody may write to it, so it may be anybody's.
    WorldWritable,
    /// It could not be read; the system said this errno.
    Unreadable(i32),
    /// The mail server's own list of rights does not let the person read it.
    NotPermitted,
    /// The same base name exists more than once; one of them is shown.
    DuplicateBaseName,
    /// The file begins with NUL bytes, as after a crash of a file server.
    NulFilled,
    /// The file has no bytes.
    EmptyFile,
    /// The message is compressed and cannot be unpacked, or not to its end.
    Compressed,
    /// The message is encrypted by the mail server, which is not read.
    Encrypted,
    /// The last message of an mbox ends in the middle.
    TruncatedMbox,
    /// The file is not an mbox.
    NotMbox,
    /// `cur` or `new` is missing.
    MissingDirectory,
    /// The file of the mailbox is not there.
    Missing,
    /// A name no mail program writes; it is shown as well as it can be.
    OddName,
    /// There is more than is read.
    TooManyEntries,
    /// A line of a side file (UIDs, keywords, subscriptions) or header could not be understood and was skipped.
    BadSideFile,
}
