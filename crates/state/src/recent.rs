//! Sessions loaded a moment ago. One step of a person makes several requests at once (a page, the frame in it, what is fetched
//! ahead), and each begins with its session.

use crate::sessions::SessionKey;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Seconds for which a session is taken as it was loaded. What this process writes counts at once; what another one writes, so late.
const KEPT: i64 = 1;
/// Sessions held; with more people at once than this, some are loaded again.
const MOST: usize = 4096;

/// Data and end of a session.
pub(crate) type Loaded = (Vec<u8>, i64);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    /// Raised by every change: what was being loaded meanwhile may be of before.
    changes: u64,
    sessions: HashMap<SessionKey, (Loaded, i64)>,
}

impl Recent {
    /// The session, if it was loaded a moment before `now` and is still valid.
    pub(crate) fn get(&self, key: SessionKey, now: i64) -> Option<Loaded> {
        let held = self.held();
        let (loaded, at) = held.sessions.get(&key)?;
        let valid = (0..=KEPT).contains(&now.saturating_sub(*at)) && loaded.1 > now;
        valid.then(|| loaded.clone())
    }

    /// To be asked before a session is loaded that shall be [kept](Self::keep).
    pub(crate) fn changes(&self) -> u64 {
        self.held().changes
    }

    /// Keeps what was loaded, unless something changed since.
    pub(crate) fn keep(&self, key: SessionKey, loaded: &Loaded, now: i64, changes: u64) {
        let mut held = self.held();
        if held.changes != changes {
            return;
        }
        if held.sessions.len() >= MOST {
            held.sessions.clear();
        }
        held.sessions.insert(key, (loaded.clone(), now));
    }

    /// Forgets everything when the change is over, however it ends.
    pub(crate) fn changing(&self) -> Changing<'_> {
        Changing(self)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A change of sessions under way.
pub(crate) struct Changing<'a>(&'a Recent);

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        let mut held = self.0.held();
        held.changes += 1;
        held.sessions.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SessionKey = SessionKey([1; 32]);

    fn session() -> Loaded {
        (b"{}".to_vec(), 2000)
    }

    #[test]
    fn it_is_known_for_a_moment_and_never_beyond_its_end() {
        let recent = Recent::default();
        recent.keep(KEY, &session(), 1000, recent.changes());
        assert_eq!(recent.get(KEY, 1001), Some(session()));
        assert_eq!(recent.get(KEY, 1002), None);
        assert_eq!(recent.get(KEY, 999), None, "the clock was set back");
        recent.keep(KEY, &session(), 1999, recent.changes());
        assert_eq!(recent.get(KEY, 1999), Some(session()));
        assert_eq!(recent.get(KEY, 2000), None);
        assert_eq!(recent.get(SessionKey([2; 32]), 1999), None);
    }

    #[test]
    fn what_was_loaded_while_something_changed_is_not_kept() {
        let recent = Recent::default();
        let before = recent.changes();
        drop(recent.changing());
        recent.keep(KEY, &session(), 1000, before);
        assert_eq!(recent.get(KEY, 1000), None);
        recent.keep(KEY, &session(), 1000, recent.changes());
        drop(recent.changing());
        assert_eq!(recent.get(KEY, 1000), None);
    }

    #[test]
    fn it_does_not_grow_without_bound() {
        let recent = Recent::default();
        for number in 0..=MOST as u64 {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_le_bytes());
            recent.keep(SessionKey(key), &session(), 1000, recent.changes());
        }
        assert!(recent.held().sessions.len() <= MOST);
    }
}
