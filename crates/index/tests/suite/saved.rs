//! The store of saved messages.

mod damage;
mod evicting;
mod killed;
mod model;
mod room;
mod saving;

use index::{Saved, SavedMeta};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

pub const KEY: [u8; 32] = [7; 32];

/// A store in a directory of its own.
pub struct Store {
    pub directory: TempDir,
    pub saved: Saved,
}

impl Store {
    pub async fn new() -> Self {
        // Nothing here turns on what the disk costs to wait for; most of the time would go to that.
        let directory = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let saved = open(&directory.path().join("one.saved")).await;
        Self { directory, saved }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("one.saved")
    }

    pub async fn put(&self, message: &str, raw: &[u8]) -> bool {
        self.saved.put(message, SavedMeta::default(), raw, 100).await.unwrap()
    }

    pub async fn reopened(&mut self) {
        self.saved.close().await;
        self.saved = open(&self.path()).await;
    }
}

pub async fn open(path: &Path) -> Saved {
    Saved::open(path, KEY).await.unwrap()
}

pub async fn read(saved: &Saved, message: &str) -> Option<Vec<u8>> {
    let body = saved.get(message).await.unwrap()?;
    body.read_all(u64::MAX).await.unwrap()
}

/// The files of messages.
pub fn files(store: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for first in fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path()) {
        if first.is_dir() && !first.ends_with("tmp") {
            for second in fs::read_dir(first).unwrap().map(|entry| entry.unwrap().path()) {
                found.extend(fs::read_dir(second).unwrap().map(|entry| entry.unwrap().path()));
            }
        }
    }
    found.sort();
    found
}

/// What was begun and has no name.
pub fn under_way(store: &Path) -> usize {
    fs::read_dir(store.join("tmp")).map_or(0, Iterator::count)
}

/// Bytes with little pattern, some of it repeated.
pub fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut dice = crate::world::Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut out = Vec::with_capacity(length + 64);
    while out.len() < length {
        if dice.below(3) == 0 {
            out.extend_from_slice("会議の資料をお送りします。\r\n".as_bytes());
        } else {
            out.extend_from_slice(&dice.below(u64::MAX).to_le_bytes());
        }
    }
    out.truncate(length);
    out
}
