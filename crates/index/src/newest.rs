use crate::{Index, Result};
use sqlx::Row;

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
}
