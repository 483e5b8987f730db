//! The state of the files behind a mailbox, to learn cheaply whether anything may have changed.

use serde::{Deserialize, Serialize};

use rustix::fs::Stat;

use crate::codec::{Reader, Writer};

/// What `fstat` says about one file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileStamp {
    /// Device number.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change of content, nanoseconds since 1970.
    pub mtime: i64,
    /// Time of the last change of content or attributes, nanoseconds since 1970.
    pub ctime: i64,
}

impl FileStamp {
    pub(crate) fn of(stat: &Stat) -> Self {
        FileStamp {
            device: stat.st_dev,
            inode: stat.st_ino,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            mtime: nanos(stat.st_mtime, stat.st_mtime_nsec as i64),
            ctime: nanos(stat.st_ctime, stat.st_ctime_nsec as i64),
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u64(self.device);
        out.u64(self.inode);
        out.u64(self.size);
        out.i64(self.mtime);
        out.i64(self.ctime);
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Option<Self> {
        Some(FileStamp {
            device: input.u64()?,
            inode: input.u64()?,
            size: input.u64()?,
            mtime: input.i64()?,
            ctime: input.i64()?,
        })
    }
}

fn nanos(seconds: i64, nanos: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanos)
}

/// Stamps of all files that decide what a mailbox shows. Compare for equality only, so that a clock set back heals.
///
/// Maildir: `new`, `cur`, `dovecot-uidlist`, `dovecot-keywords`. mbox: the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MailboxStamp {
    pub(crate) files: Vec<Option<FileStamp>>,
}

impl MailboxStamp {
    /// Whether an unchanged stamp proves an unchanged mailbox. Times have a grain: two changes within one grain look
    /// like one, so a stamp younger than `skew` before the file server's time must be looked at again.
    /// Both arguments are nanoseconds; `server_now` is the file server's time or a lower bound of it.
    pub fn settled(&self, server_now: i64, skew: i64) -> bool {
        let limit = server_now.saturating_sub(skew);
        self.files
            .iter()
            .flatten()
            .all(|stamp| stamp.mtime < limit && stamp.ctime < limit)
    }

    /// Whether the messages lay in the same files or directories then, on the same device: a store that is not mounted, or another
    /// in its place, has others.
    pub fn same_place(&self, other: &MailboxStamp) -> bool {
        // Of a Maildir the first two, `new` and `cur`; what follows is replaced by whoever writes it.
        let place = |stamp: &MailboxStamp| -> Option<Vec<(u64, u64)>> {
            let files = stamp.files.iter().take(2);
            files.map(|file| file.map(|file| (file.device, file.inode))).collect()
        };
        place(self).is_some_and(|here| place(other) == Some(here))
    }

    /// Whether the messages lay on another device then: another store was mounted in the place of that one. `false` if that cannot be told.
    pub fn other_device(&self, other: &MailboxStamp) -> bool {
        let device = |stamp: &MailboxStamp| stamp.files.iter().take(2).flatten().map(|file| file.device).next();
        matches!((device(self), device(other)), (Some(here), Some(there)) if here != there)
    }

    /// Bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.byte(1);
        out.u64(self.files.len() as u64);
        for file in &self.files {
            out.byte(u8::from(file.is_some()));
            if let Some(stamp) = file {
                stamp.write(&mut out);
            }
        }
        out.0
    }

    /// Bytes kept earlier; `None` if they are not ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        if input.byte()? != 1 {
            return None;
        }
        let mut files = Vec::new();
        for _ in 0..input.u64()? {
            files.push(match input.byte()? {
                0 => None,
                1 => Some(FileStamp::read(&mut input)?),
                _ => return None,
            });
        }
        input.end(MailboxStamp { files })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(mtime: i64) -> MailboxStamp {
        let file = FileStamp {
            device: 1,
            inode: 2,
            size: 3,
            mtime,
            ctime: 5,
        };
        MailboxStamp {
            files: vec![Some(file), None],
        }
    }

    #[test]
    fn stamps_round_trip_and_strange_bytes_do_not_pass() {
        let bytes = stamp(4).to_bytes();
        assert_eq!(MailboxStamp::from_bytes(&bytes), Some(stamp(4)));
        for end in 0..bytes.len() {
            assert_eq!(MailboxStamp::from_bytes(&bytes[..end]), None);
        }
        assert_eq!(MailboxStamp::from_bytes(&[&bytes[..], b"x"].concat()), None);
    }

    #[test]
    fn another_device_is_told_where_both_are_known() {
        let of = |device: u64, files: usize| MailboxStamp {
            files: vec![
                Some(FileStamp {
                    device,
                    inode: 1,
                    size: 0,
                    mtime: 0,
                    ctime: 0,
                });
                files
            ],
        };
        assert!(of(1, 2).other_device(&of(2, 2)) && of(1, 1).other_device(&of(2, 2)));
        assert!(!of(1, 2).other_device(&of(1, 1)));
        assert!(!of(1, 2).other_device(&of(2, 0)) && !of(1, 0).other_device(&of(2, 1)));
    }

    #[test]
    fn the_same_directories_are_the_same_place_whatever_changed_in_them() {
        let of = |inodes: &[Option<u64>]| MailboxStamp {
            files: inodes
                .iter()
                .map(|inode| {
                    Some(FileStamp {
                        device: 1,
                        inode: (*inode)?,
                        size: 0,
                        mtime: 0,
                        ctime: 0,
                    })
                })
                .collect(),
        };
        let maildir = of(&[Some(1), Some(2), Some(3), None]);
        assert!(maildir.same_place(&of(&[Some(1), Some(2), Some(9), Some(8)])));
        assert!(!maildir.same_place(&of(&[Some(1), Some(7), Some(3), None])));
        assert!(!of(&[None, Some(2)]).same_place(&of(&[None, Some(2)])), "not there");
        assert!(of(&[Some(5)]).same_place(&of(&[Some(5)])));
    }

    #[test]
    fn a_stamp_within_the_skew_is_not_settled() {
        assert!(stamp(100).settled(111, 10));
        assert!(!stamp(101).settled(111, 10));
        assert!(!stamp(500).settled(111, 10), "a time in the future proves nothing");
    }
}
