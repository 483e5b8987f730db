use crate::{IndexError, Result};
use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// The file of an index and what lies beside it.
#[derive(Clone, Debug)]
pub(crate) struct File {
    path: PathBuf,
}

impl File {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(suffix);
        name.into()
    }

    /// Does `job` on a thread that may wait for the disk.
    pub(crate) async fn blocking<T: Send + 'static>(&self, job: fn(&Self) -> io::Result<T>) -> Result<T> {
        let file = self.clone();
        let done = tokio::task::spawn_blocking(move || job(&file)).await;
        done.unwrap_or_else(|cause| Err(io::Error::other(cause)))
            .map_err(|cause| IndexError::File {
                path: self.path.clone(),
                cause,
            })
    }

    /// Makes the directories and an empty file (SQLite gives its log the mode of the file). Says whether the file is in
    /// doubt: it has a log, so it was not closed in order or is open elsewhere, or damage was noted.
    pub(crate) fn prepare(&self) -> io::Result<bool> {
        if let Some(directory) = self.path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        }
        fs::OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&self.path)?;
        let log = fs::metadata(self.beside("-wal")).is_ok_and(|log| log.len() > 0);
        Ok(log || self.beside(".doubt").exists())
    }

    /// Whether the file has a log, be it an empty one: whoever closes it in order, and last, removes that.
    pub(crate) fn has_log(&self) -> io::Result<bool> {
        self.beside("-wal").try_exists()
    }

    /// Notes that the file was found damaged.
    pub(crate) fn doubt(&self) {
        // Best effort: without the note, the next operation on that page finds the damage again.
        let _ = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(self.beside(".doubt"));
    }

    /// The file has been checked.
    pub(crate) fn trust(&self) -> io::Result<()> {
        absent_is_fine(fs::remove_file(self.beside(".doubt")))
    }

    /// Moves the file out of the way, keeping one such file for whoever wants to know.
    pub(crate) fn set_aside(&self) -> io::Result<()> {
        absent_is_fine(fs::rename(&self.path, self.beside(".set-aside")))?;
        // Without its file a log is worth nothing, and would be taken for that of the new one.
        for suffix in ["-wal", "-shm", ".doubt"] {
            absent_is_fine(fs::remove_file(self.beside(suffix)))?;
        }
        Ok(())
    }

    /// Removes the file and all that lies beside it, a damaged one that was kept too.
    pub(crate) fn remove(&self) -> io::Result<()> {
        for suffix in ["", "-wal", "-shm", ".doubt", ".set-aside"] {
            absent_is_fine(fs::remove_file(self.beside(suffix)))?;
        }
        Ok(())
    }
}

fn absent_is_fine(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
