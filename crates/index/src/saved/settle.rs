//! Making the table say what the files are.

use super::{
    Saved,
    body::{Body, is_lost},
    keys::Name,
    table::{self, BodyRow},
    tail::Tail,
};
use crate::Result;
use sqlx::{Row, SqliteConnection, query};
use std::{collections::HashMap, io};

impl Saved {
    /// Compares which files there are with the table, if `doubtful` or if they are of another key. A file that the table does
    /// not know, or knows in another size, is read for whose it is; one that cannot be read is removed, and so is what has
    /// no file.
    pub(super) async fn settle(&self, doubtful: bool) -> Result<()> {
        if !doubtful && self.has_key(&mut *self.inner.writer.acquire().await?).await? {
            return Ok(());
        }
        let saved = self.clone();
        self.to_the_end(async move {
            let mut tx = saved.write().await?;
            if !saved.has_key(&mut tx).await? {
                // All files are read again, and do not decrypt.
                sqlx::raw_sql("DELETE FROM message; DELETE FROM body; DELETE FROM key")
                    .execute(&mut *tx)
                    .await?;
                let key = query("INSERT INTO key (mark) VALUES (?)").bind(saved.inner.keys.mark());
                key.execute(&mut *tx).await?;
            }
            saved.compare(&mut tx).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn has_key(&self, on: &mut SqliteConnection) -> Result<bool> {
        let found = query("SELECT mark FROM key").fetch_all(on).await?;
        match found.as_slice() {
            [row] => Ok(row.try_get::<&[u8], _>(0)? == self.inner.keys.mark()),
            _ => Ok(false),
        }
    }

    async fn compare(&self, tx: &mut SqliteConnection) -> Result<()> {
        let mut known = HashMap::new();
        for row in query("SELECT id, name, size FROM body").fetch_all(&mut *tx).await? {
            let body = BodyRow::from(&row)?;
            known.insert(body.name, body);
        }
        let files = self.inner.files.clone();
        let mut unknown = Vec::new();
        for (name, size) in self.blocking(move || files.list()).await? {
            match known.remove(&name) {
                Some(body) if body.size == size => {}
                Some(body) => {
                    table::remove_body(tx, body.id).await?;
                    unknown.push(name);
                }
                None => unknown.push(name),
            }
        }
        for gone in known.values() {
            table::remove_body(tx, gone.id).await?;
        }
        for (tail, size) in &self.read_tails(unknown).await? {
            let body = table::put_body(tx, &tail.name, tail.length, *size).await?;
            for owner in &tail.owners {
                // Of two contents that name one message, the one that was saved last is what it is now.
                let other = table::saved_at(tx, &owner.message).await?;
                if other.is_none_or(|other| other <= owner.saved_at) {
                    table::put_owner(tx, body, owner).await?;
                }
            }
        }
        self.remove_ownerless(tx).await
    }

    /// What can be read of these files; the others are removed.
    async fn read_tails(&self, names: Vec<Name>) -> Result<Vec<(Tail, u64)>> {
        let (files, keys) = (self.inner.files.clone(), self.inner.keys.clone());
        let (read, damaged) = self
            .blocking(move || {
                let (mut read, mut damaged) = (Vec::new(), 0_usize);
                for name in names {
                    match Body::open(&files, &keys, &name) {
                        Ok(body) => read.push((body.tail().clone(), body.size())),
                        Err(error) if is_lost(&error) => {
                            files.remove(&name)?;
                            damaged += 1;
                        }
                        Err(error) => return Err(error),
                    }
                }
                io::Result::Ok((read, damaged))
            })
            .await?;
        if damaged > 0 {
            tracing::warn!(dir = %self.dir().display(), files = damaged, "saved messages that cannot be read are removed");
        }
        Ok(read)
    }

    async fn remove_ownerless(&self, tx: &mut SqliteConnection) -> Result<()> {
        let rows = query("SELECT id, name, size FROM body WHERE id NOT IN (SELECT body FROM message)");
        for row in rows.fetch_all(&mut *tx).await? {
            self.release(tx, &BodyRow::from(&row)?).await?;
        }
        Ok(())
    }
}
