//! A pool of helper processes of our own binary: framed requests, deadlines, kill, respawn, limits.
//!
//! What may hang for ever (a mount that does not answer) or be taken over (hostile mail) runs in a process that can be killed.
//! [`Pool`] is the side of those who ask: one thread for each helper, one queue with an end. [`serve`] is the helper's side, and
//! [`confine`] is how a helper gives up what its work does not need.
//!
//! # Must never
//! - know what the work is: requests and answers are bytes;
//! - believe a helper: what it sends is cut at a length, belongs to the request that was asked, or ends the helper;
//! - let a caller wait longer than the caller said, or join what may not end;
//! - read the environment: a helper gets the variables that the settings give it, and no others.
//!
//! # To extend
//! A new kind of frame is a variant of `frame::Kind`, sent by `serve` and met in `helper`; whatever is not met there is an
//! offence. What else a helper may give up is a field of [`Limits`], a list in `confine/seccomp.rs`, and a test that tries it.

#![deny(missing_docs)]

mod clock;
mod confine;
mod error;
mod frame;
mod helper;
mod job;
mod left;
mod patience;
mod pool;
mod queue;
mod serve;
mod settings;
mod shared;
mod turns;
#[cfg(test)]
mod unkillable;

pub use confine::{Confined, Files, Held, Limits, Part, confine};
pub use error::{ConfineError, Lost, Miss, Refused, ServeError, StartError};
pub use job::{Answer, Ticket, Urgency};
pub use pool::{Counts, Pool};
pub use serve::{Beat, serve};
pub use settings::Settings;
