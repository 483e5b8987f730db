use tower_sessions_core::session::Id;

/// Sessions an account may have; a further one ends the oldest.
pub const MOST_SESSIONS: u32 = 20;

/// An end of a session moved by less than this, in seconds, is not worth a write of its own.
pub(crate) const WORTH_WRITING: i64 = 60;

/// A session of a person, for a page that lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Names it without being of any use to enter it.
    pub handle: String,
    /// When it began, in seconds.
    pub created: i64,
    /// When it was last written, in seconds.
    pub last_seen: i64,
    /// When it ends, in seconds.
    pub expires: i64,
    /// What the browser called itself.
    pub user_agent: Option<String>,
}

/// Sessions by what the campus portal knows of them.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The one that it calls so (OpenID Connect `sid`).
    Sid(&'a str),
    /// All of a person.
    Subject(&'a str),
    /// Those of a person that it has no name for.
    Unnamed(&'a str),
    /// The one that was opened with that ticket (CAS).
    Ticket(&'a str),
}

/// A ticket as it is kept: it may be good for more than the session it has opened.
pub(crate) fn ticket_key(issuer: &str, ticket: &str) -> [u8; 32] {
    crate::sign_in::key_of("fumibako 2026 ticket", [issuer, ticket])
}

/// A session's id as it is kept: hashed, so that whoever reads the database, or a copy of it, can enter none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionKey(pub(crate) [u8; 32]);

impl From<&Id> for SessionKey {
    fn from(id: &Id) -> Self {
        Self(blake3::derive_key("fumibako 2026 session id", &id.0.to_le_bytes()))
    }
}

/// What a [`SessionRow::handle`] is of that session.
pub fn handle_of(id: &Id) -> String {
    SessionKey::from(id).handle()
}

impl SessionKey {
    /// The key behind a [`SessionRow::handle`].
    pub(crate) fn of_handle(handle: &str) -> Option<Self> {
        blake3::Hash::from_hex(handle).ok().map(|hash| Self(*hash.as_bytes()))
    }

    /// As [`SessionRow`] has it.
    pub(crate) fn handle(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

/// What is written of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewSession {
    pub(crate) account: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) sid: Option<String>,
    pub(crate) ticket: Option<[u8; 32]>,
    pub(crate) expires: i64,
    pub(crate) data: Vec<u8>,
}
