use super::Database;
use crate::{BreakGlass, Result};
use sqlx::{Row, sqlite::SqliteRow};

const COLUMNS: &str = "id, account, hash, made, expires, used";

impl Database {
    pub(crate) async fn add_break_glass(&self, code: &BreakGlass) -> Result<()> {
        sqlx::query(
            "INSERT INTO break_glass (id, account, hash, made, expires, used) VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
        )
        .bind(&code.id)
        .bind(&code.account)
        .bind(&code.hash)
        .bind(code.made)
        .bind(code.expires)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub(crate) async fn break_glass(&self, account: Option<&str>) -> Result<Vec<BreakGlass>> {
        let sql = format!("SELECT {COLUMNS} FROM break_glass WHERE ?1 IS NULL OR account = ?1 ORDER BY made, id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account);
        rows.fetch_all(&self.readers).await?.iter().map(read).collect()
    }

    pub(crate) async fn use_break_glass(&self, id: &str, now: i64) -> Result<bool> {
        let once = sqlx::query("UPDATE break_glass SET used = ?2 WHERE id = ?1 AND used IS NULL AND expires > ?2");
        let used = once.bind(id).bind(now).execute(&self.writer).await?;
        Ok(used.rows_affected() == 1)
    }

    pub(crate) async fn revoke_break_glass(&self, id: &str) -> Result<bool> {
        let revoke = sqlx::query("DELETE FROM break_glass WHERE id = ?1");
        Ok(revoke.bind(id).execute(&self.writer).await?.rows_affected() == 1)
    }
}

fn read(row: &SqliteRow) -> Result<BreakGlass> {
    Ok(BreakGlass {
        id: row.try_get(0)?,
        account: row.try_get(1)?,
        hash: row.try_get(2)?,
        made: row.try_get(3)?,
        expires: row.try_get(4)?,
        used: row.try_get(5)?,
    })
}
