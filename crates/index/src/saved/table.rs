//! What the table says.

use super::{keys::Name, tail::Owner};
use crate::{IndexError, Result};
use sqlx::{Row, Sqlite, SqliteConnection, SqliteExecutor, query, sqlite::SqliteRow};

/// A file takes whole blocks of the disk.
const DISK: u64 = 4096;

/// What a file of so many bytes takes on the disk.
pub(super) fn on_disk(size: u64) -> u64 {
    size.div_ceil(DISK).saturating_mul(DISK)
}

/// SQLite's numbers have a sign; nothing here is that large.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(row: &SqliteRow, column: usize) -> Result<u64> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0))
}

pub(super) fn name(row: &SqliteRow, column: usize) -> Result<Name> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_| IndexError::Damaged("a name of another length".into()))
}

/// Ids as one parameter, whatever their number.
pub(super) fn listed<T: serde::Serialize + ?Sized>(ids: &T) -> Result<String> {
    serde_json::to_string(ids).map_err(|cause| IndexError::Database(sqlx::Error::Encode(Box::new(cause))))
}

pub(super) async fn bytes<'e>(on: impl SqliteExecutor<'e>) -> Result<u64> {
    let row = query("SELECT coalesce(sum((size + 4095) / 4096 * 4096), 0) FROM body")
        .fetch_one(on)
        .await?;
    unsigned(&row, 0)
}

/// A file as the table knows it.
pub(super) struct BodyRow {
    pub(super) id: i64,
    pub(super) name: Name,
    pub(super) size: u64,
}

impl BodyRow {
    pub(super) fn from(row: &SqliteRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            name: name(row, 1)?,
            size: unsigned(row, 2)?,
        })
    }
}

pub(super) async fn body_named(on: &mut SqliteConnection, name: &Name) -> Result<Option<BodyRow>> {
    let found = query::<Sqlite>("SELECT id, name, size FROM body WHERE name = ?").bind(name.as_slice());
    found.fetch_optional(on).await?.as_ref().map(BodyRow::from).transpose()
}

pub(super) async fn body_of(on: &mut SqliteConnection, message: &str) -> Result<Option<BodyRow>> {
    let found =
        query::<Sqlite>("SELECT b.id, b.name, b.size FROM message m JOIN body b ON b.id = m.body WHERE m.id = ?");
    let row = found.bind(message).fetch_optional(on).await?;
    row.as_ref().map(BodyRow::from).transpose()
}

pub(super) async fn owners(on: &mut SqliteConnection, body: i64) -> Result<Vec<Owner>> {
    let found =
        query::<Sqlite>("SELECT id, delivered, saved_at, pinned, opened FROM message WHERE body = ? ORDER BY id");
    let rows = found.bind(body).fetch_all(on).await?;
    let owner = |row: SqliteRow| {
        Ok(Owner {
            message: row.try_get(0)?,
            delivered: row.try_get(1)?,
            saved_at: row.try_get(2)?,
            pinned: row.try_get(3)?,
            opened: row.try_get(4)?,
        })
    };
    rows.into_iter().map(owner).collect()
}

/// Notes a file; its row.
pub(super) async fn put_body(on: &mut SqliteConnection, name: &Name, length: u64, size: u64) -> Result<i64> {
    let row = query(
        "INSERT INTO body (name, length, size) VALUES (?, ?, ?) \
         ON CONFLICT (name) DO UPDATE SET length = excluded.length, size = excluded.size RETURNING id",
    )
    .bind(name.as_slice())
    .bind(signed(length))
    .bind(signed(size))
    .fetch_one(on)
    .await?;
    Ok(row.try_get(0)?)
}

/// Notes whose a file is, whatever the message had before; that it was opened stays.
pub(super) async fn put_owner(on: &mut SqliteConnection, body: i64, owner: &Owner) -> Result<()> {
    query(
        "INSERT INTO message (id, body, delivered, saved_at, used, pinned, opened) VALUES (?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, delivered = excluded.delivered, saved_at = excluded.saved_at, \
         used = max(used, excluded.used), pinned = excluded.pinned, opened = max(opened, excluded.opened)",
    )
    .bind(&owner.message)
    .bind(body)
    .bind(owner.delivered)
    .bind(owner.saved_at)
    .bind(if owner.opened { owner.saved_at } else { 0 })
    .bind(owner.pinned)
    .bind(owner.opened)
    .execute(on)
    .await?;
    Ok(())
}

/// Forgets a file and whose it was.
pub(super) async fn remove_body(on: &mut SqliteConnection, body: i64) -> Result<u64> {
    let messages = query("DELETE FROM message WHERE body = ?").bind(body);
    let messages = messages.execute(&mut *on).await?.rows_affected();
    query("DELETE FROM body WHERE id = ?").bind(body).execute(on).await?;
    Ok(messages)
}

/// When a message was saved, if it is.
pub(super) async fn saved_at(on: &mut SqliteConnection, message: &str) -> Result<Option<i64>> {
    let row = query("SELECT saved_at FROM message WHERE id = ?").bind(message);
    let row = row.fetch_optional(on).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Notes that messages were opened.
pub(super) async fn touch<'e>(on: impl SqliteExecutor<'e>, messages: &[&str], now: i64) -> Result<()> {
    query("UPDATE message SET opened = 1, used = ?2 WHERE id IN (SELECT value FROM json_each(?1))")
        .bind(listed(messages)?)
        .bind(now)
        .execute(on)
        .await?;
    Ok(())
}
