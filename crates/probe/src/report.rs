//! What a look at a server gives.

use std::{fmt, time::Duration};

/// A step of a look, in the order in which a mail program waits for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Finding the addresses of the name, and a connection to one of them.
    Connect,
    /// The TLS handshake, right after connecting or after [`Step::StartTls`].
    Tls,
    /// Waiting for the first line of the server.
    Greeting,
    /// `CAPABILITY`, `CAPA` or `EHLO`; a second time after `STARTTLS`, where what was said before it counts for nothing
    /// (RFC 9051 §6.2.1, RFC 2595 §4, RFC 3207 §4.2).
    Capabilities,
    /// `STARTTLS` or `STLS`, without the handshake.
    StartTls,
    /// Signing in as the account of the probe.
    SignIn,
    /// One question that changes nothing: `EXAMINE INBOX`, `STAT`, `NOOP`.
    Ask,
    /// `LOGOUT` or `QUIT`. It is there if the server answered, never fails, and does not count in [`Report::total`].
    Goodbye,
}

impl Step {
    /// A word for it that never changes: for a database or a metric.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Greeting => "greeting",
            Self::Capabilities => "capabilities",
            Self::StartTls => "starttls",
            Self::SignIn => "sign-in",
            Self::Ask => "ask",
            Self::Goodbye => "goodbye",
        }
    }
}

/// Why a look failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Cause {
    /// Nothing listens there, or no way leads there.
    #[error("unreachable")]
    Unreachable,
    /// The name has no address, or the name service does not answer.
    #[error("the name is not found")]
    NotFound,
    /// No answer within the deadline of the step, or of the whole.
    #[error("no answer in time")]
    Timeout,
    /// TLS does not come about: not offered, not spoken, or nothing in common.
    #[error("no TLS")]
    Tls,
    /// The certificate is of nobody we trust, or is wrong in another way.
    #[error("the certificate is not trusted")]
    Untrusted,
    /// The certificate is of another time: expired, or not valid yet.
    #[error("the certificate is of another time")]
    Expired,
    /// The certificate is of another name.
    #[error("the certificate is of another name")]
    WrongName,
    /// The connection ended before the answer did.
    #[error("the connection was closed")]
    Closed,
    /// It answers that it cannot at the moment: SMTP `421` and `4yz`, IMAP `BYE`, POP3 `[SYS/TEMP]` and `[IN-USE]`.
    #[error("busy")]
    Busy,
    /// It answers, and says no for good: the sign-in is refused, or not offered; or it will not have us at all.
    #[error("refused")]
    Refused,
    /// What answers does not speak the protocol, or says more than it may.
    #[error("not the protocol")]
    Protocol,
}

impl Cause {
    /// A word for it that never changes: for a database or a metric.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::NotFound => "not-found",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Untrusted => "untrusted",
            Self::Expired => "expired",
            Self::WrongName => "wrong-name",
            Self::Closed => "closed",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::Protocol => "protocol",
        }
    }
}

/// Where a look failed, and why. Its `Display` and `Debug` hold nothing that the server or the configuration says.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {cause}", step.word())]
pub struct Failure {
    /// The step that failed.
    pub step: Step,
    /// Why.
    pub cause: Cause,
    pub(crate) detail: String,
}

impl Failure {
    /// More of it, for the log of the staff: what the server or the system said, cut short and without control characters. It may
    /// name hosts and addresses; it never holds the password, nor any free words of the server after that was sent.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, cause, .. } = self;
        f.debug_struct("Failure")
            .field("step", step)
            .field("cause", cause)
            .finish_non_exhaustive()
    }
}

/// One look at a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How long each step took, in the order they were taken; the last is the one that failed, if one did.
    pub steps: Vec<(Step, Duration)>,
    /// From the beginning to the last answer or the failure, without the goodbye.
    pub total: Duration,
    /// Whether every step was answered as it should be.
    pub result: Result<(), Failure>,
}
