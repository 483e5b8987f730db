//! The index files of copies: a few for each account, none that nobody has opened for long, and so many bytes in all. They can be made
//! again.

use super::Snapshot;
use crate::{Mailroom, MailroomError, desk::Desk, room::Shared};
use index::Index;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, MutexGuard, PoisonError, Weak, atomic::Ordering},
    time::{Duration, SystemTime},
};

/// Of one account.
const MOST: usize = 8;
/// One that was not opened for so long goes.
const OLD: Duration = Duration::from_secs(14 * 24 * 3600);

/// Where an account's files are, beside its index.
const FOLDER: &str = "snapshots";

/// All of them are weighed so long after the last time, in microseconds, if one is opened then.
const WEIGHED_US: u64 = 60_000_000;

/// An index file of a copy.
struct Kept {
    /// When it was opened last.
    opened: SystemTime,
    /// What it takes on disk, with what belongs to it.
    bytes: u64,
    path: PathBuf,
}

/// Notes that the file was opened now: its own time says so.
pub(super) async fn note_opened(path: PathBuf, now: i64) {
    let at = moment(now);
    let noted = move || File::options().append(true).open(path)?.set_modified(at);
    if let Ok(Err(error)) = tokio::task::spawn_blocking(noted).await {
        tracing::warn!(%error, "when a copy was last opened cannot be noted");
    }
}

fn moment(seconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

/// Index files in a folder, the last opened first.
fn files(folder: &Path) -> io::Result<Vec<Kept>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sqlite") {
            let beside = ["-wal", "-shm"].map(|end| {
                let mut name = path.clone().into_os_string();
                name.push(end);
                fs::metadata(name).map_or(0, |file| file.len())
            });
            let file = fs::metadata(&path)?;
            found.push(Kept {
                opened: file.modified()?,
                bytes: file.len() + beside.iter().sum::<u64>(),
                path,
            });
        }
    }
    found.sort_by_key(|kept| std::cmp::Reverse(kept.opened));
    Ok(found)
}

impl Shared {
    /// What the index file of a copy is called. One that is found complete later, or is so no more, is read anew.
    pub(super) fn snapshot_file(&self, account: &str, snapshot: &Snapshot) -> String {
        let made_of = format!(
            "{} {:?} {} {}",
            snapshot.key, snapshot.at, snapshot.whole, snapshot.turn
        );
        self.ids.snapshot_file(account, made_of.as_bytes())
    }

    /// Closes the desk of a copy that is read anew at another. Its index goes when nobody holds it any more: who reads it would meet a disk
    /// that fails.
    pub(super) fn put_away(&self, desk: &Arc<Desk>, snapshot: &Snapshot) {
        let account = &desk.account.name;
        let file = self.snapshot_file(account, snapshot);
        self.desks.close_copy(account, &file);
        let path = self.snapshot_path(account, &file);
        self.leftovers().push((Arc::downgrade(desk), path));
    }

    /// Removes the indexes of desks that were put away and that nobody holds any more.
    async fn remove_leftovers(&self) -> Result<(), MailroomError> {
        let left = |(desk, path): &mut (Weak<Desk>, PathBuf)| desk.strong_count() == 0 && !self.is_open(path);
        let gone: Vec<_> = self.leftovers().extract_if(.., left).collect();
        for (_, path) in gone {
            Index::remove(&path).await?;
        }
        Ok(())
    }

    fn leftovers(&self) -> MutexGuard<'_, Vec<(Weak<Desk>, PathBuf)>> {
        self.leftovers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn snapshot_path(&self, account: &str, file: &str) -> PathBuf {
        self.snapshots_of(account).join(format!("{file}.sqlite"))
    }

    pub(crate) fn snapshots_of(&self, account: &str) -> PathBuf {
        self.index_path(account).with_extension(FOLDER)
    }

    /// Makes room for one more file of the account.
    pub(super) async fn make_room(&self, account: &str, file: &str) -> Result<(), MailroomError> {
        self.remove_leftovers().await?;
        let own = self.snapshot_path(account, file);
        self.tidy(self.snapshots_of(account), MOST - 1, |path| *path == own)
            .await
    }

    /// Removes everything that was read of an account's copies.
    pub(crate) async fn erase_snapshots(&self, account: &str) -> Result<(), MailroomError> {
        let folder = self.snapshots_of(account);
        let removed = tokio::task::spawn_blocking(move || match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err((folder, error)),
            _ => Ok(()),
        });
        let (path, cause) = match removed.await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(failed)) => failed,
            Err(_) => return Err(MailroomError::Unreadable),
        };
        Err(index::IndexError::File { path, cause }.into())
    }

    /// Removes what is old in that folder, and what is more than `room`; `kept` stays.
    async fn tidy(
        &self,
        folder: PathBuf,
        mut room: usize,
        kept: impl Fn(&PathBuf) -> bool,
    ) -> Result<(), MailroomError> {
        let listed = tokio::task::spawn_blocking(move || files(&folder)).await;
        let Ok(Ok(files)) = listed else {
            // None was made yet.
            return Ok(());
        };
        let old = moment(self.clock.now()).checked_sub(OLD);
        for Kept { opened, path, .. } in files {
            // Whoever reads it goes on reading: it is not removed under them.
            if kept(&path) {
                continue;
            }
            if self.is_open(&path) {
                room = room.saturating_sub(1);
            } else if room > 0 && old.is_none_or(|old| opened > old) {
                room -= 1;
            } else {
                Index::remove(&path).await?;
            }
        }
        Ok(())
    }
}

impl Shared {
    fn is_open(&self, path: &Path) -> bool {
        let file = path.file_stem().and_then(|file| file.to_str());
        file.is_some_and(|file| self.desks.has_copy(file))
    }

    /// Weighs all index files of copies, if that was not done lately; nobody waits for it.
    pub(super) fn weigh_behind(self: &Arc<Self>) {
        let (now, last) = (self.clock.ticks_us(), self.weighed.load(Ordering::Relaxed));
        let due = now.saturating_sub(last) >= WEIGHED_US;
        let swap = |last| {
            self.weighed
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
        };
        if !due || swap(last).is_err() {
            return;
        }
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = shared.keep_snapshots_within(shared.keep.snapshot_bytes).await {
                tracing::warn!(%error, "what was read of old copies cannot be deleted");
            }
        });
    }

    /// Removes index files of copies, of whichever account and the one opened longest ago first, until all together take no more than so
    /// many bytes, or those that are left are open.
    pub(super) async fn keep_snapshots_within(&self, most: u64) -> Result<(), MailroomError> {
        let dir = self.index_dir.clone();
        let listed = tokio::task::spawn_blocking(move || {
            let mut all: Vec<Kept> = folders(&dir)
                .iter()
                .filter_map(|folder| files(folder).ok())
                .flatten()
                .collect();
            all.sort_by_key(|kept| kept.opened);
            all
        });
        let kept = listed.await.unwrap_or_default();
        let mut total: u64 = kept.iter().map(|kept| kept.bytes).sum();
        for Kept { bytes, path, .. } in kept {
            if total <= most {
                break;
            }
            if !self.is_open(&path) {
                Index::remove(&path).await?;
                total = total.saturating_sub(bytes);
            }
        }
        Ok(())
    }
}

impl Mailroom {
    /// Closes dated copies that nobody reads any more, and removes the index files of those that nobody has opened for two weeks, and of
    /// more than there is room for. To be called now and then.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub async fn forget_old_snapshots(&self) -> Result<(), MailroomError> {
        let shared = self.shared();
        shared.desks.close_idle(shared.clock.now_ns());
        shared.remove_leftovers().await?;
        let dir = shared.index_dir.clone();
        let folders = tokio::task::spawn_blocking(move || folders(&dir))
            .await
            .unwrap_or_default();
        for folder in folders {
            shared.tidy(folder, MOST, |_| false).await?;
        }
        shared.keep_snapshots_within(shared.keep.snapshot_bytes).await
    }
}

/// Those of all accounts that have any.
fn folders(index: &Path) -> Vec<PathBuf> {
    let entries = |dir: &Path| {
        let entries = fs::read_dir(dir).into_iter().flatten();
        entries.filter_map(|entry| Some(entry.ok()?.path())).collect::<Vec<_>>()
    };
    let all = entries(index).into_iter().flat_map(|shelf| entries(&shelf));
    all.filter(|path| path.extension().is_some_and(|extension| extension == FOLDER))
        .collect()
}
