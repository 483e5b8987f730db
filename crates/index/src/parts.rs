use crate::{Index, Result};
use sqlx::Row;

impl Index {
    /// Keeps what is known of a message's parts, opaque, for as long as the message is remembered. It is good for a file of
    /// that size and time of change.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn put_parts(&self, row: i64, size: u64, mtime_ns: i64, bytes: &[u8]) -> Result<()> {
        let outcome = async {
            let mut tx = self.write().await?;
            sqlx::query(
                "INSERT INTO parts (message, size, mtime, bytes) SELECT id, ?2, ?3, ?4 FROM message WHERE id = ?1 \
                 ON CONFLICT DO UPDATE SET size = ?2, mtime = ?3, bytes = ?4",
            )
            .bind(row)
            .bind(i64::try_from(size).unwrap_or(i64::MAX))
            .bind(mtime_ns)
            .bind(bytes)
            .execute(&mut *tx)
            .await?;
            Ok(tx.commit().await?)
        };
        self.noting_damage(outcome.await)
    }

    /// What was kept of the parts of a message, if it was kept for a file of that size and time of change.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn parts(&self, row: i64, size: u64, mtime_ns: i64) -> Result<Option<Vec<u8>>> {
        let kept = sqlx::query("SELECT bytes FROM parts WHERE message = ?1 AND size = ?2 AND mtime = ?3")
            .bind(row)
            .bind(i64::try_from(size).unwrap_or(i64::MAX))
            .bind(mtime_ns)
            .fetch_optional(self.readers())
            .await;
        self.noting_damage(
            kept.and_then(|row| row.map(|row| row.try_get(0)).transpose())
                .map_err(Into::into),
        )
    }
}
