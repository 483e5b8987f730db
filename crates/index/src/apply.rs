use crate::{Applied, Index, IndexError, ListingIn, Refusal, Seen, mailbox::SECOND_LISTING_NS, mailbox::join};
use sqlx::{QueryBuilder, Row, Sqlite, Transaction};
use std::collections::HashMap;

/// How long the name of what was removed is kept.
const TOMBSTONE_NS: i64 = 30 * 24 * 3_600 * 1_000_000_000;
/// Rows of one INSERT: eleven values each stay below SQLite's limit, and a statement costs a trip to its thread.
const INSERT_ROWS: usize = 500;
/// Below this many messages a mailbox may be emptied at once.
const GUARD_FROM: usize = 20;

struct Known {
    id: i64,
    location: Vec<u8>,
    flags: i64,
    keywords: String,
    uid: Option<i64>,
    missing_since: Option<i64>,
}

impl Index {
    /// Takes in a listing. Additions come before removals; another name or other flags of a known message cost one UPDATE.
    /// What is absent is removed only if it was absent from an earlier complete listing too, at least two seconds before.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn apply_listing(&self, mailbox: i64, listing: &ListingIn, now_ns: i64) -> Result<Applied, IndexError> {
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut known = known(&mut change, mailbox).await?;
        let mut applied = Applied::default();
        let mut new: Vec<&Seen> = Vec::new();
        let mut changed: Vec<(i64, &Seen)> = Vec::new();
        let known_before = known.len();
        for seen in &listing.entries {
            match known.remove(&seen.public_id) {
                None => new.push(seen),
                Some(row) if row.differs(seen) => changed.push((row.id, seen)),
                Some(_) => {}
            }
        }
        if listing.may_remove && is_wrong_store(listing, known_before, known.len()) {
            applied.refused = Some(Refusal::WrongStore);
            return Ok(applied);
        }
        for rows in new.chunks(INSERT_ROWS) {
            insert(&mut change, mailbox, rows).await?;
        }
        for (id, seen) in &changed {
            update(&mut change, *id, seen).await?;
        }
        applied.added = new.len() as u64;
        applied.changed = changed.len() as u64;
        if listing.may_remove {
            remove(&mut change, mailbox, known, now_ns, &mut applied).await?;
        }
        sqlx::query(
            "UPDATE mailbox SET stamp = ?, settled = ?, as_of = ?, uidvalidity = ?, memory = ?, notes = ? WHERE id = ?",
        )
        .bind(&listing.stamp)
        // A name that waits for its second listing needs that listing.
        .bind(listing.settled && applied.missing == 0)
        .bind(now_ns)
        .bind(listing.uidvalidity)
        .bind(&listing.memory)
        .bind(&listing.notes)
        .bind(mailbox)
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        Ok(applied)
    }
}

impl Known {
    fn differs(&self, seen: &Seen) -> bool {
        self.missing_since.is_some()
            || self.location != seen.location
            || self.flags != i64::from(seen.flags)
            || self.uid != seen.uid.map(i64::from)
            || self.keywords != join(&seen.keywords)
    }
}

/// A mailbox that loses more than 30 % at once, or all, while the mail server still names its messages, is not believed.
fn is_wrong_store(listing: &ListingIn, known: usize, absent: usize) -> bool {
    let Some(expected) = listing.expected else { return false };
    let expected = usize::try_from(expected).unwrap_or(usize::MAX);
    known >= GUARD_FROM && absent * 10 > known * 3 && expected > listing.entries.len() + absent / 2
}

async fn known(change: &mut Transaction<'_, Sqlite>, mailbox: i64) -> Result<HashMap<String, Known>, IndexError> {
    let rows = sqlx::query(
        "SELECT id, public_id, location, flags, keywords, uid, missing_since FROM message WHERE mailbox = ?",
    )
    .bind(mailbox)
    .fetch_all(&mut **change)
    .await?;
    let mut known = HashMap::with_capacity(rows.len());
    for row in rows {
        known.insert(
            row.try_get(1)?,
            Known {
                id: row.try_get(0)?,
                location: row.try_get(2)?,
                flags: row.try_get(3)?,
                keywords: row.try_get(4)?,
                uid: row.try_get(5)?,
                missing_since: row.try_get(6)?,
            },
        );
    }
    Ok(known)
}

async fn insert(change: &mut Transaction<'_, Sqlite>, mailbox: i64, rows: &[&Seen]) -> Result<(), IndexError> {
    let mut insert = QueryBuilder::new(
        "INSERT OR IGNORE INTO message (mailbox, public_id, base, location, flags, keywords, uid, size, unread, seen, date) ",
    );
    insert.push_values(rows, |mut row, seen| {
        row.push_bind(mailbox)
            .push_bind(&seen.public_id)
            .push_bind(&seen.base)
            .push_bind(&seen.location)
            .push_bind(seen.flags)
            .push_bind(join(&seen.keywords))
            .push_bind(seen.uid)
            .push_bind(seen.size.and_then(|size| i64::try_from(size).ok()))
            .push_bind(!seen.seen)
            .push_bind(seen.seen)
            .push_bind(seen.order_hint);
    });
    insert.build().execute(&mut **change).await?;
    Ok(())
}

async fn update(change: &mut Transaction<'_, Sqlite>, id: i64, seen: &Seen) -> Result<(), IndexError> {
    sqlx::query(
        "UPDATE message SET location = ?, flags = ?, keywords = ?, uid = ?, seen = ?, unread = NOT (? OR opened_here),
           missing_since = NULL WHERE id = ?",
    )
    .bind(&seen.location)
    .bind(seen.flags)
    .bind(join(&seen.keywords))
    .bind(seen.uid)
    .bind(seen.seen)
    .bind(seen.seen)
    .bind(id)
    .execute(&mut **change)
    .await?;
    Ok(())
}

async fn remove(
    change: &mut Transaction<'_, Sqlite>,
    mailbox: i64,
    absent: HashMap<String, Known>,
    now_ns: i64,
    applied: &mut Applied,
) -> Result<(), IndexError> {
    for (public_id, row) in absent {
        match row.missing_since {
            Some(since) if since <= now_ns - SECOND_LISTING_NS => {
                sqlx::query("INSERT OR REPLACE INTO tombstone (mailbox, public_id, removed_at) VALUES (?, ?, ?)")
                    .bind(mailbox)
                    .bind(&public_id)
                    .bind(now_ns)
                    .execute(&mut **change)
                    .await?;
                sqlx::query("DELETE FROM message WHERE id = ?")
                    .bind(row.id)
                    .execute(&mut **change)
                    .await?;
                applied.removed += 1;
            }
            Some(_) => applied.missing += 1,
            None => {
                sqlx::query("UPDATE message SET missing_since = ? WHERE id = ?")
                    .bind(now_ns)
                    .bind(row.id)
                    .execute(&mut **change)
                    .await?;
                applied.missing += 1;
            }
        }
    }
    if applied.removed > 0 {
        sqlx::query("DELETE FROM tombstone WHERE removed_at < ?")
            .bind(now_ns - TOMBSTONE_NS)
            .execute(&mut **change)
            .await?;
    }
    Ok(())
}
