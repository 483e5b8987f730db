//! Who is this person: OpenID Connect, CAS, the header of a proxy, LDAP, and a code for when none of them answers.
//!
//! Each way of signing in ends in an [`Identity`]; [`AccountRule`] says which account that is. What is kept between the two
//! halves of a sign-in, and the session after it, are the caller's.
//!
//! # Must never
//! - know HTTP of the portal or a database: requests arrive as strings, and what is to be remembered is handed back;
//! - read the clock, make random numbers, or read the environment: times and random bytes are arguments;
//! - believe what it cannot check: whatever is missing, doubled, or spelled otherwise is refused;
//! - write tokens, tickets, names or values of claims into the log, or show them by `Debug`.
//!
//! # To extend
//! A new protocol is a module with its settings, a `new` that refuses settings that are not safe, and a function that gives an
//! [`Identity`] or an [`SsoError`]; and a provider of its own in `tests/suite/` that lies in every way the protocol allows.

#![deny(missing_docs)]

pub mod account;
pub mod break_glass;
pub mod cas;
mod claims;
mod error;
mod identity;
#[cfg(feature = "ldap")]
pub mod ldap;
pub mod oidc;
pub mod proxy;
mod urls;
mod web;
mod xml;

pub use account::AccountRule;
pub use error::{SettingsError, SsoError};
pub use identity::Identity;
