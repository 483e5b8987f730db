use crate::{Index, IndexError, MessageRow};
use sqlx::{Row, sqlite::SqliteRow};

pub(crate) const COLUMNS: &str = "id, public_id, base, location, flags, unread, opened_here, size, date, from_name, \
    from_address, to_line, subject, preview, has_attachments, reading";

impl Index {
    /// The message with that id in URLs, in that mailbox.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn message(&self, mailbox: i64, public_id: &str) -> Result<Option<MessageRow>, IndexError> {
        let sql = format!("SELECT {COLUMNS} FROM message WHERE public_id = ? AND mailbox = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(public_id)
            .bind(mailbox)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.as_ref().map(message).transpose()?)
    }

    /// Ids of the mailboxes that hold a message of that id and were not found to lack it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn locate(&self, public_id: &str) -> Result<Vec<String>, IndexError> {
        Ok(sqlx::query_scalar(
            "SELECT mailbox.public_id FROM message JOIN mailbox ON mailbox.id = message.mailbox
             WHERE message.public_id = ? AND message.missing_since IS NULL ORDER BY mailbox.id",
        )
        .bind(public_id)
        .fetch_all(&self.readers)
        .await?)
    }

    /// Marks messages as opened here, or takes that back, wherever they are; the counts follow.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn set_opened_here(&self, public_ids: &[String], opened: bool) -> Result<(), IndexError> {
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for id in public_ids {
            sqlx::query(
                "UPDATE message SET opened_here = ?, unread = NOT (seen OR ?) WHERE public_id = ? AND opened_here <> ?",
            )
            .bind(opened)
            .bind(opened)
            .bind(id)
            .bind(opened)
            .execute(&mut *change)
            .await?;
        }
        change.commit().await?;
        Ok(())
    }
}

pub(crate) fn message(row: &SqliteRow) -> Result<MessageRow, sqlx::Error> {
    Ok(MessageRow {
        row: row.try_get(0)?,
        public_id: row.try_get(1)?,
        base: row.try_get(2)?,
        location: row.try_get(3)?,
        flags: u32::try_from(row.try_get::<i64, _>(4)?).unwrap_or(0),
        unread: row.try_get(5)?,
        opened_here: row.try_get(6)?,
        size: row
            .try_get::<Option<i64>, _>(7)?
            .and_then(|size| u64::try_from(size).ok()),
        date: row.try_get(8)?,
        from_name: row.try_get(9)?,
        from_address: row.try_get(10)?,
        to_line: row.try_get(11)?,
        subject: row.try_get(12)?,
        preview: row.try_get(13)?,
        has_attachments: row.try_get(14)?,
        loading: row.try_get::<i64, _>(15)? == 0,
    })
}
