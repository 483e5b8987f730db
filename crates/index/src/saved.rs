//! Saved messages: a letter can be read, and its attachments downloaded, while the spool does not answer.
//!
//! One directory per account. Each different content is one file, compressed and encrypted, named by a keyed hash
//! ([`files`], [`draft`], [`body`]); its end says which messages have that content ([`tail`]). `saved.sqlite` beside them knows the
//! same, and what was pinned and opened since. **The files are the truth**: every change is made to them first, within a
//! transaction that only one process can have, and what the table does not say of them it learns when it is opened after
//! a process was killed, and before something is evicted ([`settle`]).
//!
//! Whoever sees the directory sees how many contents there are, how large each is after compression and when it was saved;
//! the table has ids and times beside that. Neither has subjects, addresses or paths.

mod body;
mod draft;
mod evict;
mod files;
mod get;
mod keys;
mod marks;
mod put;
mod settle;
mod table;
mod tail;

pub use evict::Evicted;
pub use get::SavedBody;
pub use put::SavedWriter;

use crate::{
    IndexError, Result,
    schema::Schema,
    store::{self, BUSY, READER_CACHE, TRIES, file::File},
};
use files::Files;
use keys::Keys;
use sqlx::{
    ConnectOptions, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};
use std::{fmt, fs, io, path::Path, sync::Arc};

const SCHEMA: Schema = Schema {
    version: 1,
    // "fumb"
    application: 0x6675_6d62,
    sql: include_str!("saved/schema.sql"),
};

/// What is known of a message when it is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SavedMeta {
    /// When it was delivered, in seconds since 1970.
    pub delivered: i64,
    /// Unread or flagged: kept longer.
    pub pinned: bool,
    /// Somebody opened it: kept longest.
    pub opened: bool,
}

/// One account's saved messages. Cheap to clone. Everything in it is derived: the directory may be deleted at any time, and
/// is then an empty store once it has been opened again.
#[derive(Clone)]
pub struct Saved {
    inner: Arc<Inner>,
    limit: u64,
}

struct Inner {
    file: File,
    files: Files,
    keys: Arc<Keys>,
    writer: SqlitePool,
    readers: SqlitePool,
}

impl fmt::Debug for Saved {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Saved")
            .field("dir", &self.dir())
            .finish_non_exhaustive()
    }
}

impl Saved {
    /// Opens the store, making the directory if it is not there, for no one but us. `key` is the account's; what was saved
    /// under another one is removed, since nobody can read it any more. A damaged table is set aside and made again from
    /// the files; after a process that did not close it in order, table and files are compared.
    ///
    /// # Errors
    /// If directory or table cannot be made or opened; never because of what is in them.
    pub async fn open(dir: &Path, key: [u8; 32]) -> Result<Self> {
        let file = File::new(&dir.join("saved.sqlite"));
        let keys = Arc::new(Keys::new(&key));
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::try_open(dir, &file, &keys).await {
                Err(IndexError::Damaged(_)) if tries < TRIES => file.blocking(File::set_aside).await?,
                Err(error) if error.is_busy() && tries < TRIES => tokio::time::sleep(BUSY / 100).await,
                outcome => return outcome,
            }
        }
    }

    async fn try_open(dir: &Path, file: &File, keys: &Arc<Keys>) -> Result<Self> {
        // A log of no bytes too: whoever was killed may have changed files and not yet written of it.
        let doubtful = file.blocking(|file| Ok(file.prepare()? | file.has_log()?)).await?;
        let options = SqliteConnectOptions::new()
            .filename(file.path())
            .create_if_missing(false)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY)
            .pragma("cache_size", READER_CACHE)
            .disable_statement_logging();
        let saved = Self {
            inner: Arc::new(Inner {
                file: file.clone(),
                files: Files::new(dir),
                keys: Arc::clone(keys),
                writer: store::pool(1).connect_with(options.clone()).await?,
                readers: store::pool(1).connect_lazy_with(options.read_only(true)),
            }),
            limit: u64::MAX,
        };
        let checked = saved.check(doubtful).await;
        if let Err(error) = checked {
            saved.close().await;
            return Err(error);
        }
        Ok(saved)
    }

    async fn check(&self, doubtful: bool) -> Result<()> {
        let mut connection = self.inner.writer.acquire().await?;
        let made = store::check(&mut connection, &SCHEMA, doubtful).await?;
        drop(connection);
        let files = self.inner.files.clone();
        self.blocking(move || files.clear()).await?;
        self.settle(made || doubtful).await?;
        if doubtful {
            self.inner.file.blocking(File::trust).await?;
        }
        Ok(())
    }

    /// The same store, which refuses messages of more than `bytes`.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// What the files take on the disk, in bytes: whole blocks of 4 KiB, and the table not counted.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub async fn bytes(&self) -> Result<u64> {
        self.noting_damage(table::bytes(&self.inner.readers).await)
    }

    /// Closes the table in order, so that the next opening need not compare it with the files.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    /// Deletes everything, and returns when it is gone; neither this handle nor its clones are of use afterwards.
    ///
    /// # Errors
    /// If something cannot be deleted. It may be tried again: what is left is an ordinary, smaller store.
    pub async fn erase(self) -> Result<()> {
        self.close().await;
        let dir = self.dir().to_owned();
        self.blocking(move || {
            for _ in 0..TRIES {
                match fs::remove_dir_all(&dir) {
                    // Another process saved something meanwhile. It cannot once the directory is gone.
                    Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound && !dir.exists() => return Ok(()),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                    Ok(()) => {
                        return dir.parent().map_or(Ok(()), |parent| fs::File::open(parent)?.sync_all());
                    }
                }
            }
            Err(io::ErrorKind::DirectoryNotEmpty.into())
        })
        .await
    }

    fn dir(&self) -> &Path {
        self.inner.files.root()
    }

    /// Begins to write; the only writer of table and files, in this process and others, once this returns.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.inner.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Does `job` on a thread that may wait for the disk.
    async fn blocking<T: Send + 'static>(&self, job: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
        let done = tokio::task::spawn_blocking(job).await;
        done.unwrap_or_else(|cause| Err(io::Error::other(cause)))
            .map_err(|cause| IndexError::of_file(self.dir(), cause))
    }

    /// Carries a change through, whether or not somebody still waits for it: files and table are changed one after the other.
    async fn to_the_end<T: Send + 'static>(&self, job: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
        let done = tokio::spawn(job).await;
        let outcome = done.unwrap_or_else(|cause| Err(IndexError::of_file(self.dir(), io::Error::other(cause))));
        self.noting_damage(outcome)
    }

    /// Whether an operation failed because the whole directory is gone: then nothing is saved.
    fn is_gone(&self, error: &IndexError) -> bool {
        error.is_cannot_open() && !self.inner.file.path().exists()
    }

    fn noting_damage<T>(&self, outcome: Result<T>) -> Result<T> {
        if let Err(IndexError::Damaged(_)) = &outcome {
            self.inner.file.doubt();
        }
        outcome
    }
}
