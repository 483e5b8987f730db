use crate::{
    EnvelopeIn, Index, IndexError, Pending, PreviewIn,
    keys::{from_key, subject_key},
};
use sqlx::Row;

/// A date this much later than the arrival is not believed, in seconds.
const FUTURE: i64 = 24 * 3_600;

impl Index {
    /// Messages whose header is to be read, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pending_headers(&self, mailbox: i64, limit: u32) -> Result<Vec<Pending>, IndexError> {
        self.pending(mailbox, 0, limit).await
    }

    /// Messages whose preview is to be read, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pending_previews(&self, mailbox: i64, limit: u32) -> Result<Vec<Pending>, IndexError> {
        self.pending(mailbox, 1, limit).await
    }

    async fn pending(&self, mailbox: i64, reading: i64, limit: u32) -> Result<Vec<Pending>, IndexError> {
        let rows = sqlx::query(
            "SELECT id, base, location FROM message INDEXED BY message_pending WHERE mailbox = ? AND reading = ? AND reading < 2
             ORDER BY date DESC, id DESC LIMIT ?",
        )
        .bind(mailbox)
        .bind(reading)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Pending {
                    row: row.try_get(0)?,
                    base: row.try_get(1)?,
                    location: row.try_get(2)?,
                })
            })
            .collect()
    }

    /// Writes down headers.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn put_envelopes(&self, envelopes: &[EnvelopeIn]) -> Result<(), IndexError> {
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for envelope in envelopes {
            let date = match envelope.sent {
                Some(sent) if sent > 0 && sent <= envelope.received + FUTURE => sent,
                _ => envelope.received,
            };
            sqlx::query(
                "UPDATE message SET reading = max(reading, 1), date = ?, received = ?, size = ?, from_name = ?, from_address = ?,
                   to_line = ?, subject = ?, from_key = ?, subject_key = ? WHERE id = ?",
            )
            .bind(date)
            .bind(envelope.received)
            .bind(i64::try_from(envelope.size).unwrap_or(i64::MAX))
            .bind(&envelope.from_name)
            .bind(&envelope.from_address)
            .bind(&envelope.to_line)
            .bind(&envelope.subject)
            .bind(from_key(&envelope.from_name, &envelope.from_address))
            .bind(subject_key(&envelope.subject))
            .bind(envelope.row)
            .execute(&mut *change)
            .await?;
        }
        change.commit().await?;
        Ok(())
    }

    /// Writes down previews.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn put_previews(&self, previews: &[PreviewIn]) -> Result<(), IndexError> {
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for preview in previews {
            sqlx::query("UPDATE message SET reading = 2, preview = ?, has_attachments = ? WHERE id = ?")
                .bind(&preview.preview)
                .bind(preview.has_attachments)
                .bind(preview.row)
                .execute(&mut *change)
                .await?;
        }
        change.commit().await?;
        Ok(())
    }
}
