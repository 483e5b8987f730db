//! An open message: a descriptor and the stretch of it that is the message.

use std::os::fd::OwnedFd;

use rustix::io::{Errno, pread};

use crate::mbox::MboxView;
use crate::open::Opened;
use crate::{Defect, DefectKind, FileStamp, SpoolError};

/// The first bytes looked at for defects.
const HEAD: usize = 256;

/// One message, open for reading at any offset. Renames and deletions do not disturb it, except on some NFS servers.
pub struct MessageFile {
    fd: OwnedFd,
    inode: u64,
    len: u64,
    received: i64,
    view: Option<MboxView>,
    defect: Option<DefectKind>,
}

impl MessageFile {
    /// A whole file; its modification time is the time of delivery.
    pub(crate) fn whole(opened: Opened) -> Result<Self, SpoolError> {
        let stamp = FileStamp::of(&opened.stat);
        let received = stamp.mtime.div_euclid(1_000_000_000);
        Self::new(opened.fd, stamp.inode, stamp.size, received, None)
    }

    /// A stretch of an mbox.
    pub(crate) fn stretch(fd: OwnedFd, inode: u64, received: i64, view: MboxView) -> Result<Self, SpoolError> {
        Self::new(fd, inode, view.len(), received, Some(view))
    }

    fn new(fd: OwnedFd, inode: u64, len: u64, received: i64, view: Option<MboxView>) -> Result<Self, SpoolError> {
        let mut file = MessageFile {
            fd,
            inode,
            len,
            received,
            view,
            defect: None,
        };
        let mut head = [0; HEAD];
        let got = file.read_at(0, &mut head)?;
        file.defect = judge(head.get(..got).unwrap_or_default());
        Ok(file)
    }

    /// Bytes of the message.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// When it was delivered, seconds since 1970 (IMAP's INTERNALDATE).
    pub fn received(&self) -> i64 {
        self.received
    }

    /// The inode of the file: two Maildir names with one inode are one message.
    pub fn inode(&self) -> u64 {
        self.inode
    }

    /// What the first bytes show to be wrong: empty, NULs, compressed or encrypted by the server.
    pub fn defect(&self) -> Option<Defect> {
        self.defect.map(|kind| Defect::new(kind, Vec::new()))
    }

    /// Reads at an offset; 0 means the end. Fewer bytes than asked for are possible.
    pub fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize, SpoolError> {
        match &self.view {
            Some(view) => view.read_at(&self.fd, offset, buf),
            None => pread_some(&self.fd, offset, buf),
        }
    }

    /// The whole message, or [`SpoolError::TooLarge`] if it has more bytes than `limit`.
    pub fn read_all(&self, limit: u64) -> Result<Vec<u8>, SpoolError> {
        if self.len > limit {
            return Err(SpoolError::TooLarge { limit });
        }
        let mut out = vec![0; usize::try_from(self.len).map_err(|_| SpoolError::TooLarge { limit })?];
        let mut filled = 0;
        while let Some(rest) = out.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read_at(filled as u64, rest)? {
                0 => break,
                got => filled += got,
            }
        }
        out.truncate(filled);
        Ok(out)
    }
}

/// One `pread`, again after a signal.
pub(crate) fn pread_some(fd: &OwnedFd, offset: u64, buf: &mut [u8]) -> Result<usize, SpoolError> {
    loop {
        match pread(fd, &mut *buf, offset) {
            Err(Errno::INTR) => {}
            other => return other.map_err(|errno| SpoolError::from_errno(errno, "reading a message", b"")),
        }
    }
}

fn judge(head: &[u8]) -> Option<DefectKind> {
    if head.is_empty() {
        Some(DefectKind::EmptyFile)
    } else if head.iter().all(|b| *b == 0) {
        Some(DefectKind::NulFilled)
    } else if head.starts_with(b"\x1f\x8b") || head.starts_with(b"\x28\xb5\x2f\xfd") {
        Some(DefectKind::Compressed) // gzip (RFC 1952 §2.3.1), Zstandard (RFC 8878 §3.1.1)
    } else if head.starts_with(b"CRYPTED\x03\x07") {
        Some(DefectKind::Encrypted) // Dovecot's mail_crypt
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_what_cannot_be_shown() {
        assert_eq!(judge(b""), Some(DefectKind::EmptyFile));
        assert_eq!(judge(&[0; 9]), Some(DefectKind::NulFilled));
        assert_eq!(judge(b"\x1f\x8b\x08"), Some(DefectKind::Compressed));
        assert_eq!(judge(b"\0Subject: x"), None);
        assert_eq!(judge(b"From: x"), None);
    }
}
