use crate::{Index, MessageRow, Result, columns, row};
use sqlx::{AssertSqlSafe, Row};

impl Index {
    /// When the message that came last into a mailbox did so, in seconds, whatever date it has; `None` if there is no message. As long
    /// as its header has not been read, the time in its name counts.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn newest_arrival(&self, mailbox: i64) -> Result<Option<i64>> {
        let newest =
            sqlx::query("SELECT max(coalesce(received, date)) FROM message WHERE mailbox = ?1 AND gone IS NULL");
        let found = newest.bind(mailbox).fetch_one(self.readers()).await;
        self.noting_damage(found.map_err(Into::into).and_then(|row| Ok(row.try_get(0)?)))
    }

    /// The rows of the messages that came into a mailbox at `from` (seconds since 1970) or later, the one that came last first, whatever
    /// date they have. As long as a header has not been read, the time in the message's name counts.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn came_since(&self, mailbox: i64, from: i64) -> Result<Vec<i64>> {
        let outcome = async {
            // One question for all of them, since no index of the file has this order.
            let came = sqlx::query(
                "SELECT json_group_array(id ORDER BY coalesce(received, date) DESC, id DESC) FROM message \
                 WHERE mailbox = ?1 AND gone IS NULL AND coalesce(received, date) >= ?2",
            );
            let came = came.bind(mailbox).bind(from).fetch_one(self.readers()).await?;
            columns::read(came.try_get(0)?)
        };
        self.noting_damage(outcome.await)
    }

    /// These messages as they are now, the one that came last first; those that are gone are left out.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn rows(&self, messages: &[i64]) -> Result<Vec<MessageRow>> {
        let columns = row::COLUMNS;
        let statement = format!(
            "SELECT json_group_array({columns} ORDER BY coalesce(received, date) DESC, id DESC) FROM message \
             WHERE id IN (SELECT value FROM json_each(?1)) AND gone IS NULL"
        );
        let outcome = async {
            let rows = sqlx::query(AssertSqlSafe(statement)).bind(format!("{messages:?}"));
            let rows = rows.fetch_one(self.readers()).await?;
            let rows: Vec<row::Columns> = columns::read(rows.try_get(0)?)?;
            Ok(rows.into_iter().map(MessageRow::from).collect())
        };
        self.noting_damage(outcome.await)
    }
}
