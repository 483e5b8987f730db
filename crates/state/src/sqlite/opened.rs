use super::State;
use crate::{Opened, StateError};
use sqlx::Row;

impl State {
    /// Remembers that a message was opened here; once is enough, and the first time stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_opened(&self, account: &str, mailbox: &[u8], message: &str, at: i64) -> Result<(), StateError> {
        sqlx::query(
            "INSERT INTO opened (account, message, mailbox, at) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET mailbox = excluded.mailbox",
        )
        .bind(account)
        .bind(message)
        .bind(mailbox)
        .bind(at)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Takes it back; what was never marked is no error.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unmark_opened(&self, account: &str, message: &str) -> Result<(), StateError> {
        sqlx::query("DELETE FROM opened WHERE account = ? AND message = ?")
            .bind(account)
            .bind(message)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Everything an account opened here, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn opened(&self, account: &str) -> Result<Vec<Opened>, StateError> {
        let rows = sqlx::query("SELECT mailbox, message, at FROM opened WHERE account = ? ORDER BY at, message")
            .bind(account)
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Opened {
                    mailbox: row.try_get(0)?,
                    message: row.try_get(1)?,
                    at: row.try_get(2)?,
                })
            })
            .collect()
    }
}
