//! `[probe]`: what the service status looks at.

use super::ConfigError;
use serde::Deserialize;
use std::{collections::BTreeSet, path::PathBuf};

/// Seconds. More often is a load of its own, more seldom is no news.
const INTERVALS: std::ops::RangeInclusive<u32> = 5..=3600;
/// Each is asked with a connection of its own.
const MOST_TARGETS: usize = 32;
const LONGEST_NAME: usize = 32;

/// See the module.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Probe {
    /// Seconds between two looks at one service.
    pub interval: u32,
    /// Milliseconds. A service is slow if half of the looks take longer.
    pub slow_ms: u32,
    /// `[[probe.target]]`
    #[serde(rename = "target")]
    pub targets: Vec<ProbeTarget>,
}

/// `[[probe.target]]`: a mail server that is looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeTarget {
    /// What it is called where everybody can read it: `imap`, `pop3` and `smtp` have words of their own, others are shown as they are.
    pub name: String,
    /// Its protocol.
    pub kind: Kind,
    /// Its name or address; never shown.
    pub host: String,
    /// Its port; that of the protocol if it is not set.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: Tls,
    /// Certificates (PEM) to trust besides the common ones.
    pub ca_file: Option<PathBuf>,
    /// An account that is nobody's; without one there is no sign-in.
    pub account: Option<String>,
    /// File with its password.
    pub password_file: Option<PathBuf>,
}

/// A protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// IMAP.
    Imap,
    /// POP3.
    Pop3,
    /// SMTP or submission.
    Smtp,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Not at all.
    None,
    /// From the first byte.
    #[default]
    Implicit,
    /// After `STARTTLS` or `STLS`.
    StartTls,
}

impl Default for Probe {
    fn default() -> Self {
        Self {
            interval: 30,
            slow_ms: 1000,
            targets: Vec::new(),
        }
    }
}

impl ProbeTarget {
    /// Where it is asked: RFC 8314 §3.2, §3.3 and §7.3, RFC 6409 §3.1.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match (self.kind, self.tls) {
            (Kind::Imap, Tls::Implicit) => 993,
            (Kind::Imap, _) => 143,
            (Kind::Pop3, Tls::Implicit) => 995,
            (Kind::Pop3, _) => 110,
            (Kind::Smtp, Tls::Implicit) => 465,
            (Kind::Smtp, _) => 587,
        })
    }
}

impl Probe {
    /// `taken`: names of services that are looked at without being asked for.
    pub(super) fn checked(&self, taken: &[&str]) -> Result<(), ConfigError> {
        let fail = |text: String| Err(ConfigError::Value(text));
        if !INTERVALS.contains(&self.interval) {
            return fail("[probe] interval is 5 to 3600 seconds".to_owned());
        }
        if self.slow_ms == 0 {
            return fail("[probe] slow_ms must not be 0".to_owned());
        }
        if self.targets.len() > MOST_TARGETS {
            return fail(format!("[probe] looks at {MOST_TARGETS} targets at most"));
        }
        let mut names: BTreeSet<&str> = taken.iter().copied().collect();
        for target in &self.targets {
            let name = target.name.as_str();
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(plain) {
                return fail(format!(
                    "[[probe.target]] name is small letters, digits and -, not {name:?}"
                ));
            }
            if !names.insert(name) {
                return fail(format!("[[probe.target]] name {name:?} is taken"));
            }
            if target.account.is_some() != target.password_file.is_some() {
                return fail(format!(
                    "[[probe.target]] {name}: account and password_file are set both or neither"
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Probe, String> {
        let probe: Probe = toml::from_str(text).map_err(|error| error.to_string())?;
        probe.checked(&["portal"]).map_err(|error| error.to_string())?;
        Ok(probe)
    }

    #[test]
    fn targets_are_listed_each_with_what_it_needs() {
        let probe = read(
            "interval = 10\nslow_ms = 500\n[[target]]\nname = 'imap'\nkind = 'imap'\nhost = 'imap.example.ac.jp'\n\
             [[target]]\nname = 'lab-mx'\nkind = 'smtp'\nhost = '192.0.2.1'\nport = 25\ntls = 'starttls'\nca_file = 'ca.pem'\n\
             account = 'probe'\npassword_file = 'probe.secret'",
        )
        .unwrap();
        assert_eq!((probe.interval, probe.slow_ms), (10, 500));
        assert_eq!((probe.targets[0].tls, probe.targets[0].port()), (Tls::Implicit, 993));
        assert_eq!((probe.targets[1].kind, probe.targets[1].port()), (Kind::Smtp, 25));
        let nothing = read("").unwrap();
        assert_eq!(
            (nothing.interval, nothing.slow_ms, nothing.targets.len()),
            (30, 1000, 0)
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_named() {
        let target = |more: &str| format!("[[target]]\nname = 'imap'\nkind = 'imap'\nhost = 'h'\n{more}");
        assert!(read(&target("")).is_ok());
        for (text, named) in [
            ("interval = 4".to_owned(), "interval"),
            ("slow_ms = 0".to_owned(), "slow_ms"),
            ("slow = 1".to_owned(), "slow"),
            (target("pasword_file = 'x'"), "pasword_file"),
            (target("password = 'x'"), "password"),
            (target("tls = 'ssl'"), "ssl"),
            (target("account = 'probe'"), "password_file"),
            (target("password_file = 'x'"), "account"),
            (target(&target("")), "taken"),
            (target("").replace("'imap'\nkind", "'portal'\nkind"), "taken"),
            (target("").replace("'imap'\nkind", "'IMAP'\nkind"), "IMAP"),
            (target("").replace("kind = 'imap'", "kind = 'nntp'"), "nntp"),
            (target("").replace("host = 'h'", ""), "host"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(named), "{text}: {error}");
        }
    }
}
