use super::{Saved, table};
use crate::Result;
use sqlx::{Row, query};

/// Messages that are forgotten while others wait.
const AT_ONCE: usize = 100;

impl Saved {
    /// Which of these messages are saved, in their order.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub async fn has(&self, messages: &[&str]) -> Result<Vec<bool>> {
        let outcome = async {
            let rows = query("SELECT value IN (SELECT id FROM message) FROM json_each(?) ORDER BY key")
                .bind(table::listed(messages)?)
                .fetch_all(&self.inner.readers)
                .await?;
            rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
        };
        match self.noting_damage(outcome.await) {
            Err(error) if self.is_gone(&error) => Ok(vec![false; messages.len()]),
            outcome => outcome,
        }
    }

    /// Notes that somebody opened these messages now: they are kept longest. Those that are not saved are passed over.
    ///
    /// # Errors
    /// If the table cannot be written.
    pub async fn touch(&self, messages: &[&str], now: i64) -> Result<()> {
        self.noting_damage(table::touch(&self.inner.writer, messages, now).await)
    }

    /// Pins messages that are unread or flagged, or does not pin them any more. Those that are not saved are passed over. A table that
    /// has to be made again from the files knows only what was so when each was saved.
    ///
    /// # Errors
    /// If the table cannot be written.
    pub async fn set_pinned(&self, messages: &[&str], pinned: bool) -> Result<()> {
        let outcome = async {
            query("UPDATE message SET pinned = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND pinned <> ?2")
                .bind(table::listed(messages)?)
                .bind(pinned)
                .execute(&self.inner.writer)
                .await?;
            Ok(())
        };
        self.noting_damage(outcome.await)
    }

    /// Deletes messages; they are gone from the disk when this returns. A content that another message has too stays for that.
    ///
    /// # Errors
    /// If a file cannot be removed or the table not be written; some may be deleted then.
    pub async fn forget(&self, messages: &[&str]) -> Result<()> {
        for some in messages.chunks(AT_ONCE) {
            let (saved, some) = (self.clone(), table::listed(some)?);
            self.to_the_end(async move { saved.forget_some(&some).await }).await?;
        }
        Ok(())
    }

    async fn forget_some(&self, listed: &str) -> Result<()> {
        let mut tx = self.write().await?;
        let bodies = query(
            "SELECT DISTINCT b.id, b.name, b.size FROM message m JOIN body b ON b.id = m.body \
             WHERE m.id IN (SELECT value FROM json_each(?))",
        );
        let bodies = bodies.bind(listed).fetch_all(&mut *tx).await?;
        query("DELETE FROM message WHERE id IN (SELECT value FROM json_each(?))")
            .bind(listed)
            .execute(&mut *tx)
            .await?;
        for row in &bodies {
            self.release(&mut tx, &table::BodyRow::from(row)?).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
