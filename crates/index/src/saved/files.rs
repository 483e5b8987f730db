//! Where the files of a store lie.

use super::keys::Name;
use data_encoding::HEXLOWER;
use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Where messages are while they are written.
const UNDER_WAY: &str = "tmp";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// The directory of an account's saved messages: `a/b/…` for a file whose name begins with `ab`, 256 directories in all
/// (with more, they would take more room than what is in them).
#[derive(Clone, Debug)]
pub(super) struct Files {
    root: PathBuf,
}

impl Files {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn path(&self, name: &Name) -> PathBuf {
        let name = HEXLOWER.encode(name);
        self.root.join(&name[..1]).join(&name[1..2]).join(&name[2..])
    }

    /// A file for a message that is being written, with nobody's name.
    pub(super) fn begin(&self) -> io::Result<UnderWay> {
        let directory = self.root.join(UNDER_WAY);
        make(&directory)?;
        for number in 0_u64.. {
            let path = directory.join(number.to_string());
            let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
            let file = match opened {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                other => other?,
            };
            // Whoever clears away may have come first; then it is theirs.
            if file.try_lock().is_ok() && same(&file, &path)? {
                return Ok(UnderWay { file, path: Some(path) });
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Removes what those who were killed had begun: what is still written is locked by who writes it.
    pub(super) fn clear(&self) -> io::Result<()> {
        for entry in entries(&self.root.join(UNDER_WAY))? {
            let path = entry?.path();
            let file = match File::open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other?,
            };
            if file.try_lock().is_ok() && same(&file, &path)? {
                absent_is_fine(fs::remove_file(&path))?;
            }
        }
        Ok(())
    }

    /// Gives a written file its name, in place of what had it.
    pub(super) fn install(&self, mut written: UnderWay, name: &Name) -> io::Result<()> {
        written.file.sync_all()?;
        let path = self.path(name);
        let (Some(second), Some(from)) = (path.parent(), written.path.as_deref()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        if let Some(first) = second.parent() {
            // Not the root: where that is gone, somebody's mail was erased.
            if make(first)? {
                sync(&self.root)?;
            }
            if make(second)? {
                sync(first)?;
            }
        }
        fs::rename(from, &path)?;
        written.path = None;
        sync(second)
    }

    /// Removes a message's file for good.
    pub(super) fn remove(&self, name: &Name) -> io::Result<()> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Ok(()) => path.parent().map_or(Ok(()), sync),
            other => absent_is_fine(other),
        }
    }

    /// All messages' files with their sizes in bytes.
    pub(super) fn list(&self) -> io::Result<Vec<(Name, u64)>> {
        let mut found = Vec::new();
        for (first, second) in HEX
            .iter()
            .flat_map(|first| HEX.iter().map(move |second| (first, second)))
        {
            let (first, second) = (char::from(*first), char::from(*second));
            let directory = self.root.join(first.to_string()).join(second.to_string());
            for entry in entries(&directory)? {
                let entry = entry?;
                let Some(name) = entry.file_name().to_str().and_then(|rest| named(first, second, rest)) else {
                    continue;
                };
                match entry.metadata() {
                    Ok(metadata) => found.push((name, metadata.len())),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(found)
    }
}

/// A file that is being written. Dropped before it has its name, nothing remains of it.
pub(super) struct UnderWay {
    pub(super) file: File,
    path: Option<PathBuf>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // Else it is cleared away at the next opening.
            let _ = fs::remove_file(path);
        }
    }
}

fn named(first: char, second: char, rest: &str) -> Option<Name> {
    HEXLOWER
        .decode(format!("{first}{second}{rest}").as_bytes())
        .ok()?
        .try_into()
        .ok()
}

/// Says whether it was not there before.
fn make(directory: &Path) -> io::Result<bool> {
    match fs::DirBuilder::new().mode(0o700).create(directory) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

fn same(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn entries(directory: &Path) -> io::Result<impl Iterator<Item = io::Result<fs::DirEntry>>> {
    match fs::read_dir(directory) {
        Ok(entries) => Ok(Some(entries).into_iter().flatten()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None.into_iter().flatten()),
        Err(error) => Err(error),
    }
}

fn absent_is_fine(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
