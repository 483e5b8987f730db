//! Mail at rest: Maildir, Maildir++ and mbox, read from the bytes on disk.
//!
//! [`Store::open`] takes a [`StoreConfig`]; then [`Store::mailboxes`], [`Store::stamp`], [`Store::list`] and
//! [`Store::open_message`] answer in plain data. The calls block: whoever calls sets the deadline.
//!
//! **It must never** write, create, rename or lock anything, move mail from `new` to `cur`, change an access time
//! where that can be avoided, follow a symbolic link, leave the root, block on a FIFO, map a file into memory, or
//! know SQL, MIME, HTTP or async. An empty list is never an answer to a fault: that is an error or a [`Defect`].
//!
//! **Trust.** Names are bytes chosen by others. Every open goes through `open.rs`, which resolves beneath the root
//! without links or mount points and checks the descriptor, never the path. Other programs change the spool at any
//! moment, so a [`Listing`] says itself whether removals may be believed ([`Listing::consistent`]).
//!
//! **To add a format**: a module with `mailboxes`, `stamp`, `list` and `open_message`, one variant of [`Layout`] and
//! one of `store::Backend`, and one line in `tests/conformance/`. Not read yet, and named rather than guessed at:
//! dbox, `LAYOUT=index`, encrypted messages.

#![deny(missing_docs)]

mod codec;
mod config;
mod defect;
mod detect;
mod entry;
mod error;
mod every;
mod flags;
#[cfg(fuzzing)]
pub mod fuzzing;
mod inspect;
mod maildir;
mod marker;
mod mbox;
mod message;
pub mod mutf7;
mod names;
mod open;
mod owner;
mod path;
mod probe;
mod snapshots;
mod stamp;
mod steps;
mod store;
mod unpack;

pub use config::{Layout, Limits, MboxQuoting, Owner, Place, StoreConfig};
pub use defect::{Defect, DefectKind};
pub use entry::{Arrivals, BaseName, Entry, Listing, Location, MailboxEntry, Quota, Subdir};
pub use error::SpoolError;
pub use every::{Everything, Item, Marks};
pub use flags::Flags;
pub use inspect::{Corner, Facts};
pub use maildir::ArrivalMemory;
pub use marker::{is_marked, marker_is_there};
pub use mbox::MboxMemory;
pub use mbox::is_state_header;
pub use message::{MessageFile, is_of_mbox};
pub use names::{SpecialUse, printable};
pub use path::MailboxPath;
pub use probe::{has_entries, is_missing, probe};
pub use snapshots::{LONGEST_MARKER, MarkerCount, count_messages, marker_count, marker_line, snapshot_names};
pub use stamp::{FileStamp, MailboxStamp};
pub use steps::on_each_step;
pub use store::Store;
