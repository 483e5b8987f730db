use super::Database;
use crate::{AuditLine, Result};
use sqlx::Row;

impl Database {
    pub(crate) async fn note(&self, line: &AuditLine) -> Result<()> {
        sqlx::query("INSERT INTO audit (at, event, account, detail) VALUES (?1, ?2, ?3, ?4)")
            .bind(line.at)
            .bind(&line.event)
            .bind(&line.account)
            .bind(&line.detail)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(crate) async fn audit(&self, most: u32) -> Result<Vec<AuditLine>> {
        let rows = sqlx::query("SELECT at, event, account, detail FROM audit ORDER BY id DESC LIMIT ?1");
        rows.bind(most)
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(|row| {
                Ok(AuditLine {
                    at: row.try_get(0)?,
                    event: row.try_get(1)?,
                    account: row.try_get(2)?,
                    detail: row.try_get(3)?,
                })
            })
            .collect()
    }

    pub(crate) async fn delete_old_audit(&self, before: i64) -> Result<()> {
        let old = sqlx::query("DELETE FROM audit WHERE at < ?1");
        old.bind(before).execute(&self.writer).await?;
        Ok(())
    }
}
