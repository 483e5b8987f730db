//! From where a request comes.

use crate::{networks::Networks, state::AppState};
use axum::http::{Extensions, HeaderMap};
use std::net::{IpAddr, Ipv4Addr};

/// Who holds the other end of the connection, in the request's extensions.
#[derive(Clone, Copy, Debug)]
pub enum Peer {
    /// Over TCP.
    Address(IpAddr),
    /// Over a socket in the file system, which only a proxy of ours may open.
    Unix,
}

/// The peer; without one (in tests of the router alone), this machine.
pub fn peer(extensions: &Extensions) -> Peer {
    let this_machine = Peer::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));
    extensions.get::<Peer>().copied().unwrap_or(this_machine)
}

/// As the protocols of sign-in name it.
pub fn proxy(extensions: &Extensions) -> sso::proxy::Peer {
    match peer(extensions) {
        Peer::Address(address) => sso::proxy::Peer::Address(address),
        Peer::Unix => sso::proxy::Peer::Unix,
    }
}

/// The browser's address: what proxies in front say, as far as they are known.
pub fn address(app: &AppState, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    behind(&app.settings().trusted_proxies, peer(extensions), headers)
}

/// Each proxy adds whom it hears at the end, so what stands before the last one that is not ours anybody may have written.
fn behind(trusted: &Networks, peer: Peer, headers: &HeaderMap) -> IpAddr {
    let said = headers.get_all("x-forwarded-for").iter();
    // Byte by byte: what a client wrote before may be anything.
    let mut said: Vec<&str> = said
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(|part| std::str::from_utf8(part).unwrap_or_default().trim())
        .collect();
    let (mut nearest, mut ours) = match peer {
        Peer::Address(address) => (address, trusted.contain(address)),
        Peer::Unix => (IpAddr::V4(Ipv4Addr::LOCALHOST), true),
    };
    while ours {
        match said.pop().map(str::parse) {
            Some(Ok(next)) => (nearest, ours) = (next, trusted.contain(next)),
            Some(Err(_)) | None => break,
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_proxies_are_believed() {
        let trusted = Networks::new(&["127.0.0.1".to_owned(), "10.0.0.0/8".to_owned()]).unwrap();
        let from = |peer: &str, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            let peer = peer.parse().map_or(Peer::Unix, Peer::Address);
            behind(&trusted, peer, &headers).to_string()
        };
        assert_eq!(from("127.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(from("192.0.2.9", &["192.0.2.1"]), "192.0.2.9", "a stranger says so");
        assert_eq!(from("127.0.0.1", &["198.51.100.1, 192.0.2.1", "10.1.1.1"]), "192.0.2.1");
        assert_eq!(from("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(from("127.0.0.1", &["nonsense"]), "127.0.0.1");
        assert_eq!(from("127.0.0.1", &["10.9.9.9"]), "10.9.9.9");
        assert_eq!(from("the socket", &["198.51.100.1, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(from("the socket", &[]), "127.0.0.1");
    }
}
