//! What is precious: sessions, the key that ids are made with, what was opened here and the spool does not know yet,
//! preferences. One database, SQLite for now.
//!
//! # Must never
//! - hold mail: that is the index, which may be deleted at any time;
//! - lose what it has said is written: every change is on the disk before the call returns;
//! - read the clock or make random numbers: both are arguments;
//! - open a database of another form in silence: [`State::open`] refuses it, [`State::migrate`] alone changes it.
//!
//! # To extend
//! A new table is a migration in `sqlite/` (a new file and its line in `sqlite/migrations.rs`; a released one is never
//! edited). Another database is a folder beside `sqlite/` with the same methods, a variant of `Backend` in `state.rs`, and a
//! line in `tests/contract.rs`, which holds every backend to the same behaviour.

#![deny(missing_docs)]

mod ended;
mod error;
mod recent;
mod session_store;
mod sessions;
mod sqlite;
mod state;

pub use error::StateError;
pub use session_store::{SESSION_ACCOUNT, SESSION_USER_AGENT, Sessions};
pub use sessions::{MOST_SESSIONS, SessionRow};
pub use state::{Opened, State};

/// What an operation on the state gives.
pub type Result<T> = std::result::Result<T, StateError>;
