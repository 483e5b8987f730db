//! What every request passes through, outermost first: [`trace`], [`panics`], [`limits`], [`security_headers`], [`csrf`],
//! [`timing`], the session of tower-sessions, [`account`], [`notices`], [`compress`], and for documents [`viewer`].

pub mod account;
pub mod client;
pub mod compress;
pub mod csrf;
pub mod limits;
pub mod notices;
pub mod panics;
pub mod security_headers;
pub mod timing;
pub mod trace;
pub mod viewer;
