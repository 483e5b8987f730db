//! How often somebody may do what costs others (security.md 8).

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// Whoever is counted at once; with more, all begin anew.
const MOST: usize = 100_000;
const MINUTE_MS: i64 = 60_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Sign-ins begun in a browser; codes and passwords tried from an address.
    SignIn,
    /// Sign-ins begun from an address, behind which a whole room may sit.
    Address,
    /// Codes or passwords tried for an account from an address.
    Secret,
    /// The same from wherever.
    Account,
    /// People who come back from the portal, from an address.
    Callback,
    /// Images that letters of an account load by themselves.
    Image,
    /// What a portal ends by itself: all sessions of a campus may come at once.
    Logout,
}

impl Kind {
    /// How many in a minute.
    fn limit(self) -> i64 {
        match self {
            Self::SignIn => 10,
            Self::Secret => 5,
            Self::Account => 60,
            Self::Address | Self::Callback => 600,
            Self::Image => 1_200,
            Self::Logout => 6_000,
        }
    }
}

/// Counts by the generic cell rate algorithm: of each who is counted, one moment is kept.
#[derive(Debug, Default)]
pub struct Rates(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    next: HashMap<(Kind, String), i64>,
    /// When those who need not wait any more were last forgotten.
    swept: i64,
}

impl Rates {
    /// `Err` with the seconds to wait. `now_ms` in milliseconds.
    pub fn count(&self, kind: Kind, who: &str, now_ms: i64) -> Result<(), u32> {
        let step = MINUTE_MS / kind.limit();
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Counted { next, swept } = &mut *counted;
        if now_ms.abs_diff(*swept) >= MINUTE_MS.unsigned_abs() {
            *swept = now_ms;
            next.retain(|_, at| *at > now_ms);
        }
        if next.len() >= MOST {
            next.clear();
        }
        let at = next.entry((kind, who.to_owned())).or_insert(now_ms);
        // Not from a clock that was set back.
        *at = (*at).clamp(now_ms, now_ms + MINUTE_MS);
        let over = *at + step - now_ms - MINUTE_MS;
        if over > 0 {
            return Err(u32::try_from(over.div_euclid(1000) + 1).unwrap_or(60));
        }
        *at += step;
        Ok(())
    }
}

/// Whom an address stands for: of IPv6, the network that one subscriber has (RFC 6177).
pub fn who(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_a_minute_and_then_one_by_one() {
        let rates = Rates::default();
        let count = |who: &str, at| rates.count(Kind::SignIn, who, at);
        for _ in 0..10 {
            assert_eq!(count("a", 1_000_000), Ok(()));
        }
        assert_eq!(count("a", 1_000_000), Err(7));
        assert_eq!(count("b", 1_000_000), Ok(()), "somebody else");
        assert_eq!(rates.count(Kind::Secret, "a", 1_000_000), Ok(()), "something else");
        assert_eq!(count("a", 1_005_999), Err(1));
        assert_eq!(count("a", 1_006_000), Ok(()));
        assert!(count("a", 1_006_000).is_err());
        assert!(
            count("a", 0).is_err(),
            "the clock was set back: no longer than a minute"
        );
        assert_eq!(count("a", MINUTE_MS), Ok(()));
    }

    #[test]
    fn a_subscriber_is_one_whatever_their_address() {
        assert_eq!(who("192.0.2.1".parse().unwrap()), "192.0.2.1");
        assert_eq!(who("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1");
        let of = |text: &str| who(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}
