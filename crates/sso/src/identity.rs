use std::fmt;

/// Characters of a name or an address that are kept.
const DECORATION: usize = 256;

/// Who the provider says this is.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The one value that names the account, as it came; [`AccountRule`](crate::AccountRule) makes the account of it.
    pub login: String,
    /// Who says so: the issuer of OpenID Connect, the address of the CAS or LDAP server, or `proxy`.
    pub issuer: String,
    /// Names the person at the issuer for good, even if the login changes hands: `sub` of OpenID Connect, the attribute that is
    /// configured for it, else the login.
    pub subject: String,
    /// The session at the provider, as OpenID Connect names it when it ends.
    pub sid: Option<String>,
    /// The CAS ticket, which names the session when it ends.
    pub ticket: Option<String>,
    /// The ID token as it came, for [`Oidc::logout_url`](crate::oidc::Oidc::logout_url). Not for the browser's eyes otherwise.
    pub id_token: Option<String>,
    /// What the provider says of the uid that owns the person's files, if it is configured to.
    pub owner: Option<String>,
    /// What to call the person. Decoration: it decides nothing.
    pub name: Option<String>,
    /// The person's address. Decoration: it decides nothing.
    pub mail: Option<String>,
}

/// Says who vouches, never who it is.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// What is fit to be shown of a name: without controls, and no longer than a name is; `None` if that is nothing.
pub(crate) fn decoration(text: &str) -> Option<String> {
    let kept = text.chars().filter(|c| !c.is_control() && !is_formatting(*c));
    let shown: String = kept.take(DECORATION).collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}

/// Whether the character reorders or breaks the line it stands in (UAX #9, UAX #14).
fn is_formatting(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing_of_the_person() {
        let secret = "only-for-the-session";
        let identity = Identity {
            login: secret.into(),
            issuer: "https://sso.example".into(),
            subject: secret.into(),
            sid: Some(secret.into()),
            ticket: Some(secret.into()),
            id_token: Some(secret.into()),
            owner: Some(secret.into()),
            name: Some(secret.into()),
            mail: Some(secret.into()),
        };
        let shown = format!("{identity:?}");
        assert!(shown.contains("https://sso.example"));
        assert!(!shown.contains(secret));
    }

    #[test]
    fn a_name_cannot_break_the_line_it_is_shown_in() {
        assert_eq!(decoration(" 山田 太郎\r\n").as_deref(), Some("山田 太郎"));
        assert_eq!(decoration("a\u{202e}b\u{0}").as_deref(), Some("ab"));
        assert_eq!(decoration(" \t"), None);
        assert_eq!(
            decoration(&"é".repeat(1000)).map(|name| name.chars().count()),
            Some(DECORATION)
        );
    }
}
