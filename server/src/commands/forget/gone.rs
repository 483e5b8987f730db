//! Who has certainly left. A store that is not mounted, or another in its place, must not look like people who left.

use mailroom::{Account, Accounts};
use std::path::Path;

/// Of the accounts that something is known of, those whose mail is certainly not there any more; or why that cannot be said.
pub(super) fn of(accounts: &dyn Accounts, known: &[String]) -> Result<Vec<String>, String> {
    let there = accounts.all();
    let gone = |name: &&String| {
        // A name that this store has no place for is another store's.
        let account = accounts.find(name);
        account.is_some_and(|account| account.has_gone() && is_inhabited(&account, &there))
    };
    let gone: Vec<String> = known.iter().filter(gone).cloned().collect();
    if gone.len() * 2 > known.len() {
        return Err(format!(
            "{} of the {} accounts that are known here have no mail: is this the right store? If it is, name them ({})",
            gone.len(),
            known.len(),
            gone.join(" ")
        ));
    }
    Ok(gone)
}

/// Whether somebody's mail lies in each folder that the account's would: a folder that a store is mounted on may hold something else.
fn is_inhabited(account: &Account, there: &[Account]) -> bool {
    let lies_in = |folder: &Path| {
        let places = there.iter().flat_map(|other| other.store.layout.places());
        places
            .into_iter()
            .any(|place| place.starts_with(folder) && place.exists())
    };
    account.mount.folders.iter().all(|folder| lies_in(folder))
}
