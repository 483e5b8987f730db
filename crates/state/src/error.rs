use std::{io, path::PathBuf};

/// Why the state did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// There is no database, or one without our tables.
    #[error("{0} is no state database yet; run `migrate`")]
    Absent(PathBuf),
    /// The database is of an older version of the program.
    #[error("the state database has form {found}, this program needs {needed}; run `migrate`")]
    Older {
        /// Its form.
        found: i64,
        /// Ours.
        needed: i64,
    },
    /// The database is of a newer version of the program, or of another program.
    #[error("the state database has form {found}, this program knows only {known}")]
    Unknown {
        /// Its form.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The SQLite linked into the program may lose data (WAL-reset defect, mended in 3.51.3).
    #[error("SQLite {0} is too old, 3.51.3 is needed")]
    OldSqlite(String),
    /// The file or its directory cannot be made.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// What is kept is not what was written.
    #[error("the state database holds nonsense: {0}")]
    Nonsense(&'static str),
    /// Anything else the database says.
    #[error("state: {0}")]
    Database(#[from] sqlx::Error),
}
