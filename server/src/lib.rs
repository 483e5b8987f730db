//! The process: configuration, sockets, sessions, headers, routes that are not pages, commands.
//!
//! [`router`] is the one list of routes; a handler delegates in a few lines. Only this package reads the environment
//! ([`config`]), the clock ([`clock`]) and randomness ([`random`]), and passes them down. No other package can reach it.
//!
//! Mail reaches a browser on four ways: pages (`routes/pages.rs`, text only), the frame (`routes/body.rs`, the only way for
//! HTML from mail), files (`routes/part.rs`, `zip.rs`, `source.rs`, and for the frame `image.rs`) and server functions (`routes/api.rs`).
//!
//! To extend: a route is a file in `routes` and a line in [`router`], with its class of headers; a command is a variant in
//! [`cli`] and a file in `commands`.
// The types of pages are deep.
#![recursion_limit = "512"]

pub mod accounts;
pub mod admission;
pub mod assets;
pub mod auth;
mod browser;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod forgetting;
pub mod helper;
mod in_passing;
pub mod lanes;
pub mod links;
pub mod listen;
mod mbox_writer;
pub mod middleware;
pub mod networks;
mod plain;
pub mod preferences;
pub mod random;
pub mod rates;
pub mod return_to;
pub mod router;
pub mod routes;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod state;
pub mod status;
pub mod template;
pub mod watch;
mod words;
mod zip_names;
mod zip_writer;

pub use router::build_router;
pub use state::AppState;
