//! Is IMAP, POP or SMTP answering, and how fast: one look at a server, and what many of them come to.
//!
//! [`probe()`] talks to a [`Target`] as a mail program would, up to a sign-in and one question that changes nothing, and times every
//! step of it. [`Window`] says what the looks of the last ten minutes come to, [`DayFold`] what is left of a day; both are pure, and
//! take what was asked elsewhere (spool, portal, database) as well.
//!
//! # Must never
//! - decide what to show: it gives figures and closed lists of causes, the words are the caller's;
//! - change anything at the server: it asks `CAPABILITY`, `EXAMINE`, `STAT`, `NOOP`, and sends no mail
//!   (what signing in by POP3 does to its own mailbox is said at [`Target::new`]);
//! - give a password to whoever listens: none is sent without TLS but to this machine itself;
//! - name a host, an account or a password by `Display` or `Debug` of an error; [`Failure::detail`] is for the log of the staff;
//! - believe an answer to be short: lines, answers and times are bounded;
//! - read the clock or make random numbers: both are arguments. (The time that certificates are compared with is read by rustls.)
//!
//! # To extend
//! A new protocol is a [`Kind`], its module in `conversation/`, one arm in `conversation.rs`, and its manners of misbehaving in
//! `tests/suite/`.

#![deny(missing_docs)]

mod connect;
mod conversation;
mod figures;
mod report;
mod target;
mod timing;
mod tls;
mod trouble;
mod wire;

pub use conversation::probe;
pub use figures::{
    day::{DayFold, strip},
    schedule::{OneAtATime, Turn, first, next},
    state::{Settings, State},
    window::{Figures, Sample, Window},
};
pub use report::{Cause, Failure, Report, Step};
pub use target::{Kind, ProbeAccount, Target, TargetError, Tls};
pub use timing::{Clock, Deadlines};
