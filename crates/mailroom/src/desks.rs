//! The desks that stay open: those of live mail, and a few of dated copies, which never cost one of the others its place.

use crate::desk::Desk;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::OnceCell;

/// Accounts whose index stays open; the one not asked for longest is closed first.
const LIVE: usize = 200;
/// Copies of all accounts whose index stays open.
const COPIES: usize = 40;
/// Of one account: one is read, and another compared with it.
const COPIES_OF_ONE: usize = 3;
/// A copy that nobody has asked for is closed after this, in nanoseconds.
const IDLE_NS: i64 = 15 * 60 * 1_000_000_000;

/// A place for a desk, taken before it is opened.
pub(crate) type Cell = Arc<OnceCell<Arc<Desk>>>;

/// See the module.
#[derive(Default)]
pub(crate) struct Desks(Mutex<Open>);

#[derive(Default)]
struct Open {
    live: HashMap<String, Place>,
    /// By account and index file.
    copies: HashMap<(String, String), Place>,
    /// Counts questions: the clock may stand still between two of them.
    asked: u64,
}

struct Place {
    desk: Cell,
    asked: u64,
    asked_at: i64,
}

impl Place {
    fn new(asked: u64, asked_at: i64) -> Self {
        Self {
            desk: Arc::default(),
            asked,
            asked_at,
        }
    }

    fn ask(&mut self, asked: u64, asked_at: i64) -> Cell {
        (self.asked, self.asked_at) = (asked, asked_at);
        Arc::clone(&self.desk)
    }

    /// Somebody opens it, holds it, or does something behind.
    fn is_in_use(&self) -> bool {
        Arc::strong_count(&self.desk) > 1 || self.desk.get().is_some_and(|desk| Arc::strong_count(desk) > 1)
    }
}

impl Desks {
    /// The place of an account's live mail, which was asked for at `now` (nanoseconds).
    pub(crate) fn live(&self, account: &str, now: i64) -> Cell {
        let mut open = self.open();
        open.asked += 1;
        let asked = open.asked;
        if let Some(place) = open.live.get_mut(account) {
            return place.ask(asked, now);
        }
        if open.live.len() >= LIVE {
            let oldest = open.live.iter().min_by_key(|(_, place)| place.asked);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                // Whoever still holds the desk goes on with it; its file closes with the last of them.
                open.live.remove(&oldest);
            }
        }
        let place = open.live.entry(account.to_owned());
        Arc::clone(&place.or_insert_with(|| Place::new(asked, now)).desk)
    }

    /// The place of a copy whose index is in that file. Copies that are in use keep theirs, so there may be more than there should be
    /// for as long.
    pub(crate) fn copy(&self, account: &str, file: &str, now: i64) -> Cell {
        let mut open = self.open();
        open.asked += 1;
        let asked = open.asked;
        let key = (account.to_owned(), file.to_owned());
        if let Some(place) = open.copies.get_mut(&key) {
            return place.ask(asked, now);
        }
        open.make_room(COPIES_OF_ONE, |(of, _)| of == account);
        open.make_room(COPIES, |_| true);
        Arc::clone(&open.copies.entry(key).or_insert_with(|| Place::new(asked, now)).desk)
    }

    /// Closes the copies that nobody has asked for lately and nobody uses.
    pub(crate) fn close_idle(&self, now: i64) {
        let idle = |place: &Place| now.saturating_sub(place.asked_at) > IDLE_NS && !place.is_in_use();
        self.open().copies.retain(|_, place| !idle(place));
    }

    /// Closes what is open of an account, its copies too; who still holds a desk goes on with it.
    pub(crate) fn forget(&self, account: &str) {
        let mut open = self.open();
        open.live.remove(account);
        open.copies.retain(|(of, _), _| of != account);
    }

    /// Closes one copy; who still holds the desk goes on with it.
    pub(crate) fn close_copy(&self, account: &str, file: &str) {
        self.open().copies.remove(&(account.to_owned(), file.to_owned()));
    }

    /// Whether a copy whose index is in that file has a place.
    pub(crate) fn has_copy(&self, file: &str) -> bool {
        self.open().copies.keys().any(|(_, open)| open == file)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Closes copies until there is room for one more beside those that `counts` counts; the one not asked for longest first.
    fn make_room(&mut self, most: usize, counts: impl Fn(&(String, String)) -> bool) {
        let mut closable: Vec<_> = self.copies.iter().filter(|(key, _)| counts(key)).collect();
        let over = (closable.len() + 1).saturating_sub(most);
        closable.retain(|(_, place)| !place.is_in_use());
        closable.sort_by_key(|(_, place)| place.asked);
        let closed: Vec<_> = closable.into_iter().take(over).map(|(key, _)| key.clone()).collect();
        for key in closed {
            self.copies.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_copies(desks: &Desks, account: &str) -> Vec<String> {
        let open = desks.open();
        let of = open.copies.keys().filter(|(of, _)| of == account);
        let mut files: Vec<_> = of.map(|(_, file)| file.clone()).collect();
        files.sort();
        files
    }

    #[test]
    fn who_follows_hundreds_of_copies_closes_nobodys_mail() {
        let desks = Desks::default();
        let live = desks.live("sato", 0);
        drop(desks.copy("kato", "k", 0));
        for number in 0..300 {
            drop(desks.copy("tanaka", &format!("{number:03}"), 0));
        }
        assert!(Arc::ptr_eq(&live, &desks.live("sato", 0)));
        assert_eq!(open_copies(&desks, "tanaka"), ["297", "298", "299"]);
        assert_eq!(open_copies(&desks, "kato"), ["k"]);
        for number in 0..300 {
            drop(desks.live(&number.to_string(), 0));
        }
        assert_eq!(open_copies(&desks, "tanaka").len(), 3, "nor live mail copies");
        assert!(
            !Arc::ptr_eq(&live, &desks.live("sato", 0)),
            "the longest not asked for goes"
        );
    }

    #[test]
    fn all_copies_together_are_few() {
        let desks = Desks::default();
        for number in 0..100 {
            drop(desks.copy(&number.to_string(), "x", 0));
        }
        assert_eq!(desks.open().copies.len(), COPIES);
        assert!(open_copies(&desks, "60").len() == 1 && open_copies(&desks, "59").is_empty());
    }

    #[test]
    fn what_is_in_use_stays_and_what_is_asked_for_again_is_not_old() {
        let desks = Desks::default();
        let used = desks.copy("tanaka", "0", 0);
        drop(desks.copy("tanaka", "1", 0));
        drop(desks.copy("tanaka", "2", 0));
        drop(desks.copy("tanaka", "1", 0));
        drop(desks.copy("tanaka", "3", 0));
        assert_eq!(open_copies(&desks, "tanaka"), ["0", "1", "3"]);
        let more: Vec<_> = ["4", "5", "6"].map(|file| desks.copy("tanaka", file, 0)).into();
        assert_eq!(open_copies(&desks, "tanaka"), ["0", "4", "5", "6"], "while it must be");
        drop((used, more));
        drop(desks.copy("tanaka", "7", 0));
        assert_eq!(open_copies(&desks, "tanaka"), ["5", "6", "7"]);
        let held = desks.copy("tanaka", "6", 0);
        desks.close_idle(IDLE_NS);
        assert_eq!(open_copies(&desks, "tanaka").len(), 3);
        desks.close_idle(IDLE_NS + 1);
        assert_eq!(open_copies(&desks, "tanaka"), ["6"]);
        assert!(desks.has_copy("6") && !desks.has_copy("7"));
        drop(held);
        desks.forget("tanaka");
        assert!(!desks.has_copy("6"));
    }
}
