//! The words that cross the wire between the portal and the browser.
//!
//! Plain data with serde, and nothing else: no `cfg`, no logic beyond what a name needs, no other package of ours, so that
//! both halves agree by construction. Every id is opaque; every date comes with the words a person reads, made by the server
//! in the person's language and zone, so the browser formats nothing.
//!
//! To extend: add a field to the type that has the same subject, or a file for a new subject. An error a person can meet is
//! a variant of [`ApiError`] and gets its sentence in the catalogues.
#![deny(missing_docs)]

mod error;
mod freshness;
mod ids;
mod list;
mod mailbox;
mod message;
mod moment;
mod session;
mod snapshot;
mod text;

pub use error::{ApiError, Cause};
pub use freshness::{Freshness, Source};
pub use ids::{MailboxId, MessageId};
pub use list::{Found, ListQuery, MessageList, MessageRow, PAGE, PIECE, Search, Sort};
pub use mailbox::{MailboxLine, MailboxRef, Rail, Role};
pub use message::{
    Attachment, Body, DefectNote, DeliveryAction, DeliveryReport, FileIcon, Letter, LetterQuery, Message, Neighbour,
    Person, Recipient,
};
pub use moment::{Day, Moment};
pub use session::{SessionLine, SessionTime};
pub use snapshot::{SnapshotLine, SnapshotList};
pub use text::{Inline, TextBlock};
