use super::Database;
use crate::{Incident, IncidentChange, IncidentUpdate, Result, Revised, Revision, SeenIncident, Severity, StateError};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use std::collections::BTreeSet;

/// More are not read at once: the page is for people, and the newest are what they came for.
const MOST: i64 = 100;

impl Database {
    pub(crate) async fn open_incident(&self, incident: &Incident) -> Result<bool> {
        let mut tx = self.write().await?;
        let made = sqlx::query(
            "INSERT INTO incident (id, opened, closed, severity, affects, scheduled_from, scheduled_until) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )
        .bind(&incident.id)
        .bind(incident.opened)
        .bind(incident.closed)
        .bind(incident.severity.word())
        .bind(written(&incident.affects)?)
        .bind(incident.scheduled_from)
        .bind(incident.scheduled_until)
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 0 {
            return Ok(false);
        }
        for update in &incident.updates {
            tell(&mut tx, &incident.id, update).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    pub(crate) async fn update_incident(
        &self,
        id: &str,
        change: &IncidentChange,
        update: &IncidentUpdate,
    ) -> Result<bool> {
        let mut tx = self.write().await?;
        let changed = sqlx::query(
            "UPDATE incident SET severity = coalesce(?2, severity), affects = coalesce(?3, affects), \
             scheduled_from = coalesce(?4, scheduled_from), scheduled_until = coalesce(?5, scheduled_until) WHERE id = ?1",
        )
        .bind(id)
        .bind(change.severity.map(Severity::word))
        .bind(change.affects.as_ref().map(written).transpose()?)
        .bind(change.scheduled_from)
        .bind(change.scheduled_until)
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        tell(&mut tx, id, update).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub(crate) async fn close_incident(&self, id: &str, now: i64, last: Option<&IncidentUpdate>) -> Result<bool> {
        let mut tx = self.write().await?;
        let close = sqlx::query("UPDATE incident SET closed = ?2 WHERE id = ?1 AND closed IS NULL");
        let closed = close.bind(id).bind(now).execute(&mut *tx).await?;
        if closed.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(update) = last {
            tell(&mut tx, id, update).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    pub(crate) async fn revise_incident(&self, id: &str, seen: SeenIncident, revision: &Revision) -> Result<Revised> {
        let mut tx = self.write().await?;
        let now = sqlx::query(
            "SELECT closed IS NOT NULL, (SELECT count(*) FROM incident_update WHERE incident = ?1) FROM incident WHERE id = ?1",
        );
        let Some(now) = now.bind(id).fetch_optional(&mut *tx).await? else {
            return Ok(Revised::Absent);
        };
        let is = SeenIncident {
            closed: now.try_get(0)?,
            updates: now.try_get(1)?,
        };
        if is != seen {
            return Ok(Revised::Meanwhile);
        }
        sqlx::query(
            "UPDATE incident SET severity = ?2, affects = ?3, scheduled_from = ?4, scheduled_until = ?5, closed = coalesce(closed, ?6) \
             WHERE id = ?1",
        )
        .bind(id)
        .bind(revision.severity.word())
        .bind(written(&revision.affects)?)
        .bind(revision.scheduled_from)
        .bind(revision.scheduled_until)
        .bind(revision.closed)
        .execute(&mut *tx)
        .await?;
        if let Some(update) = &revision.told {
            tell(&mut tx, id, update).await?;
        }
        tx.commit().await?;
        Ok(Revised::Done)
    }

    pub(crate) async fn incidents(&self, closed_since: i64) -> Result<Vec<Incident>> {
        // One question, so that no update is read without its incident.
        let rows = sqlx::query(
            "SELECT i.id, opened, closed, severity, affects, scheduled_from, scheduled_until, u.at, text_ja, text_en, by_whom \
             FROM (SELECT * FROM incident WHERE closed IS NULL OR closed > ?1 \
                   ORDER BY closed IS NOT NULL, opened DESC, id LIMIT ?2) i \
             JOIN incident_update u ON u.incident = i.id ORDER BY opened DESC, i.id, u.id",
        );
        let rows = rows.bind(closed_since).bind(MOST).fetch_all(&self.readers).await?;
        let mut incidents: Vec<Incident> = Vec::new();
        for row in &rows {
            let update = update(row)?;
            let id: String = row.try_get(0)?;
            match incidents.last_mut().filter(|last| last.id == id) {
                Some(last) => last.updates.push(update),
                None => incidents.push(incident(row, id, update)?),
            }
        }
        Ok(incidents)
    }
}

async fn tell(connection: &mut SqliteConnection, incident: &str, update: &IncidentUpdate) -> Result<()> {
    sqlx::query("INSERT INTO incident_update (incident, at, text_ja, text_en, by_whom) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(incident)
        .bind(update.at)
        .bind(&update.text_ja)
        .bind(&update.text_en)
        .bind(&update.by)
        .execute(connection)
        .await?;
    Ok(())
}

fn incident(row: &SqliteRow, id: String, first: IncidentUpdate) -> Result<Incident> {
    let severity = Severity::of_word(row.try_get(3)?);
    Ok(Incident {
        id,
        opened: row.try_get(1)?,
        closed: row.try_get(2)?,
        severity: severity.ok_or(StateError::Nonsense("the severity of an incident"))?,
        affects: serde_json::from_str(row.try_get(4)?).map_err(services)?,
        scheduled_from: row.try_get(5)?,
        scheduled_until: row.try_get(6)?,
        updates: vec![first],
    })
}

fn update(row: &SqliteRow) -> Result<IncidentUpdate> {
    Ok(IncidentUpdate {
        at: row.try_get(7)?,
        text_ja: row.try_get(8)?,
        text_en: row.try_get(9)?,
        by: row.try_get(10)?,
    })
}

fn written(affects: &BTreeSet<String>) -> Result<String> {
    serde_json::to_string(affects).map_err(services)
}

fn services(_: serde_json::Error) -> StateError {
    StateError::Nonsense("the services of an incident")
}
