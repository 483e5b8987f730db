//! Signing in through the portal: what was begun, whose an account is, what the portal ended.

use crate::{State, status::STATUS_DAYS};

/// Days for which the audit log is kept.
pub const AUDIT_DAYS: i64 = 180;

/// What a sign-in means for the account it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// Nobody had it before at this issuer: it is this person's from now on.
    New,
    /// It is this person's.
    Known,
    /// It is another person's: the name was given away again.
    ToAnother,
    /// This person has another account here: they were renamed, or the rule that maps names has changed.
    Elsewhere,
}

/// A pre-issued code for one sign-in without the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    /// Names it in lists and in the log.
    pub id: String,
    /// Whose mail it opens.
    pub account: String,
    /// What the code is checked against.
    pub hash: String,
    /// When it was made, in seconds.
    pub made: i64,
    /// When it ends, in seconds.
    pub expires: i64,
    /// When it was used, in seconds.
    pub used: Option<i64>,
}

/// Something that was done about access, for whoever has to account for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When, in seconds.
    pub at: i64,
    /// What, in a word.
    pub event: String,
    /// Whose account it was about.
    pub account: Option<String>,
    /// How, why, under which incident.
    pub detail: String,
}

/// Of two texts together, kept in place of them.
pub(crate) fn key_of(of: &str, parts: [&str; 2]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(of);
    for part in parts {
        // Lengths keep ("ab", "c") and ("a", "bc") apart.
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

impl State {
    fn sign_in_key(state: &str, browser: &str) -> [u8; 32] {
        key_of("fumibako 2026 sign-in", [state, browser])
    }

    /// Remembers a sign-in that was begun until `expires`, under what the portal will give back and what the browser keeps.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn begin_sign_in(&self, state: &str, browser: &str, data: &[u8], expires: i64) -> crate::Result<()> {
        let key = Self::sign_in_key(state, browser);
        on!(self, database => database.begin_sign_in(&key, data, expires))
    }

    /// What was remembered, once. Nothing if it was not begun in this browser, is over, or has been taken.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn take_sign_in(&self, state: &str, browser: &str, now: i64) -> crate::Result<Option<Vec<u8>>> {
        let key = Self::sign_in_key(state, browser);
        on!(self, database => database.take_sign_in(&key, now))
    }

    /// Makes the account that subject's, if it is nobody's at this issuer, and says whose it is. ePPN and the like are given to
    /// other people after some years; the subject of an issuer is not.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn pin(&self, issuer: &str, subject: &str, account: &str, now: i64) -> crate::Result<Pinned> {
        on!(self, database => database.pin(issuer, subject, account, now))
    }

    /// Makes an account nobody's again; says of how many issuers it was somebody's.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn unpin(&self, account: &str) -> crate::Result<u64> {
        on!(self, database => database.unpin(account))
    }

    /// Whether a logout token is heard for the first time; remembered until `expires`.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn hear_logout(&self, issuer: &str, jti: &str, expires: i64) -> crate::Result<bool> {
        let key = key_of("fumibako 2026 logout token", [issuer, jti]);
        on!(self, database => database.hear_logout(&key, expires))
    }

    /// Whether a logout token was heard before.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn has_heard_logout(&self, issuer: &str, jti: &str) -> crate::Result<bool> {
        let key = key_of("fumibako 2026 logout token", [issuer, jti]);
        on!(self, database => database.has_heard_logout(&key))
    }

    /// Forgets sign-ins that did not come back, logout tokens that have ended, and what is too old for the audit log, the days of
    /// services, the drills or the marks of accounts that were forgotten.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn forget_old(&self, now: i64) -> crate::Result<()> {
        on!(self, database => database.delete_old_sign_ins(now))?;
        on!(self, database => database.delete_old_forgotten(now.saturating_sub(crate::forgotten::MARKED)))?;
        on!(self, database => database.delete_old_audit(now.saturating_sub(AUDIT_DAYS * 24 * 3600)))?;
        on!(self, database => database.delete_old_drills(now.saturating_sub(AUDIT_DAYS * 24 * 3600)))?;
        on!(self, database => database.delete_old_days((now / (24 * 3600)).saturating_sub(STATUS_DAYS)))
    }

    /// Keeps a code.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn add_break_glass(&self, code: &BreakGlass) -> crate::Result<()> {
        on!(self, database => database.add_break_glass(code))
    }

    /// The codes of an account, or all, oldest first: also those that are used or over.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn break_glass(&self, account: Option<&str>) -> crate::Result<Vec<BreakGlass>> {
        on!(self, database => database.break_glass(account))
    }

    /// Uses a code up. `false` if it is used, over or gone: of two who try at once, one.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn use_break_glass(&self, id: &str, now: i64) -> crate::Result<bool> {
        on!(self, database => database.use_break_glass(id, now))
    }

    /// Takes a code away; `false` if there is none of that name.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn revoke_break_glass(&self, id: &str) -> crate::Result<bool> {
        on!(self, database => database.revoke_break_glass(id))
    }

    /// Writes a line into the audit log.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn note(&self, line: &AuditLine) -> crate::Result<()> {
        on!(self, database => database.note(line))
    }

    /// The newest lines of the audit log, newest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn audit(&self, most: u32) -> crate::Result<Vec<AuditLine>> {
        on!(self, database => database.audit(most))
    }
}
