use super::{
    Saved, SavedMeta,
    body::Body,
    draft::Draft,
    table::{self, BodyRow},
    tail::Owner,
};
use crate::{IndexError, Result};
use sqlx::SqliteConnection;

/// Bytes that are gathered before a thread is asked to write them.
const GATHERED: usize = 256 * 1024;

impl Saved {
    /// Saves a message under its id. Says whether it was not there yet; another content that the id had is given up. The
    /// file is on the disk when this returns.
    ///
    /// # Errors
    /// `TooLarge` before anything is written; `Full`, and nothing remains; or if directory or table cannot be written.
    pub async fn put(&self, message: &str, meta: SavedMeta, raw: &[u8], now: i64) -> Result<bool> {
        let mut writer = self.writer(message, meta, raw.len() as u64)?;
        for part in raw.chunks(GATHERED) {
            writer.feed(part).await?;
        }
        writer.finish(now).await
    }

    /// Saves a message that comes in pieces; nothing is written yet. `expected` is its length as far as it is known, or 0.
    ///
    /// # Errors
    /// `TooLarge` if more is expected than is allowed.
    pub fn writer(&self, message: &str, meta: SavedMeta, expected: u64) -> Result<SavedWriter> {
        self.allow(expected)?;
        Ok(SavedWriter {
            saved: self.clone(),
            message: message.to_owned(),
            meta,
            draft: None,
            gathered: Vec::new(),
            length: 0,
        })
    }

    fn allow(&self, length: u64) -> Result<()> {
        let limit = self.limit;
        if length > limit {
            return Err(IndexError::TooLarge { limit });
        }
        Ok(())
    }

    async fn keep(&self, draft: Draft, name: [u8; 32], length: u64, owner: Owner) -> Result<bool> {
        let mut tx = self.write().await?;
        let before = table::body_of(&mut tx, &owner.message).await?;
        let same = table::body_named(&mut tx, &name).await?;
        if let (Some(before), Some(same)) = (&before, &same)
            && before.id == same.id
            && self.is_there(same).await?
        {
            let unchanged = Owner {
                saved_at: table::saved_at(&mut tx, &owner.message)
                    .await?
                    .unwrap_or(owner.saved_at),
                ..owner.clone()
            };
            table::put_owner(&mut tx, same.id, &unchanged).await?;
            if owner.opened {
                table::touch(&mut *tx, &[owner.message.as_str()], owner.saved_at).await?;
            }
            tx.commit().await?;
            return Ok(false);
        }
        let mut owners = match &same {
            Some(same) => table::owners(&mut tx, same.id).await?,
            None => Vec::new(),
        };
        owners.retain(|other| other.message != owner.message);
        owners.push(owner.clone());
        let size = self.blocking(move || draft.install(&name, owners)).await?;
        let noted = async {
            let body = table::put_body(&mut tx, &name, length, size).await?;
            table::put_owner(&mut tx, body, &owner).await?;
            if let Some(before) = before.filter(|before| before.id != body) {
                self.release(&mut tx, &before).await?;
            }
            tx.commit().await?;
            Ok(true)
        };
        let outcome = noted.await;
        if outcome.is_err() && same.is_none() {
            let files = self.inner.files.clone();
            self.blocking(move || files.remove(&name)).await?;
        }
        outcome
    }

    async fn is_there(&self, body: &BodyRow) -> Result<bool> {
        let (path, size) = (self.inner.files.path(&body.name), body.size);
        self.blocking(move || Ok(std::fs::metadata(path).is_ok_and(|there| there.len() == size)))
            .await
    }

    /// A file has lost an owner: without any it is removed, else written again for those it still has. Where that cannot be,
    /// those lose it too, which costs reading their message from the spool again.
    pub(super) async fn release(&self, tx: &mut SqliteConnection, body: &BodyRow) -> Result<()> {
        let owners = table::owners(tx, body.id).await?;
        let (files, keys, name) = (self.inner.files.clone(), self.inner.keys.clone(), body.name);
        let written = self.blocking(move || {
            let again = || {
                let body = Body::open(&files, &keys, &name)?;
                let length = body.tail().length;
                std::io::Result::Ok((length, Draft::of(&body, &files, &keys)?.install(&name, owners.clone())?))
            };
            let written = if owners.is_empty() { None } else { again().ok() };
            if written.is_none() {
                files.remove(&name)?;
            }
            Ok(written)
        });
        if let Some((length, size)) = written.await? {
            table::put_body(tx, &body.name, length, size).await?;
        } else {
            table::remove_body(tx, body.id).await?;
        }
        Ok(())
    }
}

/// A message that is being saved. Dropped before it is finished, nothing remains of it.
pub struct SavedWriter {
    saved: Saved,
    message: String,
    meta: SavedMeta,
    draft: Option<Draft>,
    gathered: Vec<u8>,
    length: u64,
}

impl SavedWriter {
    /// The next bytes.
    ///
    /// # Errors
    /// `TooLarge` if they are more than is allowed, `Full`, or if they cannot be written. Nothing can be fed after that.
    pub async fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += bytes.len() as u64;
        self.saved.allow(self.length)?;
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= GATHERED {
            let (draft, _) = self.write(false).await?;
            self.draft = Some(draft);
        }
        Ok(())
    }

    /// All has been fed. Says whether it was not there yet.
    ///
    /// # Errors
    /// `Full`, or if directory or table cannot be written. Nothing remains then.
    pub async fn finish(mut self, now: i64) -> Result<bool> {
        self.saved.allow(self.length)?;
        let (draft, name) = self.write(true).await?;
        let owner = Owner {
            message: self.message,
            delivered: self.meta.delivered,
            saved_at: now,
            pinned: self.meta.pinned,
            opened: self.meta.opened,
        };
        let (saved, length) = (self.saved.clone(), self.length);
        self.saved
            .to_the_end(async move { saved.keep(draft, name, length, owner).await })
            .await
    }

    /// Writes what was gathered, to the end if that is all.
    async fn write(&mut self, all: bool) -> Result<(Draft, [u8; 32])> {
        // A draft that was lost with an error, or with a future nobody waited for, cannot be gone on with.
        let begun = self.draft.take();
        if begun.is_none() && self.length != self.gathered.len() as u64 {
            return Err(IndexError::of_file(
                self.saved.dir(),
                std::io::ErrorKind::BrokenPipe.into(),
            ));
        }
        let (files, keys) = (self.saved.inner.files.clone(), self.saved.inner.keys.clone());
        let gathered = std::mem::take(&mut self.gathered);
        let job = move || {
            let mut draft = match begun {
                Some(draft) => draft,
                None => Draft::new(&files, &keys)?,
            };
            draft.feed(&gathered)?;
            let name = if all { draft.end()? } else { [0; 32] };
            Ok((draft, name))
        };
        self.saved.blocking(job).await
    }
}
