use super::Database;
use crate::{
    MOST_SESSIONS, Origin, Result, SessionRow, StateError,
    sessions::{NewSession, SessionKey, WORTH_WRITING, ticket_key},
};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

impl Database {
    pub(crate) async fn create_session(&self, key: SessionKey, session: &NewSession, now: i64) -> Result<bool> {
        let mut tx = self.write().await?;
        let made = sqlx::query(
            "INSERT INTO session (key, account, user_agent, created, last_seen, expires, data, issuer, subject, sid, ticket) \
             VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        )
        .bind(&key.0[..])
        .bind(&session.account)
        .bind(&session.user_agent)
        .bind(now)
        .bind(session.expires)
        .bind(&session.data)
        .bind(&session.issuer)
        .bind(&session.subject)
        .bind(&session.sid)
        .bind(session.ticket.as_ref().map(|ticket| &ticket[..]))
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 0 {
            return Ok(false);
        }
        end_oldest(&mut tx, key, session).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub(crate) async fn save_session(&self, key: SessionKey, session: &NewSession, now: i64) -> Result<()> {
        // A look before the write: most saves change nothing, and need not wait for the disk.
        let known = sqlx::query("SELECT data = ?2, expires FROM session WHERE key = ?1");
        let known = known
            .bind(&key.0[..])
            .bind(&session.data)
            .fetch_optional(&self.readers)
            .await?;
        let Some(known) = known else { return Ok(()) };
        let (same, expires): (bool, i64) = (known.try_get(0)?, known.try_get(1)?);
        if same && (0..WORTH_WRITING).contains(&session.expires.saturating_sub(expires)) {
            return Ok(());
        }
        let mut tx = self.write().await?;
        sqlx::query(
            "UPDATE session SET account = ?2, user_agent = ?3, last_seen = ?4, expires = ?5, data = ?6, issuer = ?7, subject = ?8, \
             sid = ?9, ticket = ?10 WHERE key = ?1",
        )
        .bind(&key.0[..])
        .bind(&session.account)
        .bind(&session.user_agent)
        .bind(now)
        .bind(session.expires)
        .bind(&session.data)
        .bind(&session.issuer)
        .bind(&session.subject)
        .bind(&session.sid)
        .bind(session.ticket.as_ref().map(|ticket| &ticket[..]))
        .execute(&mut *tx)
        .await?;
        end_oldest(&mut tx, key, session).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn load_session(&self, key: SessionKey, now: i64) -> Result<Option<(Vec<u8>, i64)>> {
        let row = sqlx::query("SELECT data, expires FROM session WHERE key = ?1 AND expires > ?2");
        let row = row.bind(&key.0[..]).bind(now).fetch_optional(&self.readers).await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    pub(crate) async fn delete_session(&self, key: SessionKey) -> Result<()> {
        let end = sqlx::query("DELETE FROM session WHERE key = ?1");
        end.bind(&key.0[..]).execute(&self.writer).await?;
        Ok(())
    }

    pub(crate) async fn list_sessions(&self, account: &str, now: i64) -> Result<Vec<SessionRow>> {
        sqlx::query(
            "SELECT lower(hex(key)), created, last_seen, expires, user_agent FROM session \
             WHERE account = ?1 AND expires > ?2 ORDER BY last_seen DESC, created DESC, key",
        )
        .bind(account)
        .bind(now)
        .fetch_all(&self.readers)
        .await?
        .iter()
        .map(|row| {
            Ok(SessionRow {
                handle: row.try_get(0)?,
                created: row.try_get(1)?,
                last_seen: row.try_get(2)?,
                expires: row.try_get(3)?,
                user_agent: row.try_get(4)?,
            })
        })
        .collect()
    }

    pub(crate) async fn sessions_from(&self, issuer: &str, origin: Origin<'_>) -> Result<Vec<SessionKey>> {
        let ticket;
        let query = match origin {
            Origin::Sid(sid) => sqlx::query("SELECT key FROM session WHERE issuer = ?1 AND sid = ?2")
                .bind(issuer)
                .bind(sid),
            Origin::Subject(subject) => sqlx::query("SELECT key FROM session WHERE issuer = ?1 AND subject = ?2")
                .bind(issuer)
                .bind(subject),
            Origin::Unnamed(subject) => {
                sqlx::query("SELECT key FROM session WHERE issuer = ?1 AND subject = ?2 AND sid IS NULL")
                    .bind(issuer)
                    .bind(subject)
            }
            Origin::Ticket(given) => {
                ticket = ticket_key(issuer, given);
                sqlx::query("SELECT key FROM session WHERE ticket = ?1").bind(&ticket[..])
            }
        };
        let rows = query.fetch_all(&self.readers).await?;
        rows.iter().map(key).collect()
    }

    pub(crate) async fn session_of(&self, account: &str, handle: SessionKey) -> Result<bool> {
        let found = sqlx::query("SELECT 1 FROM session WHERE key = ?1 AND account = ?2");
        let found = found.bind(&handle.0[..]).bind(account).fetch_optional(&self.readers);
        Ok(found.await?.is_some())
    }

    pub(crate) async fn delete_sessions_of(&self, account: &str) -> Result<u64> {
        let end = sqlx::query("DELETE FROM session WHERE account = ?1");
        Ok(end.bind(account).execute(&self.writer).await?.rows_affected())
    }

    pub(crate) async fn delete_expired(&self, now: i64) -> Result<u64> {
        let end = sqlx::query("DELETE FROM session WHERE expires <= ?1");
        Ok(end.bind(now).execute(&self.writer).await?.rows_affected())
    }
}

fn key(row: &SqliteRow) -> Result<SessionKey> {
    let bytes: Vec<u8> = row.try_get(0)?;
    let key = bytes
        .try_into()
        .map_err(|_| StateError::Nonsense("the key of a session"))?;
    Ok(SessionKey(key))
}

/// Ends the oldest sessions of an account that has too many; the one at hand stays.
async fn end_oldest(connection: &mut SqliteConnection, key: SessionKey, session: &NewSession) -> Result<()> {
    if let Some(account) = &session.account {
        sqlx::query(
            "DELETE FROM session WHERE key IN (SELECT key FROM session WHERE account = ?1 AND key <> ?2 \
             ORDER BY created DESC, last_seen DESC, key LIMIT -1 OFFSET ?3)",
        )
        .bind(account)
        .bind(&key.0[..])
        .bind(MOST_SESSIONS - 1)
        .execute(connection)
        .await?;
    }
    Ok(())
}
