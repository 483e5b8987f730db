use super::Database;
use crate::{Forgotten, Result};
use sqlx::{AssertSqlSafe, Row, query};

/// Where accounts stand.
const TABLES: [&str; 6] = ["session", "opened", "preference", "break_glass", "pin", "owner"];
/// The preference that says when an account was forgotten; the only one that is left then.
const MARK: &str = "forgotten";

impl Database {
    pub(crate) async fn accounts(&self) -> Result<Vec<String>> {
        let each = TABLES.map(|table| match table {
            "preference" => format!("SELECT account FROM preference WHERE key <> '{MARK}'"),
            table => format!("SELECT account FROM {table} WHERE account IS NOT NULL"),
        });
        let names = format!("{} ORDER BY account", each.join(" UNION "));
        let rows = query(AssertSqlSafe(names)).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    pub(crate) async fn forget_account(&self, account: &str, unpin: bool, now: i64) -> Result<Forgotten> {
        let mut tx = self.write().await?;
        let mut forgotten = Forgotten::default();
        for table in TABLES {
            if !unpin && matches!(table, "pin" | "owner") {
                continue;
            }
            let mark = if table == "preference" {
                format!(" AND key <> '{MARK}'")
            } else {
                String::new()
            };
            let delete = format!("DELETE FROM {table} WHERE account = ?1{mark}");
            let deleted = query(AssertSqlSafe(delete)).bind(account).execute(&mut *tx).await?;
            let deleted = deleted.rows_affected();
            match table {
                "session" => forgotten.sessions = deleted,
                _ => forgotten.others += deleted,
            }
        }
        let mark =
            "INSERT INTO preference (account, key, value) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = ?3";
        let mark = query(mark).bind(account).bind(MARK).bind(now.to_string());
        mark.execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(forgotten)
    }

    pub(crate) async fn forgotten(&self) -> Result<Vec<(String, i64)>> {
        let marks = query("SELECT account, CAST(value AS INTEGER) FROM preference WHERE key = ?1 ORDER BY account");
        let rows = marks.bind(MARK).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    pub(crate) async fn delete_old_forgotten(&self, before: i64) -> Result<()> {
        let old = query("DELETE FROM preference WHERE key = ?1 AND CAST(value AS INTEGER) < ?2");
        old.bind(MARK).bind(before).execute(&self.writer).await?;
        Ok(())
    }
}
