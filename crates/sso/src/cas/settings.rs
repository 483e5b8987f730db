use super::is_plain;
use crate::{SettingsError, urls};
use std::collections::BTreeMap;

/// What [`Cas`](super::Cas) is made of.
#[derive(Clone, Debug)]
pub struct CasSettings {
    /// The address that `/login` and the like are below. https, or http on a loopback address.
    pub server_url: String,
    /// Where the server sends the browser with a ticket. Never made from a request.
    pub service_url: String,
    /// Where the server sends the browser after logout.
    pub signed_out_url: String,
    /// The attribute that names the account; empty for `cas:user`.
    pub username_attribute: String,
    /// The attribute that names the person for good; empty if there is none, and the login has to do.
    pub subject_attribute: String,
    /// The attribute that is shown as the name; empty for none.
    pub name_attribute: String,
    /// The attribute that is shown as the address; empty for none.
    pub mail_attribute: String,
    /// The attribute with the uid that owns the person's files; empty for none.
    pub owner_attribute: String,
    /// Attributes without which nobody may enter, each with the values of which it must have one.
    pub required_attributes: BTreeMap<String, Vec<String>>,
    /// Whether the password is asked for even if there is a session at the server.
    pub renew: bool,
    /// Certificates, in PEM, that the server's one must come from, instead of those the system trusts.
    pub ca_pem: Option<Vec<u8>>,
}

impl CasSettings {
    /// The settings without slashes at the end, and whether the server is on this machine.
    pub(super) fn checked(mut self) -> Result<(Self, bool), SettingsError> {
        self.server_url = self.server_url.trim_end_matches('/').to_owned();
        let server = urls::checked("server_url", &self.server_url)?;
        if server.query().is_some() || !is_plain(&server, &self.server_url) {
            return Err(SettingsError::new(
                "server_url",
                "is not written as a browser would write it",
            ));
        }
        let service = urls::checked("service_url", &self.service_url)?;
        if !is_plain(&service, &self.service_url) {
            return Err(SettingsError::new(
                "service_url",
                "is not written as a browser would write it",
            ));
        }
        urls::checked("signed_out_url", &self.signed_out_url)?;
        if self.required_attributes.values().any(Vec::is_empty) {
            let reason = "an attribute without values lets nobody in";
            return Err(SettingsError::new("required_attributes", reason));
        }
        Ok((self, urls::is_loopback(&server)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Makes settings unsafe.
    type Change = fn(&mut CasSettings);

    pub(in crate::cas) fn settings() -> CasSettings {
        CasSettings {
            server_url: "https://cas.example.ac.jp/cas/".into(),
            service_url: "https://mail.example.ac.jp/auth/cas/callback".into(),
            signed_out_url: "https://mail.example.ac.jp/signed-out".into(),
            username_attribute: String::new(),
            subject_attribute: String::new(),
            name_attribute: String::new(),
            mail_attribute: String::new(),
            owner_attribute: String::new(),
            required_attributes: BTreeMap::new(),
            renew: false,
            ca_pem: None,
        }
    }

    #[test]
    fn settings_that_are_not_safe_are_named() {
        let (checked, is_local) = settings().checked().unwrap();
        assert_eq!(
            (checked.server_url.as_str(), is_local),
            ("https://cas.example.ac.jp/cas", false)
        );
        let cases: [(&str, Change); 7] = [
            ("server_url", |s| s.server_url = "http://cas.example.ac.jp".into()),
            ("server_url", |s| s.server_url = "https://cas.example.ac.jp/?a=b".into()),
            ("server_url", |s| {
                s.server_url = "https://CAS.example.ac.jp/a/../b".into()
            }),
            ("service_url", |s| s.service_url = "/auth/cas/callback".into()),
            ("service_url", |s| {
                s.service_url = "https://mail.example.ac.jp/認証".into()
            }),
            ("signed_out_url", |s| {
                s.signed_out_url = "http://mail.example.ac.jp/".into()
            }),
            ("required_attributes", |s| {
                drop(s.required_attributes.insert("kind".into(), Vec::new()))
            }),
        ];
        for (setting, change) in cases {
            let mut settings = settings();
            change(&mut settings);
            assert_eq!(settings.checked().unwrap_err().setting, setting);
        }
    }
}
