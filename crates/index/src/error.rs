use thiserror::Error;

/// Why the index could not be read or written. Nothing is lost by it: the file can be deleted.
#[derive(Debug, Error)]
pub enum IndexError {
    /// The database failed.
    #[error("index: {0}")]
    Database(#[from] sqlx::Error),
    /// The folder or file could not be made.
    #[error("index file: {0}")]
    File(#[from] std::io::Error),
    /// The SQLite that is linked has a known corruption bug.
    #[error("SQLite {0} is too old; 3.51.3 or newer is needed")]
    OldSqlite(String),
}
