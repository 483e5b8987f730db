//! One message inside an mbox that others may rewrite while it is read.

use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};

use rustix::fs::fstat;

use super::lines::{Lines, Source};
use super::split::still_there;
use crate::message::pread_some;
use crate::{FileStamp, Location, SpoolError};

/// A message with more quoted lines than this is shown as it is from there on.
const MOST_GAPS: usize = 1_000_000;

/// The stretch of a message. It is checked again whenever the file has changed since the last check.
pub(crate) struct MboxView {
    place: Location,
    hash: [u8; 16],
    start: u64,
    len: u64,
    /// For mboxrd: offsets in the message as shown before which one `>` is left out.
    gaps: Vec<u64>,
    checked: Mutex<FileStamp>,
}

impl MboxView {
    /// `None` if the message is not there.
    pub(crate) fn open(
        fd: &OwnedFd,
        place: &Location,
        hash: [u8; 16],
        stamp: FileStamp,
        unquote: bool,
    ) -> Result<Option<Self>, SpoolError> {
        let Location::Mbox { start, len, .. } = *place else {
            return Ok(None);
        };
        if !still_there(fd, place, &hash, stamp.size)? {
            return Ok(None);
        }
        let gaps = if unquote { gaps(fd, start, len)? } else { Vec::new() };
        Ok(Some(MboxView {
            place: place.clone(),
            hash,
            start,
            len,
            gaps,
            checked: Mutex::new(stamp),
        }))
    }

    pub(crate) fn len(&self) -> u64 {
        self.len.saturating_sub(self.gaps.len() as u64)
    }

    pub(crate) fn read_at(&self, fd: &OwnedFd, offset: u64, buf: &mut [u8]) -> Result<usize, SpoolError> {
        let skipped = self.gaps.partition_point(|gap| *gap <= offset);
        let until = self.gaps.get(skipped).copied().unwrap_or(u64::MAX).min(self.len());
        let want = usize::try_from(until.saturating_sub(offset))
            .unwrap_or(usize::MAX)
            .min(buf.len());
        let Some(buf) = buf.get_mut(..want).filter(|buf| !buf.is_empty()) else {
            return Ok(0);
        };
        let got = pread_some(fd, self.start + offset + skipped as u64, buf)?;
        self.check(fd)?;
        if got == 0 { Err(SpoolError::Changed) } else { Ok(got) }
    }

    /// After the read: bytes of another message must never be taken for this one.
    fn check(&self, fd: &OwnedFd) -> Result<(), SpoolError> {
        let stat = fstat(fd).map_err(|errno| SpoolError::from_errno(errno, "checking an mbox", b""))?;
        let stamp = FileStamp::of(&stat);
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if *checked != stamp {
            if !still_there(fd, &self.place, &self.hash, stamp.size)? {
                return Err(SpoolError::Changed);
            }
            *checked = stamp;
        }
        Ok(())
    }
}

/// Lines of the body that begin with `>From `, `>>From ` and so on.
fn gaps(source: &impl Source, start: u64, len: u64) -> Result<Vec<u64>, SpoolError> {
    let mut lines = Lines::new(source, start, start.saturating_add(len));
    let mut gaps = Vec::new();
    let mut in_body = false;
    while let Some(piece) = lines.next()? {
        if in_body && piece.starts && is_quoted(piece.bytes) && gaps.len() < MOST_GAPS {
            gaps.push(piece.offset - start - gaps.len() as u64);
        }
        in_body |= piece.is_blank();
    }
    Ok(gaps)
}

fn is_quoted(line: &[u8]) -> bool {
    let unquoted = line.iter().position(|b| *b != b'>').unwrap_or(0);
    unquoted > 0 && line.get(unquoted..).is_some_and(|rest| rest.starts_with(b"From "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_quote_is_left_out_of_body_lines() {
        let text = &b">From h\n\n>From a\n>>From b\n> From c\nFrom d\n>From"[..];
        assert_eq!(gaps(&text, 0, text.len() as u64).unwrap(), [9, 16]);
    }
}
