//! The plain data a store answers with.

use serde::{Deserialize, Serialize};

use crate::codec::{Reader, Writer};
use crate::{ArrivalMemory, Defect, Flags, MailboxPath, MailboxStamp, MboxMemory, SpecialUse};

/// What names a message for good. Maildir: the file name without info, which flag changes leave alone.
/// mbox: a hash of the headers that no program rewrites, with an ordinal for equal ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BaseName(pub(crate) Vec<u8>);

impl BaseName {
    /// A base name as it was stored.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        BaseName(bytes.into())
    }

    /// The bytes to store; not always UTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// How full a store is, by the file that programs that write mail keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Bytes in use.
    pub bytes: u64,
    /// Bytes at most.
    pub most_bytes: Option<u64>,
    /// Messages held.
    pub messages: u64,
    /// Messages at most.
    pub most_messages: Option<u64>,
}

/// Which directory of a Maildir.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subdir {
    /// Delivered, not yet seen by any mail program.
    New,
    /// Everything else.
    Cur,
}

impl Subdir {
    pub(crate) fn name(self) -> &'static [u8] {
        match self {
            Subdir::New => b"new",
            Subdir::Cur => b"cur",
        }
    }
}

/// Where a message was seen last: a hint for [`crate::Store::open_entry`], out of date at any moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Location {
    /// A file of a Maildir.
    Maildir {
        /// The directory.
        subdir: Subdir,
        /// The whole file name.
        name: Vec<u8>,
    },
    /// A stretch of an mbox.
    Mbox {
        /// Where its `From ` line begins.
        offset: u64,
        /// Where the message itself begins.
        start: u64,
        /// Bytes of the message.
        len: u64,
        /// The date of the `From ` line, seconds since 1970.
        date: i64,
    },
}

impl Location {
    /// Bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        match self {
            Location::Maildir { subdir, name } => {
                out.byte(if *subdir == Subdir::New { 0 } else { 1 });
                out.0.extend_from_slice(name);
            }
            Location::Mbox {
                offset,
                start,
                len,
                date,
            } => {
                out.byte(2);
                out.u64(*offset);
                out.u64(*start);
                out.u64(*len);
                out.i64(*date);
            }
        }
        out.0
    }

    /// Bytes kept earlier; `None` if they are not ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        match input.byte()? {
            0 => Some(Location::Maildir {
                subdir: Subdir::New,
                name: input.0.to_vec(),
            }),
            1 => Some(Location::Maildir {
                subdir: Subdir::Cur,
                name: input.0.to_vec(),
            }),
            2 => {
                let (offset, start, len, date) = (input.u64()?, input.u64()?, input.u64()?, input.i64()?);
                input.end(Location::Mbox {
                    offset,
                    start,
                    len,
                    date,
                })
            }
            _ => None,
        }
    }
}

/// One message of a listing. Nothing here needed the file to be opened, except in an mbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its lasting name.
    pub base: BaseName,
    /// Where it was seen.
    pub location: Location,
    /// Its flags.
    pub flags: Flags,
    /// Names of its keywords.
    pub keywords: Vec<String>,
    /// No mail program has seen it yet.
    pub recent: bool,
    /// Its IMAP UID according to the mail server's own files: a hint, valid for one UIDVALIDITY.
    pub uid: Option<u32>,
    /// Its size, if the name tells (`,S=`) or the format does.
    pub size: Option<u64>,
    /// Seconds since 1970: for ordering before the file was opened. Maildir: from the name; mbox: the `From ` line.
    pub delivered_hint: Option<i64>,
}

/// What a mailbox holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The stamp taken before reading.
    pub stamp: MailboxStamp,
    /// Nothing changed meanwhile, and everything was looked at, so what is not listed may be taken for gone (twice, elsewhere too: see the
    /// sync).
    pub consistent: bool,
    /// Nothing changed meanwhile, and nothing was left out for there being too much: what is listed was all that there was to be seen then.
    pub at_rest: bool,
    /// The messages, in no order.
    pub entries: Vec<Entry>,
    /// What was skipped or looks wrong.
    pub defects: Vec<Defect>,
    /// UIDVALIDITY according to the mail server's own files.
    pub uidvalidity: Option<u32>,
    /// How many messages the mail server's own list of UIDs names, where there is one: a listing that has far fewer is
    /// probably of a store that is not mounted.
    pub expected: Option<u64>,
    /// For an mbox: give it back to the next [`crate::Store::list`], and only new mail is read.
    pub mbox_memory: Option<MboxMemory>,
    /// For a Maildir at rest: give it back to [`crate::Store::arrivals`], and only `new` is read.
    pub arrival_memory: Option<ArrivalMemory>,
}

/// What arrived since a mailbox was listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrivals {
    /// The stamp taken before reading.
    pub stamp: MailboxStamp,
    /// Nothing arrived meanwhile: an equal and settled stamp proves later that nothing has since.
    pub consistent: bool,
    /// Messages that are new, and those that were given a UID since.
    pub entries: Vec<Entry>,
    /// What the next [`crate::Store::arrivals`] begins with.
    pub memory: ArrivalMemory,
}

/// One mailbox of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxEntry {
    /// Its bytes on disk.
    pub path: MailboxPath,
    /// Its name for people, one part for each level, in NFC.
    pub segments: Vec<String>,
    /// What it is for, judged by its name. At most one mailbox has each.
    pub special_use: Option<SpecialUse>,
    /// Whether the person subscribed to it; `None` if no one keeps a list.
    pub subscribed: Option<bool>,
    /// Why it cannot be read, or is odd.
    pub defect: Option<Defect>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_round_trip() {
        for location in [
            Location::Maildir {
                subdir: Subdir::New,
                name: b"1.\xff".to_vec(),
            },
            Location::Maildir {
                subdir: Subdir::Cur,
                name: b"1:2,S".to_vec(),
            },
            Location::Mbox {
                offset: 1,
                start: 2,
                len: u64::MAX,
                date: -1,
            },
        ] {
            assert_eq!(Location::from_bytes(&location.to_bytes()), Some(location));
        }
        assert_eq!(Location::from_bytes(b""), None);
        assert_eq!(Location::from_bytes(b"\x02short"), None);
    }
}
