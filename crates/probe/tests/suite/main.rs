//! Servers that misbehave, and a real one.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod bounds;
mod busy;
mod certificates;
mod day;
mod dovecot;
mod dovecot_config;
mod fake;
mod good;
mod misbehaviour;
mod schedule;
mod scripts;
mod secrets;
mod starttls;
mod target;
mod timing;
mod tls;
mod window;
