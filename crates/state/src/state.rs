use crate::{
    Origin, Result, SessionRow,
    ended::Ended,
    recent::{Changing, Loaded, Recent},
    sessions::{NewSession, SessionKey},
    sqlite,
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

/// The precious database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct State {
    pub(crate) backend: Backend,
    recent: Arc<Recent>,
    ended: Arc<Ended>,
    unwritable: Arc<AtomicBool>,
}

#[derive(Clone, Debug)]
pub(crate) enum Backend {
    Sqlite(sqlite::Database),
}

/// A message that was opened here while the spool could not be told: a pending +S.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The path of the mailbox it was opened in.
    pub mailbox: Vec<u8>,
    /// Its id in URLs.
    pub message: String,
    /// When, in seconds.
    pub at: i64,
}

/// Hands a call to whichever database there is.
macro_rules! on {
    ($state:expr, $database:ident => $call:expr) => {
        match &$state.backend {
            crate::state::Backend::Sqlite($database) => $call.await,
        }
    };
}

impl State {
    /// Brings the SQLite file to the form this program needs, making it if it is not there.
    ///
    /// # Errors
    /// If the file is of a newer program, or cannot be made.
    pub async fn migrate(path: &Path) -> Result<()> {
        sqlite::Database::migrate(path).await
    }

    /// Opens the SQLite file as it is.
    ///
    /// # Errors
    /// If there is none, or it has another form than this program needs.
    pub async fn open(path: &Path) -> Result<Self> {
        Ok(Self {
            backend: Backend::Sqlite(sqlite::Database::open(path).await?),
            recent: Arc::default(),
            ended: Arc::default(),
            unwritable: Arc::default(),
        })
    }

    /// Closes the database in order.
    pub async fn close(&self) {
        if let Err(error) = self.tell_ended().await {
            tracing::error!(%error, "sessions that have ended are still in the database");
        }
        on!(self, database => database.close());
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// If not.
    pub async fn ping(&self) -> Result<()> {
        on!(self, database => database.ping())
    }

    /// Whoever changes sessions holds it: what was loaded of them counts no more afterwards.
    pub(crate) fn changing(&self) -> Changing<'_> {
        self.recent.changing()
    }

    /// Whether the last change of a session could be written.
    pub fn is_writable(&self) -> bool {
        !self.unwritable.load(Relaxed)
    }

    /// Remembers whether the database can be written, and tells it what it could not be told before.
    async fn noted<T>(&self, written: Result<T>) -> Result<T> {
        self.unwritable.store(written.is_err(), Relaxed);
        if written.is_ok()
            && let Err(error) = self.tell_ended().await
        {
            tracing::error!(%error, "ended sessions cannot be deleted yet");
        }
        written
    }

    async fn tell_ended(&self) -> Result<()> {
        for key in self.ended.all() {
            on!(self, database => database.delete_session(key))?;
            self.ended.told(key);
        }
        Ok(())
    }

    /// The key that ids in URLs are made with: `fresh` the first time, the same ever after.
    ///
    /// # Errors
    /// If the database cannot be read, or written the first time.
    pub async fn id_key(&self, fresh: impl FnOnce() -> [u8; 32]) -> Result<[u8; 32]> {
        on!(self, database => database.id_key(fresh))
    }

    /// Notes that a message was opened, at `at` in seconds. Of a message noted before, only the mailbox is brought up to date.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn mark_opened(&self, account: &str, mailbox: &[u8], message: &str, at: i64) -> Result<()> {
        on!(self, database => database.mark_opened(account, mailbox, message, at))
    }

    /// Forgets that a message was opened.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn unmark_opened(&self, account: &str, message: &str) -> Result<()> {
        on!(self, database => database.unmark_opened(account, message))
    }

    /// What was opened and the spool does not know yet, in the order of opening.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn opened(&self, account: &str) -> Result<Vec<Opened>> {
        on!(self, database => database.opened(account))
    }

    /// Which of these messages were opened and the spool does not know yet.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn opened_of(&self, account: &str, messages: &[String]) -> Result<Vec<String>> {
        on!(self, database => database.opened_of(account, messages))
    }

    /// Whose the files of accounts are, as the campus portal has said: account and uid.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn owners(&self) -> Result<Vec<(String, u32)>> {
        on!(self, database => database.owners())
    }

    /// Keeps what the campus portal says of that.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn set_owner(&self, account: &str, uid: u32) -> Result<()> {
        on!(self, database => database.set_owner(account, uid))
    }

    /// What a person prefers.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn preference(&self, account: &str, key: &str) -> Result<Option<String>> {
        on!(self, database => database.preference(account, key))
    }

    /// Keeps what a person prefers.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn set_preference(&self, account: &str, key: &str, value: &str) -> Result<()> {
        on!(self, database => database.set_preference(account, key, value))
    }

    /// The sessions of an account that are valid at `now`, the one used last first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn list_sessions(&self, account: &str, now: i64) -> Result<Vec<SessionRow>> {
        let mut rows = on!(self, database => database.list_sessions(account, now))?;
        let ended: Vec<String> = self.ended.all().iter().map(SessionKey::handle).collect();
        rows.retain(|row| !ended.contains(&row.handle));
        Ok(rows)
    }

    /// Ends all sessions of an account; says how many.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn delete_sessions_of(&self, account: &str) -> Result<u64> {
        let _changing = self.recent.changing();
        on!(self, database => database.delete_sessions_of(account))
    }

    /// Ends the sessions that the campus portal means; says how many. As with [`delete_session`](Self::delete_session) they are ended
    /// for this process even if the database cannot be written.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn end_sessions_from(&self, issuer: &str, origin: Origin<'_>) -> Result<usize> {
        let keys = on!(self, database => database.sessions_from(issuer, origin))?;
        for key in &keys {
            self.delete_session(*key).await?;
        }
        Ok(keys.len())
    }

    /// Ends one session of an account, by its [`SessionRow::handle`]; `false` if it has none of that name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn end_session(&self, account: &str, handle: &str) -> Result<bool> {
        let Some(key) = SessionKey::of_handle(handle) else {
            return Ok(false);
        };
        let found = on!(self, database => database.session_of(account, key))?;
        if found {
            self.delete_session(key).await?;
        }
        Ok(found)
    }

    /// Forgets sessions that are not valid any more at `now`, and those that ended when the database could not be written; says
    /// how many of the former.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn delete_expired(&self, now: i64) -> Result<u64> {
        self.tell_ended().await?;
        self.noted(on!(self, database => database.delete_expired(now))).await
    }

    /// `false`, and nothing changed, if there is a session of that key.
    pub(crate) async fn create_session(&self, key: SessionKey, session: &NewSession, now: i64) -> Result<bool> {
        // It may end an older one.
        let _changing = self.recent.changing();
        self.noted(on!(self, database => database.create_session(key, session, now)))
            .await
    }

    /// Changes a session that is there; one that was ended meanwhile stays ended.
    pub(crate) async fn save_session(&self, key: SessionKey, session: &NewSession, now: i64) -> Result<()> {
        let _changing = self.recent.changing();
        self.noted(on!(self, database => database.save_session(key, session, now)))
            .await
    }

    /// Data and end of a session that is valid at `now`.
    pub(crate) async fn load_session(&self, key: SessionKey, now: i64) -> Result<Option<Loaded>> {
        if self.ended.contains(key) {
            return Ok(None);
        }
        if let Some(loaded) = self.recent.get(key, now) {
            return Ok(Some(loaded));
        }
        let changes = self.recent.changes();
        let loaded = on!(self, database => database.load_session(key, now))?;
        if let Some(loaded) = &loaded {
            self.recent.keep(key, loaded, now, changes);
        }
        Ok(loaded)
    }

    /// Ends a session; for this process even if the database cannot be written.
    pub(crate) async fn delete_session(&self, key: SessionKey) -> Result<()> {
        let _changing = self.recent.changing();
        match self.noted(on!(self, database => database.delete_session(key))).await {
            Err(error) if self.ended.add(key) => {
                tracing::error!(%error, "a session has ended and cannot be deleted yet");
                Ok(())
            }
            deleted => deleted,
        }
    }
}
