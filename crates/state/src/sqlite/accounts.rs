use super::Database;
use crate::{Opened, Result, StateError};
use sqlx::Row;

impl Database {
    pub(crate) async fn mark_opened(&self, account: &str, mailbox: &[u8], message: &str, at: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO opened (account, message, mailbox, at) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT DO UPDATE SET mailbox = ?3 WHERE mailbox <> ?3",
        )
        .bind(account)
        .bind(message)
        .bind(mailbox)
        .bind(at)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub(crate) async fn unmark_opened(&self, account: &str, message: &str) -> Result<()> {
        let forget = sqlx::query("DELETE FROM opened WHERE account = ?1 AND message = ?2");
        forget.bind(account).bind(message).execute(&self.writer).await?;
        Ok(())
    }

    pub(crate) async fn opened(&self, account: &str) -> Result<Vec<Opened>> {
        sqlx::query("SELECT mailbox, message, at FROM opened WHERE account = ?1 ORDER BY at, message")
            .bind(account)
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(|row| {
                Ok(Opened {
                    mailbox: row.try_get(0)?,
                    message: row.try_get(1)?,
                    at: row.try_get(2)?,
                })
            })
            .collect()
    }

    pub(crate) async fn opened_of(&self, account: &str, messages: &[String]) -> Result<Vec<String>> {
        // One question, with one value for an answer: one for each message cost more than all else that a first list waits for.
        let nonsense = |_| StateError::Nonsense("ids of messages");
        let row = sqlx::query(
            "SELECT json_group_array(message) FROM opened WHERE account = ?1 AND message IN (SELECT value FROM json_each(?2))",
        );
        let row = row
            .bind(account)
            .bind(serde_json::to_string(messages).map_err(nonsense)?);
        let row = row.fetch_one(&self.readers).await?;
        serde_json::from_str(row.try_get(0)?).map_err(nonsense)
    }

    pub(crate) async fn owners(&self) -> Result<Vec<(String, u32)>> {
        let rows = sqlx::query("SELECT account, uid FROM owner");
        let rows = rows.fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    pub(crate) async fn set_owner(&self, account: &str, uid: u32) -> Result<()> {
        sqlx::query(
            "INSERT INTO owner (account, uid) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET uid = ?2 WHERE uid <> ?2",
        )
        .bind(account)
        .bind(uid)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub(crate) async fn preference(&self, account: &str, key: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT value FROM preference WHERE account = ?1 AND key = ?2");
        let row = row.bind(account).bind(key).fetch_optional(&self.readers).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    pub(crate) async fn set_preference(&self, account: &str, key: &str, value: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO preference (account, key, value) VALUES (?1, ?2, ?3) \
             ON CONFLICT DO UPDATE SET value = ?3 WHERE value <> ?3",
        )
        .bind(account)
        .bind(key)
        .bind(value)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
