//! Bits of [`Seen::flags`](crate::Seen::flags): the system flags of RFC 9051 §2.3.2 and `passed`. Only [`SEEN`] has a meaning
//! here (it is what "unread" is made of); the others are kept for the caller.

/// \Seen.
pub const SEEN: u32 = 1;
/// \Answered.
pub const ANSWERED: u32 = 1 << 1;
/// \Flagged.
pub const FLAGGED: u32 = 1 << 2;
/// \Deleted.
pub const DELETED: u32 = 1 << 3;
/// \Draft.
pub const DRAFT: u32 = 1 << 4;
/// Forwarded or bounced (Maildir `P`).
pub const PASSED: u32 = 1 << 5;
