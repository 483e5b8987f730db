use crate::{SettingsError, urls};
use ipnet::IpNet;
use std::fmt;

/// Bytes that a secret has at least.
const SHORTEST_SECRET: usize = 16;

/// How the proxy writes what is not ASCII.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As UTF-8.
    #[default]
    Utf8,
    /// As ISO 8859-1.
    Latin1,
    /// As UTF-8 in percent escapes (RFC 3986 §2.1).
    Percent,
}

/// What [`Proxy`](super::Proxy) is made of.
#[derive(Clone)]
pub struct ProxySettings {
    /// The header that names the account.
    pub user_header: String,
    /// The header that names the person for good, even if the login changes hands; empty to take the login for that.
    pub subject_header: String,
    /// The header with the uid that owns the person's files; empty for none.
    pub owner_header: String,
    /// The header that is shown as the name; empty for none.
    pub name_header: String,
    /// The header that is shown as the address; empty for none.
    pub mail_header: String,
    /// How values are written.
    pub value_encoding: Encoding,
    /// What stands between several values of one header, if that is known; within a value a backslash stands before it. `;` for
    /// Shibboleth.
    pub multi_value: Option<char>,
    /// The header with the secret; there is one exactly if there is a secret.
    pub secret_header: Option<String>,
    /// What only the proxy and we know, at least 16 bytes.
    pub secret: Option<Vec<u8>>,
    /// Addresses or networks the proxy speaks from; none if it uses a Unix socket.
    pub trusted_peers: Vec<String>,
    /// Where the session at the proxy ends: a path of this host, or an address.
    pub logout_url: String,
}

/// Without the secret.
impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxySettings")
            .field("user_header", &self.user_header)
            .field("trusted_peers", &self.trusted_peers)
            .finish_non_exhaustive()
    }
}

impl ProxySettings {
    pub(super) fn checked(self) -> Result<(Self, Vec<IpNet>), SettingsError> {
        let trusted = self
            .trusted_peers
            .iter()
            .map(|peer| net(peer))
            .collect::<Result<Vec<_>, _>>()?;
        if self.secret.is_some() != self.secret_header.is_some() {
            return Err(SettingsError::new(
                "secret_header",
                "is needed with a secret, and only with one",
            ));
        }
        if self
            .secret
            .as_ref()
            .is_some_and(|secret| secret.len() < SHORTEST_SECRET)
        {
            let reason = format!("has less than {SHORTEST_SECRET} bytes");
            return Err(SettingsError::new("secret_file", reason));
        }
        // Every program on the proxy's machine has the proxy's address.
        if !trusted.is_empty() && self.secret.is_none() {
            let reason = "addresses are trusted only with a secret; without one, use a Unix socket";
            return Err(SettingsError::new("trusted_peers", reason));
        }
        let mut headers = vec![("user_header", self.user_header.as_str())];
        let optional = [
            ("subject_header", Some(self.subject_header.as_str())),
            ("owner_header", Some(self.owner_header.as_str())),
            ("name_header", Some(self.name_header.as_str())),
            ("mail_header", Some(self.mail_header.as_str())),
            ("secret_header", self.secret_header.as_deref()),
        ];
        headers.extend(
            optional
                .into_iter()
                .filter_map(|(setting, name)| Some((setting, name?))),
        );
        headers.retain(|(setting, name)| !name.is_empty() || matches!(*setting, "user_header" | "secret_header"));
        for (at, (setting, name)) in headers.iter().enumerate() {
            if http::HeaderName::try_from(*name).is_err() {
                return Err(SettingsError::new(setting, "is no name of a header"));
            }
            if headers[..at].iter().any(|(_, other)| super::is_variant(name, other)) {
                return Err(SettingsError::new(setting, "is the name of two headers"));
            }
        }
        if self
            .multi_value
            .is_some_and(|between| between == '\\' || between.is_alphanumeric())
        {
            return Err(SettingsError::new("multi_value", "is a letter, a digit or a backslash"));
        }
        let is_path = self.logout_url.starts_with('/') && !self.logout_url.starts_with("//");
        let is_plain = self
            .logout_url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if !(is_path && is_plain) {
            urls::checked("logout_url", &self.logout_url)?;
        }
        Ok((self, trusted))
    }
}

fn net(text: &str) -> Result<IpNet, SettingsError> {
    let refused = |reason: &str| SettingsError::new("trusted_peers", format!("`{text}` {reason}"));
    let net = text
        .parse()
        .or_else(|_| text.parse().map(|address: std::net::IpAddr| IpNet::from(address)));
    let net: IpNet = net.map_err(|_| refused("is neither an address nor a network"))?;
    if net.prefix_len() == 0 {
        return Err(refused("is everybody"));
    }
    Ok(net)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Makes settings unsafe.
    type Change = fn(&mut ProxySettings);

    pub(in crate::proxy) const SECRET: &[u8] = b"a secret for these tests";

    pub(in crate::proxy) fn settings() -> ProxySettings {
        ProxySettings {
            user_header: "X-Remote-User".into(),
            subject_header: String::new(),
            owner_header: String::new(),
            name_header: "X-Remote-Name".into(),
            mail_header: "X-Remote-Mail".into(),
            value_encoding: Encoding::Utf8,
            multi_value: Some(';'),
            secret_header: Some("X-Portal-Secret".into()),
            secret: Some(SECRET.to_vec()),
            trusted_peers: vec!["127.0.0.1/32".into()],
            logout_url: "/Shibboleth.sso/Logout?return=/".into(),
        }
    }

    #[test]
    fn settings_that_are_not_safe_are_named() {
        assert!(settings().checked().is_ok());
        let cases: [(&str, Change); 17] = [
            ("trusted_peers", |s| (s.secret, s.secret_header) = (None, None)),
            ("trusted_peers", |s| s.trusted_peers = vec!["0.0.0.0/0".into()]),
            ("trusted_peers", |s| s.trusted_peers.push("::/0".into())),
            ("trusted_peers", |s| {
                s.trusted_peers = vec!["proxy.example.ac.jp".into()]
            }),
            ("secret_header", |s| s.secret = None),
            ("secret_header", |s| s.secret_header = None),
            ("secret_header", |s| s.secret_header = Some(String::new())),
            ("secret_header", |s| s.secret_header = Some("x-remote-user".into())),
            ("secret_file", |s| s.secret = Some(b"short".to_vec())),
            ("user_header", |s| s.user_header = String::new()),
            ("user_header", |s| s.user_header = "X Remote User".into()),
            ("name_header", |s| s.name_header = "X_Remote_User".into()),
            ("mail_header", |s| s.mail_header = "x-remote-name".into()),
            ("multi_value", |s| s.multi_value = Some('\\')),
            ("logout_url", |s| s.logout_url = "//t.example".into()),
            ("logout_url", |s| s.logout_url = "/\\t.example".into()),
            ("logout_url", |s| s.logout_url = "http://t.example/".into()),
        ];
        for (setting, change) in cases {
            let mut settings = settings();
            change(&mut settings);
            assert_eq!(settings.checked().unwrap_err().setting, setting);
        }
    }

    #[test]
    fn an_address_alone_is_a_network_of_one() {
        assert_eq!(net("10.0.0.1").unwrap(), net("10.0.0.1/32").unwrap());
        assert_eq!(net("2001:db8::1").unwrap().prefix_len(), 128);
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        let shown = format!("{:?}", settings());
        assert!(!shown.contains("secret for these") && !shown.contains("97, 32"));
    }
}
