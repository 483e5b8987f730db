//! Sessions that were ended when the database could not be written, on a full disk for instance. They are ended at once for this
//! process; the database is told when it can be.

use crate::sessions::SessionKey;
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Held at most; more people than this do not sign out before somebody makes room.
const MOST: usize = 100_000;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Ended(Mutex<HashSet<SessionKey>>);

impl Ended {
    /// Ends the session here. `false` if there is no room.
    pub(crate) fn add(&self, key: SessionKey) -> bool {
        let mut held = self.held();
        held.contains(&key) || (held.len() < MOST && held.insert(key))
    }

    /// Whether the session was ended.
    pub(crate) fn contains(&self, key: SessionKey) -> bool {
        self.held().contains(&key)
    }

    /// Those the database still holds.
    pub(crate) fn all(&self) -> Vec<SessionKey> {
        self.held().iter().copied().collect()
    }

    /// The database has been told.
    pub(crate) fn told(&self, key: SessionKey) {
        self.held().remove(&key);
    }

    fn held(&self) -> MutexGuard<'_, HashSet<SessionKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
