use super::{
    Applied, ArrivalsIn, Seen,
    apply::remember,
    begin::first_free,
    diff::{Diff, marks},
    known::{Absent, Known},
    write,
};
use crate::{
    EnvelopeIn, Index, IndexError, PreviewIn, Result,
    headers::{write_envelopes, write_previews},
    pack,
};
use sqlx::{Row, SqliteConnection};
use std::collections::HashMap;

impl Index {
    /// Takes what arrived, by the rules of [`Index::apply_listing`] and at the cost of what arrived: nothing is compared but these
    /// messages, and nothing is taken for missing. `None`, and nothing written, if only a listing can tell what is so: the index
    /// is not any more of the stamp that they arrived since, or knows one of them in another place.
    ///
    /// # Errors
    /// [`IndexError::NoMailbox`], or if the file cannot be written.
    pub async fn apply_arrivals(&self, mailbox: i64, arrivals: &ArrivalsIn, now_ns: i64) -> Result<Option<Applied>> {
        let outcome = self.try_apply_arrivals(mailbox, arrivals, now_ns).await;
        self.noting_damage(outcome)
    }

    async fn try_apply_arrivals(&self, mailbox: i64, arrivals: &ArrivalsIn, now_ns: i64) -> Result<Option<Applied>> {
        let marks = marks(&arrivals.entries).await;
        let mut tx = self.write().await?;
        let row = sqlx::query("SELECT stamp, revision FROM mailbox WHERE id = ?1").bind(mailbox);
        let row = row.fetch_optional(&mut *tx).await?.ok_or(IndexError::NoMailbox)?;
        let (stamp, revision): (Option<Vec<u8>>, i64) = (row.try_get(0)?, row.try_get(1)?);
        if stamp.as_ref() != Some(&arrivals.since) {
            return Ok(None);
        }
        let Some(known) = find(&mut tx, mailbox, revision, &arrivals.entries).await? else {
            return Ok(None);
        };
        let (diff, _) = Diff::of_found(&known, &arrivals.entries, &marks).await;
        if !diff.is_empty() {
            let added = write::in_order(&arrivals.entries, diff.added.clone());
            let first = first_free(&mut tx).await?;
            write::add(&mut tx, mailbox, &arrivals.entries, &marks, &added, first).await?;
            write_read(&mut tx, arrivals, &added, first).await?;
            write::write(&mut tx, &arrivals.entries, &marks, &diff, now_ns).await?;
        }
        let update = sqlx::query(
            "UPDATE mailbox SET stamp = ?2, settled = ?3, as_of = coalesce(?4, as_of), revision = revision + ?5 WHERE id = ?1",
        );
        update
            .bind(mailbox)
            .bind(&arrivals.stamp)
            .bind(arrivals.settled)
            .bind(arrivals.as_of)
            .bind(!diff.is_empty())
            .execute(&mut *tx)
            .await?;
        remember(&mut tx, mailbox, Some(&arrivals.memory)).await?;
        tx.commit().await?;
        Ok(Some(diff.applied()))
    }
}

/// Writes what was read of the added entries, of which the first has that row.
async fn write_read(
    connection: &mut SqliteConnection,
    arrivals: &ArrivalsIn,
    added: &[usize],
    first: i64,
) -> Result<()> {
    let row_of = |place: i64| {
        let entry = usize::try_from(place).ok()?;
        let number = added.iter().position(|at| *at == entry)?;
        Some(first.saturating_add_unsigned(number as u64))
    };
    let heads = arrivals.heads.iter().filter_map(|head| {
        let row = row_of(head.row)?;
        Some(EnvelopeIn { row, ..head.clone() })
    });
    let texts = arrivals.texts.iter().filter_map(|text| {
        let row = row_of(text.row)?;
        Some(PreviewIn { row, ..text.clone() })
    });
    write_envelopes(connection, &heads.collect::<Vec<_>>()).await?;
    write_previews(connection, &texts.collect::<Vec<_>>()).await
}

/// What is known of these messages; `None` if one of them is there in another place.
async fn find(
    connection: &mut SqliteConnection,
    mailbox: i64,
    revision: i64,
    entries: &[Seen],
) -> Result<Option<Known>> {
    let (mut names, mut absent) = (HashMap::new(), HashMap::new());
    for entry in entries {
        let row = sqlx::query(
            "SELECT id, mark, base, location, missing_since, gone FROM message INDEXED BY message_name \
             WHERE mailbox = ?1 AND public_id = ?2",
        );
        let row = row.bind(mailbox).bind(&entry.public_id);
        let Some(row) = row.fetch_optional(&mut *connection).await? else {
            continue;
        };
        let id: i64 = row.try_get(0)?;
        let (missing_since, gone): (Option<i64>, Option<i64>) = (row.try_get(4)?, row.try_get(5)?);
        match (missing_since, gone) {
            (_, Some(_)) => _ = absent.insert(id, Absent::Gone),
            (Some(since), None) => _ = absent.insert(id, Absent::Missing(since)),
            (None, None) => {
                let (base, location): (Vec<u8>, Vec<u8>) = (row.try_get(2)?, row.try_get(3)?);
                if pack::unpack_location(&base, &location) != entry.location {
                    return Ok(None);
                }
            }
        }
        names.insert(entry.public_id.clone(), (id, row.try_get(1)?));
    }
    Ok(Some(Known {
        revision,
        names,
        absent,
    }))
}
