pub(crate) mod file;

use crate::{IndexError, Result, asked::Asked, schema};
use sqlx::{
    ConnectOptions, Connection, Pool, Row, Sqlite, SqliteConnection, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, sync::Arc, time::Duration};

/// Connections that read. Each is a thread.
const READERS: u32 = 3;
/// What each of them keeps of the file, in KiB: a list needs little, the system keeps the rest, and many people read at once.
pub(crate) const READER_CACHE: &str = "-400";
/// The same of the connection that writes: as much as is of use while a mailbox is read for the first time.
const WRITER_CACHE: &str = "-1000";
/// Another process may be writing for this long.
pub(crate) const BUSY: Duration = Duration::from_secs(5);
/// A connection nobody used for this long is closed.
const IDLE: Duration = Duration::from_secs(60);
/// Pages of log before they are carried over into the file: reading a mailbox writes the same pages again and again.
const LOG_PAGES: &str = "4000";
/// Two processes that make one file at once may meet in a moment that SQLite does not wait out.
pub(crate) const TRIES: u32 = 5;

/// One account's index. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Index {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: file::File,
    writer: SqlitePool,
    readers: SqlitePool,
    asked: Asked,
}

impl Index {
    /// Opens the file, making it and its directories if they are not there, for no one but us. A file that is damaged, or of
    /// another version of the program, is renamed with `.set-aside` behind its name, and a new one begun. The file is
    /// checked whole if it was not closed in order, or if an operation found it damaged.
    ///
    /// # Errors
    /// If the file cannot be made or opened; never because of what is in it.
    pub async fn open(path: &Path) -> Result<Self> {
        let file = file::File::new(path);
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::try_open(&file).await {
                Err(IndexError::Damaged(_)) if tries < TRIES => file.blocking(file::File::set_aside).await?,
                Err(error) if error.is_busy() && tries < TRIES => tokio::time::sleep(BUSY / 100).await,
                outcome => return outcome,
            }
        }
    }

    /// Removes the file and whatever is left of earlier ones. Whoever has it open goes on with what is nowhere any more.
    ///
    /// # Errors
    /// If something cannot be removed.
    pub async fn remove(path: &Path) -> Result<()> {
        file::File::new(path).blocking(file::File::remove).await
    }

    async fn try_open(file: &file::File) -> Result<Self> {
        let doubtful = file.blocking(file::File::prepare).await?;
        let options = SqliteConnectOptions::new()
            .filename(file.path())
            .create_if_missing(false)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY)
            .pragma("wal_autocheckpoint", LOG_PAGES)
            .disable_statement_logging();
        let writing = options.clone().pragma("cache_size", WRITER_CACHE);
        let writer = pool(1).connect_with(writing).await?;
        let mut connection = writer.acquire().await?;
        let checked = check(&mut connection, &schema::INDEX, doubtful).await;
        drop(connection);
        if let Err(error) = checked {
            writer.close().await;
            return Err(error);
        }
        if doubtful {
            file.blocking(file::File::trust).await?;
        }
        let asked = Asked::new(&options);
        let readers = options.read_only(true).pragma("cache_size", READER_CACHE);
        let readers = pool(READERS).connect_lazy_with(readers);
        Ok(Self {
            inner: Arc::new(Inner {
                file: file.clone(),
                writer,
                readers,
                asked,
            }),
        })
    }

    /// Gives unused space back, once much has been written or removed. Others wait for as long as it takes to write the file
    /// anew; it is not worth calling for less than a newly indexed account.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn compact(&self) -> Result<()> {
        let outcome = async {
            let mut connection = self.inner.writer.acquire().await?;
            sqlx::raw_sql(
                "INSERT INTO search (search) VALUES ('optimize'); VACUUM; PRAGMA wal_checkpoint(TRUNCATE); \
                 PRAGMA shrink_memory",
            )
            .execute(&mut *connection)
            .await?;
            Ok(())
        };
        self.noting_damage(outcome.await)
    }

    /// Closes the file in order, so that the next opening need not check it.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    pub(crate) fn readers(&self) -> &Pool<Sqlite> {
        &self.inner.readers
    }

    pub(crate) fn asked(&self) -> &Asked {
        &self.inner.asked
    }

    /// Begins to write; the only writer of this process, and of the file once this returns.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.inner.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Every operation's outcome passes here: a damaged file is remembered, so that the next opening checks it.
    pub(crate) fn noting_damage<T>(&self, outcome: Result<T>) -> Result<T> {
        if let Err(IndexError::Damaged(_)) = &outcome {
            self.inner.file.doubt();
        }
        outcome
    }
}

pub(crate) fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(IDLE)
        .max_lifetime(None)
        .test_before_acquire(false)
        // SQLite ends a transaction by itself when the disk is full; the connection then counts one for ever that is not there.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .acquire_timeout(2 * BUSY)
}

/// Makes what is to be there, and says whether anything was. What is doubtful is read whole.
pub(crate) async fn check(connection: &mut SqliteConnection, schema: &schema::Schema, doubtful: bool) -> Result<bool> {
    schema::check_sqlite(connection).await?;
    // A new file is not waited for to be on the disk: nothing is lost with it. The journal is noted in the file itself.
    sqlx::raw_sql("PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL")
        .execute(&mut *connection)
        .await?;
    let made = schema::ensure(connection, schema).await?;
    sqlx::raw_sql("PRAGMA synchronous = NORMAL")
        .execute(&mut *connection)
        .await?;
    if doubtful {
        let verdict: String = sqlx::query("PRAGMA quick_check(1)")
            .fetch_one(connection)
            .await?
            .try_get(0)?;
        if verdict != "ok" {
            return Err(IndexError::Damaged(verdict));
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transaction_that_sqlite_ended_by_itself_does_not_stop_all_others() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open(&dir.path().join("index.sqlite")).await.unwrap();
        let mut tx = index.write().await.unwrap();
        // As on a full disk.
        sqlx::raw_sql("ROLLBACK").execute(&mut *tx).await.unwrap();
        drop(tx);
        for _ in 0..2 {
            index.write().await.unwrap().commit().await.unwrap();
        }
    }
}
