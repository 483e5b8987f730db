use super::State;
use crate::StateError;

/// One for each version of the schema; only ever added to.
const MIGRATIONS: [&str; 1] = [
    // 1: ids, sessions, what was opened here, preferences
    "CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
     CREATE TABLE session (
       id BLOB PRIMARY KEY, account TEXT, data BLOB NOT NULL,
       created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL
     ) WITHOUT ROWID;
     CREATE INDEX session_account ON session (account, seen);
     CREATE INDEX session_expires ON session (expires);
     CREATE TABLE opened (
       account TEXT NOT NULL, message TEXT NOT NULL, mailbox BLOB NOT NULL, at INTEGER NOT NULL,
       PRIMARY KEY (account, message)
     ) WITHOUT ROWID;
     CREATE TABLE preference (
       account TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (account, name)
     ) WITHOUT ROWID;",
];

/// The newest schema.
pub(super) const NEWEST: i64 = MIGRATIONS.len() as i64;

impl State {
    pub(super) async fn schema(&self) -> Result<i64, StateError> {
        Ok(sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&self.writer)
            .await?)
    }

    pub(super) async fn migrate(&self) -> Result<(), StateError> {
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        // Read again inside: another process may have been quicker.
        let found: i64 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&mut *change)
            .await?;
        if found > NEWEST {
            return Err(StateError::UnknownSchema { found, known: NEWEST });
        }
        for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
            sqlx::raw_sql(*migration).execute(&mut *change).await?;
        }
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {NEWEST}")))
            .execute(&mut *change)
            .await?;
        change.commit().await?;
        Ok(())
    }
}
