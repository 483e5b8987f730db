use super::State;
use crate::StateError;

impl State {
    /// A preference of an account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn preference(&self, account: &str, name: &str) -> Result<Option<String>, StateError> {
        Ok(
            sqlx::query_scalar("SELECT value FROM preference WHERE account = ? AND name = ?")
                .bind(account)
                .bind(name)
                .fetch_optional(&self.readers)
                .await?,
        )
    }

    /// Sets a preference of an account, or takes it back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_preference(&self, account: &str, name: &str, value: Option<&str>) -> Result<(), StateError> {
        let query = match value {
            Some(value) => sqlx::query(
                "INSERT INTO preference (account, name, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            )
            .bind(account)
            .bind(name)
            .bind(value),
            None => sqlx::query("DELETE FROM preference WHERE account = ? AND name = ?").bind(account).bind(name),
        };
        query.execute(&self.writer).await?;
        Ok(())
    }
}
