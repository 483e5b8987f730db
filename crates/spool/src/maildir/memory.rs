//! What is remembered of a listed Maildir, so that what arrives later is found without reading `cur`.

use serde::{Deserialize, Serialize};

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;

use super::uidlist::UidList;
use crate::codec::{Reader, Writer};
use crate::mbox::edges;
use crate::{FileStamp, MailboxStamp};

/// Names in `new` that are remembered; with more of them a listing costs little beside.
const MOST_NAMES: usize = 10_000;
/// Lines of a list of UIDs without their message, of which the newest are remembered: the message may be on its way.
const MOST_WAITING: usize = 100;
/// Tells these bytes from those of [`crate::MboxMemory`].
const VERSION: u8 = 2;

/// Names are remembered by this, so that the memory stays small.
pub(crate) type NameHash = [u8; 16];

/// What proves later that mail arrived and nothing else happened. Give it back to [`crate::Store::arrivals`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivalMemory {
    /// The stamp taken before reading.
    pub(super) stamp: MailboxStamp,
    /// Every name in `new`, in order.
    pub(super) in_new: Vec<NameHash>,
    /// Messages of the mailbox.
    pub(super) messages: u64,
    pub(super) uids: UidsRead,
}

/// Which UIDs have been read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum UidsRead {
    /// None: nobody gives any.
    Nowhere,
    /// They are in the names of the messages.
    InNames,
    /// Those of a file up to here.
    Until(UidsUntil),
}

/// How far a list of UIDs has been read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UidsUntil {
    pub(super) version: u8,
    device: u64,
    inode: u64,
    pub(super) size: u64,
    /// Of the part that was read: an inode is used again once its file was replaced.
    edges: [u8; 16],
    /// The newest UIDs without a message, by the hash of its base name.
    pub(super) waiting: Vec<(NameHash, u32)>,
}

/// The most names in `new` that are remembered.
pub(super) const fn most() -> usize {
    MOST_NAMES
}

/// See [`NameHash`].
pub(super) fn name_hash(name: &[u8]) -> NameHash {
    let mut hash = [0; 16];
    blake3::Hasher::new().update(name).finalize_xof().fill(&mut hash);
    hash
}

impl ArrivalMemory {
    /// `None` if there is too much in `new` to be remembered.
    pub(super) fn new(
        stamp: MailboxStamp,
        mut in_new: Vec<NameHash>,
        messages: u64,
        uids: UidsRead,
    ) -> Option<ArrivalMemory> {
        in_new.sort_unstable();
        in_new.dedup();
        (in_new.len() <= MOST_NAMES).then_some(ArrivalMemory {
            stamp,
            in_new,
            messages,
            uids,
        })
    }

    /// Whether an unchanged stamp of all but `new` will prove that nothing but `new` changed; see [`MailboxStamp::settled`]. The
    /// time is that of before the listing. What is not trusted must not be kept.
    pub fn trusted(&self, server_now: i64, skew: i64) -> bool {
        let files = rest(&self.stamp).into_iter().flatten().copied().collect();
        MailboxStamp { files }.settled(server_now, skew)
    }

    /// Bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.byte(VERSION);
        out.bytes(&self.stamp.to_bytes());
        out.bytes(self.in_new.as_flattened());
        out.u64(self.messages);
        match &self.uids {
            UidsRead::Nowhere => out.byte(0),
            UidsRead::InNames => out.byte(1),
            UidsRead::Until(until) => {
                out.byte(2);
                out.byte(until.version);
                out.u64(until.device);
                out.u64(until.inode);
                out.u64(until.size);
                out.0.extend_from_slice(&until.edges);
                out.u64(until.waiting.len() as u64);
                for (hash, uid) in &until.waiting {
                    out.0.extend_from_slice(hash);
                    out.u32(*uid);
                }
            }
        }
        out.0
    }

    /// Bytes kept earlier; `None` if they are not ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        if input.byte()? != VERSION {
            return None;
        }
        let stamp = MailboxStamp::from_bytes(input.bytes()?)?;
        let (in_new, rest) = input.bytes()?.as_chunks();
        if !rest.is_empty() {
            return None;
        }
        let messages = input.u64()?;
        let uids = match input.byte()? {
            0 => UidsRead::Nowhere,
            1 => UidsRead::InNames,
            2 => UidsRead::Until(UidsUntil::read(&mut input)?),
            _ => return None,
        };
        input.end(ArrivalMemory {
            stamp,
            in_new: in_new.to_vec(),
            messages,
            uids,
        })
    }
}

/// What must be as it was for arrivals to be all that happened: `cur` and the keywords.
pub(super) fn rest(stamp: &MailboxStamp) -> [Option<&Option<FileStamp>>; 2] {
    [stamp.files.get(1), stamp.files.get(3)]
}

impl UidsRead {
    /// With these UIDs that were read and have no message.
    pub(super) fn waiting<'a>(mut self, uids: impl Iterator<Item = (&'a Vec<u8>, &'a u32)>) -> Self {
        if let UidsRead::Until(until) = &mut self {
            let mut newest: Vec<(u32, &Vec<u8>)> = uids.map(|(base, uid)| (*uid, base)).collect();
            newest.sort_unstable();
            let newest = newest.into_iter().rev().take(MOST_WAITING);
            until.waiting = newest.map(|(uid, base)| (name_hash(base), uid)).collect();
        }
        self
    }
}

impl UidsUntil {
    /// `None` if what will be appended could not be understood.
    pub(super) fn of(file: File, read: &UidList) -> Option<Self> {
        let status = file.metadata().ok()?;
        Some(UidsUntil {
            version: read.version?,
            device: status.dev(),
            inode: status.ino(),
            size: read.read_to,
            edges: edges(&OwnedFd::from(file), read.read_to).ok()?,
            waiting: Vec::new(),
        })
    }

    /// Whether this is that file, and the part that was read is unchanged.
    pub(super) fn holds(&self, file: &OwnedFd, stamp: &FileStamp) -> bool {
        (self.device, self.inode) == (stamp.device, stamp.inode)
            && self.size <= stamp.size
            && edges(file, self.size).is_ok_and(|edges| edges == self.edges)
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut until = UidsUntil {
            version: input.byte()?,
            device: input.u64()?,
            inode: input.u64()?,
            size: input.u64()?,
            edges: input.take(16)?.try_into().ok()?,
            waiting: Vec::new(),
        };
        for _ in 0..input.u64()? {
            until.waiting.push((input.take(16)?.try_into().ok()?, input.u32()?));
        }
        Some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_round_trips_and_strange_bytes_do_not_pass() {
        let file = FileStamp {
            device: 1,
            inode: 2,
            size: 3,
            mtime: 4,
            ctime: 5,
        };
        let stamp = MailboxStamp {
            files: vec![Some(file), None],
        };
        let until = UidsUntil {
            version: 3,
            device: 1,
            inode: 2,
            size: 3,
            edges: [4; 16],
            waiting: vec![([5; 16], 6)],
        };
        for uids in [UidsRead::Nowhere, UidsRead::InNames, UidsRead::Until(until)] {
            let names = vec![name_hash(b"b"), name_hash(b"a"), name_hash(b"b")];
            let memory = ArrivalMemory::new(stamp.clone(), names, 9, uids).unwrap();
            assert_eq!(memory.in_new.len(), 2);
            let bytes = memory.to_bytes();
            assert_eq!(ArrivalMemory::from_bytes(&bytes), Some(memory));
            assert_eq!(crate::MboxMemory::from_bytes(&bytes), None);
            for end in 0..bytes.len() {
                assert_eq!(ArrivalMemory::from_bytes(&bytes[..end]), None);
            }
        }
    }

    #[test]
    fn more_than_can_be_remembered_is_not() {
        let names = (0..=MOST_NAMES).map(|n| name_hash(&n.to_le_bytes())).collect();
        assert_eq!(
            ArrivalMemory::new(MailboxStamp::default(), names, 1, UidsRead::Nowhere),
            None
        );
    }

    #[test]
    fn the_stamp_of_new_need_not_be_old() {
        let file = |mtime| {
            Some(FileStamp {
                device: 1,
                inode: 2,
                size: 3,
                mtime,
                ctime: mtime,
            })
        };
        let trusted = |files| ArrivalMemory::new(MailboxStamp { files }, vec![], 0, UidsRead::Nowhere).unwrap();
        assert!(trusted(vec![file(99), file(1), file(99), None]).trusted(100, 10));
        assert!(!trusted(vec![file(1), file(99), None, None]).trusted(100, 10));
        assert!(!trusted(vec![file(1), file(1), None, file(99)]).trusted(100, 10));
    }
}
