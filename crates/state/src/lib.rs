//! What is precious: sessions, the key that ids are made with, what was opened here and is to be told to the spool one day, and
//! preferences. Losing it costs sign-ins and links; it never holds mail.
//!
//! One SQLite file. Every change is on the disk when a call returns (`synchronous = FULL`). Must never hold mail, read the
//! clock or make random numbers: both are arguments.
//!
//! To extend: a subject is a file under `sqlite/` with one `impl State` block, a migration at the end of `sqlite/migrations.rs`,
//! and its cases in `tests/contract.rs`. A second database is a folder beside `sqlite/` that passes the same contract.
#![deny(missing_docs)]

mod error;
mod sqlite;
mod types;

pub use error::StateError;
pub use sqlite::State;
pub use types::{Opened, SessionRow};
