use super::algorithms;
use crate::{SettingsError, urls};
use openidconnect::{IssuerUrl, RedirectUrl, core::CoreJwsSigningAlgorithm};
use std::{collections::BTreeMap, fmt};

/// How the token endpoint knows us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenAuth {
    /// `client_secret_basic`: the secret is in the Authorization header.
    #[default]
    Basic,
    /// `client_secret_post`: the secret is in the form.
    Post,
    /// `none`: a public client without a secret.
    None,
}

/// What [`Oidc`](super::Oidc) is made of.
#[derive(Clone)]
pub struct OidcSettings {
    /// The issuer, exactly as its discovery document writes it. https, or http on a loopback address.
    pub issuer: String,
    /// Our name at the provider.
    pub client_id: String,
    /// Our secret there; `None` exactly if `token_auth` is [`TokenAuth::None`].
    pub client_secret: Option<String>,
    /// Where the provider sends the browser with a code. Never made from a request.
    pub redirect_url: String,
    /// Where the provider sends the browser after logout.
    pub post_logout_url: String,
    /// Scopes that are asked for; `openid` always is.
    pub scopes: Vec<String>,
    /// The claim that names the account.
    pub username_claim: String,
    /// The claim that is shown as the name; empty for none.
    pub name_claim: String,
    /// The claim that is shown as the address; empty for none.
    pub mail_claim: String,
    /// The claim with the uid that owns the person's files; empty for none.
    pub owner_claim: String,
    /// Claims without which nobody may enter, each with the values of which it must have one.
    pub required_claims: BTreeMap<String, Vec<String>>,
    /// How the token endpoint knows us.
    pub token_auth: TokenAuth,
    /// Signatures that are taken; empty for [`DEFAULT_ALGORITHMS`](super::DEFAULT_ALGORITHMS).
    pub algorithms: Vec<String>,
    /// Seconds by which the provider's clock may differ; at most 300.
    pub clock_skew: i64,
    /// Certificates, in PEM, that the provider's one must come from, instead of those the system trusts.
    pub ca_pem: Option<Vec<u8>>,
}

/// Without the secret.
impl fmt::Debug for OidcSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcSettings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Settings that have been found safe.
pub(super) struct Checked {
    pub(super) issuer: IssuerUrl,
    /// The issuer is on this machine, and so may be spoken to in the clear.
    pub(super) is_local: bool,
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
    pub(super) redirect_url: RedirectUrl,
    pub(super) post_logout_url: String,
    pub(super) scopes: Vec<String>,
    pub(super) username_claim: String,
    pub(super) name_claim: String,
    pub(super) mail_claim: String,
    pub(super) owner_claim: String,
    pub(super) required_claims: BTreeMap<String, Vec<String>>,
    pub(super) token_auth: TokenAuth,
    pub(super) algorithms: Vec<CoreJwsSigningAlgorithm>,
    pub(super) clock_skew: i64,
    pub(super) ca_pem: Option<Vec<u8>>,
}

impl Checked {
    pub(super) fn new(settings: OidcSettings) -> Result<Self, SettingsError> {
        let issuer = urls::checked("issuer", &settings.issuer)?;
        if issuer.query().is_some() {
            return Err(SettingsError::new("issuer", "has a query"));
        }
        urls::checked("redirect_url", &settings.redirect_url)?;
        urls::checked("post_logout_url", &settings.post_logout_url)?;
        for (setting, value) in [
            ("client_id", &settings.client_id),
            ("username_claim", &settings.username_claim),
        ] {
            if value.is_empty() {
                return Err(SettingsError::new(setting, "is empty"));
            }
        }
        let has_secret = settings.client_secret.as_ref().is_some_and(|secret| !secret.is_empty());
        if has_secret == (settings.token_auth == TokenAuth::None) || (settings.client_secret.is_some() && !has_secret) {
            let reason = "is needed for `client_secret_basic` and `client_secret_post`, and only for them";
            return Err(SettingsError::new("client_secret", reason));
        }
        if settings.required_claims.values().any(Vec::is_empty) {
            return Err(SettingsError::new(
                "required_claims",
                "a claim without values lets nobody in",
            ));
        }
        if !(0..=300).contains(&settings.clock_skew) {
            return Err(SettingsError::new("clock_skew", "is not between 0 and 300 seconds"));
        }
        let refused = |setting| move |error: url::ParseError| SettingsError::new(setting, error.to_string());
        Ok(Self {
            is_local: urls::is_loopback(&issuer),
            // Kept as written: issuers are compared as strings.
            issuer: IssuerUrl::new(settings.issuer).map_err(refused("issuer"))?,
            client_id: settings.client_id,
            client_secret: settings.client_secret,
            redirect_url: RedirectUrl::new(settings.redirect_url).map_err(refused("redirect_url"))?,
            post_logout_url: settings.post_logout_url,
            scopes: settings.scopes,
            username_claim: settings.username_claim,
            name_claim: settings.name_claim,
            mail_claim: settings.mail_claim,
            owner_claim: settings.owner_claim,
            required_claims: settings.required_claims,
            token_auth: settings.token_auth,
            algorithms: algorithms::parse(&settings.algorithms)?,
            clock_skew: settings.clock_skew,
            ca_pem: settings.ca_pem,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes settings unsafe.
    type Change = fn(&mut OidcSettings);

    fn settings() -> OidcSettings {
        OidcSettings {
            issuer: "https://sso.example.ac.jp".into(),
            client_id: "webmail".into(),
            client_secret: Some("a secret".into()),
            redirect_url: "https://mail.example.ac.jp/auth/oidc/callback".into(),
            post_logout_url: "https://mail.example.ac.jp/signed-out".into(),
            scopes: Vec::new(),
            username_claim: "preferred_username".into(),
            name_claim: String::new(),
            mail_claim: String::new(),
            owner_claim: String::new(),
            required_claims: BTreeMap::new(),
            token_auth: TokenAuth::Basic,
            algorithms: Vec::new(),
            clock_skew: 60,
            ca_pem: None,
        }
    }

    #[test]
    fn settings_that_are_not_safe_are_named() {
        assert!(Checked::new(settings()).is_ok());
        let cases: [(&str, Change); 14] = [
            ("issuer", |s| s.issuer = "http://sso.example.ac.jp".into()),
            ("issuer", |s| s.issuer = "https://sso.example.ac.jp?a=b".into()),
            ("redirect_url", |s| s.redirect_url = "http://mail.example.ac.jp/".into()),
            ("redirect_url", |s| s.redirect_url = "/auth/oidc/callback".into()),
            ("post_logout_url", |s| s.post_logout_url = String::new()),
            ("client_id", |s| s.client_id = String::new()),
            ("username_claim", |s| s.username_claim = String::new()),
            ("client_secret", |s| s.client_secret = None),
            ("client_secret", |s| s.client_secret = Some(String::new())),
            ("client_secret", |s| s.token_auth = TokenAuth::None),
            ("required_claims", |s| {
                drop(s.required_claims.insert("groups".into(), Vec::new()))
            }),
            ("algorithms", |s| s.algorithms = vec!["HS256".into()]),
            ("clock_skew", |s| s.clock_skew = 301),
            ("clock_skew", |s| s.clock_skew = -1),
        ];
        for (setting, change) in cases {
            let mut settings = settings();
            change(&mut settings);
            assert_eq!(Checked::new(settings).map(drop).unwrap_err().setting, setting);
        }
    }

    #[test]
    fn a_public_client_has_no_secret() {
        let public = OidcSettings {
            token_auth: TokenAuth::None,
            client_secret: None,
            ..settings()
        };
        assert!(Checked::new(public).is_ok());
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        assert!(!format!("{:?}", settings()).contains("a secret"));
    }
}
