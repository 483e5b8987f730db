mod migrations;
mod opened;
mod preferences;
mod sessions;

use crate::StateError;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

/// Older versions can corrupt a database in WAL mode.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// The state of one portal; cheap to clone.
#[derive(Clone, Debug)]
pub struct State {
    /// One connection: writers wait for each other here, not in SQLite.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl State {
    /// Opens the file, or makes it with the newest schema.
    ///
    /// # Errors
    /// [`StateError::UnknownSchema`] or [`StateError::NeedsMigration`] for a file of another version, which is left alone.
    pub async fn open(path: &Path) -> Result<Self, StateError> {
        let state = Self::connect(path).await?;
        match state.schema().await? {
            0 => state.migrate().await?,
            found if found > migrations::NEWEST => {
                return Err(StateError::UnknownSchema {
                    found,
                    known: migrations::NEWEST,
                });
            }
            found if found < migrations::NEWEST => {
                return Err(StateError::NeedsMigration {
                    found,
                    known: migrations::NEWEST,
                });
            }
            _ => {}
        }
        Ok(state)
    }

    /// Opens the file, or makes it, and brings it to the newest schema.
    ///
    /// # Errors
    /// [`StateError::UnknownSchema`] for a file of a newer version, which is left alone.
    pub async fn open_and_migrate(path: &Path) -> Result<Self, StateError> {
        let state = Self::connect(path).await?;
        state.migrate().await?;
        Ok(state)
    }

    async fn connect(path: &Path) -> Result<Self, StateError> {
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        fs::OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&writer).await?;
        let numbers: Vec<u32> = version.split('.').map(|part| part.parse().unwrap_or(0)).collect();
        if numbers.as_slice() < &OLDEST_SQLITE[..] {
            return Err(StateError::OldSqlite(version));
        }
        let readers = SqlitePoolOptions::new()
            .max_connections(2)
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { writer, readers })
    }

    /// The key that ids are made with: `fresh` at the first call ever, the same at every other.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn id_key(&self, fresh: [u8; 32]) -> Result<[u8; 32], StateError> {
        sqlx::query("INSERT INTO secret (name, value) VALUES ('id-key', ?) ON CONFLICT DO NOTHING")
            .bind(&fresh[..])
            .execute(&self.writer)
            .await?;
        let key: Vec<u8> = sqlx::query_scalar("SELECT value FROM secret WHERE name = 'id-key'")
            .fetch_one(&self.writer)
            .await?;
        key.try_into()
            .map_err(|_| sqlx::Error::Decode("the key of the ids does not have 32 bytes".into()).into())
    }

    /// Closes the file after what is under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
