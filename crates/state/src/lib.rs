//! What is precious: sessions and who vouched for them, whose an account is, emergency codes, the audit log; the key that ids are
//! made with, what was opened here and the spool does not know yet, preferences; the days of services and what was told of incidents;
//! drills.
//! One database, SQLite for now.
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
#[macro_use]
mod state;
mod drills;
mod forgotten;
mod session_store;
mod sessions;
mod sign_in;
mod sqlite;
mod status;

pub use drills::{Drill, DrillKind, LONGEST_DRILL};
pub use error::StateError;
pub use forgotten::Forgotten;
pub use session_store::{
    SESSION_ACCOUNT, SESSION_ENDS, SESSION_ISSUER, SESSION_SID, SESSION_SUBJECT, SESSION_TICKET, SESSION_USER_AGENT,
    Sessions, ticket_entry,
};
pub use sessions::{MOST_SESSIONS, Origin, SessionRow, handle_of};
pub use sign_in::{AUDIT_DAYS, AuditLine, BreakGlass, Pinned};
pub use state::{Opened, State};
pub use status::{
    INCIDENT_DAYS, Incident, IncidentChange, IncidentUpdate, Revised, Revision, STATUS_DAYS, SeenIncident, ServiceDay,
    Severity,
};

/// What an operation on the state gives.
pub type Result<T> = std::result::Result<T, StateError>;
