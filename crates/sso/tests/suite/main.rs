//! Signing in against providers that answer as they should, and in every other way the protocols allow. All of them are in this
//! process, on loopback ports; the clock is an argument.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod backchannel;
mod cas;
mod discovery;
mod id_token;
mod jose;
#[cfg(feature = "ldap")]
mod ldap;
mod logout;
mod provider;
mod server;
mod sign_in;
mod userinfo;
