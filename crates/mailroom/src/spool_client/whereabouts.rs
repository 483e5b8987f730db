//! Below which of several roots each account was found last: in memory, and beside its index for the next start, which may be while a root
//! does not answer. Nothing but where it is looked for hangs on it; whose the files must be is checked there as everywhere. What is
//! written there and is no root of the account's by now counts as nothing.

use crate::{account::AccountRoot, ids::IdMaker};
use std::{
    collections::HashMap,
    ffi::OsStr,
    fs, io,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The end of the file's name, beside the index.
const EXTENSION: &str = "root";
/// The roots before an account's own are looked into again after this, in microseconds.
const AGAIN: u64 = 1_000_000;
/// And if they did not answer.
const LATER: u64 = 10_000_000;

/// See the module.
pub(crate) struct Whereabouts {
    index_dir: PathBuf,
    ids: IdMaker,
    known: Mutex<HashMap<String, Known>>,
}

#[derive(Default)]
struct Known {
    /// The root of the store that it lies in; `None` if that is not known.
    root: Option<PathBuf>,
    /// The roots before it are being looked into.
    is_looking: bool,
    /// When they may be looked into next, by a clock's ticks.
    next_look_us: u64,
}

impl Whereabouts {
    pub(crate) fn new(index_dir: PathBuf, ids: IdMaker) -> Self {
        Self {
            index_dir,
            ids,
            known: Mutex::default(),
        }
    }

    /// Which of the roots the account was found below.
    pub(super) async fn of(&self, account: &str, roots: &[AccountRoot]) -> Option<usize> {
        let is_read = self.known().contains_key(account);
        if !is_read {
            let file = self.file(account);
            let read = tokio::task::spawn_blocking(move || fs::read(file)).await;
            let root = read
                .ok()
                .and_then(Result::ok)
                .map(|bytes| OsStr::from_bytes(&bytes).into());
            let mut known = self.known();
            known.entry(account.to_owned()).or_insert(Known {
                root,
                ..Known::default()
            });
        }
        self.in_memory(account, roots)
    }

    /// The same, as far as it is in memory.
    pub(super) fn in_memory(&self, account: &str, roots: &[AccountRoot]) -> Option<usize> {
        let known = self.known();
        let root = known.get(account)?.root.as_deref()?;
        roots.iter().position(|candidate| mark(candidate) == Some(root))
    }

    /// The account was found below that root.
    pub(super) async fn found(&self, account: &str, root: &AccountRoot) {
        let Some(root) = mark(root).map(Path::to_owned) else {
            return;
        };
        {
            let mut known = self.known();
            let known = known.entry(account.to_owned()).or_default();
            if known.root.as_ref() == Some(&root) {
                return;
            }
            known.root = Some(root.clone());
        }
        let file = self.file(account);
        // A file that is written by halves names no root, and costs a search.
        let written = tokio::task::spawn_blocking(move || fs::write(file, root.as_os_str().as_bytes())).await;
        match written.unwrap_or_else(|error| Err(io::Error::other(error))) {
            // The account has no index, or none any more: nothing is made for it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "it cannot be remembered where an account's mail lies"),
            Ok(()) => {}
        }
    }

    /// Whether the roots before an account's own are due to be looked into. Then somebody is at it until [`Self::ends_look`].
    pub(super) fn begins_look(&self, account: &str, now_us: u64) -> bool {
        let mut known = self.known();
        let known = known.entry(account.to_owned()).or_default();
        let due = !known.is_looking && now_us >= known.next_look_us;
        known.is_looking |= due;
        due
    }

    /// They were looked into, or did not answer.
    pub(super) fn ends_look(&self, account: &str, now_us: u64, answered: bool) {
        if let Some(known) = self.known().get_mut(account) {
            known.is_looking = false;
            known.next_look_us = now_us + if answered { AGAIN } else { LATER };
        }
    }

    pub(super) async fn forget(&self, account: &str) {
        self.known().remove(account);
        let file = self.file(account);
        // There is none, as a rule; one that stays costs a look at the wrong place.
        let _ = tokio::task::spawn_blocking(move || fs::remove_file(file)).await;
    }

    fn file(&self, account: &str) -> PathBuf {
        self.ids.index_path(&self.index_dir, account).with_extension(EXTENSION)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a root is known by.
fn mark(root: &AccountRoot) -> Option<&Path> {
    root.store.layout.places().first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MountKey;
    use spool::{Layout, StoreConfig};

    fn root(path: &str) -> AccountRoot {
        AccountRoot {
            mount: MountKey::live(vec!["/".into()]),
            store: StoreConfig::new(Layout::Maildir { root: path.into() }),
        }
    }

    #[tokio::test]
    async fn what_was_found_is_known_after_a_restart_as_long_as_it_is_a_root() {
        let dir = tempfile::tempdir().unwrap();
        let ids = IdMaker::new([3; 32]);
        let new = || Whereabouts::new(dir.path().to_owned(), ids.clone());
        let roots = [root("/b/tanaka"), root("/a/tanaka")];
        let whereabouts = new();
        assert_eq!(whereabouts.of("tanaka", &roots).await, None);
        whereabouts.found("tanaka", &roots[1]).await;
        assert_eq!(
            new().of("tanaka", &roots).await,
            None,
            "nothing is made for who has no index"
        );
        fs::create_dir_all(ids.index_path(dir.path(), "tanaka").parent().unwrap()).unwrap();
        whereabouts.found("tanaka", &roots[0]).await;
        whereabouts.found("tanaka", &roots[1]).await;
        let again = new();
        assert_eq!(again.in_memory("tanaka", &roots), None);
        assert_eq!(again.of("tanaka", &roots).await, Some(1));
        assert_eq!(again.of("tanaka", &roots[..1]).await, None);
        assert_eq!(again.of("sato", &roots).await, None);
        again.forget("tanaka").await;
        assert_eq!(
            (again.of("tanaka", &roots).await, new().of("tanaka", &roots).await),
            (None, None)
        );
    }

    #[test]
    fn one_look_at_a_time_and_seldom_where_nobody_answers() {
        let whereabouts = Whereabouts::new("/".into(), IdMaker::new([3; 32]));
        let begins = |now| whereabouts.begins_look("tanaka", now);
        assert!(begins(5) && !begins(6));
        whereabouts.ends_look("tanaka", 7, true);
        assert!(!begins(7) && begins(7 + AGAIN));
        whereabouts.ends_look("tanaka", 8, false);
        assert!(!begins(8 + AGAIN) && begins(8 + LATER));
    }
}
