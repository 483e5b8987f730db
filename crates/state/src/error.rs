use thiserror::Error;

/// Why the state could not be read or written.
#[derive(Debug, Error)]
pub enum StateError {
    /// The database failed.
    #[error("state: {0}")]
    Database(#[from] sqlx::Error),
    /// The folder or file could not be made.
    #[error("state file: {0}")]
    File(#[from] std::io::Error),
    /// The file was written by a newer version, or is not ours. It is left as it is.
    #[error("the state database has schema {found}, this program knows up to {known}: use the program that wrote it")]
    UnknownSchema {
        /// What the file says.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// The file is of an older version.
    #[error("the state database has schema {found}, this program needs {known}: run `fumibako migrate`")]
    NeedsMigration {
        /// What the file says.
        found: i64,
        /// What is needed.
        known: i64,
    },
    /// The SQLite that is linked has a known corruption bug.
    #[error("SQLite {0} is too old; 3.51.3 or newer is needed")]
    OldSqlite(String),
}
