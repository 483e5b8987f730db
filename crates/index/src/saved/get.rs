use super::{
    Saved,
    body::{Body, is_lost},
    draft::BLOCK,
    keys::Name,
    table,
};
use crate::{IndexError, Result};
use sqlx::Row;
use std::{
    io,
    os::unix::fs::MetadataExt,
    sync::{Arc, Mutex, PoisonError, TryLockError},
};

/// A saved message. It can be read to its end even if it is evicted or forgotten meanwhile.
pub struct SavedBody {
    saved: Saved,
    name: Name,
    length: u64,
    saved_at: i64,
    delivered: i64,
    identity: (u64, u64),
    reading: Arc<Mutex<Reading>>,
}

struct Reading {
    body: Body,
    /// Which block `bytes` are.
    block: Option<usize>,
    bytes: Vec<u8>,
    spare: Vec<u8>,
}

impl Saved {
    /// A saved message; `None` if it is not saved, or was damaged: then it is not saved any more. Only the file's end has been read.
    ///
    /// # Errors
    /// If table or file cannot be read for another reason than damage of the file.
    pub async fn get(&self, message: &str) -> Result<Option<SavedBody>> {
        let found = sqlx::query(
            "SELECT b.name, m.saved_at, m.delivered FROM message m JOIN body b ON b.id = m.body WHERE m.id = ?",
        );
        let found = found.bind(message).fetch_optional(&self.inner.readers).await;
        let row = match self.noting_damage(found.map_err(IndexError::from)) {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(None),
            Err(error) if self.is_gone(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (name, saved_at, delivered) = (table::name(&row, 0)?, row.try_get(1)?, row.try_get(2)?);
        let (files, keys) = (self.inner.files.clone(), self.inner.keys.clone());
        let opened = self.or_lost(move || Body::open(&files, &keys, &name)).await?;
        let body = match opened {
            Ok(body) => body,
            Err(cause) => {
                self.lost(name, None, &cause).await;
                return Ok(None);
            }
        };
        Ok(Some(SavedBody {
            saved: self.clone(),
            name,
            length: body.tail().length,
            saved_at,
            delivered,
            identity: body.identity(),
            reading: Arc::new(Mutex::new(Reading {
                body,
                block: None,
                bytes: Vec::new(),
                spare: Vec::new(),
            })),
        }))
    }

    /// Reads; what says that a file is lost is no error of ours.
    async fn or_lost<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<io::Result<T>> {
        self.blocking(move || match job() {
            Err(error) if !is_lost(&error) => Err(error),
            other => Ok(other),
        })
        .await
    }

    /// Removes a file that was found damaged or missing, unless another has its name by now. That it cannot be removed is
    /// logged, and found again by whoever asks next.
    async fn lost(&self, name: Name, identity: Option<(u64, u64)>, cause: &io::Error) {
        let saved = self.clone();
        let removed = self.to_the_end(async move {
            let mut tx = saved.write().await?;
            let Some(body) = table::body_named(&mut tx, &name).await? else {
                return Ok(false);
            };
            let (files, keys) = (saved.inner.files.clone(), saved.inner.keys.clone());
            let removed = saved.blocking(move || {
                let healthy = match identity {
                    Some(ours) => {
                        std::fs::metadata(files.path(&name)).is_ok_and(|there| (there.dev(), there.ino()) != ours)
                    }
                    None => Body::open(&files, &keys, &name).is_ok(),
                };
                if !healthy {
                    files.remove(&name)?;
                }
                Ok(!healthy)
            });
            if removed.await? {
                table::remove_body(&mut tx, body.id).await?;
                tx.commit().await?;
                return Ok(true);
            }
            Ok(false)
        });
        let file = self.inner.files.path(&name);
        match removed.await {
            Ok(true) => tracing::warn!(file = %file.display(), %cause, "a saved message is lost"),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(file = %file.display(), %cause, %error, "a saved message is lost, and stays listed")
            }
        }
    }
}

impl SavedBody {
    /// Of the message, in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// When the message was delivered that was saved, in seconds since 1970: another one may have its id by now.
    #[must_use]
    pub fn delivered(&self) -> i64 {
        self.delivered
    }

    /// When it was saved, in seconds since 1970.
    #[must_use]
    pub fn saved_at(&self) -> i64 {
        self.saved_at
    }

    /// All of it; `None` if it is damaged, and then it is not saved any more.
    ///
    /// # Errors
    /// `TooLarge` if it has more than `limit` bytes, or if the file cannot be read for another reason than damage.
    pub async fn read_all(&self, limit: u64) -> Result<Option<Vec<u8>>> {
        if self.length > limit {
            return Err(IndexError::TooLarge { limit });
        }
        self.read(|reading, length| {
            let mut all = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            for number in 0..reading.body.tail().blocks.len() {
                reading.body.read(number, &mut all, &mut reading.spare)?;
            }
            Ok(all)
        })
        .await
    }

    /// At most `most` bytes from `offset` on, and fewer where a block of 64 KiB ends; none at the end, and `None` if it is
    /// damaged: then it is not saved any more. Each block is decrypted once if it is read in order.
    ///
    /// # Errors
    /// If the file cannot be read for another reason than damage.
    pub async fn read_at(&self, offset: u64, most: usize) -> Result<Option<Vec<u8>>> {
        if offset >= self.length {
            return Ok(Some(Vec::new()));
        }
        let block = BLOCK as u64;
        let (number, from) = ((offset / block) as usize, (offset % block) as usize);
        let ready = match self.reading.try_lock() {
            Ok(reading) => reading.part(number, from, most),
            Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => None,
        };
        if ready.is_some() {
            return Ok(ready);
        }
        self.read(move |reading, _| {
            if reading.block != Some(number) {
                reading.block = None;
                reading.bytes.clear();
                reading.body.read(number, &mut reading.bytes, &mut reading.spare)?;
                reading.block = Some(number);
            }
            Ok(reading.part(number, from, most).unwrap_or_default())
        })
        .await
    }

    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Reading, u64) -> io::Result<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let (reading, length) = (Arc::clone(&self.reading), self.length);
        let job = move || job(&mut reading.lock().unwrap_or_else(PoisonError::into_inner), length);
        match self.saved.or_lost(job).await? {
            Ok(read) => Ok(Some(read)),
            Err(cause) => {
                self.saved.lost(self.name, Some(self.identity), &cause).await;
                Ok(None)
            }
        }
    }
}

impl Reading {
    /// Of the block that is there, if it is this one.
    fn part(&self, number: usize, from: usize, most: usize) -> Option<Vec<u8>> {
        let bytes = (self.block == Some(number)).then(|| self.bytes.get(from..).unwrap_or_default())?;
        Some(bytes[..most.min(bytes.len())].to_vec())
    }
}
