use std::{
    io,
    path::{Path, PathBuf},
};

/// Why the index did not do it.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The file is damaged. Opening it again sets it aside and begins a new one.
    #[error("the index file is damaged: {0}")]
    Damaged(String),
    /// The mailbox is not, or no longer, in the index.
    #[error("no such mailbox in the index")]
    NoMailbox,
    /// The SQLite linked into the program may lose data (WAL-reset defect, mended in 3.51.3).
    #[error("SQLite {0} is too old, 3.51.3 is needed")]
    OldSqlite(String),
    /// The file or its directory cannot be made or moved.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// There is no room left on the disk, or none for us. Nothing half-written remains.
    #[error("the disk is full")]
    Full,
    /// The message is larger than the caller allows; nothing of it was written or read.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// What the caller allows, in bytes.
        limit: u64,
    },
    /// Anything else the database says.
    #[error("index: {0}")]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for IndexError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(cause) = &error
            && is_full(cause.as_ref())
        {
            return Self::Full;
        }
        let damaged = match &error {
            // SQLITE_CORRUPT and SQLITE_NOTADB with their extended codes.
            sqlx::Error::Database(cause) => matches!(primary_code(cause.as_ref()), Some(11 | 26)),
            // A value of another kind than was written.
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
            _ => false,
        };
        if damaged {
            Self::Damaged(error.to_string())
        } else {
            Self::Database(error)
        }
    }
}

impl IndexError {
    /// A statement names an index (`INDEXED BY`) that the file does not have; SQLite has no code for it.
    pub(crate) fn is_missing_index(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(cause)) if cause.message().starts_with("no such index"))
    }

    /// What a file says, as an error of ours.
    pub(crate) fn of_file(path: &Path, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::File {
                path: path.to_owned(),
                cause,
            },
        }
    }

    /// SQLITE_CANTOPEN: there is no such file, or it cannot be opened now.
    pub(crate) fn is_cannot_open(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(cause)) if primary_code(cause.as_ref()) == Some(14))
    }

    pub(crate) fn is_busy(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(cause)) if primary_code(cause.as_ref()) == Some(5))
    }
}

/// SQLITE_FULL, or SQLITE_IOERR_SHMSIZE: there was no room for the file that is shared between processes.
fn is_full(cause: &dyn sqlx::error::DatabaseError) -> bool {
    primary_code(cause) == Some(13) || cause.code().as_deref() == Some("4874")
}

fn primary_code(cause: &dyn sqlx::error::DatabaseError) -> Option<u32> {
    cause.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}
