use super::Database;
use crate::{Result, ServiceDay};
use sqlx::{Row, sqlite::SqliteRow};

impl Database {
    pub(crate) async fn add_days(&self, days: &[ServiceDay]) -> Result<()> {
        let mut tx = self.write().await?;
        for day in days {
            sqlx::query(
                "INSERT INTO probe_day (target, day, good, slow, failed, unknown) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT DO UPDATE SET good = good + ?3, slow = slow + ?4, failed = failed + ?5, unknown = unknown + ?6",
            )
            .bind(&day.target)
            .bind(day.day)
            .bind(day.good)
            .bind(day.slow)
            .bind(day.failed)
            .bind(day.unknown)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    pub(crate) async fn days(&self, since: i64) -> Result<Vec<ServiceDay>> {
        let rows = sqlx::query(
            "SELECT target, day, good, slow, failed, unknown FROM probe_day WHERE day >= ?1 ORDER BY target, day",
        );
        let rows = rows.bind(since).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(ServiceDay {
                    target: row.try_get(0)?,
                    day: row.try_get(1)?,
                    good: seconds(row, 2)?,
                    slow: seconds(row, 3)?,
                    failed: seconds(row, 4)?,
                    unknown: seconds(row, 5)?,
                })
            })
            .collect::<Result<_>>()
    }

    pub(crate) async fn delete_old_days(&self, before: i64) -> Result<()> {
        let old = sqlx::query("DELETE FROM probe_day WHERE day < ?1");
        old.bind(before).execute(&self.writer).await?;
        Ok(())
    }
}

/// Clocks that jump may have added up to more than a day has.
fn seconds(row: &SqliteRow, place: usize) -> Result<u32> {
    let seconds: i64 = row.try_get(place)?;
    Ok(u32::try_from(seconds).unwrap_or(u32::MAX))
}
