//! Writing a file.

use super::{
    body::Body,
    files::{Files, UnderWay},
    keys::{Keys, Name, TAIL},
    tail::{Block, Owner, Tail},
};
use std::{
    io::{self, Write},
    sync::Arc,
};

/// What a file begins with; the digit is raised with every change of what follows.
pub(super) const MAGIC: &[u8; 8] = b"fumi-m1\n";
/// Bytes of a message that are compressed and encrypted together. Each block stands for itself, so that reading begins
/// anywhere; most messages are one.
pub(super) const BLOCK: usize = 64 * 1024;
/// More effort gains little: most of what is long in mail is Base64.
const LEVEL: i32 = 3;
/// How a block is kept.
pub(super) const PLAIN: u8 = 0;
pub(super) const ZSTD: u8 = 1;
/// More than this is brought to the disk before others have to wait for it.
const LONG: u64 = 1024 * 1024;

/// A message that is being written, under no name yet. Dropped, nothing remains.
pub(super) struct Draft {
    files: Files,
    keys: Arc<Keys>,
    to: UnderWay,
    naming: blake3::Hasher,
    compressor: zstd::bulk::Compressor<'static>,
    block: Vec<u8>,
    sealed: Vec<u8>,
    blocks: Vec<Block>,
    length: u64,
    size: u64,
    /// After so many bytes, the disk counts as full.
    #[cfg(test)]
    pub(super) room: Option<u64>,
}

impl Draft {
    pub(super) fn new(files: &Files, keys: &Arc<Keys>) -> io::Result<Self> {
        let mut draft = Self {
            to: files.begin()?,
            files: files.clone(),
            keys: Arc::clone(keys),
            naming: keys.naming(),
            compressor: zstd::bulk::Compressor::new(LEVEL)?,
            block: Vec::new(),
            sealed: Vec::new(),
            blocks: Vec::new(),
            length: 0,
            size: 0,
            #[cfg(test)]
            room: None,
        };
        draft.write(MAGIC)?;
        Ok(draft)
    }

    /// The same content as a file's, for other owners.
    pub(super) fn of(body: &Body, files: &Files, keys: &Arc<Keys>) -> io::Result<Self> {
        let mut draft = Self::new(files, keys)?;
        let mut sealed = Vec::new();
        for number in 0..body.tail().blocks.len() {
            body.sealed(number, &mut sealed)?;
            draft.write(&sealed)?;
        }
        draft.blocks = body.tail().blocks.clone();
        draft.length = body.tail().length;
        Ok(draft)
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.naming.update(bytes);
        self.length += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.block.len()));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == BLOCK {
                self.end_block()?;
            }
        }
        Ok(())
    }

    /// All has been fed: the name of it.
    pub(super) fn end(&mut self) -> io::Result<Name> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        if self.size > LONG {
            self.to.file.sync_data()?;
        }
        Ok(*self.naming.finalize().as_bytes())
    }

    /// Puts the file in its place, in place of what may be there. Its size in bytes.
    pub(super) fn install(mut self, name: &Name, owners: Vec<Owner>) -> io::Result<u64> {
        let tail = Tail {
            name: *name,
            length: self.length,
            blocks: std::mem::take(&mut self.blocks),
            owners,
        };
        let mut sealed = tail.encode();
        let nonce = self.keys.seal(TAIL, &mut sealed)?;
        sealed.splice(0..0, nonce);
        let size = u32::try_from(sealed.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        sealed.extend_from_slice(&size.to_le_bytes());
        self.write(&sealed)?;
        self.files.install(self.to, name)?;
        Ok(self.size)
    }

    fn end_block(&mut self) -> io::Result<()> {
        self.sealed
            .resize(1 + zstd::zstd_safe::compress_bound(self.block.len()), 0);
        let size = self.compressor.compress_to_buffer(&self.block, &mut self.sealed[1..])?;
        if size < self.block.len() {
            self.sealed.truncate(1 + size);
            self.sealed[0] = ZSTD;
        } else {
            self.sealed.clear();
            self.sealed.push(PLAIN);
            self.sealed.extend_from_slice(&self.block);
        }
        self.block.clear();
        let nonce = self.keys.seal(self.blocks.len() as u64, &mut self.sealed)?;
        self.blocks.push(Block {
            size: u32::try_from(self.sealed.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?,
            nonce,
        });
        let sealed = std::mem::take(&mut self.sealed);
        self.write(&sealed)?;
        self.sealed = sealed;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        #[cfg(test)]
        if self.room.is_some_and(|room| self.size + bytes.len() as u64 > room) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.to.file.write_all(bytes)?;
        self.size += bytes.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IndexError;

    /// Wherever the disk is full, the error says so, nothing is left, and what was saved before is still read.
    #[test]
    fn a_draft_for_which_there_is_no_room_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let (files, keys) = (Files::new(directory.path()), Arc::new(Keys::new(&[1; 32])));
        let save = |raw: &[u8], room: Option<u64>| {
            let mut draft = Draft::new(&files, &keys)?;
            draft.room = room;
            draft.feed(raw)?;
            let name = draft.end()?;
            Ok((name, draft.install(&name, Vec::new())?))
        };
        let (before, _) = save(b"before", None).unwrap();
        let mut raw = vec![0; 300_000];
        blake3::Hasher::new().finalize_xof().fill(&mut raw);
        let (name, size) = save(&raw, None).unwrap();
        files.remove(&name).unwrap();
        for room in (8..size).step_by(20_001).chain([size - 1]) {
            let error: io::Error = save(&raw, Some(room)).unwrap_err();
            assert!(matches!(IndexError::of_file(files.root(), error), IndexError::Full));
            assert_eq!(std::fs::read_dir(directory.path().join("tmp")).unwrap().count(), 0);
            assert_eq!(files.list().unwrap().len(), 1);
            Body::open(&files, &keys, &before).unwrap();
        }
        assert_eq!(save(&raw, Some(size)).unwrap(), (name, size));
    }
}
