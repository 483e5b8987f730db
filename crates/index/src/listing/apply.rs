use super::{
    Applied, ListingIn,
    diff::{Diff, marks},
    known::{Known, revision},
    write,
};
use crate::{Index, Result};
use sqlx::SqliteConnection;

impl Index {
    /// Takes what a listing found, and writes only what differs. A message under a new name is the same message: nothing of
    /// it is read again. One that a complete listing does not have is missing; the next complete listing without it, two
    /// seconds later at the earliest, makes it gone, and it is remembered for 30 days in case it comes back.
    ///
    /// # Errors
    /// [`IndexError::NoMailbox`](crate::IndexError::NoMailbox), or if the file cannot be written. A listing that is not
    /// believed is no error: see [`Applied::refused`].
    pub async fn apply_listing(&self, mailbox: i64, listing: &ListingIn, now_ns: i64) -> Result<Applied> {
        let outcome = self.try_apply_listing(mailbox, listing, now_ns).await;
        self.noting_damage(outcome)
    }

    async fn try_apply_listing(&self, mailbox: i64, listing: &ListingIn, now_ns: i64) -> Result<Applied> {
        let marks = marks(&listing.entries).await;
        // Comparing takes longest, so it is done without keeping others from writing.
        let mut known = {
            let mut snapshot = self.readers().begin().await?;
            Known::load(&mut snapshot, mailbox).await?
        };
        let mut diff = Diff::new(&known, listing, &marks, now_ns).await;

        let mut tx = self.write().await?;
        if revision(&mut tx, mailbox).await? != known.revision {
            known = Known::load(&mut tx, mailbox).await?;
            diff = Diff::new(&known, listing, &marks, now_ns).await;
        }
        let diff = match diff {
            Ok(diff) => diff,
            Err(refused) => {
                return Ok(Applied {
                    refused: Some(refused),
                    ..Applied::default()
                });
            }
        };
        if !diff.is_empty() {
            write::write(&mut tx, mailbox, &listing.entries, &marks, &diff, now_ns).await?;
        }
        note(&mut tx, mailbox, listing, !diff.is_empty()).await?;
        tx.commit().await?;
        Ok(diff.applied())
    }
}

async fn note(connection: &mut SqliteConnection, mailbox: i64, listing: &ListingIn, changed: bool) -> Result<()> {
    sqlx::query(
        "UPDATE mailbox SET stamp = ?2, settled = ?3, as_of = ?4, uidvalidity = ?5, listing_defect = ?6, \
         revision = revision + ?7 WHERE id = ?1",
    )
    .bind(mailbox)
    .bind(&listing.stamp)
    .bind(listing.settled)
    .bind(listing.as_of)
    .bind(listing.uidvalidity)
    .bind(&listing.defect)
    .bind(changed)
    .execute(&mut *connection)
    .await?;
    remember(connection, mailbox, listing.memory.as_deref()).await
}

/// Keeps what the caller wants to know again.
pub(super) async fn remember(connection: &mut SqliteConnection, mailbox: i64, memory: Option<&[u8]>) -> Result<()> {
    let remember = match memory {
        Some(memory) => sqlx::query(
            "INSERT INTO memory (mailbox, bytes) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET bytes = ?2 WHERE bytes <> ?2",
        )
        .bind(mailbox)
        .bind(memory),
        None => sqlx::query("DELETE FROM memory WHERE mailbox = ?1").bind(mailbox),
    };
    remember.execute(connection).await?;
    Ok(())
}
