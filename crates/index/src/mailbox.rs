use crate::{Index, IndexError, MailboxRow, MailboxSeen};
use sqlx::{Row, sqlite::SqliteRow};

const SEPARATOR: char = '\u{1f}';
/// A mailbox that is absent from a list is removed by a second list no sooner than this.
pub(crate) const SECOND_LISTING_NS: i64 = 2_000_000_000;

const COLUMNS: &str = "id, public_id, path, segments, special_use, subscribed, trouble, stamp, settled, as_of, uidvalidity, \
    notes, total, unread, pending_headers, pending_previews";

impl Index {
    /// Takes in the list of mailboxes. One that is absent is removed, with all that is remembered of it, by a second list two
    /// seconds later.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn sync_mailboxes(&self, seen: &[MailboxSeen], now_ns: i64) -> Result<(), IndexError> {
        if !self.mailboxes_differ(seen).await? {
            return Ok(());
        }
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("UPDATE mailbox SET missing_since = coalesce(missing_since, ?)")
            .bind(now_ns)
            .execute(&mut *change)
            .await?;
        for mailbox in seen {
            sqlx::query(
                "INSERT INTO mailbox (public_id, path, segments, special_use, subscribed, trouble) VALUES (?, ?, ?, ?, ?, ?)
                 ON CONFLICT (path) DO UPDATE SET public_id = excluded.public_id, segments = excluded.segments,
                   special_use = excluded.special_use, subscribed = excluded.subscribed, trouble = excluded.trouble,
                   missing_since = NULL",
            )
            .bind(&mailbox.public_id)
            .bind(&mailbox.path)
            .bind(join(&mailbox.segments))
            .bind(mailbox.special_use)
            .bind(mailbox.subscribed)
            .bind(&mailbox.trouble)
            .execute(&mut *change)
            .await?;
        }
        sqlx::query("DELETE FROM mailbox WHERE missing_since <= ?")
            .bind(now_ns - SECOND_LISTING_NS)
            .execute(&mut *change)
            .await?;
        change.commit().await?;
        Ok(())
    }

    /// The usual list changes nothing, and a look must not cost a write.
    async fn mailboxes_differ(&self, seen: &[MailboxSeen]) -> Result<bool, IndexError> {
        let known = self.mailboxes().await?;
        let same = known.len() == seen.len()
            && seen.iter().all(|seen| {
                known.iter().any(|row| {
                    row.path == seen.path
                        && row.public_id == seen.public_id
                        && row.segments == seen.segments
                        && row.special_use == seen.special_use
                        && row.subscribed == seen.subscribed
                        && row.trouble == seen.trouble
                })
            });
        let missing: i64 = sqlx::query_scalar("SELECT count(*) FROM mailbox WHERE missing_since IS NOT NULL")
            .fetch_one(&self.readers)
            .await?;
        Ok(!same || missing > 0)
    }

    /// Every mailbox, in the order they were met.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mailboxes(&self) -> Result<Vec<MailboxRow>, IndexError> {
        let sql = format!("SELECT {COLUMNS} FROM mailbox ORDER BY id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&self.readers).await?;
        rows.iter().map(|row| mailbox(row).map_err(Into::into)).collect()
    }

    /// The mailbox with that id in URLs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mailbox(&self, public_id: &str) -> Result<Option<MailboxRow>, IndexError> {
        let sql = format!("SELECT {COLUMNS} FROM mailbox WHERE public_id = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(public_id)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.as_ref().map(mailbox).transpose()?)
    }

    /// The mailbox with that row number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mailbox_by_row(&self, id: i64) -> Result<Option<MailboxRow>, IndexError> {
        let sql = format!("SELECT {COLUMNS} FROM mailbox WHERE id = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.as_ref().map(mailbox).transpose()?)
    }

    /// The format's own memory of the last listing; it can be as large as the mailbox has messages.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memory(&self, id: i64) -> Result<Option<Vec<u8>>, IndexError> {
        let memory: Option<Option<Vec<u8>>> = sqlx::query_scalar("SELECT memory FROM mailbox WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        Ok(memory.flatten())
    }

    /// The mailbox was seen to be as remembered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verified(&self, id: i64, as_of_ns: i64) -> Result<(), IndexError> {
        sqlx::query("UPDATE mailbox SET as_of = ? WHERE id = ?")
            .bind(as_of_ns)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

pub(crate) fn join(parts: &[String]) -> String {
    parts.join(&SEPARATOR.to_string())
}

fn split(joined: &str) -> Vec<String> {
    if joined.is_empty() {
        Vec::new()
    } else {
        joined.split(SEPARATOR).map(str::to_owned).collect()
    }
}

fn count(row: &SqliteRow, column: &str) -> Result<u64, sqlx::Error> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0))
}

fn mailbox(row: &SqliteRow) -> Result<MailboxRow, sqlx::Error> {
    Ok(MailboxRow {
        id: row.try_get("id")?,
        public_id: row.try_get("public_id")?,
        path: row.try_get("path")?,
        segments: split(row.try_get("segments")?),
        special_use: row.try_get("special_use")?,
        subscribed: row.try_get("subscribed")?,
        trouble: row.try_get("trouble")?,
        stamp: row.try_get("stamp")?,
        settled: row.try_get("settled")?,
        as_of: row.try_get("as_of")?,
        uidvalidity: row
            .try_get::<Option<i64>, _>("uidvalidity")?
            .and_then(|uid| u32::try_from(uid).ok()),
        notes: row.try_get("notes")?,
        total: count(row, "total")?,
        unread: count(row, "unread")?,
        pending_headers: count(row, "pending_headers")?,
        pending_previews: count(row, "pending_previews")?,
    })
}
