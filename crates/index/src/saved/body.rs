//! Reading a file.

use super::{
    draft::{BLOCK, MAGIC, PLAIN, ZSTD},
    files::Files,
    keys::{Keys, NONCE, Name, TAG, TAIL, damaged},
    tail::Tail,
};
use std::{
    fs::File,
    io,
    os::unix::fs::{FileExt, MetadataExt},
    sync::Arc,
};

/// A tail longer than this is none: it would be that of a message of several hundred GiB.
const LONGEST_TAIL: u64 = 256 * 1024 * 1024;
/// The last bytes of a file say how long its tail is.
const END: u64 = 4;

/// An open file whose tail has been read. It stays what it is, whatever becomes of its name.
pub(super) struct Body {
    file: File,
    keys: Arc<Keys>,
    tail: Tail,
    /// Where each block begins in the file.
    starts: Vec<u64>,
    size: u64,
    identity: (u64, u64),
}

impl Body {
    /// `NotFound` if there is none, `InvalidData` or `UnexpectedEof` if it is damaged.
    pub(super) fn open(files: &Files, keys: &Arc<Keys>, name: &Name) -> io::Result<Self> {
        let file = File::open(files.path(name))?;
        let metadata = file.metadata()?;
        let size = metadata.len();
        let mut magic = [0; MAGIC.len()];
        file.read_exact_at(&mut magic, 0)?;
        if &magic != MAGIC {
            return Err(damaged("is no saved message"));
        }
        let mut end = [0; END as usize];
        file.read_exact_at(&mut end, size.saturating_sub(END))?;
        let long = u64::from(u32::from_le_bytes(end));
        let first = MAGIC.len() as u64;
        let Some(at) = size
            .checked_sub(END + long)
            .filter(|at| *at >= first && long <= LONGEST_TAIL)
        else {
            return Err(damaged("is cut off"));
        };
        let mut sealed = vec![0; long as usize];
        file.read_exact_at(&mut sealed, at)?;
        let Some((nonce, piece)) = sealed.split_first_chunk::<NONCE>() else {
            return Err(damaged("is cut off"));
        };
        let mut piece = piece.to_vec();
        keys.open(TAIL, nonce, &mut piece)?;
        let tail = Tail::decode(&piece)?;
        if &tail.name != name {
            return Err(damaged("is another message's"));
        }
        let mut next = first;
        let starts = tail.blocks.iter().map(|block| {
            next += u64::from(block.size);
            next - u64::from(block.size)
        });
        let starts = starts.collect();
        let largest = (1 + BLOCK + TAG) as u32;
        if next != at
            || tail.blocks.len() as u64 != tail.length.div_ceil(BLOCK as u64)
            || tail.blocks.iter().any(|block| block.size > largest)
        {
            return Err(damaged("has a tail that is not its own"));
        }
        Ok(Self {
            file,
            keys: Arc::clone(keys),
            tail,
            starts,
            size,
            identity: (metadata.dev(), metadata.ino()),
        })
    }

    pub(super) fn tail(&self) -> &Tail {
        &self.tail
    }

    /// Of the file, in bytes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Tells this file from another of the same name.
    pub(super) fn identity(&self) -> (u64, u64) {
        self.identity
    }

    /// A block as it lies in the file.
    pub(super) fn sealed(&self, number: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let (Some(block), Some(start)) = (self.tail.blocks.get(number), self.starts.get(number)) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        into.resize(block.size as usize, 0);
        self.file.read_exact_at(into, *start)
    }

    /// The bytes of a message that a block holds, behind what `into` has; `spare` is room to work in. What does not decrypt
    /// leaves `into` as it was.
    pub(super) fn read(&self, number: usize, into: &mut Vec<u8>, spare: &mut Vec<u8>) -> io::Result<()> {
        self.sealed(number, spare)?;
        self.keys.open(number as u64, &self.tail.blocks[number].nonce, spare)?;
        let before = (number * BLOCK) as u64;
        let expected = (self.tail.length - before).min(BLOCK as u64) as usize;
        let start = into.len();
        let size = match spare.split_first() {
            Some((&PLAIN, bytes)) => {
                into.extend_from_slice(bytes);
                bytes.len()
            }
            Some((&ZSTD, bytes)) => {
                into.resize(start + expected, 0);
                zstd::bulk::decompress_to_buffer(bytes, &mut into[start..]).unwrap_or(0)
            }
            _ => 0,
        };
        if size == expected {
            return Ok(());
        }
        into.truncate(start);
        Err(damaged("has a block of another length"))
    }
}

/// Whether a file is not there, or not what was written: nothing will make it readable again.
pub(super) fn is_lost(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, NotFound, UnexpectedEof};
    matches!(error.kind(), InvalidData | NotFound | UnexpectedEof)
}
