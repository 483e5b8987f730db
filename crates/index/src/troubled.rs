//! Messages that are there and could not be read: their disk failed or gave no answer, or they may not be read. None of it is for
//! ever, so they are tried again, after pauses that grow.

use crate::{
    Index, Result,
    headers::{Pending, pending},
};
use sqlx::Row;

/// The first pause, in seconds; each is twice as long as the one before.
const FIRST_PAUSE: i64 = 30;
/// Doublings after which a pause is as long as it gets, a quarter of an hour: rights are mended by somebody who looks whether it helped.
const MOST_DOUBLINGS: i64 = 5;

/// A message of which header or text could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TroubleIn {
    /// Its row.
    pub row: i64,
    /// Why; the caller's code.
    pub trouble: u8,
}

/// Which messages are to be tried again, by the caller's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Those of this trouble.
    Only(u8),
    /// All others.
    But(u8),
}

impl Index {
    /// Notes what could not be read at `now`, in seconds. What was read before stays, and until it is tried again it is not pending. What is
    /// noted already and not due says nothing new.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn put_troubles(&self, troubles: &[TroubleIn], now: i64) -> Result<()> {
        if troubles.is_empty() {
            return Ok(());
        }
        let outcome = async {
            let mut tx = self.write().await?;
            for TroubleIn { row, trouble } in troubles {
                let note = sqlx::query(
                    "UPDATE message SET trouble = ?2, again = ?3 + (?4 << min(tries, ?5)), tries = tries + 1 \
                     WHERE id = ?1 AND (trouble IS NULL OR again <= ?3)",
                );
                let note = note.bind(row).bind(trouble).bind(now);
                note.bind(FIRST_PAUSE).bind(MOST_DOUBLINGS).execute(&mut *tx).await?;
            }
            Ok(tx.commit().await?)
        };
        self.noting_damage(outcome.await)
    }

    /// Messages that could not be read and are to be tried again by `now`, in seconds, the longest due first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn due_troubles(&self, mailbox: i64, now: i64, limit: u32, which: Due) -> Result<Vec<Pending>> {
        let (code, is_it) = match which {
            Due::Only(code) => (code, true),
            Due::But(code) => (code, false),
        };
        let outcome = async {
            let due = sqlx::query(
                "SELECT json_group_array(json_array(id, hex(base), hex(location)) ORDER BY again) FROM (\
                 SELECT id, base, location, again FROM message INDEXED BY message_troubled \
                 WHERE mailbox = ?1 AND gone IS NULL AND trouble IS NOT NULL AND again <= ?2 AND (trouble = ?4) = ?5 ORDER BY again LIMIT ?3)",
            );
            let due = due
                .bind(mailbox)
                .bind(now)
                .bind(limit)
                .bind(code)
                .bind(is_it)
                .fetch_one(self.readers())
                .await?;
            pending(due.try_get(0)?)
        };
        self.noting_damage(outcome.await)
    }

    /// When the next message that could not be read is to be tried again, in seconds; `None` if all could be read.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn next_trouble(&self, mailbox: i64) -> Result<Option<i64>> {
        let outcome = async {
            let next = sqlx::query(
                "SELECT min(again) FROM message INDEXED BY message_troubled \
                 WHERE mailbox = ?1 AND gone IS NULL AND trouble IS NOT NULL",
            );
            let next = next.bind(mailbox).fetch_one(self.readers()).await?;
            Ok(next.try_get(0)?)
        };
        self.noting_damage(outcome.await)
    }
}
