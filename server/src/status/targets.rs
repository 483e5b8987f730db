//! From `[[probe.target]]` to what is asked.

use super::board::ServiceKind;
use crate::{
    config::probe::{Kind, ProbeTarget, Tls},
    secrets::Secrets,
    setup::SetupError,
};
use probe::{ProbeAccount, Target};

/// A mail server that is looked at.
pub struct Asked {
    /// Its place among the services.
    pub service: usize,
    /// How it is asked.
    pub target: Target,
}

impl Asked {
    pub fn new(config: &ProbeTarget, service: usize, secrets: &Secrets) -> Result<Self, SetupError> {
        let certificates = config.ca_file.as_deref().map(|file| secrets.bytes(file)).transpose()?;
        let account = match (&config.account, &config.password_file) {
            (Some(login), Some(file)) => Some(ProbeAccount {
                login: login.clone(),
                password: secrets.secret(file)?,
            }),
            _ => None,
        };
        let kind = match config.kind {
            Kind::Imap => probe::Kind::Imap,
            Kind::Pop3 => probe::Kind::Pop3,
            Kind::Smtp => probe::Kind::Smtp,
        };
        let tls = match config.tls {
            Tls::None => probe::Tls::None,
            Tls::Implicit => probe::Tls::Implicit,
            Tls::StartTls => probe::Tls::StartTls,
        };
        let target = Target::new(kind, &config.host, config.port(), tls, certificates.as_deref(), account);
        let target = target.map_err(|error| SetupError::Text(format!("[[probe.target]] {}: {error}", config.name)))?;
        Ok(Self { service, target })
    }
}

impl From<Kind> for ServiceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Imap => Self::Imap,
            Kind::Pop3 => Self::Pop3,
            Kind::Smtp => Self::Smtp,
        }
    }
}
