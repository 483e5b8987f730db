//! A failure that does not know its step yet.

use crate::Cause;
use std::io;
use tokio_rustls::rustls::{CertificateError, Error as TlsError};

/// Longer details are cut.
const LONGEST_DETAIL: usize = 200;

/// Why a step fails; the detail is for the staff.
#[derive(Debug)]
pub struct Trouble {
    pub cause: Cause,
    pub detail: String,
}

impl Trouble {
    pub fn new(cause: Cause, detail: &str) -> Self {
        let detail = detail
            .chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_DETAIL)
            .collect();
        Self { cause, detail }
    }

    /// What the server said is not what it may say.
    pub fn protocol(detail: &str) -> Self {
        Self::new(Cause::Protocol, detail)
    }

    /// An error while connecting.
    pub fn connecting(error: &io::Error) -> Self {
        let cause = match error.kind() {
            // The system's own patience, which is shorter than ours if ours is long.
            io::ErrorKind::TimedOut => Cause::Timeout,
            // Refused, no route, forbidden by a packet filter, no such address family here.
            _ => Cause::Unreachable,
        };
        Self::new(cause, &error.to_string())
    }

    /// An error while reading or writing, or of the TLS handshake (rustls hides in an [`io::Error`] there).
    pub fn talking(error: &io::Error) -> Self {
        let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
        let cause = match (tls, error.kind()) {
            (Some(error), _) => of_tls(error),
            (None, io::ErrorKind::TimedOut) => Cause::Timeout,
            (None, io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => Cause::Unreachable,
            (None, _) => Cause::Closed,
        };
        Self::new(cause, &error.to_string())
    }
}

fn of_tls(error: &TlsError) -> Cause {
    use CertificateError as Bad;
    match error {
        TlsError::InvalidCertificate(
            Bad::Expired | Bad::ExpiredContext { .. } | Bad::NotValidYet | Bad::NotValidYetContext { .. },
        ) => Cause::Expired,
        TlsError::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => Cause::WrongName,
        TlsError::InvalidCertificate(_) => Cause::Untrusted,
        _ => Cause::Tls,
    }
}
