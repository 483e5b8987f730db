use super::{
    Applied, ListingIn, Rest, begin as coming,
    diff::{Diff, marks},
    known::{Known, revision},
    write,
};
use crate::{Index, Result};
use sqlx::SqliteConnection;

/// Messages added at once: others who write wait no longer than this takes.
const STEP: usize = 500;

impl Index {
    /// Takes what a listing found, and writes only what differs. A message under a new name is the same message: nothing of
    /// it is read again. One that a complete listing does not have is missing; the next complete listing without it, two
    /// seconds later at the earliest, makes it gone, and it is remembered for 30 days in case it comes back.
    ///
    /// # Errors
    /// [`IndexError::NoMailbox`](crate::IndexError::NoMailbox), or if the file cannot be written. A listing that is not
    /// believed is no error: see [`Applied::refused`].
    pub async fn apply_listing(&self, mailbox: i64, listing: &ListingIn, now_ns: i64) -> Result<Applied> {
        self.apply_listing_in_steps(mailbox, listing, now_ns, &|| ()).await
    }

    /// The same, for a caller who wants to know whenever a part of a long listing has been written. The newest messages come
    /// first; the others are counted and not shown until it is their turn. Between steps others may write. What the listing is true
    /// of is noted with the last step only: broken off, it has to be made again, and what is missing is then added.
    ///
    /// # Errors
    /// As [`Index::apply_listing`].
    pub async fn apply_listing_in_steps(
        &self,
        mailbox: i64,
        listing: &ListingIn,
        now_ns: i64,
        written: &(dyn Fn() + Send + Sync),
    ) -> Result<Applied> {
        let outcome = self.try_apply_listing(mailbox, listing, now_ns, written).await;
        self.noting_damage(outcome)
    }

    async fn try_apply_listing(
        &self,
        mailbox: i64,
        listing: &ListingIn,
        now_ns: i64,
        written: &(dyn Fn() + Send + Sync),
    ) -> Result<Applied> {
        let (entries, marks) = (&listing.entries, marks(&listing.entries).await);
        // Comparing takes longest, so it is done without keeping others from writing.
        let mut known = Known::of(self, mailbox).await?;
        let mut diff = Diff::new(&known, listing, &marks, now_ns).await;
        let mut added_before = 0;

        let mut tx = self.write().await?;
        loop {
            if revision(&mut tx, mailbox).await? != known.revision {
                known = Known::load(&mut tx, mailbox).await?;
                diff = Diff::new(&known, listing, &marks, now_ns).await;
            }
            let diff = match &diff {
                Ok(diff) => diff,
                Err(refused) => {
                    return Ok(Applied {
                        refused: Some(*refused),
                        ..Applied::default()
                    });
                }
            };
            let mut added = write::in_order(entries, diff.added.clone());
            let first = match added.len() {
                0 => 0,
                count => coming::first_row(&mut tx, mailbox, count).await?,
            };
            let mut rest = Rest::of(added.iter().map(|at| &entries[*at]));
            let mut is_known = true;
            while added.len() > STEP && is_known {
                let newest = added.split_off(added.len() - STEP);
                let row = first.saturating_add_unsigned(added.len() as u64);
                write::add(&mut tx, mailbox, entries, &marks, &newest, row).await?;
                rest = rest.without(Rest::of(newest.iter().map(|at| &entries[*at])));
                // What it is true as of stays, until what is gone and what changed is written too.
                coming::note(&mut tx, mailbox, rest, first, None).await?;
                tx.commit().await?;
                written();
                added_before += newest.len() as u64;
                known.revision += 1;
                tx = self.write().await?;
                is_known = revision(&mut tx, mailbox).await? == known.revision;
            }
            if !is_known {
                continue;
            }
            write::add(&mut tx, mailbox, entries, &marks, &added, first).await?;
            if !diff.is_empty() {
                write::write(&mut tx, entries, &marks, diff, now_ns).await?;
            }
            let forgotten = write::forget_old(&mut tx, mailbox, now_ns).await?;
            let applied = diff.applied();
            note(&mut tx, mailbox, listing, &applied, !diff.is_empty()).await?;
            tx.commit().await?;
            return Ok(Applied {
                added: added_before + added.len() as u64,
                forgotten,
                ..applied
            });
        }
    }
}

async fn note(
    connection: &mut SqliteConnection,
    mailbox: i64,
    listing: &ListingIn,
    applied: &Applied,
    changed: bool,
) -> Result<()> {
    // What it lacks is shown until another listing decides.
    let as_of = listing.as_of.filter(|_| applied.is_whole());
    // The place where the messages lay is the known one until the other is believed.
    let is_believed = !(listing.other_device && applied.is_doubted());
    sqlx::query(
        "UPDATE mailbox SET stamp = coalesce(?2, stamp), settled = iif(?8, ?3, settled), as_of = coalesce(?4, as_of), \
         uidvalidity = iif(?8, ?5, uidvalidity), listing_defect = iif(?8, ?6, listing_defect), \
         revision = revision + ?7, coming = 0, coming_unread = 0, coming_id = 0 WHERE id = ?1",
    )
    .bind(mailbox)
    .bind(is_believed.then_some(&listing.stamp))
    .bind(listing.settled)
    .bind(as_of)
    .bind(listing.uidvalidity)
    .bind(&listing.defect)
    .bind(changed)
    .bind(is_believed)
    .execute(&mut *connection)
    .await?;
    let memory = listing.memory.as_deref().filter(|_| is_believed);
    remember(connection, mailbox, memory).await
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
