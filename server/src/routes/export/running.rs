use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Exports of one person at once: each takes a thread as long as it is fetched, and reads what others want to read too.
const MOST: u32 = 2;
/// Of all people.
const MOST_OF_ALL: u32 = 64;

/// Exports under way, by account.
#[derive(Clone, Debug, Default)]
pub struct Running(Arc<Mutex<HashMap<String, u32>>>);

/// Held while an export goes on.
#[derive(Debug)]
pub struct Place {
    running: Running,
    account: String,
}

impl Running {
    /// `None` if the person has enough of them.
    pub fn begin(&self, account: &str) -> Option<Place> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: u32 = running.values().sum();
        let own = running.get(account).copied().unwrap_or_default();
        if own >= MOST || all >= MOST_OF_ALL {
            return None;
        }
        running.insert(account.to_owned(), own + 1);
        Some(Place {
            running: self.clone(),
            account: account.to_owned(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut running = self.running.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                running.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_few_at_once_and_others_have_theirs() {
        let running = Running::default();
        let first = running.begin("hana");
        let _second = running.begin("hana").unwrap();
        assert!(running.begin("hana").is_none());
        assert!(running.begin("ken").is_some());
        drop(first);
        assert!(running.begin("hana").is_some());
        let all: Vec<_> = (0..MOST_OF_ALL * 2)
            .map_while(|number| running.begin(&number.to_string()))
            .collect();
        assert!(all.len() < MOST_OF_ALL as usize && running.begin("ken").is_none());
        drop(all);
        assert!(running.begin("ken").is_some());
    }
}
