use super::Database;
use crate::{Pinned, Result};
use sqlx::{Row, sqlite::SqliteRow};

impl Database {
    pub(crate) async fn begin_sign_in(&self, key: &[u8; 32], data: &[u8], expires: i64) -> Result<()> {
        let begin = sqlx::query("INSERT INTO sign_in (key, expires, data) VALUES (?1, ?2, ?3)");
        begin
            .bind(&key[..])
            .bind(expires)
            .bind(data)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(crate) async fn take_sign_in(&self, key: &[u8; 32], now: i64) -> Result<Option<Vec<u8>>> {
        let take = sqlx::query("DELETE FROM sign_in WHERE key = ?1 RETURNING data, expires");
        let Some(row) = take.bind(&key[..]).fetch_optional(&self.writer).await? else {
            return Ok(None);
        };
        let expires: i64 = row.try_get(1)?;
        Ok(if expires > now { Some(row.try_get(0)?) } else { None })
    }

    pub(crate) async fn pin(&self, issuer: &str, subject: &str, account: &str, now: i64) -> Result<Pinned> {
        let mut tx = self.write().await?;
        let known =
            sqlx::query("SELECT subject, account FROM pin WHERE issuer = ?1 AND (subject = ?2 OR account = ?3)");
        let known = known.bind(issuer).bind(subject).bind(account);
        let rows = known.fetch_all(&mut *tx).await?;
        let pair = |row: &SqliteRow| Ok((row.try_get(0)?, row.try_get(1)?));
        let known = rows.iter().map(pair).collect::<Result<Vec<(String, String)>>>()?;
        if known.iter().any(|(whose, _)| whose != subject) {
            return Ok(Pinned::ToAnother);
        }
        if let Some((_, of)) = known.first() {
            return Ok(if of == account {
                Pinned::Known
            } else {
                Pinned::Elsewhere
            });
        }
        sqlx::query("INSERT INTO pin (issuer, subject, account, since) VALUES (?1, ?2, ?3, ?4)")
            .bind(issuer)
            .bind(subject)
            .bind(account)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Pinned::New)
    }

    pub(crate) async fn unpin(&self, account: &str) -> Result<u64> {
        let unpin = sqlx::query("DELETE FROM pin WHERE account = ?1");
        Ok(unpin.bind(account).execute(&self.writer).await?.rows_affected())
    }

    pub(crate) async fn hear_logout(&self, key: &[u8; 32], expires: i64) -> Result<bool> {
        let hear = sqlx::query("INSERT INTO logout_token (key, expires) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        let heard = hear.bind(&key[..]).bind(expires).execute(&self.writer).await?;
        Ok(heard.rows_affected() == 1)
    }

    pub(crate) async fn has_heard_logout(&self, key: &[u8; 32]) -> Result<bool> {
        let heard = sqlx::query("SELECT 1 FROM logout_token WHERE key = ?1");
        Ok(heard.bind(&key[..]).fetch_optional(&self.readers).await?.is_some())
    }

    pub(crate) async fn delete_old_sign_ins(&self, now: i64) -> Result<()> {
        for table in ["sign_in", "logout_token"] {
            let sql = format!("DELETE FROM {table} WHERE expires <= ?1");
            let old = sqlx::query(sqlx::AssertSqlSafe(sql));
            old.bind(now).execute(&self.writer).await?;
        }
        Ok(())
    }
}
