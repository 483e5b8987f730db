use super::{Seen, TOMBSTONE_NS, diff::Diff};
use crate::{
    Result,
    chunk::{CHUNK, recurs},
    pack, sort_key,
};
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

/// Entries in the order of their rows, oldest first: equal dates then list the newest row first.
pub(super) fn in_order(entries: &[Seen], mut added: Vec<usize>) -> Vec<usize> {
    added.sort_by_key(|at| entries[*at].order_hint);
    added
}

/// Adds entries, of which the first gets that row.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    mailbox: i64,
    entries: &[Seen],
    marks: &[i64],
    added: &[usize],
    first: i64,
) -> Result<()> {
    let mut row = first;
    for chunk in added.chunks(CHUNK) {
        insert(connection, mailbox, entries, marks, chunk, row).await?;
        row = row.saturating_add_unsigned(chunk.len() as u64);
    }
    Ok(())
}

/// Writes what is left of a diff when all that is new has been added: what is there before what is not, so that a crash loses
/// nothing.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    entries: &[Seen],
    marks: &[i64],
    diff: &Diff,
    now_ns: i64,
) -> Result<()> {
    for (at, row) in &diff.changed {
        update(connection, *row, &entries[*at], marks[*at]).await?;
    }
    for row in &diff.returned {
        // A name that was gone may be another message's by now: what was read is read again.
        let back = sqlx::query(
            "UPDATE message SET missing_since = NULL, stage = CASE WHEN gone IS NULL THEN stage ELSE 0 END, \
             file = CASE WHEN gone IS NULL THEN file END, trouble = CASE WHEN gone IS NULL THEN trouble END, \
             gone = NULL WHERE id = ?1",
        );
        back.bind(row).execute(&mut *connection).await?;
    }
    for row in &diff.missing {
        let missing = sqlx::query("UPDATE message SET missing_since = ?2 WHERE id = ?1");
        missing.bind(row).bind(now_ns).execute(&mut *connection).await?;
    }
    for row in &diff.gone {
        let gone = sqlx::query("UPDATE message SET gone = ?2 WHERE id = ?1");
        gone.bind(row).bind(now_ns).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Forgets messages that have been gone for so long that nobody will miss them; their ids.
pub(super) async fn forget_old(connection: &mut SqliteConnection, mailbox: i64, now_ns: i64) -> Result<Vec<String>> {
    let old = "DELETE FROM message WHERE mailbox = ?1 AND missing_since IS NOT NULL AND gone < ?2 RETURNING public_id";
    let old = sqlx::query(old).bind(mailbox).bind(now_ns.saturating_sub(TOMBSTONE_NS));
    let old = old.fetch_all(&mut *connection).await?;
    old.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn insert(
    connection: &mut SqliteConnection,
    mailbox: i64,
    entries: &[Seen],
    marks: &[i64],
    chunk: &[usize],
    first: i64,
) -> Result<()> {
    let values =
        vec!["(?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, ?, '', '', '', '', '', 1, ?, ?, '', 0, 0)"; chunk.len()].join(", ");
    let mut statement = sqlx::query::<sqlx::Sqlite>(AssertSqlSafe(format!(
        "INSERT INTO message (id, mailbox, public_id, base, location, mark, flags, opened, keywords, uid, listed_size, \
         stage, date, from_name, from_address, to_line, also, subject, subject_from, from_key, subject_key, preview, \
         has_attachments, is_html) VALUES {values}"
    )));
    for (number, at) in chunk.iter().enumerate() {
        let entry = &entries[*at];
        statement = statement
            .bind(first.saturating_add_unsigned(number as u64))
            .bind(mailbox)
            .bind(&entry.public_id)
            .bind(&entry.base)
            .bind(pack::location(&entry.base, &entry.location))
            .bind(marks[*at])
            .bind(entry.flags)
            .bind(keywords(entry))
            .bind(entry.uid)
            .bind(entry.size.map(size_column))
            .bind(entry.order_hint)
            .bind(sort_key::UNKNOWN)
            .bind(sort_key::UNKNOWN);
    }
    statement.persistent(recurs(chunk.len())).execute(connection).await?;
    Ok(())
}

/// A new name, place or flags. Another size under one name is other content: what was read of it is worth nothing.
async fn update(connection: &mut SqliteConnection, row: i64, entry: &Seen, mark: i64) -> Result<()> {
    sqlx::query(
        "UPDATE message SET location = ?2, mark = ?3, flags = ?4, keywords = ?5, uid = ?6, listed_size = ?7, \
         size = CASE WHEN ?7 IS NULL THEN coalesce(size, listed_size) WHEN ?7 <> listed_size THEN NULL ELSE size END, \
         stage = CASE WHEN ?7 <> listed_size THEN 0 ELSE stage END, \
         file = CASE WHEN ?7 <> listed_size THEN NULL ELSE file END, \
         trouble = CASE WHEN ?7 <> listed_size THEN NULL ELSE trouble END, \
         tries = CASE WHEN ?7 <> listed_size THEN 0 ELSE tries END \
         WHERE id = ?1",
    )
    .bind(row)
    .bind(pack::location(&entry.base, &entry.location))
    .bind(mark)
    .bind(entry.flags)
    .bind(keywords(entry))
    .bind(entry.uid)
    .bind(entry.size.map(size_column))
    .execute(connection)
    .await?;
    Ok(())
}

fn keywords(entry: &Seen) -> Option<Vec<u8>> {
    (!entry.keywords.is_empty()).then(|| pack::strings(&entry.keywords))
}

fn size_column(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
