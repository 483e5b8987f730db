use crate::{Index, IndexError, Result};
use futures::TryStreamExt;
use sqlx::{Connection, Row, SqliteConnection};
use std::collections::HashMap;

/// What the index knows of a mailbox's names.
#[derive(Default)]
pub(super) struct Known {
    /// Counts the listings that changed something: the same number, the same names.
    pub(super) revision: i64,
    /// Row and mark, by public id.
    pub(super) names: HashMap<String, (i64, i64)>,
    /// By row, what is not simply there.
    pub(super) absent: HashMap<i64, Absent>,
}

/// Since when a name is missing or gone, in nanoseconds.
#[derive(Clone, Copy)]
pub(super) enum Absent {
    Missing(i64),
    Gone,
}

impl Known {
    /// What is known now, of one moment. Of a mailbox of which no listing has found anything that is nothing, and soon said.
    pub(super) async fn of(index: &Index, mailbox: i64) -> Result<Self> {
        let mut connection = index.readers().acquire().await?;
        if revision(&mut connection, mailbox).await? == 0 {
            return Ok(Self::default());
        }
        let mut snapshot = connection.begin().await?;
        Self::load(&mut snapshot, mailbox).await
    }

    pub(super) async fn load(connection: &mut SqliteConnection, mailbox: i64) -> Result<Self> {
        let revision = revision(connection, mailbox).await?;
        let mut names = HashMap::new();
        let mut rows =
            sqlx::query("SELECT public_id, mark, id FROM message INDEXED BY message_name WHERE mailbox = ?1")
                .bind(mailbox)
                .fetch(&mut *connection);
        while let Some(row) = rows.try_next().await? {
            names.insert(row.try_get(0)?, (row.try_get(2)?, row.try_get(1)?));
        }
        drop(rows);
        let mut absent = HashMap::new();
        let rows = sqlx::query(
            "SELECT id, missing_since, gone FROM message INDEXED BY message_missing \
             WHERE mailbox = ?1 AND missing_since IS NOT NULL",
        );
        for row in rows.bind(mailbox).fetch_all(connection).await? {
            let gone: Option<i64> = row.try_get(2)?;
            let state = if gone.is_some() {
                Absent::Gone
            } else {
                Absent::Missing(row.try_get(1)?)
            };
            absent.insert(row.try_get(0)?, state);
        }
        Ok(Self {
            revision,
            names,
            absent,
        })
    }

    /// Messages that lists show.
    pub(super) fn shown(&self) -> usize {
        self.names.len()
            - self
                .absent
                .values()
                .filter(|absent| matches!(absent, Absent::Gone))
                .count()
    }
}

pub(super) async fn revision(connection: &mut SqliteConnection, mailbox: i64) -> Result<i64> {
    let row = sqlx::query("SELECT revision FROM mailbox WHERE id = ?1").bind(mailbox);
    let row = row.fetch_optional(connection).await?.ok_or(IndexError::NoMailbox)?;
    Ok(row.try_get(0)?)
}
