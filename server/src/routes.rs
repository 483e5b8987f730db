//! The handlers of `router.rs`, one file a route.

pub mod api;
pub mod assets;
pub mod auth;
pub mod body;
pub mod csp_report;
pub mod error;
pub mod export;
pub mod file;
pub mod health;
pub mod home;
pub mod image;
pub mod pages;
pub mod part;
pub mod posted;
pub mod range;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod sign_out;
pub mod signed_out;
pub mod source;
pub mod status;
pub mod status_json;
pub mod status_rss;
pub mod streamed;
pub mod zip;
