//! What is remembered of an mbox so that the next listing reads new mail only.

use serde::{Deserialize, Serialize};

use super::headers::Head;
use super::lines::{Source, fill};
use super::split::Found;
use crate::codec::{Reader, Writer};
use crate::{FileStamp, SpoolError};

/// Bytes hashed at either end of what was read. The beginning is where IMAP servers keep their counters, so it shows
/// most rewrites in place.
const EDGE: u64 = 4096;

/// The message table of an mbox and what proves that it still holds. Give it back to [`crate::Store::list`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MboxMemory {
    pub(crate) stamp: FileStamp,
    pub(crate) edges: [u8; 16],
    pub(crate) messages: Vec<Found>,
}

impl MboxMemory {
    /// Bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.byte(1);
        self.stamp.write(&mut out);
        out.0.extend_from_slice(&self.edges);
        out.u64(self.messages.len() as u64);
        for found in &self.messages {
            out.u64(found.offset);
            out.u64(found.start);
            out.u64(found.len);
            out.i64(found.date);
            out.0.extend_from_slice(&found.head.hash);
            out.u32(found.head.uid.unwrap_or(0));
            out.byte(u8::from(found.head.internal) | (u8::from(found.truncated) << 1));
            for value in [
                &found.head.status,
                &found.head.x_status,
                &found.head.keywords,
                &found.head.base,
            ] {
                out.bytes(value);
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
        let stamp = FileStamp::read(&mut input)?;
        let edges = input.take(16)?.try_into().ok()?;
        let mut messages = Vec::new();
        for _ in 0..input.u64()? {
            messages.push(read_message(&mut input)?);
        }
        input.end(MboxMemory { stamp, edges, messages })
    }

    /// Whether `stamp` is the same file, grown, with the remembered part unchanged at its edges.
    pub(crate) fn holds(&self, source: &impl Source, stamp: &FileStamp) -> Result<bool, SpoolError> {
        let grown =
            (self.stamp.device, self.stamp.inode) == (stamp.device, stamp.inode) && stamp.size > self.stamp.size;
        Ok(grown && edges(source, self.stamp.size)? == self.edges)
    }
}

fn read_message(input: &mut Reader<'_>) -> Option<Found> {
    let (offset, start, len, date) = (input.u64()?, input.u64()?, input.u64()?, input.i64()?);
    let hash = input.take(16)?.try_into().ok()?;
    let uid = Some(input.u32()?).filter(|uid| *uid > 0);
    let bits = input.byte()?;
    let mut value = || input.bytes().map(<[u8]>::to_vec);
    let (status, x_status, keywords, base) = (value()?, value()?, value()?, value()?);
    let internal = bits & 1 != 0;
    let head = Head {
        hash,
        status,
        x_status,
        keywords,
        uid,
        content_length: None,
        base,
        internal,
    };
    Some(Found {
        offset,
        start,
        len,
        date,
        head,
        truncated: bits & 2 != 0,
    })
}

/// A hash of the first and the last bytes of the first `size`.
pub(crate) fn edges(source: &impl Source, size: u64) -> Result<[u8; 16], SpoolError> {
    let mut hasher = blake3::Hasher::new();
    let mut buf = [0; EDGE as usize];
    for offset in [0, size.saturating_sub(EDGE)] {
        let got = fill(source, offset, size, &mut buf)?;
        hasher.update(buf.get(..got).unwrap_or_default());
    }
    let mut hash = [0; 16];
    hasher.finalize_xof().fill(&mut hash);
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_round_trips() {
        let head = Head {
            hash: [7; 16],
            status: b"RO".to_vec(),
            uid: Some(3),
            base: b"1 2".to_vec(),
            ..Head::default()
        };
        let found = Found {
            offset: 1,
            start: 2,
            len: 3,
            date: -4,
            head,
            truncated: true,
        };
        let stamp = FileStamp {
            device: 1,
            inode: 2,
            size: 3,
            mtime: 4,
            ctime: 5,
        };
        let memory = MboxMemory {
            stamp,
            edges: [9; 16],
            messages: vec![found.clone(), found],
        };
        let bytes = memory.to_bytes();
        assert_eq!(MboxMemory::from_bytes(&bytes), Some(memory));
        for end in 0..bytes.len() {
            assert_eq!(MboxMemory::from_bytes(&bytes[..end]), None);
        }
    }

    #[test]
    fn a_memory_holds_only_for_the_same_beginning() {
        let text = vec![b'x'; 20_000];
        let stamp = |size| FileStamp {
            device: 1,
            inode: 2,
            size,
            mtime: 4,
            ctime: 5,
        };
        let memory = MboxMemory {
            stamp: stamp(10_000),
            edges: edges(&&text[..], 10_000).unwrap(),
            messages: vec![],
        };
        assert!(memory.holds(&&text[..], &stamp(20_000)).unwrap());
        assert!(
            !memory.holds(&&text[..], &stamp(10_000)).unwrap(),
            "the same size is no growth"
        );
        for changed in [0, 4095, 5905, 9999] {
            let mut text = text.clone();
            text[changed] = b'y';
            assert!(!memory.holds(&&text[..], &stamp(20_000)).unwrap(), "{changed}");
        }
    }
}
