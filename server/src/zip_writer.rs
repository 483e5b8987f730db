//! A zip that is written while it is sent, its entries stored as they are (PKWARE APPNOTE 6.3.10). Its directory comes last and grows with
//! each entry: until then it lies on disk, so that a zip of any length takes the same memory.

mod directory;
mod record;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use directory::Directory;
pub use record::Stamp;
use record::{End, Record};
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// See the module.
pub struct ZipWriter<W> {
    out: W,
    at: u64,
    directory: Directory,
}

impl<W: Write> ZipWriter<W> {
    /// What does not fit in memory until the end goes into a nameless file in `scratch`.
    pub fn new(out: W, scratch: PathBuf) -> Self {
        Self {
            out,
            at: 0,
            directory: Directory::new(scratch),
        }
    }

    /// An entry that is here in one piece or several: its length stands before it, which every reader understands.
    ///
    /// # Errors
    /// Those of the output.
    pub fn whole(&mut self, name: &str, stamp: Stamp, pieces: &[Bytes]) -> io::Result<()> {
        let mut sum = Sum::default();
        pieces.iter().for_each(|piece| sum.add(piece));
        let record = self.record(name, stamp, Some(sum));
        self.put(&record.local())?;
        for piece in pieces {
            self.put(piece)?;
        }
        self.directory.add(&record.central());
        Ok(())
    }

    /// An entry of unknown length, which `write` gives: its length stands after it.
    ///
    /// # Errors
    /// Those of the output and of `write`, after which the zip is not whole.
    pub fn stream(
        &mut self,
        name: &str,
        stamp: Stamp,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut record = self.record(name, stamp, None);
        self.put(&record.local())?;
        let mut entry = Entry {
            zip: self,
            sum: Sum::default(),
        };
        write(&mut entry)?;
        record.sum = Some(entry.sum);
        self.put(&record.descriptor())?;
        self.directory.add(&record.central());
        Ok(())
    }

    /// Writes the directory, and gives back the output.
    ///
    /// # Errors
    /// Those of the output, and of the disk where the directory was.
    pub fn finish(mut self) -> io::Result<W> {
        let end = End {
            entries: self.directory.entries(),
            offset: self.at,
            len: self.directory.write_to(&mut self.out)?,
        };
        self.out.write_all(&end.bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn record<'a>(&self, name: &'a str, stamp: Stamp, sum: Option<Sum>) -> Record<'a> {
        Record {
            name,
            stamp,
            offset: self.at,
            follows: sum.is_none(),
            sum,
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

/// Length and checksum of an entry.
#[derive(Clone, Debug, Default)]
struct Sum {
    len: u64,
    crc: crc32fast::Hasher,
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        self.crc.update(bytes);
    }
}

struct Entry<'a, W> {
    zip: &'a mut ZipWriter<W>,
    sum: Sum,
}

impl<W: Write> Write for Entry<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.zip.put(bytes)?;
        self.sum.add(bytes);
        Ok(bytes.len())
    }

    /// The output has its own measure of when to send.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
