//! What many looks come to. Pure: no clock, no randomness, no network.

pub mod day;
pub mod schedule;
pub mod state;
pub mod window;
