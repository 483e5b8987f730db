use super::template;
use crate::{SettingsError, urls};
use std::fmt;
use url::Url;

/// What [`Ldap`](super::Ldap) is made of.
#[derive(Clone)]
pub struct LdapSettings {
    /// `ldaps://host`, or `ldap://host`, which is encrypted by StartTLS unless the host is a loopback address.
    pub url: String,
    /// The entry that searches; empty to search as nobody.
    pub bind_dn: String,
    /// Its password.
    pub bind_password: String,
    /// Where the search begins; may hold `{account}`.
    pub base: String,
    /// What the entry of an account matches, with `{account}` in the account's place unless `base` has it. (RFC 4515)
    pub filter: String,
    /// The attribute that names the account.
    pub login_attribute: String,
    /// The attribute that names the person for good; empty if there is none, and the login has to do.
    pub subject_attribute: String,
    /// The attribute that is shown as the name; empty for none.
    pub name_attribute: String,
    /// The attribute that is shown as the address; empty for none.
    pub mail_attribute: String,
    /// The attribute with the uid that owns the person's files; empty for none.
    pub owner_attribute: String,
}

/// Without the password.
impl fmt::Debug for LdapSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LdapSettings")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl LdapSettings {
    /// Whether StartTLS is needed.
    pub(super) fn check(&self) -> Result<bool, SettingsError> {
        let url = Url::parse(&self.url).map_err(|error| SettingsError::new("url", error.to_string()))?;
        let is_bare = url.username().is_empty() && url.password().is_none() && matches!(url.path(), "" | "/");
        if !is_bare || url.query().is_some() || url.fragment().is_some() || url.host().is_none() {
            return Err(SettingsError::new(
                "url",
                "is more or less than a scheme, a host and a port",
            ));
        }
        let starttls = match url.scheme() {
            "ldaps" => false,
            "ldap" => !urls::is_loopback(&url),
            _ => return Err(SettingsError::new("url", "is neither ldaps nor ldap")),
        };
        // An empty password would search as nobody, and be taken for a success.
        if self.bind_dn.is_empty() != self.bind_password.is_empty() {
            return Err(SettingsError::new(
                "bind_password",
                "is needed with `bind_dn`, and only with it",
            ));
        }
        if self.base.is_empty() {
            return Err(SettingsError::new("base", "is empty"));
        }
        if self.login_attribute.is_empty() {
            return Err(SettingsError::new("login_attribute", "is empty"));
        }
        if !self.filter.contains(template::ACCOUNT) && !self.base.contains(template::ACCOUNT) {
            return Err(SettingsError::new("filter", "does not hold `{account}`"));
        }
        if ldap3::parse_filter(template::filter(&self.filter, "a")).is_err() {
            return Err(SettingsError::new("filter", "is no filter"));
        }
        Ok(starttls)
    }

    /// Those that are read.
    pub(super) fn attributes(&self) -> Vec<&str> {
        let all = [
            &self.login_attribute,
            &self.subject_attribute,
            &self.name_attribute,
            &self.mail_attribute,
            &self.owner_attribute,
        ];
        all.into_iter()
            .map(String::as_str)
            .filter(|name| !name.is_empty())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes settings unsafe.
    type Change = fn(&mut LdapSettings);

    fn settings() -> LdapSettings {
        LdapSettings {
            url: "ldaps://ldap.example.ac.jp".into(),
            bind_dn: "cn=portal,dc=example,dc=ac,dc=jp".into(),
            bind_password: "a password".into(),
            base: "ou=people,dc=example,dc=ac,dc=jp".into(),
            filter: "(uid={account})".into(),
            login_attribute: "uid".into(),
            subject_attribute: String::new(),
            name_attribute: "cn".into(),
            mail_attribute: String::new(),
            owner_attribute: String::new(),
        }
    }

    #[test]
    fn passwords_never_travel_in_the_clear() {
        for (url, starttls) in [
            ("ldaps://ldap.example.ac.jp", false),
            ("ldap://ldap.example.ac.jp:389/", true),
            ("ldap://127.0.0.1:4402", false),
            ("ldap://[::1]", false),
            ("ldap://localhost", false),
        ] {
            let settings = LdapSettings {
                url: url.into(),
                ..settings()
            };
            assert_eq!(settings.check(), Ok(starttls), "{url}");
        }
    }

    #[test]
    fn settings_that_are_not_safe_are_named() {
        let cases: [(&str, Change); 10] = [
            ("url", |s| s.url = "https://ldap.example.ac.jp".into()),
            ("url", |s| s.url = "ldapi://%2frun%2fldapi".into()),
            ("url", |s| s.url = "ldaps://ldap.example.ac.jp/dc=jp??sub".into()),
            ("url", |s| s.url = "ldaps:///".into()),
            ("bind_password", |s| s.bind_password = String::new()),
            ("bind_password", |s| s.bind_dn = String::new()),
            ("base", |s| s.base = String::new()),
            ("login_attribute", |s| s.login_attribute = String::new()),
            ("filter", |s| s.filter = "(uid=*)".into()),
            ("filter", |s| s.filter = "(uid={account}".into()),
        ];
        for (setting, change) in cases {
            let mut settings = settings();
            change(&mut settings);
            assert_eq!(settings.check().unwrap_err().setting, setting);
        }
    }

    #[test]
    fn debug_does_not_show_the_password() {
        assert!(!format!("{:?}", settings()).contains("a password"));
    }
}
