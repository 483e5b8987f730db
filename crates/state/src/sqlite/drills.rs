use super::Database;
use crate::{Drill, DrillKind, Result, StateError};
use sqlx::{Row, sqlite::SqliteRow};

impl Database {
    pub(crate) async fn start_drill(&self, drill: &Drill, ends: i64) -> Result<bool> {
        let accounts = serde_json::to_string(&drill.accounts).map_err(accounts)?;
        let made = sqlx::query(
            "INSERT INTO drill (id, kind, accounts, began, ends, by_whom) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        )
        .bind(&drill.id)
        .bind(drill.kind.word())
        .bind(accounts)
        .bind(drill.began)
        .bind(ends)
        .bind(&drill.by)
        .execute(&self.writer)
        .await?;
        Ok(made.rows_affected() == 1)
    }

    pub(crate) async fn stop_drills(&self, id: Option<&str>, now: i64) -> Result<Vec<String>> {
        let stop = sqlx::query("UPDATE drill SET ends = ?2 WHERE (?1 IS NULL OR id = ?1) AND ends > ?2 RETURNING id");
        let stopped = stop.bind(id).bind(now).fetch_all(&self.writer).await?;
        stopped.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    pub(crate) async fn drills(&self, now: i64) -> Result<Vec<Drill>> {
        let rows = sqlx::query(
            "SELECT id, kind, accounts, began, ends, by_whom FROM drill WHERE ends > ?1 ORDER BY began, id",
        );
        rows.bind(now)
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(read)
            .collect()
    }

    pub(crate) async fn delete_old_drills(&self, before: i64) -> Result<()> {
        let old = sqlx::query("DELETE FROM drill WHERE ends < ?1");
        old.bind(before).execute(&self.writer).await?;
        Ok(())
    }
}

fn read(row: &SqliteRow) -> Result<Drill> {
    Ok(Drill {
        id: row.try_get(0)?,
        kind: DrillKind::of_word(row.try_get(1)?).ok_or(StateError::Nonsense("what a drill rehearses"))?,
        accounts: serde_json::from_str(row.try_get(2)?).map_err(accounts)?,
        began: row.try_get(3)?,
        ends: row.try_get(4)?,
        by: row.try_get(5)?,
    })
}

fn accounts(_: serde_json::Error) -> StateError {
    StateError::Nonsense("the accounts of a drill")
}
