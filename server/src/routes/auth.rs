//! The way through the campus portal, and back. One file for each of its steps; what comes of it is `admission.rs`.

pub mod cas;
pub mod code;
pub mod oidc;
pub mod password;
pub mod start;
pub mod transaction;
