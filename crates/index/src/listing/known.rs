use crate::{Index, IndexError, Result, columns};
use sqlx::{Row, SqliteConnection};
use std::collections::HashMap;

/// What the index knows of a mailbox's names.
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
    /// What is known now.
    pub(super) async fn of(index: &Index, mailbox: i64) -> Result<Self> {
        let mut connection = index.readers().acquire().await?;
        Self::load(&mut connection, mailbox).await
    }

    pub(super) async fn load(connection: &mut SqliteConnection, mailbox: i64) -> Result<Self> {
        let statement = sqlx::query(
            "SELECT revision, \
             (SELECT json_group_array(json_array(public_id, id, mark)) FROM message INDEXED BY message_name \
              WHERE mailbox = ?1), \
             (SELECT json_group_array(json_array(id, missing_since, gone)) FROM message INDEXED BY message_missing \
              WHERE mailbox = ?1 AND missing_since IS NOT NULL) \
             FROM mailbox WHERE id = ?1",
        );
        let found = statement.bind(mailbox).fetch_optional(connection).await?;
        let found = found.ok_or(IndexError::NoMailbox)?;
        // Of a large mailbox this takes a while: others have the thread meanwhile.
        let read = tokio::task::spawn_blocking(move || {
            let names: Vec<(String, i64, i64)> = columns::read(found.try_get(1)?)?;
            let absent: Vec<(i64, i64, Option<i64>)> = columns::read(found.try_get(2)?)?;
            let absence = |(row, since, gone): (i64, i64, Option<i64>)| match gone {
                Some(_) => (row, Absent::Gone),
                None => (row, Absent::Missing(since)),
            };
            Ok(Self {
                revision: found.try_get(0)?,
                names: names.into_iter().map(|(id, row, mark)| (id, (row, mark))).collect(),
                absent: absent.into_iter().map(absence).collect(),
            })
        });
        // It did not come to its end: that says nothing of the file.
        read.await.map_err(|_| sqlx::Error::WorkerCrashed)?
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
