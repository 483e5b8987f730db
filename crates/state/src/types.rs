/// A session; what the session layer keeps in it is opaque.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionRow {
    /// 128 random bits, the value of the cookie.
    pub id: [u8; 16],
    /// Whose it is; `None` before signing in.
    pub account: Option<String>,
    /// The session layer's own record.
    pub data: Vec<u8>,
    /// When it began, in seconds.
    pub created: i64,
    /// When it was last written, in seconds.
    pub seen: i64,
    /// When it ends, in seconds.
    pub expires: i64,
}

/// A message that was opened here: a pending +S.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The mailbox it was in, as bytes on disk.
    pub mailbox: Vec<u8>,
    /// Its id in URLs.
    pub message: String,
    /// When, in seconds.
    pub at: i64,
}
