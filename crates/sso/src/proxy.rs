//! A proxy in front of us has signed the person in, and says in a header who it is.
//!
//! Whoever can reach us and write that header is anybody. So the request has to come from where the proxy is, with a secret that
//! only the proxy knows, and with each header written once and in one way. The caller asks at every request, and ends a session
//! whose person is not the one in the header any more.

mod settings;
mod value;

pub use settings::{Encoding, ProxySettings};

use crate::{Identity, SettingsError, SsoError, identity::decoration};
use ipnet::IpNet;
use std::net::IpAddr;
use subtle::ConstantTimeEq;

/// Where a request comes from, as the socket says it; never a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// A Unix socket: who may write to it, the file system decides.
    Unix,
    /// An address.
    Address(IpAddr),
}

/// Believes a proxy, within limits.
#[derive(Debug)]
pub struct Proxy {
    settings: ProxySettings,
    trusted: Vec<IpNet>,
}

/// The values of one header, with what is odd about them.
#[derive(Default)]
struct Found<'a> {
    value: Option<&'a [u8]>,
    is_doubled: bool,
    is_misspelled: bool,
}

impl Proxy {
    /// # Errors
    /// A setting is refused: above all, peers that have addresses without a secret that they share with us.
    pub fn new(settings: ProxySettings) -> Result<Self, SettingsError> {
        let (settings, trusted) = settings.checked()?;
        Ok(Self { settings, trusted })
    }

    /// Who the proxy says this is; `None` if it says nothing, as for somebody who has not signed in.
    ///
    /// Only a request that names somebody must have the secret; a wrong secret, or any of our headers from elsewhere than the
    /// proxy, is refused even if nobody is named.
    ///
    /// # Errors
    /// [`SsoError::Invalid`] for what the proxy would not have sent, [`SsoError::NotAllowed`] for several people at once.
    pub fn identify<'a>(
        &self,
        peer: &Peer,
        headers: impl Iterator<Item = (&'a str, &'a [u8])> + Clone,
    ) -> Result<Option<Identity>, SsoError> {
        let settings = &self.settings;
        let find = |name: &str| find(headers.clone(), name);
        let secret = settings.secret_header.as_deref().map(find).unwrap_or_default();
        let user = find(&settings.user_header);
        let (name, mail) = (find(&settings.name_header), find(&settings.mail_header));
        let (subject, owner) = (find(&settings.subject_header), find(&settings.owner_header));
        let ours = [&user, &subject, &owner, &name, &mail, &secret];
        if ours.iter().any(|header| header.is_misspelled) {
            return Err(SsoError::Invalid("a header in another spelling"));
        }
        if ours.iter().any(|header| header.is_doubled) {
            return Err(SsoError::Invalid("a header twice"));
        }
        if !self.trusts(peer) && ours.iter().any(|header| header.value.is_some()) {
            return Err(SsoError::Invalid("a header from elsewhere than the proxy"));
        }
        if let (Some(expected), Some(given)) = (&settings.secret, secret.value)
            && !bool::from(expected.as_slice().ct_eq(given))
        {
            return Err(SsoError::Invalid("another secret"));
        }
        let Some(login) = self.login(user.value)? else {
            return Ok(None);
        };
        let also = |header: &str, found: &Found<'_>| match header {
            "" => Ok(None),
            _ => self.login(found.value)?.map(Some).ok_or(SsoError::NotAllowed(
                "the header that names the person or the owner is missing",
            )),
        };
        let subject = also(&settings.subject_header, &subject)?;
        let owner = also(&settings.owner_header, &owner)?;
        if settings.secret.is_some() && secret.value.is_none() {
            return Err(SsoError::Invalid("no secret"));
        }
        let shown = |header: Found<'_>| {
            let text = value::decode(header.value?, settings.value_encoding)?;
            let first = value::split(&text, settings.multi_value).into_iter().next()?;
            decoration(&first)
        };
        Ok(Some(Identity {
            issuer: "proxy".to_owned(),
            subject: subject.unwrap_or_else(|| login.clone()),
            login,
            owner,
            sid: None,
            ticket: None,
            id_token: None,
            name: shown(name),
            mail: shown(mail),
        }))
    }

    /// Where the session at the proxy ends.
    pub fn logout_url(&self) -> &str {
        &self.settings.logout_url
    }

    fn trusts(&self, peer: &Peer) -> bool {
        match peer {
            Peer::Unix => true,
            // A socket for both families writes IPv4 addresses as IPv6 ones.
            Peer::Address(address) => {
                let address = address.to_canonical();
                self.trusted.iter().any(|net| net.contains(&address))
            }
        }
    }

    /// The one value, visible ASCII, of a header that names somebody.
    fn login(&self, value: Option<&[u8]>) -> Result<Option<String>, SsoError> {
        let Some(value) = value else { return Ok(None) };
        let no_text = SsoError::Invalid("a login that is not visible ASCII");
        let Some(text) = value::decode(value, self.settings.value_encoding) else {
            return Err(no_text);
        };
        let mut values = value::split(&text, self.settings.multi_value).into_iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(login), None) if login.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Some(login)),
            (Some(_), None) => Err(no_text),
            (Some(_), Some(_)) => Err(SsoError::NotAllowed(
                "the header that names the account has several values",
            )),
        }
    }
}

/// Looks for a header, and for what a less careful program between here and the proxy would take for it.
fn find<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>, wanted: &str) -> Found<'a> {
    let mut found = Found::default();
    if wanted.is_empty() {
        return found;
    }
    for (name, value) in headers {
        if name.eq_ignore_ascii_case(wanted) {
            found.is_doubled |= found.value.is_some();
            found.value = Some(value);
        } else if is_variant(name, wanted) {
            found.is_misspelled = true;
        }
    }
    found
}

/// `X_Remote-User` for `X-Remote-User`: CGI and its heirs take one for the other.
fn is_variant(name: &str, wanted: &str) -> bool {
    let same = |(a, b): (u8, u8)| {
        let fold = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
        fold(a) == fold(b)
    };
    name.len() == wanted.len() && name.bytes().zip(wanted.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use settings::tests::{SECRET, settings};

    type Header<'a> = (&'a str, &'a [u8]);

    const USER: Header<'static> = ("x-remote-user", b"hanako@example.ac.jp");
    const KEY: Header<'static> = ("x-portal-secret", SECRET);
    const LOCAL: Peer = Peer::Address(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    fn ask(peer: Peer, headers: &[Header<'_>]) -> Result<Option<Identity>, SsoError> {
        let proxy = Proxy::new(settings()).unwrap();
        proxy.identify(&peer, headers.iter().copied())
    }

    #[test]
    fn the_proxy_names_a_person() {
        let headers = [
            ("accept", b"*/*".as_slice()),
            USER,
            KEY,
            ("x-remote-name", "山田 太郎;Taro".as_bytes()),
            ("X-Remote-Mail", b"taro@example.ac.jp"),
        ];
        for peer in [LOCAL, Peer::Unix, Peer::Address("::ffff:127.0.0.1".parse().unwrap())] {
            let identity = ask(peer, &headers).unwrap().unwrap();
            assert_eq!(identity.login, "hanako@example.ac.jp");
            assert_eq!(identity.subject, identity.login);
            assert_eq!(identity.issuer, "proxy");
            assert_eq!(identity.name.as_deref(), Some("山田 太郎"));
            assert_eq!(identity.mail.as_deref(), Some("taro@example.ac.jp"));
        }
    }

    #[test]
    fn nobody_is_named_by_nothing() {
        for headers in [
            &[][..],
            &[KEY],
            &[("x-remote-user", b"".as_slice()), KEY],
            &[("x-remote-user", b"(null)"), KEY],
            &[("x-remote-user", b" ; "), KEY],
            &[("x-remote-user", b"")],
        ] {
            assert!(matches!(ask(LOCAL, headers), Ok(None)), "{headers:?}");
        }
        assert!(matches!(
            ask(Peer::Address("192.0.2.1".parse().unwrap()), &[("accept", b"*/*")]),
            Ok(None)
        ));
    }

    #[test]
    fn forged_headers_are_refused() {
        // V-94 and its relatives.
        let cases: [(&str, &[Header<'_>]); 15] = [
            ("no secret", &[USER]),
            (
                "wrong secret",
                &[USER, ("x-portal-secret", b"another secret, as long.")],
            ),
            ("beginning of the secret", &[USER, ("x-portal-secret", &SECRET[..20])]),
            ("empty secret", &[USER, ("x-portal-secret", b"")]),
            ("wrong secret, nobody", &[("x-portal-secret", b"guess")]),
            ("secret twice", &[USER, KEY, KEY]),
            (
                "wrong secret, then the right one",
                &[USER, ("x-portal-secret", b"guess"), KEY],
            ),
            ("user twice", &[USER, USER, KEY]),
            ("user twice in other case", &[USER, ("X-Remote-User", b"taro"), KEY]),
            ("user empty, then not", &[("x-remote-user", b""), USER, KEY]),
            ("underscore", &[USER, ("x_remote_user", b"taro"), KEY]),
            ("underscore alone", &[("X-Remote_User", b"taro"), KEY]),
            ("underscore in the secret", &[USER, KEY, ("x_portal_secret", SECRET)]),
            ("underscore in the name", &[USER, KEY, ("x-remote_name", b"a")]),
            (
                "name twice",
                &[USER, KEY, ("x-remote-name", b"a"), ("x-remote-name", b"b")],
            ),
        ];
        for (case, headers) in cases {
            assert!(matches!(ask(LOCAL, headers), Err(SsoError::Invalid(_))), "{case}");
            assert!(matches!(ask(Peer::Unix, headers), Err(SsoError::Invalid(_))), "{case}");
        }
        for stranger in ["192.0.2.1", "127.0.0.2", "::1", "::ffff:192.0.2.1"] {
            for headers in [&[USER, KEY][..], &[KEY], &[("x-remote-name", b"a".as_slice())]] {
                let answer = ask(Peer::Address(stranger.parse().unwrap()), headers);
                assert!(matches!(answer, Err(SsoError::Invalid(_))), "{stranger}");
            }
        }
    }

    #[test]
    fn a_login_is_one_value_of_visible_ascii() {
        let with = |value: &[u8]| ask(LOCAL, &[("x-remote-user", value), KEY]);
        for odd in [
            "山田".as_bytes(),
            b"\xff",
            b"a b",
            b"a\tb",
            b"a\x7f",
            "ｒoot".as_bytes(),
        ] {
            assert!(matches!(with(odd), Err(SsoError::Invalid(_))), "{odd:?}");
        }
        for several in [b"a;b".as_slice(), b"a;a", b"a; b"] {
            assert!(matches!(with(several), Err(SsoError::NotAllowed(_))), "{several:?}");
        }
        assert_eq!(with(b"a\\;b").unwrap().unwrap().login, "a;b", "escaped, it is one");
        assert_eq!(with(b" a; ").unwrap().unwrap().login, "a");
    }

    #[test]
    fn a_unix_socket_needs_no_secret_and_an_address_without_one_is_nobody() {
        let proxy = Proxy::new(ProxySettings {
            secret_header: None,
            secret: None,
            trusted_peers: Vec::new(),
            ..settings()
        })
        .unwrap();
        let ask = |peer: Peer| proxy.identify(&peer, [USER].into_iter());
        assert!(ask(Peer::Unix).unwrap().is_some());
        assert!(matches!(ask(LOCAL), Err(SsoError::Invalid(_))));
    }

    #[test]
    fn a_person_has_a_name_that_lasts_and_an_owner_where_headers_are_set_for_them() {
        let proxy = Proxy::new(ProxySettings {
            subject_header: "X-Remote-Id".into(),
            owner_header: "X-Remote-Uid".into(),
            ..settings()
        })
        .unwrap();
        let ask = |more: &[Header<'static>]| {
            let headers = [&[USER, KEY][..], more].concat();
            proxy.identify(&LOCAL, headers.iter().copied())
        };
        let (id, uid): (Header<'_>, Header<'_>) = (("x-remote-id", b"u-001"), ("x-remote-uid", b"4001"));
        let identity = ask(&[id, uid]).unwrap().unwrap();
        assert_eq!(
            (
                identity.subject.as_str(),
                identity.owner.as_deref(),
                identity.login.as_str()
            ),
            ("u-001", Some("4001"), "hanako@example.ac.jp")
        );
        for missing in [&[id][..], &[uid], &[id, ("x-remote-uid", b"")]] {
            assert!(matches!(ask(missing), Err(SsoError::NotAllowed(_))), "{missing:?}");
        }
        for odd in [&[id, id, uid][..], &[id, uid, ("x_remote_uid", b"0")], &[id, uid, uid]] {
            assert!(matches!(ask(odd), Err(SsoError::Invalid(_))), "{odd:?}");
        }
        assert_eq!(
            super::Proxy::new(settings())
                .unwrap()
                .identify(&LOCAL, [USER, KEY, uid].into_iter())
                .unwrap()
                .unwrap()
                .owner,
            None
        );
    }

    #[test]
    fn percent_encoded_logins_are_judged_after_decoding() {
        let proxy = Proxy::new(ProxySettings {
            value_encoding: Encoding::Percent,
            ..settings()
        })
        .unwrap();
        let ask = |user: &'static [u8]| proxy.identify(&LOCAL, [("x-remote-user", user), KEY].into_iter());
        assert_eq!(
            ask(b"hanako%40example.ac.jp").unwrap().unwrap().login,
            "hanako@example.ac.jp"
        );
        for odd in [b"a%00".as_slice(), b"a%20b", b"%E5%B1%B1", b"%zz", b"%4", b"%ff"] {
            assert!(matches!(ask(odd), Err(SsoError::Invalid(_))), "{odd:?}");
        }
    }
}
