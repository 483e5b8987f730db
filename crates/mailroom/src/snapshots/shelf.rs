//! The index files of copies: a few for each account, and none that nobody has opened for long. They can be made again.

use super::Snapshot;
use crate::{Mailroom, MailroomError, room::Shared};
use index::Index;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// Of one account.
const MOST: usize = 8;
/// One that was not opened for so long goes.
const OLD: Duration = Duration::from_secs(14 * 24 * 3600);

/// Where an account's files are, beside its index.
const FOLDER: &str = "snapshots";

/// The name of a copy's desk among all desks; no account has a line feed in its name.
pub(super) fn desk_name(account: &str, file: &str) -> String {
    [account, "\n", file].concat()
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

/// Index files in a folder, with when they were opened last, the latest first.
fn files(folder: &Path) -> io::Result<Vec<(SystemTime, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sqlite") {
            found.push((fs::metadata(&path)?.modified()?, path));
        }
    }
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(found)
}

impl Shared {
    /// What the index file of a copy is called. One that is found complete later, or is so no more, is read anew.
    pub(super) fn snapshot_file(&self, account: &str, snapshot: &Snapshot) -> String {
        let made_of = format!("{} {:?} {}", snapshot.key, snapshot.at, snapshot.whole);
        self.ids.snapshot_file(account, made_of.as_bytes())
    }

    /// Closes the desk of a copy and removes its index: the next to ask has it read anew, and who still holds it goes on.
    pub(super) async fn drop_snapshot(&self, account: &str, snapshot: &Snapshot) -> Result<(), MailroomError> {
        let file = self.snapshot_file(account, snapshot);
        self.close(&desk_name(account, &file));
        Ok(Index::remove(&self.snapshot_path(account, &file)).await?)
    }

    pub(super) fn snapshot_path(&self, account: &str, file: &str) -> PathBuf {
        self.snapshots_of(account).join(format!("{file}.sqlite"))
    }

    fn snapshots_of(&self, account: &str) -> PathBuf {
        self.index_path(account).with_extension(FOLDER)
    }

    /// Makes room for one more file of the account.
    pub(super) async fn make_room(&self, account: &str, file: &str) -> Result<(), MailroomError> {
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
        for (opened, path) in files {
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

impl Mailroom {
    /// Removes the index files of dated copies that nobody has opened for two weeks. To be called now and then.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub async fn forget_old_snapshots(&self) -> Result<(), MailroomError> {
        let shared = self.shared();
        let dir = shared.index_dir.clone();
        let folders = tokio::task::spawn_blocking(move || folders(&dir))
            .await
            .unwrap_or_default();
        for folder in folders {
            shared.tidy(folder, MOST, |_| false).await?;
        }
        Ok(())
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
