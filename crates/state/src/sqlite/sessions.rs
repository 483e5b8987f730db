use super::State;
use crate::{SessionRow, StateError};
use sqlx::{Row, sqlite::SqliteRow};

/// A person's sessions beyond this many end, the one used longest ago first.
const SESSIONS_OF_ONE: i64 = 20;

impl State {
    /// Keeps a new session; `false` if one of that id exists, which is left as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_session(&self, session: &SessionRow) -> Result<bool, StateError> {
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let made = sqlx::query(
            "INSERT INTO session (id, account, data, created, seen, expires) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&session.id[..])
        .bind(&session.account)
        .bind(&session.data)
        .bind(session.created)
        .bind(session.seen)
        .bind(session.expires)
        .execute(&mut *change)
        .await?
        .rows_affected();
        end_oldest(&mut change, session.account.as_deref()).await?;
        change.commit().await?;
        Ok(made == 1)
    }

    /// Writes a session down; `created` of one that exists is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_session(&self, session: &SessionRow) -> Result<(), StateError> {
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO session (id, account, data, created, seen, expires) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET account = excluded.account, data = excluded.data, seen = excluded.seen,
               expires = excluded.expires",
        )
        .bind(&session.id[..])
        .bind(&session.account)
        .bind(&session.data)
        .bind(session.created)
        .bind(session.seen)
        .bind(session.expires)
        .execute(&mut *change)
        .await?;
        end_oldest(&mut change, session.account.as_deref()).await?;
        change.commit().await?;
        Ok(())
    }

    /// The session of that id, unless it has ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_session(&self, id: &[u8; 16], now: i64) -> Result<Option<SessionRow>, StateError> {
        let row =
            sqlx::query("SELECT id, account, data, created, seen, expires FROM session WHERE id = ? AND expires > ?")
                .bind(&id[..])
                .bind(now)
                .fetch_optional(&self.readers)
                .await?;
        Ok(row.as_ref().map(session).transpose()?)
    }

    /// Ends a session; one that is not there is no error.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_session(&self, id: &[u8; 16]) -> Result<(), StateError> {
        sqlx::query("DELETE FROM session WHERE id = ?")
            .bind(&id[..])
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Ends every session of an account; says how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_sessions_of(&self, account: &str) -> Result<u64, StateError> {
        let ended = sqlx::query("DELETE FROM session WHERE account = ?")
            .bind(account)
            .execute(&self.writer)
            .await?;
        Ok(ended.rows_affected())
    }

    /// A person's sessions that have not ended, the one used last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions_of(&self, account: &str, now: i64) -> Result<Vec<SessionRow>, StateError> {
        let rows = sqlx::query(
            "SELECT id, account, data, created, seen, expires FROM session WHERE account = ? AND expires > ? ORDER BY seen DESC",
        )
        .bind(account)
        .bind(now)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| session(row).map_err(Into::into)).collect()
    }

    /// Forgets sessions that have ended; says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired_sessions(&self, now: i64) -> Result<u64, StateError> {
        let ended = sqlx::query("DELETE FROM session WHERE expires <= ?")
            .bind(now)
            .execute(&self.writer)
            .await?;
        Ok(ended.rows_affected())
    }
}

async fn end_oldest(change: &mut sqlx::SqliteConnection, account: Option<&str>) -> Result<(), StateError> {
    sqlx::query(
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE account = ? ORDER BY seen DESC, created DESC LIMIT -1 OFFSET ?)",
    )
    .bind(account)
    .bind(SESSIONS_OF_ONE)
    .execute(change)
    .await?;
    Ok(())
}

fn session(row: &SqliteRow) -> Result<SessionRow, sqlx::Error> {
    let id: Vec<u8> = row.try_get(0)?;
    Ok(SessionRow {
        id: id
            .try_into()
            .map_err(|_| sqlx::Error::Decode("a session id does not have 16 bytes".into()))?,
        account: row.try_get(1)?,
        data: row.try_get(2)?,
        created: row.try_get(3)?,
        seen: row.try_get(4)?,
        expires: row.try_get(5)?,
    })
}
