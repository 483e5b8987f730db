//! Lines of a file of any size through one buffer. A line longer than the buffer comes in pieces.

use std::os::fd::OwnedFd;

use crate::SpoolError;
use crate::message::pread_some;

const BUFFER: usize = 64 << 10;

/// Bytes at offsets.
pub(crate) trait Source {
    /// Some bytes from `offset`; 0 is the end.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize, SpoolError>;
}

impl Source for OwnedFd {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize, SpoolError> {
        pread_some(self, offset, buf)
    }
}

/// Fills `buf` as far as there are bytes before `end`.
pub(crate) fn fill(source: &impl Source, offset: u64, end: u64, buf: &mut [u8]) -> Result<usize, SpoolError> {
    let want = usize::try_from(end.saturating_sub(offset))
        .unwrap_or(usize::MAX)
        .min(buf.len());
    let mut filled = 0;
    while let Some(rest) = buf.get_mut(filled..want).filter(|rest| !rest.is_empty()) {
        match source.read_at(offset + filled as u64, rest)? {
            0 => break,
            got => filled += got,
        }
    }
    Ok(filled)
}

/// A line, or part of a very long one.
pub(crate) struct Piece<'b> {
    /// Offset in the file.
    pub(crate) offset: u64,
    /// The bytes, with the newline if it is there.
    pub(crate) bytes: &'b [u8],
    /// Begins a line.
    pub(crate) starts: bool,
}

impl Piece<'_> {
    /// An empty line.
    pub(crate) fn is_blank(&self) -> bool {
        self.starts && matches!(self.bytes, b"\n" | b"\r\n")
    }

    /// Has its newline.
    pub(crate) fn ends(&self) -> bool {
        self.bytes.last() == Some(&b'\n')
    }

    /// Offset of what follows.
    pub(crate) fn next(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }
}

/// Reads lines from an offset up to `end`.
pub(crate) struct Lines<'s, S> {
    source: &'s S,
    end: u64,
    buffer: Vec<u8>,
    /// Offset in the file of the first byte of the buffer.
    base: u64,
    pos: usize,
    filled: usize,
    line_start: bool,
}

impl<'s, S: Source> Lines<'s, S> {
    pub(crate) fn new(source: &'s S, from: u64, end: u64) -> Self {
        Lines {
            source,
            end,
            buffer: vec![0; BUFFER],
            base: from,
            pos: 0,
            filled: 0,
            line_start: true,
        }
    }

    /// Goes on at the line that begins at `offset`.
    pub(crate) fn seek(&mut self, offset: u64) {
        let ahead = offset.checked_sub(self.base).and_then(|n| usize::try_from(n).ok());
        match ahead {
            Some(ahead) if ahead <= self.filled => self.pos = ahead,
            _ => (self.base, self.pos, self.filled) = (offset, 0, 0),
        }
        self.line_start = true;
    }

    /// The next line; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Piece<'_>>, SpoolError> {
        let mut len = self.line_in_buffer();
        if len.is_none() {
            self.refill()?;
            len = self.line_in_buffer();
        }
        let start = self.pos;
        let until = len.map_or(self.filled, |len| start + len);
        let bytes = self.buffer.get(start..until).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(None);
        }
        let piece = Piece {
            offset: self.base + start as u64,
            bytes,
            starts: self.line_start,
        };
        self.line_start = piece.ends();
        self.pos = until;
        Ok(Some(piece))
    }

    fn line_in_buffer(&self) -> Option<usize> {
        let newline = self
            .buffer
            .get(self.pos..self.filled)?
            .iter()
            .position(|b| *b == b'\n')?;
        Some(newline + 1)
    }

    fn refill(&mut self) -> Result<(), SpoolError> {
        self.buffer.copy_within(self.pos..self.filled, 0);
        self.base += self.pos as u64;
        self.filled -= self.pos;
        self.pos = 0;
        if let Some(free) = self.buffer.get_mut(self.filled..) {
            self.filled += fill(self.source, self.base + self.filled as u64, self.end, free)?;
        }
        Ok(())
    }
}

#[cfg(any(test, fuzzing))]
impl Source for &[u8] {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize, SpoolError> {
        let rest = self.get(offset as usize..).unwrap_or_default();
        let len = rest.len().min(buf.len()).min(1000); // short reads, as files may give
        buf[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_come_in_pieces_and_nothing_is_lost() {
        let text = [b"a\n".repeat(40_000), vec![b'x'; 200_000], b"\n\nend".to_vec()].concat();
        let source = &text[..];
        let mut lines = Lines::new(&source, 0, text.len() as u64);
        let (mut all, mut starts, mut blank) = (Vec::new(), 0, 0);
        while let Some(piece) = lines.next().unwrap() {
            assert_eq!(piece.offset, all.len() as u64);
            starts += usize::from(piece.starts);
            blank += usize::from(piece.is_blank());
            all.extend_from_slice(piece.bytes);
        }
        assert!(all == text);
        assert_eq!((starts, blank), (40_003, 1));
        lines.seek(280_002);
        assert_eq!(
            lines.next().unwrap().map(|piece| piece.bytes.to_vec()),
            Some(b"end".to_vec())
        );
        lines.seek(2);
        assert_eq!(
            lines.next().unwrap().map(|piece| (piece.offset, piece.starts)),
            Some((2, true))
        );
    }
}
