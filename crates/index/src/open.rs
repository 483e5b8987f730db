use crate::IndexError;
use sqlx::{
    Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

/// Raised with every change of `schema.sql`; a file of another version is set aside and made anew.
const SCHEMA_VERSION: i64 = 1;
/// Older versions can corrupt a database in WAL mode.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
const READERS: u32 = 2;
/// Written into the file's `application_id`: "Fumi".
const APPLICATION_ID: i64 = 0x4675_6d69;

/// One account's index; cheap to clone.
#[derive(Clone, Debug)]
pub struct Index {
    /// One connection: writers wait for each other here, not in SQLite.
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
}

impl Index {
    /// Opens the file at `path`, or makes it. A file that is damaged, of another version or not an index at all is set
    /// aside beside it, with `.set-aside` after its name, and a new one begun.
    ///
    /// # Errors
    /// When the folder cannot be written, or the new file not be made.
    pub async fn open(path: &Path) -> Result<Self, IndexError> {
        prepare_file(path)?;
        match Self::open_existing(path).await {
            Ok(Some(index)) => return Ok(index),
            Ok(None) => {}
            // Full disks and missing rights are no reason to throw an index away.
            Err(IndexError::Database(error)) if is_damage(&error) => {}
            Err(error) => return Err(error),
        }
        set_aside(path)?;
        prepare_file(path)?;
        Self::open_existing(path).await?.ok_or_else(|| {
            IndexError::File(io::Error::other(
                "a new index file does not have the version it was given",
            ))
        })
    }

    async fn open_existing(path: &Path) -> Result<Option<Self>, IndexError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true);
        let writer = pool(1, options.clone()).await?;
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&writer).await?;
        if !new_enough(&version) {
            return Err(IndexError::OldSqlite(version));
        }
        if !prepare_schema(&writer).await? {
            writer.close().await;
            return Ok(None);
        }
        let readers = pool(READERS, options.read_only(true)).await?;
        Ok(Some(Self { writer, readers }))
    }

    /// Closes the file after what is under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn pool(connections: u32, options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(0)
        .idle_timeout(Duration::from_secs(60))
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .connect_with(options)
        .await
}

/// Makes the schema in an empty file; `false` if the file is another program's, of another version, or damaged.
async fn prepare_schema(writer: &SqlitePool) -> Result<bool, IndexError> {
    let mut change = writer.begin_with("BEGIN IMMEDIATE").await?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *change)
        .await?;
    let application: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *change)
        .await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master")
        .fetch_one(&mut *change)
        .await?;
    if version == 0 && application == 0 && tables == 0 {
        sqlx::raw_sql(include_str!("schema.sql")).execute(&mut *change).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "PRAGMA user_version = {SCHEMA_VERSION}; PRAGMA application_id = {APPLICATION_ID}"
        )))
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        return Ok(true);
    }
    if version != SCHEMA_VERSION || application != APPLICATION_ID {
        return Ok(false);
    }
    let verdict = sqlx::query("PRAGMA quick_check(1)").fetch_one(&mut *change).await?;
    change.rollback().await?;
    Ok(verdict.try_get::<String, _>(0)? == "ok")
}

fn new_enough(version: &str) -> bool {
    let numbers: Vec<u32> = version.split('.').map(|part| part.parse().unwrap_or(0)).collect();
    numbers.as_slice() >= &OLDEST_SQLITE[..]
}

/// SQLITE_CORRUPT (11) and SQLITE_NOTADB (26), and their extended codes.
fn is_damage(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return false;
    };
    error
        .code()
        .and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| matches!(code & 0xff, 11 | 26))
}

/// Private mail: the folder for its owner alone, and the file too.
fn prepare_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}

fn set_aside(path: &Path) -> io::Result<()> {
    fs::rename(path, beside(path, ".set-aside"))?;
    for companion in ["-wal", "-shm"] {
        match fs::remove_file(beside(path, companion)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(new_enough("3.51.3"));
        assert!(new_enough("3.100.0"));
        assert!(!new_enough("3.51.2"));
        assert!(!new_enough("3.9.9"));
        assert!(!new_enough(""));
    }
}
