//! `[help]`: what people set in their mail programs, as they know it; it need not be what is looked at.

use super::ConfigError;
use serde::Deserialize;

/// See the module. Each is `imap.example.ac.jp:993`, and is shown where it is set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Help {
    /// The IMAP server and its port.
    pub imap: Option<String>,
    /// The POP server and its port.
    pub pop3: Option<String>,
    /// The server that takes mail to be sent, and its port.
    pub smtp: Option<String>,
}

impl Help {
    /// Those that are set: the name of the service, the server and the port.
    pub fn servers(&self) -> impl Iterator<Item = (&'static str, &str, u16)> {
        let all = [("imap", &self.imap), ("pop3", &self.pop3), ("smtp", &self.smtp)];
        all.into_iter().filter_map(|(service, server)| {
            let (host, port) = parted(server.as_deref()?)?;
            Some((service, host, port))
        })
    }

    pub(super) fn checked(&self) -> Result<(), ConfigError> {
        for (key, server) in [("imap", &self.imap), ("pop3", &self.pop3), ("smtp", &self.smtp)] {
            if let Some(server) = server
                && parted(server).is_none()
            {
                return Err(ConfigError::Value(format!(
                    "[help] {key} is a server and its port, as imap.example.ac.jp:993, not {server:?}"
                )));
            }
        }
        Ok(())
    }
}

fn parted(server: &str) -> Option<(&str, u16)> {
    let (host, port) = server.rsplit_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let port = port.parse().ok().filter(|port| *port != 0)?;
    (!host.is_empty() && host.chars().all(plain)).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_a_name_and_a_port() {
        let of = |text: &str| {
            let help: Help = toml::from_str(text).unwrap();
            help.checked().map(|()| {
                help.servers()
                    .map(|(_, host, port)| format!("{host} {port}"))
                    .collect::<Vec<_>>()
            })
        };
        let all = of("smtp = 'mx.example.ac.jp:587'\nimap = 'imap.example.ac.jp:993'").unwrap();
        assert_eq!(all, ["imap.example.ac.jp 993", "mx.example.ac.jp 587"]);
        for bad in [
            "imap.example.ac.jp",
            "imap:x",
            "imap:0",
            ":993",
            "imap:70000",
            "a b:993",
            "<b>:993",
        ] {
            assert!(of(&format!("imap = '{bad}'")).is_err(), "{bad}");
        }
    }
}
