//! The directory of a zip until it is written: the newest part in memory, what came before on disk.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
    path::PathBuf,
};

/// So much is in memory.
pub(super) const AT_ONCE: usize = 256 << 10;

pub(super) struct Directory {
    scratch: PathBuf,
    file: Option<File>,
    /// Bytes on disk.
    stored: u64,
    newest: Vec<u8>,
    /// At this length it goes to disk.
    most: usize,
    entries: u64,
}

impl Directory {
    pub(super) fn new(scratch: PathBuf) -> Self {
        Self {
            scratch,
            file: None,
            stored: 0,
            newest: Vec::new(),
            most: AT_ONCE,
            entries: 0,
        }
    }

    pub(super) fn entries(&self) -> u64 {
        self.entries
    }

    pub(super) fn add(&mut self, record: &[u8]) {
        self.entries += 1;
        self.newest.extend_from_slice(record);
        if self.newest.len() < self.most {
            return;
        }
        match self.put_away() {
            Ok(()) => self.most = AT_ONCE,
            Err(error) => {
                // A full disk here takes memory, and nobody's mail.
                tracing::warn!(%error, "the end of a zip cannot be put on disk, and stays in memory");
                self.most = self.newest.len() + AT_ONCE;
            }
        }
    }

    /// Its length.
    pub(super) fn write_to(&mut self, out: &mut impl Write) -> io::Result<u64> {
        let mut piece = vec![0; AT_ONCE];
        let mut at = 0;
        if let Some(file) = &self.file {
            while at < self.stored {
                let len = usize::try_from(self.stored - at).unwrap_or(AT_ONCE).min(AT_ONCE);
                file.read_exact_at(&mut piece[..len], at)?;
                out.write_all(&piece[..len])?;
                at += len as u64;
            }
        }
        out.write_all(&self.newest)?;
        Ok(self.stored + self.newest.len() as u64)
    }

    fn put_away(&mut self) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(&self.scratch)?,
        };
        // What was written of a part that did not fit is written over.
        let written = file.write_all_at(&self.newest, self.stored);
        self.file = Some(file);
        written?;
        self.stored += self.newest.len() as u64;
        self.newest.clear();
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn in_memory(&self) -> usize {
        self.newest.capacity()
    }
}
