//! The index as its callers use it, on real files.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod arrivals;
mod asked;
mod counts;
mod files;
mod listing;
mod lists;
mod mailboxes;
mod saved;
mod search;
mod steps;
mod troubled;
mod world;
