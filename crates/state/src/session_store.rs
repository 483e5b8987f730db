use crate::{
    State, StateError,
    sessions::{NewSession, SessionKey, ticket_key},
};
use async_trait::async_trait;
use std::{collections::BTreeMap, fmt, sync::Arc};
use time::OffsetDateTime;
use tower_sessions_core::{
    session::{Id, Record},
    session_store::{Error, Result, SessionStore},
};

/// The entry of a session's data that names the account, a string.
pub const SESSION_ACCOUNT: &str = "account";
/// The entry of a session's data that says what the browser calls itself, a string.
pub const SESSION_USER_AGENT: &str = "user_agent";

/// The entry of a session's data that says when it ends, in seconds, should that be before the record's own time.
pub const SESSION_ENDS: &str = "ends";

/// The entries of a session's data that say who vouched for it, strings: the issuer, whom it names there, its own id of the session,
/// and what [`ticket_entry`] makes of the CAS ticket.
pub const SESSION_ISSUER: &str = "issuer";
/// See [`SESSION_ISSUER`].
pub const SESSION_SUBJECT: &str = "subject";
/// See [`SESSION_ISSUER`].
pub const SESSION_SID: &str = "sid";
/// See [`SESSION_ISSUER`].
pub const SESSION_TICKET: &str = "ticket";

/// What is kept of a CAS ticket: enough to know it again when the server says that its session is over.
pub fn ticket_entry(issuer: &str, ticket: &str) -> String {
    blake3::Hash::from_bytes(ticket_key(issuer, ticket))
        .to_hex()
        .to_string()
}

/// Ids tried for a new session. Two in a row that are taken are no accident.
const TRIES: usize = 3;

/// The sessions of the state, as tower-sessions wants them.
///
/// A session that did not change is not written, however often it is saved: see `WORTH_WRITING`. One that was ended is not
/// brought back by a request that was still under way. When the database cannot be written, no session begins, those that there
/// are go on until their time is over, and one that is ended is ended.
#[derive(Clone)]
pub struct Sessions {
    state: State,
    clock: Arc<dyn Fn() -> i64 + Send + Sync>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

impl State {
    /// The sessions, with a clock that gives the seconds since 1970.
    pub fn sessions(&self, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Sessions {
        Sessions {
            state: self.clone(),
            clock: Arc::new(clock),
        }
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let session = written(record)?;
        for _ in 0..TRIES {
            let key = SessionKey::from(&record.id);
            if self
                .state
                .create_session(key, &session, (self.clock)())
                .await
                .map_err(backend)?
            {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(Error::Backend("every new session id is taken".to_owned()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let key = SessionKey::from(&record.id);
        let saved = self.state.save_session(key, &written(record)?, (self.clock)()).await;
        // It is still what it was, and so may be read on with; to refuse the page would stop all reading on a full disk.
        if let Err(error) = saved {
            tracing::error!(%error, "a session cannot be prolonged");
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self
            .state
            .load_session(SessionKey::from(id), (self.clock)())
            .await
            .map_err(backend)?;
        let Some((data, expires)) = found else { return Ok(None) };
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_slice(&data).map_err(|error| Error::Decode(error.to_string()))?,
            expiry_date: OffsetDateTime::from_unix_timestamp(expires)
                .map_err(|error| Error::Decode(error.to_string()))?,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.state.delete_session(SessionKey::from(id)).await.map_err(backend)
    }
}

fn written(record: &Record) -> Result<NewSession> {
    let text = |key: &str| record.data.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    let ticket = text(SESSION_TICKET).and_then(|ticket| blake3::Hash::from_hex(ticket).ok());
    let expires = record.expiry_date.unix_timestamp();
    let ends = record.data.get(SESSION_ENDS).and_then(serde_json::Value::as_i64);
    // Sorted, so that the same data is the same bytes.
    let data: BTreeMap<_, _> = record.data.iter().collect();
    Ok(NewSession {
        account: text(SESSION_ACCOUNT),
        user_agent: text(SESSION_USER_AGENT),
        ticket: ticket.map(|ticket| *ticket.as_bytes()),
        issuer: text(SESSION_ISSUER),
        subject: text(SESSION_SUBJECT),
        sid: text(SESSION_SID),
        expires: ends.map_or(expires, |ends| ends.min(expires)),
        data: serde_json::to_vec(&data).map_err(|error| Error::Encode(error.to_string()))?,
    })
}

fn backend(error: StateError) -> Error {
    Error::Backend(error.to_string())
}
