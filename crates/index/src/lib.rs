//! What is remembered of one account's mail: one SQLite file on local disk, deletable at any time, rebuilt from the spool.
//!
//! Names come first ([`Index::apply_listing`]), so that a list appears at once; headers ([`Index::put_envelopes`]) and previews
//! ([`Index::put_previews`]) follow, newest first. A page is a range read of an index; counts are kept with the mailbox by
//! triggers, never counted when a page is asked for.
//!
//! Must never hold anything that cannot be rebuilt, lie on the spool, or know what a Maildir, MIME or HTTP is: locations,
//! stamps and memories are bytes it does not look into. It has no clock; the time is an argument, in nanoseconds since 1970
//! where a name ends in `_ns`, in seconds otherwise.
//!
//! To extend: raise `SCHEMA_VERSION` in `open.rs` with every change of `schema.sql`; older files are set aside and rebuilt.
#![deny(missing_docs)]

mod apply;
mod error;
mod keys;
mod mailbox;
mod message;
mod open;
mod page;
mod pending;
mod types;

pub use error::IndexError;
pub use open::Index;
pub use types::{
    Applied, EnvelopeIn, ListingIn, MailboxRow, MailboxSeen, MessageRow, Neighbours, Page, PageQuery, Pending,
    PreviewIn, Refusal, Seen, Sort,
};
