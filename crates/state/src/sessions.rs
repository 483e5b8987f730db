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

/// A session's id as it is kept: hashed, so that whoever reads the database, or a copy of it, can enter none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionKey(pub(crate) [u8; 32]);

impl From<&Id> for SessionKey {
    fn from(id: &Id) -> Self {
        Self(blake3::derive_key("fumibako 2026 session id", &id.0.to_le_bytes()))
    }
}

impl SessionKey {
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
    pub(crate) expires: i64,
    pub(crate) data: Vec<u8>,
}
