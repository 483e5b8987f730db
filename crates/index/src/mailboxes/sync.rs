use super::MailboxSeen;
use crate::{Index, Result, listing::SECOND_LOOK_NS, pack};
use sqlx::{Row, Sqlite, Transaction};
use std::collections::{HashMap, HashSet};

/// A mailbox that may be elsewhere is believed to be removed after this, in nanoseconds.
const DAY_NS: i64 = 24 * 3600 * 1_000_000_000;

impl Index {
    /// Takes the list of mailboxes that the spool has. One that is not there any more is removed by the second list without
    /// it, two seconds later at the earliest; one of `doubted`, by their rows, a day later: another store may be there. An empty list
    /// changes nothing: there is always a mailbox that mail arrives in, so the spool is not there. Says whether anything was written.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn sync_mailboxes(&self, seen: &[MailboxSeen], doubted: &[i64], now_ns: i64) -> Result<bool> {
        if seen.is_empty() {
            return Ok(false);
        }
        let outcome = self.try_sync_mailboxes(seen, doubted, now_ns).await;
        self.noting_damage(outcome)
    }

    async fn try_sync_mailboxes(&self, seen: &[MailboxSeen], doubted: &[i64], now_ns: i64) -> Result<bool> {
        if self.knows_exactly(seen).await? {
            return Ok(false);
        }
        let mut tx = self.write().await?;
        let mut rows: HashMap<Vec<u8>, (i64, Option<i64>)> = HashMap::new();
        for row in sqlx::query("SELECT path, id, missing_since FROM mailbox")
            .fetch_all(&mut *tx)
            .await?
        {
            rows.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
        }
        let mut written = HashSet::new();
        for mailbox in seen {
            if written.insert(&mailbox.path) {
                rows.remove(&mailbox.path);
                write(&mut tx, mailbox).await?;
            }
        }
        for (id, missing_since) in rows.into_values() {
            let after = if doubted.contains(&id) { DAY_NS } else { SECOND_LOOK_NS };
            match missing_since {
                Some(since) if now_ns.saturating_sub(since) >= after => remove(&mut tx, id).await?,
                Some(since) if since <= now_ns => {}
                _ => {
                    let mark = sqlx::query("UPDATE mailbox SET missing_since = ?2 WHERE id = ?1");
                    mark.bind(id).bind(now_ns).execute(&mut *tx).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Whether there is nothing to write, which is what mostly happens.
    async fn knows_exactly(&self, seen: &[MailboxSeen]) -> Result<bool> {
        let mut known = HashMap::new();
        let rows = sqlx::query(
            "SELECT path, public_id, segments, special_use, subscribed, defect, missing_since IS NOT NULL FROM mailbox",
        );
        for row in rows.fetch_all(self.readers()).await? {
            if row.try_get(6)? {
                return Ok(false);
            }
            let segments: Vec<u8> = row.try_get(2)?;
            let mailbox = MailboxSeen {
                public_id: row.try_get(1)?,
                path: row.try_get(0)?,
                segments: pack::unpack_strings(&segments),
                special_use: row.try_get(3)?,
                subscribed: row.try_get(4)?,
                defect: row.try_get(5)?,
            };
            known.insert(mailbox.path.clone(), mailbox);
        }
        Ok(known.len() == seen.len() && seen.iter().all(|mailbox| known.get(&mailbox.path) == Some(mailbox)))
    }
}

async fn write(tx: &mut Transaction<'static, Sqlite>, mailbox: &MailboxSeen) -> Result<()> {
    sqlx::query(
        "INSERT INTO mailbox (public_id, path, segments, special_use, subscribed, defect) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (path) DO UPDATE SET public_id = ?1, segments = ?3, special_use = ?4, subscribed = ?5, defect = ?6, \
         missing_since = NULL",
    )
    .bind(&mailbox.public_id)
    .bind(&mailbox.path)
    .bind(pack::strings(&mailbox.segments))
    .bind(mailbox.special_use)
    .bind(mailbox.subscribed)
    .bind(&mailbox.defect)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn remove(tx: &mut Transaction<'static, Sqlite>, mailbox: i64) -> Result<()> {
    for statement in [
        "DELETE FROM mailbox WHERE id = ?1",
        "DELETE FROM memory WHERE mailbox = ?1",
        "DELETE FROM message WHERE mailbox = ?1",
    ] {
        sqlx::query(statement).bind(mailbox).execute(&mut **tx).await?;
    }
    Ok(())
}
