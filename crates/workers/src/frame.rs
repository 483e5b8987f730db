//! What goes over the socket: kind (1 byte), three zeros, length (4), number of the request (8), then the bytes. Little endian.

use std::io::{self, ErrorKind, IoSlice, Read, Write};

pub(crate) const HEAD: usize = 16;
/// Taken from the socket at once: a usual answer with its head.
const BUFFER: usize = 64 * 1024;
/// A length is believed this far before the bytes are there.
const AHEAD: usize = 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// To the helper: work.
    Request = 1,
    /// From the helper: it has begun and takes requests.
    Ready = 2,
    /// From the helper: it goes on.
    Beat = 3,
    /// From the helper: done.
    Answer = 4,
    /// From the helper: done, and longer than a frame may be.
    TooLong = 5,
    /// From the helper: what can be used before the answer is there; once, for a request.
    Ahead = 6,
}

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: Kind,
    /// Of the request that it belongs to; 0 with `Ready`.
    pub(crate) number: u64,
    pub(crate) bytes: Vec<u8>,
}

#[derive(Debug)]
pub(crate) enum FrameError {
    /// The other side closed.
    Ended,
    Io(io::Error),
    /// No frame of ours.
    Nonsense(&'static str),
}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => Self::Ended,
            _ => Self::Io(error),
        }
    }
}

/// Writes one frame; head and bytes in one call where the socket has room.
pub(crate) fn send(to: &mut impl Write, kind: Kind, number: u64, bytes: &[u8]) -> Result<(), FrameError> {
    let length = u32::try_from(bytes.len()).map_err(|_| FrameError::Nonsense("too long to be sent"))?;
    let mut head = [0; HEAD];
    head[0] = kind as u8;
    head[4..8].copy_from_slice(&length.to_le_bytes());
    head[8..].copy_from_slice(&number.to_le_bytes());
    let sent = loop {
        match to.write_vectored(&[IoSlice::new(&head), IoSlice::new(bytes)]) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            sent => break sent?,
        }
    };
    to.write_all(&head[sent.min(HEAD)..])?;
    to.write_all(&bytes[sent.saturating_sub(HEAD)..])?;
    Ok(())
}

/// Takes frames from a socket, and may have taken a part of the next one.
pub(crate) struct Reader {
    buffer: Box<[u8]>,
    from: usize,
    to: usize,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self {
            buffer: vec![0; BUFFER].into(),
            from: 0,
            to: 0,
        }
    }

    /// Nothing has been taken beyond the last frame.
    pub(crate) fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// The next frame, of `max` bytes at most.
    pub(crate) fn next(&mut self, source: &mut impl Read, max: usize) -> Result<Frame, FrameError> {
        while self.to - self.from < HEAD {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
            match source.read(&mut self.buffer[self.to..]) {
                Ok(0) => return Err(FrameError::Ended),
                Ok(count) => self.to += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        let head = &self.buffer[self.from..self.from + HEAD];
        let (kind, length, number) = understand(head)?;
        if length > max {
            return Err(FrameError::Nonsense("longer than a frame may be"));
        }
        self.from += HEAD;
        let here = length.min(self.to - self.from);
        let mut bytes = Vec::with_capacity(length.min(AHEAD.max(here)));
        bytes.extend_from_slice(&self.buffer[self.from..self.from + here]);
        self.from += here;
        while bytes.len() < length {
            // Doubled as it comes, and no longer than it is: some helpers have little memory.
            let next = (length - bytes.len()).min(bytes.len().max(AHEAD));
            bytes.reserve_exact(next);
            if source.by_ref().take(next as u64).read_to_end(&mut bytes)? < next {
                return Err(FrameError::Ended);
            }
        }
        Ok(Frame { kind, number, bytes })
    }
}

fn understand(head: &[u8]) -> Result<(Kind, usize, u64), FrameError> {
    let &[kind, 0, 0, 0, l0, l1, l2, l3, ref number @ ..] = head else {
        return Err(FrameError::Nonsense("not a head"));
    };
    let kind = match kind {
        1 => Kind::Request,
        2 => Kind::Ready,
        3 => Kind::Beat,
        4 => Kind::Answer,
        5 => Kind::TooLong,
        6 => Kind::Ahead,
        _ => return Err(FrameError::Nonsense("an unknown kind")),
    };
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    let number = number
        .try_into()
        .map_err(|_| FrameError::Nonsense("not a head"))
        .map(u64::from_le_bytes)?;
    if length > 0 && !matches!(kind, Kind::Request | Kind::Answer | Kind::Ahead) {
        return Err(FrameError::Nonsense("a sign with bytes"));
    }
    Ok((kind, length, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gives what there is a few bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(to.len()).min(self.0.len());
            to[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    proptest! {
        #[test]
        fn frames_arrive_as_they_were_sent_however_they_are_cut(
            sent in prop::collection::vec((any::<u64>(), prop::collection::vec(any::<u8>(), 0..200)), 1..8),
            drop in 1_usize..300,
        ) {
            let mut wire = Vec::new();
            for (number, bytes) in &sent {
                send(&mut wire, Kind::Answer, *number, bytes).unwrap();
            }
            let (mut reader, mut source) = (Reader::new(), Drops(&wire, drop));
            for (number, bytes) in sent {
                let frame = reader.next(&mut source, 200).unwrap();
                prop_assert_eq!(frame, Frame { kind: Kind::Answer, number, bytes });
            }
            prop_assert!(reader.is_empty());
            prop_assert!(matches!(reader.next(&mut source, 200), Err(FrameError::Ended)));
        }

        #[test]
        fn whatever_is_sent_is_a_frame_or_refused(wire in prop::collection::vec(any::<u8>(), 0..400), kind in 0_u8..8) {
            let mut wire = wire;
            if let Some(first) = wire.first_mut() {
                *first = kind;
            }
            let (mut reader, mut source) = (Reader::new(), Drops(&wire, 7));
            while let Ok(frame) = reader.next(&mut source, 100) {
                prop_assert!(frame.bytes.len() <= 100);
            }
        }
    }

    #[test]
    fn a_long_answer_and_one_cut_short() {
        let long: Vec<u8> = (0..3_000_000_u32).map(|byte| byte as u8).collect();
        let mut wire = Vec::new();
        send(&mut wire, Kind::Answer, 7, &long).unwrap();
        let frame = Reader::new().next(&mut wire.as_slice(), long.len()).unwrap();
        assert!(frame.bytes == long && frame.number == 7 && frame.bytes.capacity() == long.len());
        let short = Reader::new().next(&mut &wire[..wire.len() - 1], long.len());
        assert!(matches!(short, Err(FrameError::Ended)));
        let over = Reader::new().next(&mut wire.as_slice(), long.len() - 1);
        assert!(matches!(over, Err(FrameError::Nonsense(_))));
    }
}
