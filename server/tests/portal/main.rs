//! The portal through its real router, over Maildirs made here: what a browser, a hostile site and another person can get.
#![recursion_limit = "512"]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod app;
mod csrf;
mod drills;
mod export;
mod files;
mod headers;
mod help;
mod images;
mod incidents;
mod lanes;
mod pages;
mod session;
mod sign_in;
mod snapshots;
mod status;
mod status_feed;
