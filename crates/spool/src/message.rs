//! An open message: a descriptor and the stretch of it that is the message.

use std::io;
use std::os::fd::OwnedFd;

use rustix::io::{Errno, pread};

use crate::mbox::MboxView;
use crate::open::Opened;
use crate::unpack::{Packing, unpack};
use crate::{Defect, DefectKind, FileStamp, SpoolError, steps};

/// In a mark: of a stretch of an mbox.
const STRETCH: i64 = 1;

/// Whether a mark is of a message in an mbox, whose length each change of its flags changes ([`MessageFile::mark`]).
pub fn is_of_mbox(mark: i64) -> bool {
    mark & STRETCH != 0
}

/// The first bytes looked at for defects.
const HEAD: usize = 256;

/// One message, open for reading at any offset. Renames and deletions do not disturb it, except on some NFS servers.
pub struct MessageFile {
    fd: OwnedFd,
    inode: u64,
    mark: i64,
    len: u64,
    received: i64,
    view: Option<MboxView>,
    /// The message, where the file holds it compressed.
    unpacked: Option<Vec<u8>>,
    defect: Option<DefectKind>,
}

impl MessageFile {
    /// A whole file; its modification time is the time of delivery.
    pub(crate) fn whole(opened: Opened) -> Result<Self, SpoolError> {
        let stamp = FileStamp::of(&opened.stat);
        let received = stamp.mtime.div_euclid(1_000_000_000);
        // Not `ctime`, which each change of flags changes.
        let mark = mark(&[stamp.inode, stamp.mtime.cast_unsigned(), stamp.size]) & !STRETCH;
        Self::new(opened.fd, stamp.inode, mark, stamp.size, received, None)
    }

    /// A stretch of an mbox.
    pub(crate) fn stretch(fd: OwnedFd, inode: u64, received: i64, view: MboxView) -> Result<Self, SpoolError> {
        // The file is rewritten for whatever happens in it; the name is made of what tells messages apart.
        let mark = mark(&[received.cast_unsigned(), view.len()]) | STRETCH;
        Self::new(fd, inode, mark, view.len(), received, Some(view))
    }

    fn new(
        fd: OwnedFd,
        inode: u64,
        mark: i64,
        len: u64,
        received: i64,
        view: Option<MboxView>,
    ) -> Result<Self, SpoolError> {
        let mut file = MessageFile {
            fd,
            inode,
            mark,
            len,
            received,
            view,
            unpacked: None,
            defect: None,
        };
        let mut head = [0; HEAD];
        let got = file.read_at(0, &mut head)?;
        let head = head.get(..got).unwrap_or_default();
        file.defect = judge(head);
        if let Some(packing) = Packing::of(head) {
            file.unpack(packing)?;
        }
        Ok(file)
    }

    /// Takes the place of the packed bytes, unless nothing of them can be understood.
    fn unpack(&mut self, packing: Packing) -> Result<(), SpoolError> {
        let packed = Sequential { file: self, at: 0 };
        let unpacked = unpack(packing, packed).map_err(|error| SpoolError::from_io(&error, "reading a message"))?;
        self.defect = if unpacked.partial {
            Some(DefectKind::Compressed)
        } else {
            judge(unpacked.bytes.get(..HEAD).unwrap_or(&unpacked.bytes))
        };
        if !unpacked.bytes.is_empty() || !unpacked.partial {
            self.len = unpacked.bytes.len() as u64;
            self.unpacked = Some(unpacked.bytes);
        }
        Ok(())
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

    /// Which file it is, in short (48 bits): another number means that another file was given the name, or other content, or that the
    /// file was copied. Renaming it leaves it as it is, and so do its flags, but in an mbox, where they stand in the message.
    pub fn mark(&self) -> i64 {
        self.mark
    }

    /// What its bytes show to be wrong: empty, NULs, damaged in its compression, encrypted by the server.
    pub fn defect(&self) -> Option<Defect> {
        self.defect.map(|kind| Defect::new(kind, Vec::new()))
    }

    /// Reads at an offset; 0 means the end. Fewer bytes than asked for are possible.
    pub fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize, SpoolError> {
        match (&self.unpacked, &self.view) {
            (Some(bytes), _) => {
                let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..));
                let rest = rest.unwrap_or_default();
                let got = rest.len().min(buf.len());
                if let (Some(to), Some(from)) = (buf.get_mut(..got), rest.get(..got)) {
                    to.copy_from_slice(from);
                }
                Ok(got)
            }
            (None, Some(view)) => view.read_at(&self.fd, offset, buf),
            (None, None) => pread_some(&self.fd, offset, buf),
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

/// A file from its beginning to its end.
struct Sequential<'a> {
    file: &'a MessageFile,
    at: u64,
}

impl io::Read for Sequential<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read_at(self.at, buf).map_err(SpoolError::into_io)?;
        self.at += got as u64;
        Ok(got)
    }
}

/// One `pread`, again after a signal.
pub(crate) fn pread_some(fd: &OwnedFd, offset: u64, buf: &mut [u8]) -> Result<usize, SpoolError> {
    steps::done();
    loop {
        match pread(fd, &mut *buf, offset) {
            Err(Errno::INTR) => {}
            other => return other.map_err(|errno| SpoolError::from_errno(errno, "reading a message", b"")),
        }
    }
}

fn mark(of: &[u64]) -> i64 {
    let mut hash = blake3::Hasher::new();
    for number in of {
        hash.update(&number.to_le_bytes());
    }
    let [a, b, c, d, e, f, ..] = *hash.finalize().as_bytes();
    i64::from_le_bytes([a, b, c, d, e, f, 0, 0])
}

fn judge(head: &[u8]) -> Option<DefectKind> {
    if head.is_empty() {
        Some(DefectKind::EmptyFile)
    } else if head.iter().all(|b| *b == 0) {
        Some(DefectKind::NulFilled)
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
    fn a_file_keeps_its_mark_under_any_name_and_another_under_its_name_has_another() {
        use std::{fs, os::unix::fs::PermissionsExt};
        let dir = tempfile::tempdir().unwrap();
        let (place, renamed) = (dir.path().join("m:2,"), dir.path().join("m:2,S"));
        let root = crate::open::Root::open(dir.path(), None, None).unwrap();
        let mark = |name: &[u8]| MessageFile::whole(root.file(name).unwrap()).unwrap().mark();
        fs::write(&place, "one").unwrap();
        let time = fs::metadata(&place).unwrap().modified().unwrap();
        let first = mark(b"m:2,");
        fs::rename(&place, &renamed).unwrap();
        fs::set_permissions(&renamed, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(mark(b"m:2,S"), first);
        let made = dir.path().join("made");
        fs::write(&made, "two").unwrap();
        fs::File::options()
            .write(true)
            .open(&made)
            .unwrap()
            .set_modified(time)
            .unwrap();
        fs::rename(&made, &renamed).unwrap();
        assert_ne!(mark(b"m:2,S"), first, "as long, and as old");
    }

    #[test]
    fn first_bytes_tell_what_cannot_be_shown() {
        assert_eq!(judge(b""), Some(DefectKind::EmptyFile));
        assert_eq!(judge(&[0; 9]), Some(DefectKind::NulFilled));
        assert_eq!(judge(b"CRYPTED\x03\x07\x02"), Some(DefectKind::Encrypted));
        assert_eq!(judge(b"\0Subject: x"), None);
        assert_eq!(judge(b"From: x"), None);
    }
}
