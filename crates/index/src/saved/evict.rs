use super::{
    Saved,
    table::{self, BodyRow, on_disk},
};
use crate::Result;
use sqlx::{Row, query};
use std::{cmp::Reverse, collections::HashSet};

/// Files that are removed while others wait.
const AT_ONCE: usize = 100;

/// What an eviction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evicted {
    /// Messages that are not saved any more.
    pub messages: u64,
    /// What their files took, in bytes.
    pub freed: u64,
    /// What is taken still, in bytes, as [`Saved::bytes`] counts.
    pub left: u64,
}

impl Saved {
    /// Removes what goes beyond `budget` bytes. First go messages that are neither pinned nor opened and were delivered before
    /// `newest_from` (seconds since 1970), then the newer ones, then those that are pinned. What somebody opened stays, unless such mail alone is
    /// more than the budget: then what was opened longest ago goes. Within each of these what was used least recently goes first; of
    /// what was never opened, what was delivered first. A content of several messages counts as the best of them.
    /// The files are looked at first, so that what they take is what is counted.
    ///
    /// # Errors
    /// If a file cannot be removed or the table not be written; some may be removed then.
    pub async fn evict(&self, budget: u64, newest_from: i64, now: i64) -> Result<Evicted> {
        let files = self.inner.files.clone();
        self.blocking(move || files.clear()).await?;
        self.settle(true).await?;
        let mut evicted = Evicted {
            left: self.bytes().await?,
            ..Evicted::default()
        };
        while evicted.left > budget {
            let saved = self.clone();
            let step = self.to_the_end(async move { saved.evict_some(budget, newest_from, now).await });
            let step = step.await?;
            evicted.messages += step.messages;
            evicted.freed += step.freed;
            evicted.left = step.left;
            if step.messages == 0 {
                break;
            }
        }
        Ok(evicted)
    }

    async fn evict_some(&self, budget: u64, newest_from: i64, now: i64) -> Result<Evicted> {
        let mut tx = self.write().await?;
        let mut step = Evicted {
            left: table::bytes(&mut *tx).await?,
            ..Evicted::default()
        };
        // A clock that was once ahead must not keep anything for ever.
        let rows = query(
            "SELECT b.id, b.name, b.size, max(m.opened) AS o, max(m.pinned) AS p, max(m.delivered) AS d, \
             max(min(m.used, ?2)) AS u FROM body b JOIN message m ON m.body = b.id GROUP BY b.id \
             ORDER BY CASE WHEN o THEN 3 WHEN p THEN 2 WHEN d >= ?1 THEN 1 ELSE 0 END, u, d, b.name LIMIT ?3",
        )
        .bind(newest_from)
        .bind(now)
        .bind(AT_ONCE as i64)
        .fetch_all(&mut *tx)
        .await?;
        let mut going = Vec::new();
        for row in &rows {
            if step.left <= budget {
                break;
            }
            let body = BodyRow::from(row)?;
            step.messages += table::remove_body(&mut tx, body.id).await?;
            step.freed += on_disk(body.size);
            step.left = step.left.saturating_sub(on_disk(body.size));
            going.push(body.name);
        }
        let files = self.inner.files.clone();
        self.blocking(move || going.iter().try_for_each(|name| files.remove(name)))
            .await?;
        tx.commit().await?;
        Ok(step)
    }

    /// Which of these messages (id, when delivered in seconds since 1970, size in bytes) are not saved and would stay within
    /// `budget` bytes, newest first. Newer mail displaces older, opened and pinned mail is not displaced, and no compression
    /// is counted on: [`Saved::evict`] keeps what was saved by this list, however often both are called.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub async fn wanted(&self, candidates: &[(&str, i64, u64)], budget: u64) -> Result<Vec<String>> {
        self.noting_damage(self.choose(candidates, budget).await)
    }

    async fn choose(&self, candidates: &[(&str, i64, u64)], budget: u64) -> Result<Vec<String>> {
        let ids: Vec<_> = candidates.iter().map(|(id, _, _)| *id).collect();
        let saved = self.has(&ids).await?;
        let mut seen = HashSet::new();
        let missing = candidates
            .iter()
            .zip(saved)
            .filter(|((id, _, _), saved)| !saved && seen.insert(*id));
        // Newest first, and of one second what is saved already.
        let mut all: Vec<_> = missing
            .map(|((id, delivered, size), _)| (Reverse(*delivered), 1, Some(*id), on_disk(size.saturating_add(MORE))))
            .collect();
        let mut room = budget;
        let bodies = "SELECT max(m.opened OR m.pinned), max(m.delivered), b.size FROM body b JOIN message m ON m.body = b.id GROUP BY b.id";
        for row in query(bodies).fetch_all(&self.inner.readers).await? {
            let (stays, delivered, size) = (row.try_get(0)?, row.try_get(1)?, on_disk(table::unsigned(&row, 2)?));
            if stays {
                room = room.saturating_sub(size);
            } else {
                all.push((Reverse(delivered), 0, None, size));
            }
        }
        all.sort_unstable();
        let mut wanted = Vec::new();
        for (_, _, id, size) in all {
            if size <= room {
                room -= size;
                wanted.extend(id.map(str::to_owned));
            }
        }
        Ok(wanted)
    }
}

/// What a file may have beyond its message, in bytes; of a long one a thousandth is more.
const MORE: u64 = 512;
