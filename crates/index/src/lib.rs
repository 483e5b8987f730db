//! What is remembered of one account's mail: one SQLite file per account, on local disk.
//!
//! A list is a range of one of the file's indexes, so page one costs the same in a mailbox of a thousand and of a hundred
//! thousand messages; counts are kept by triggers, never counted. Names come first ([`Index::apply_listing`]), then headers
//! ([`Index::put_envelopes`]), then previews ([`Index::put_previews`]). [`Index::matches`] finds messages by pieces of the words of
//! their headers, which FTS5 keeps; the headers themselves then decide.
//!
//! [`Saved`] keeps whole messages beside it, in a directory with a table of its own: neither needs the other.
//!
//! # Must never
//! - hold anything that cannot be found again in the spool: the file may be deleted at any time, and a damaged one is set
//!   aside and made anew;
//! - lie on the spool's file system (write-ahead logging needs one host);
//! - know the spool, MIME or HTTP: places are bytes of the caller, ids are strings of the caller;
//! - read the clock: every time is an argument, `now_ns` and `as_of` in nanoseconds, dates of messages in seconds since 1970.
//!
//! # To extend
//! Change `schema.sql` and raise `schema::VERSION`: files of another version are set aside and rebuilt, so there are no
//! migrations. A new order of lists is a line in `order.rs` and a place in `asked.rs`; the tests then hold pages and
//! neighbours of it against each other.

#![deny(missing_docs)]

mod asked;
mod chunk;
mod columns;
mod error;
pub mod flags;
mod headers;
mod listing;
mod mailboxes;
mod names;
mod neighbours;
mod newest;
mod opened;
mod order;
mod pack;
mod page;
mod row;
mod saved;
mod schema;
mod search;
mod sort_key;
mod store;
mod troubled;

pub use error::IndexError;
pub use headers::{EnvelopeIn, Pending, PreviewIn};
pub use listing::{Applied, ArrivalsIn, ListingIn, Refused, Rest, Seen};
pub use mailboxes::{MailboxRow, MailboxSeen};
pub use names::names;
pub use neighbours::Neighbours;
pub use order::{PageQuery, Sort};
pub use page::Page;
pub use row::MessageRow;
pub use saved::{Evicted, Saved, SavedBody, SavedMeta, SavedWriter};
pub use search::{Address, MOST, Matches, SearchQuery};
pub use store::Index;
pub use troubled::{Due, TroubleIn};

/// What an operation on the index gives.
pub type Result<T> = std::result::Result<T, IndexError>;
