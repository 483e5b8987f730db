//! What is looked at.

use crate::tls::{self, Secured};
use std::{fmt, net::IpAddr};

/// Longer names and passwords are nobody's; with them every command stays below the line that a server has to take.
const LONGEST_SECRET: usize = 255;

/// The protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// IMAP (RFC 9051, RFC 3501).
    Imap,
    /// POP3 (RFC 1939).
    Pop3,
    /// SMTP or submission (RFC 5321, RFC 6409).
    Smtp,
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tls {
    /// Not at all.
    None,
    /// From the first byte (RFC 8314 §3).
    Implicit,
    /// After `STARTTLS` or `STLS`; a server that does not offer it fails.
    StartTls,
}

/// An account that exists for the probe alone.
#[derive(Clone, PartialEq, Eq)]
pub struct ProbeAccount {
    /// The name that it signs in with.
    pub login: String,
    /// Its password.
    pub password: String,
}

impl fmt::Debug for ProbeAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProbeAccount(..)")
    }
}

/// Why something cannot be looked at. It does not repeat what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The host is neither a name nor an address.
    #[error("the host is neither a name nor an address")]
    Host,
    /// Port 0.
    #[error("the port is 0")]
    Port,
    /// There is no certificate in the PEM, or one that cannot be read.
    #[error("no certificate in PEM")]
    Certificate,
    /// The login is empty, longer than 255 bytes, or holds control characters: they would begin commands of their own.
    #[error("the login is empty, too long, or has control characters")]
    Login,
    /// The same of the password.
    #[error("the password is empty, too long, or has control characters")]
    Password,
    /// An account without TLS, at another machine.
    #[error("no password is sent to another machine without TLS")]
    PasswordInClear,
}

/// One server, and how it is looked at.
#[derive(Clone)]
pub struct Target {
    pub(crate) kind: Kind,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: Tls,
    pub(crate) secured: Option<Secured>,
    pub(crate) account: Option<ProbeAccount>,
}

impl Target {
    /// `host` is a name or an address without brackets. `ca_pem` are certificates that are trusted beside those of the system.
    /// The system's are read from the disk when the first target with TLS is made, and then kept.
    ///
    /// With an account the probe signs in and opens its mailbox, so the account should be nobody's: a server may take a look by
    /// POP3 for a mail program that came by, and Dovecot then moves what is in `new` to `cur` (IMAP's `EXAMINE` does not do that).
    /// A password that is wrong makes Dovecot answer all sign-ins from this machine late, for a while.
    ///
    /// # Errors
    /// Something given cannot be used, or is not safe; see [`TargetError`].
    pub fn new(
        kind: Kind,
        host: &str,
        port: u16,
        tls: Tls,
        ca_pem: Option<&[u8]>,
        account: Option<ProbeAccount>,
    ) -> Result<Self, TargetError> {
        let name = tls::name(host).ok_or(TargetError::Host)?;
        if port == 0 {
            return Err(TargetError::Port);
        }
        if let Some(account) = &account {
            is_plain(&account.login, TargetError::Login)?;
            is_plain(&account.password, TargetError::Password)?;
            if tls == Tls::None && !is_here(host) {
                return Err(TargetError::PasswordInClear);
            }
        }
        let own = tls::certificates(ca_pem).ok_or(TargetError::Certificate)?;
        let secured = match tls {
            Tls::None => None,
            Tls::Implicit | Tls::StartTls => Some(Secured::new(name, own).ok_or(TargetError::Certificate)?),
        };
        Ok(Self {
            kind,
            host: host.to_owned(),
            port,
            tls,
            secured,
            account,
        })
    }

    /// The protocol.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("kind", &self.kind)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

fn is_plain(secret: &str, error: TargetError) -> Result<(), TargetError> {
    let plain = !secret.is_empty() && secret.len() <= LONGEST_SECRET && !secret.chars().any(char::is_control);
    if plain { Ok(()) } else { Err(error) }
}

/// Whether the host is this machine by its spelling; what `localhost` really leads to is looked at again when connected.
fn is_here(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.to_canonical().is_loopback())
}
