use crate::{Index, Result};
use sqlx::{AssertSqlSafe, Row};

/// Ids in one statement.
const CHUNK: usize = 200;

impl Index {
    /// Notes that messages were opened here, or are not any more, wherever they are now. Ids that no mailbox has are passed
    /// over; what is noted already costs no writing. Says whether anything was written.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn set_opened_here(&self, messages: &[String], opened: bool) -> Result<bool> {
        let outcome = async {
            let rows = self.rows_to_note(messages, opened).await?;
            if rows.is_empty() {
                return Ok(false);
            }
            let mut tx = self.write().await?;
            for row in rows {
                let note = sqlx::query("UPDATE message SET opened = ?2 WHERE id = ?1");
                note.bind(row).bind(opened).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(true)
        };
        self.noting_damage(outcome.await)
    }

    async fn rows_to_note(&self, messages: &[String], opened: bool) -> Result<Vec<i64>> {
        let mut found = Vec::new();
        for chunk in messages.chunks(CHUNK) {
            let values = vec!["(?)"; chunk.len()].join(", ");
            let mut statement = sqlx::query::<sqlx::Sqlite>(AssertSqlSafe(format!(
                "WITH wanted (id) AS (VALUES {values}) \
                 SELECT m.id FROM mailbox b CROSS JOIN wanted w \
                 CROSS JOIN message m INDEXED BY message_name ON m.mailbox = b.id AND m.public_id = w.id \
                 WHERE m.opened <> ?"
            )));
            for message in chunk {
                statement = statement.bind(message);
            }
            for row in statement
                .bind(opened)
                .persistent(chunk.len() == 1)
                .fetch_all(self.readers())
                .await?
            {
                found.push(row.try_get(0)?);
            }
        }
        Ok(found)
    }
}
