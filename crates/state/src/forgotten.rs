//! Accounts whose person has left: nothing of them stays here, but a mark for portals that run and may still hold something of their own.

use crate::{Result, State};

/// Seconds for which it is marked that an account was forgotten.
pub(crate) const MARKED: i64 = 3600;

/// How much was deleted of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Sessions, which have ended.
    pub sessions: u64,
    /// What was opened, preferences, emergency codes, and whose the account is.
    pub others: u64,
}

impl State {
    /// The accounts that anything is kept of but lines of the audit log, by name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn accounts(&self) -> Result<Vec<String>> {
        on!(self, database => database.accounts())
    }

    /// Deletes what is kept of an account but lines of the audit log, ends its sessions, and marks it for portals that run, at `now` in
    /// seconds. Whose the account is goes with `unpin` alone: where its mail is still there, that is what keeps it from whoever gets
    /// the name next.
    ///
    /// # Errors
    /// If the database cannot be written; nothing is deleted then.
    pub async fn forget_account(&self, account: &str, unpin: bool, now: i64) -> Result<Forgotten> {
        let _changing = self.changing();
        on!(self, database => database.forget_account(account, unpin, now))
    }

    /// The accounts that were forgotten within the last hour or so, and when in seconds.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn forgotten(&self) -> Result<Vec<(String, i64)>> {
        on!(self, database => database.forgotten())
    }
}
