//! Messages that a listing found and that are still to be written. Rows are kept for them, so that in the end each message has the
//! row that it would have got at once: rows decide between equal dates.

use super::{Rest, Seen, diff::marks, known::revision, write};
use crate::{Index, Result, flags};
use sqlx::{Row, SqliteConnection};

impl Index {
    /// Shows the newest messages of a mailbox that is listed for the first time, with the counts of the rest, before the rest is
    /// looked at, and as of when (nanoseconds) that is true, if it is known. The listing itself has to follow
    /// ([`Index::apply_listing`]). Says whether that was done: of a mailbox of which anything is known it is not.
    ///
    /// # Errors
    /// [`IndexError::NoMailbox`](crate::IndexError::NoMailbox), or if the file cannot be written.
    pub async fn begin_listing(&self, mailbox: i64, newest: &[Seen], rest: Rest, as_of: Option<i64>) -> Result<bool> {
        let outcome = self.try_begin_listing(mailbox, newest, rest, as_of).await;
        self.noting_damage(outcome)
    }

    async fn try_begin_listing(&self, mailbox: i64, newest: &[Seen], rest: Rest, as_of: Option<i64>) -> Result<bool> {
        let marks = marks(newest).await;
        let mut tx = self.write().await?;
        // Every listing that found anything has raised it.
        if revision(&mut tx, mailbox).await? != 0 {
            return Ok(false);
        }
        let first = first_free(&mut tx).await?;
        let row = first.saturating_add_unsigned(rest.coming);
        let order = write::in_order(newest, (0..newest.len()).collect());
        write::add(&mut tx, mailbox, newest, &marks, &order, row).await?;
        note(&mut tx, mailbox, rest, first, as_of).await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl Rest {
    pub(super) fn of<'a>(entries: impl Iterator<Item = &'a Seen>) -> Self {
        let mut rest = Self::default();
        for entry in entries {
            rest.coming += 1;
            rest.unread += u64::from(entry.flags & flags::SEEN == 0);
        }
        rest
    }

    pub(super) fn without(self, written: Self) -> Self {
        Self {
            coming: self.coming - written.coming,
            unread: self.unread - written.unread,
        }
    }
}

/// The first of the rows for so many messages: of those that are kept, if they are enough.
pub(super) async fn first_row(connection: &mut SqliteConnection, mailbox: i64, count: usize) -> Result<i64> {
    let row = sqlx::query("SELECT coming_id FROM mailbox WHERE id = ?1 AND coming > 0 AND coming >= ?2");
    let row = row.bind(mailbox).bind(i64::try_from(count).unwrap_or(i64::MAX));
    match row.fetch_optional(&mut *connection).await? {
        Some(row) => Ok(row.try_get(0)?),
        None => first_free(connection).await,
    }
}

pub(super) async fn first_free(connection: &mut SqliteConnection) -> Result<i64> {
    let last = sqlx::query("SELECT seq FROM sqlite_sequence WHERE name = 'message'");
    let last = last.fetch_optional(connection).await?;
    let last: i64 = last.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
    Ok(last + 1)
}

/// What is still to come, and as of when what is there and what is counted is true, if that is known.
pub(super) async fn note(
    connection: &mut SqliteConnection,
    mailbox: i64,
    rest: Rest,
    first: i64,
    as_of: Option<i64>,
) -> Result<()> {
    sqlx::query(
        "UPDATE mailbox SET coming = ?2, coming_unread = ?3, coming_id = ?4, as_of = coalesce(?5, as_of), revision = revision + 1 \
         WHERE id = ?1",
    )
    .bind(mailbox)
    .bind(i64::try_from(rest.coming).unwrap_or(i64::MAX))
    .bind(i64::try_from(rest.unread).unwrap_or(i64::MAX))
    .bind(first)
    .bind(as_of)
    .execute(connection)
    .await?;
    Ok(())
}
