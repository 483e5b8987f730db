//! Which messages a file has, without taking part in its life: it is neither made nor mended, and another process may be using it.

use crate::{IndexError, Result};
use sqlx::{ConnectOptions, Connection, Row, sqlite::SqliteConnectOptions};
use std::path::Path;

/// The path of the mailbox and the base name of every message that lists show.
///
/// # Errors
/// If the file is not there, or cannot be read.
pub async fn names(path: &Path) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    let rows = sqlx::query(
        "SELECT mailbox.path, message.base FROM message JOIN mailbox ON mailbox.id = message.mailbox \
         WHERE gone IS NULL ORDER BY message.id",
    )
    .fetch_all(&mut connection)
    .await?;
    connection.close().await?;
    let name = |row: sqlx::sqlite::SqliteRow| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.into_iter()
        .map(name)
        .collect::<std::result::Result<_, sqlx::Error>>()
        .map_err(IndexError::from)
}
