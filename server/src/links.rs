//! One-time sign-in links: 128 bits, single use, on loopback only.

use crate::random;
use std::sync::{Mutex, PoisonError};

/// How many unused links of one person are kept.
const KEPT: usize = 16;

/// The links given out and not used yet. Only hashes are kept.
#[derive(Debug, Default)]
pub struct OneTimeLinks(Mutex<Vec<(blake3::Hash, String)>>);

impl OneTimeLinks {
    /// A new token for `account`.
    pub fn mint(&self, account: &str) -> String {
        let token = random::token();
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.push((blake3::hash(token.as_bytes()), account.to_owned()));
        if links.iter().filter(|(_, name)| name == account).count() > KEPT
            && let Some(oldest) = links.iter().position(|(_, name)| name == account)
        {
            links.remove(oldest);
        }
        token
    }

    /// Uses up `token`; the account it was made for, or nothing.
    pub fn redeem(&self, token: &str) -> Option<String> {
        let wanted = blake3::hash(token.as_bytes());
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Hashes are compared in constant time, and a hash tells nothing of the token that is nearly right.
        let found = links.iter().position(|(hash, _)| *hash == wanted)?;
        Some(links.remove(found).1)
    }

    /// Makes a redeemed token good again: it could not do what it was for.
    pub fn give_back(&self, token: &str, account: String) {
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.push((blake3::hash(token.as_bytes()), account));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_once() {
        let links = OneTimeLinks::default();
        let token = links.mint("tanaka");
        assert_eq!(token.len(), 26);
        assert_eq!(links.redeem("x"), None);
        assert_eq!(links.redeem(&token).as_deref(), Some("tanaka"));
        assert_eq!(links.redeem(&token), None);
    }

    #[test]
    fn the_oldest_of_too_many_is_dropped() {
        let links = OneTimeLinks::default();
        let first = links.mint("tanaka");
        let other = links.mint("sato");
        let last = (0..KEPT).map(|_| links.mint("tanaka")).last().unwrap();
        assert_eq!(links.redeem(&first), None);
        assert!(links.redeem(&other).is_some());
        assert!(links.redeem(&last).is_some());
    }
}
