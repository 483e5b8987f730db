//! The state in a SQLite file: write-ahead log, every commit on the disk before it is reported.

mod accounts;
mod audit;
mod break_glass;
mod drills;
mod forgotten;
mod incidents;
mod migrations;
mod sessions;
mod sign_in;
mod status;

use crate::{Result, StateError};
use sqlx::{
    ConnectOptions, Connection, Row, Sqlite, SqliteConnection, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

/// Connections that read. Each is a thread.
const READERS: u32 = 4;
/// Another process may be writing for this long.
const BUSY: Duration = Duration::from_secs(5);

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Database {
    pub(crate) async fn migrate(path: &Path) -> Result<()> {
        make(path).await?;
        let mut connection = options(path).connect().await?;
        check_sqlite(&mut connection).await?;
        let outcome = migrations::run(&mut connection).await;
        sqlx::Connection::close(connection).await?;
        outcome
    }

    pub(crate) async fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(StateError::Absent(path.to_owned()));
        }
        let options = options(path);
        let writer = pool(1).connect_with(options.clone()).await?;
        let mut connection = writer.acquire().await?;
        let checked = async {
            check_sqlite(&mut connection).await?;
            migrations::check(&mut connection, path).await
        };
        let checked = checked.await;
        drop(connection);
        if let Err(error) = checked {
            writer.close().await;
            return Err(error);
        }
        let readers = pool(READERS).connect_lazy_with(options.read_only(true));
        Ok(Self { writer, readers })
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    pub(crate) async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT count(*) FROM id_key")
            .fetch_one(&self.readers)
            .await?;
        Ok(())
    }

    async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    pub(crate) async fn id_key(&self, fresh: impl FnOnce() -> [u8; 32]) -> Result<[u8; 32]> {
        let mut tx = self.write().await?;
        let known = sqlx::query("SELECT bytes FROM id_key").fetch_optional(&mut *tx).await?;
        let key = match known {
            Some(row) => {
                let bytes: Vec<u8> = row.try_get(0)?;
                bytes
                    .try_into()
                    .map_err(|_| StateError::Nonsense("the key of the ids"))?
            }
            None => {
                let key = fresh();
                sqlx::query("INSERT INTO id_key (bytes) VALUES (?1)")
                    .bind(&key[..])
                    .execute(&mut *tx)
                    .await?;
                key
            }
        };
        tx.commit().await?;
        Ok(key)
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .disable_statement_logging()
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .max_lifetime(None)
        .test_before_acquire(false)
        // SQLite ends a transaction by itself when the disk is full; the connection then counts one for ever that is not there.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .acquire_timeout(2 * BUSY)
}

/// Makes the directories and an empty file, for no one but us (SQLite gives its log the mode of the file).
async fn make(path: &Path) -> Result<()> {
    let made = path.to_owned();
    let job = move || -> io::Result<()> {
        if let Some(directory) = made.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        }
        fs::OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&made)?;
        Ok(())
    };
    let done = tokio::task::spawn_blocking(job)
        .await
        .unwrap_or_else(|cause| Err(io::Error::other(cause)));
    done.map_err(|cause| StateError::File {
        path: path.to_owned(),
        cause,
    })
}

/// SQLite before 3.51.3 may damage a file when its log is reset while another connection reads.
async fn check_sqlite(connection: &mut SqliteConnection) -> Result<()> {
    let version: String = sqlx::query("SELECT sqlite_version()")
        .fetch_one(connection)
        .await?
        .try_get(0)?;
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() < [3, 51, 3].as_slice() {
        Err(StateError::OldSqlite(version))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transaction_that_sqlite_ended_by_itself_does_not_stop_all_others() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.sqlite");
        Database::migrate(&path).await.unwrap();
        let database = Database::open(&path).await.unwrap();
        let mut tx = database.write().await.unwrap();
        // As on a full disk.
        sqlx::raw_sql("ROLLBACK").execute(&mut *tx).await.unwrap();
        drop(tx);
        for _ in 0..2 {
            database.write().await.unwrap().commit().await.unwrap();
        }
    }
}
