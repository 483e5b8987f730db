//! Which addresses may be spoken to, and sent to.

use crate::SettingsError;
use url::{Host, Url};

/// Reads an absolute address of a setting: https, or http on this very machine; no user, no fragment.
pub(crate) fn checked(setting: &'static str, text: &str) -> Result<Url, SettingsError> {
    let url = Url::parse(text).map_err(|error| SettingsError::new(setting, error.to_string()))?;
    if !is_safe(&url) {
        return Err(SettingsError::new(
            setting,
            "only https, or http on a loopback address, without a user and without a fragment",
        ));
    }
    Ok(url)
}

/// Whether nobody on the way can read or change what goes there.
pub(crate) fn is_safe(url: &Url) -> bool {
    let is_private = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(url),
        _ => false,
    };
    is_private && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}

/// Whether the address is of this machine, judged without asking a name server.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // Schemes beyond those of the web have hosts that are not parsed further.
        Some(Host::Domain(name)) => {
            name.eq_ignore_ascii_case("localhost")
                || name
                    .parse()
                    .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_encrypted_or_stays_on_the_machine_is_safe() {
        for safe in [
            "https://sso.example.ac.jp",
            "https://sso.example.ac.jp/realms/a?b=c",
            "http://127.0.0.1:4400",
            "http://[::1]/x",
            "http://localhost:80/",
        ] {
            assert!(checked("issuer", safe).is_ok(), "{safe}");
        }
        for other in [
            "http://sso.example.ac.jp",
            "http://localhost.example.ac.jp",
            "http://10.0.0.1/",
            "ftp://127.0.0.1/",
            "//sso.example.ac.jp",
            "/auth",
            "",
            "https://user@sso.example.ac.jp/",
            "https://sso.example.ac.jp/#a",
            "javascript:alert(1)",
        ] {
            assert!(checked("issuer", other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_directory_on_this_machine_is_known_as_such() {
        for (url, here) in [
            ("ldap://127.0.0.1:4402", true),
            ("ldap://localhost", true),
            ("ldap://[::1]", true),
            ("ldap://ldap.example.ac.jp", false),
            ("ldap://127.0.0.1.example.ac.jp", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), here, "{url}");
        }
    }
}
