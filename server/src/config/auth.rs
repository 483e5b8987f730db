//! `[auth]` and `[account]`: how people sign in, and whose mail they then read. Secrets stand in files of their own.

use super::ConfigError;
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};

/// `[auth]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// Who is asked; nobody if it is not set, and then only one-time links lead in.
    pub mode: Option<Mode>,
    /// Origins that signing in or out leads to besides the portal's own: browsers let a form lead nowhere else, by redirects either.
    pub form_origins: Vec<String>,
    /// `[auth.oidc]`
    pub oidc: Oidc,
    /// `[auth.cas]`
    pub cas: Cas,
    /// `[auth.proxy]`
    pub proxy: Proxy,
    /// `[auth.ldap]`
    pub ldap: Ldap,
    /// `[auth.break_glass]`
    pub break_glass: BreakGlass,
}

/// The protocol of the campus portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// OpenID Connect.
    Oidc,
    /// CAS 3.0.
    Cas,
    /// A proxy in front that signs people in and says who they are.
    Proxy,
    /// A directory, and a form of ours.
    Ldap,
}

/// OpenID Connect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oidc {
    /// The provider's issuer, to the letter.
    pub issuer: String,
    /// What the provider calls this portal.
    pub client_id: String,
    /// File with the secret; none for a public client.
    pub client_secret_file: Option<PathBuf>,
    /// Scopes asked for.
    pub scopes: Vec<String>,
    /// The claim that names the account, in the ID token or from userinfo.
    pub username_claim: String,
    /// The claim with the person's name.
    pub name_claim: String,
    /// The claim with the person's address.
    pub mail_claim: String,
    /// Claims that must have one of these values.
    pub required_claims: BTreeMap<String, Vec<String>>,
    /// How the secret is sent.
    pub token_auth: TokenAuth,
    /// Algorithms of signatures that are taken; empty for those in common use.
    pub algorithms: Vec<String>,
    /// Seconds by which clocks may differ.
    pub clock_skew: u32,
    /// Whether signing out here ends the session at the provider as well.
    pub logout: Logout,
    /// Whether the provider may end sessions here.
    pub backchannel_logout: bool,
    /// Certificates (PEM) to trust besides the common ones.
    pub ca_file: Option<PathBuf>,
}

/// How a client authenticates at the token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenAuth {
    /// In a header.
    #[default]
    ClientSecretBasic,
    /// In the form.
    ClientSecretPost,
    /// Not at all.
    None,
}

/// What signing out ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Logout {
    /// The session at the provider too.
    #[default]
    Provider,
    /// The session here alone.
    Local,
}

/// CAS 3.0.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cas {
    /// `https://cas.example.ac.jp/cas`
    pub server_url: String,
    /// The attribute that names the account; empty for `cas:user`.
    pub username_attribute: String,
    /// An attribute that is never given to another person; empty for the account's name.
    pub subject_attribute: String,
    /// The attribute with the person's name.
    pub name_attribute: String,
    /// The attribute with the person's address.
    pub mail_attribute: String,
    /// Attributes that must have one of these values.
    pub required_attributes: BTreeMap<String, Vec<String>>,
    /// Whether the server may end sessions here.
    pub single_logout: bool,
    /// Whether the password is asked for each time.
    pub renew: bool,
    /// Whether whoever comes is signed in without being asked, if they are signed in there.
    pub gateway: bool,
    /// Certificates (PEM) to trust besides the common ones.
    pub ca_file: Option<PathBuf>,
}

/// A proxy that signs people in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Proxy {
    /// The header that names the account.
    pub user_header: String,
    /// The header that names the person for good, even if the account's name is given to another; empty for the account's name.
    pub subject_header: String,
    /// The header with the person's name.
    pub name_header: String,
    /// The header with the person's address.
    pub mail_header: String,
    /// How other than ASCII stands in headers.
    pub value_encoding: Encoding,
    /// What stands between several values in one header; empty if it is part of the value.
    pub multi_value: String,
    /// Addresses the proxy speaks from.
    pub trusted_peers: Vec<String>,
    /// The header with the shared secret.
    pub secret_header: String,
    /// File with the secret.
    pub secret_file: Option<PathBuf>,
    /// Where a person is signed out at the proxy.
    pub logout_url: String,
}

/// How text stands in a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// UTF-8 as it is.
    #[default]
    Utf8,
    /// ISO-8859-1.
    Latin1,
    /// Percent-encoded UTF-8.
    Percent,
}

/// A directory that checks passwords.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ldap {
    /// `ldaps://…`, or `ldap://…` with StartTLS.
    pub url: String,
    /// The entry that searches; empty to search as nobody.
    pub bind_dn: String,
    /// File with its password.
    pub bind_password_file: Option<PathBuf>,
    /// Where the search begins.
    pub base: String,
    /// What the entry of `{account}` matches.
    pub filter: String,
    /// The attribute that names the account.
    pub login_attribute: String,
    /// An attribute that is never given to another person; empty for the account's name.
    pub subject_attribute: String,
    /// The attribute with the person's name.
    pub name_attribute: String,
    /// The attribute with the person's address.
    pub mail_attribute: String,
}

/// Pre-issued codes for the hours when the portal itself is the outage.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakGlass {
    /// Whether the sign-in page offers them.
    pub enabled: bool,
    /// Addresses from which they are taken; from anywhere if empty.
    pub networks: Vec<String>,
}

/// `[account]`: from what the portal says to an account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountSection {
    /// Scopes (`@…`) that are ours; a name with another is refused.
    pub strip_scope: Vec<String>,
    /// Whether names are the same in capitals.
    pub lowercase: bool,
    /// What a name of an account looks like.
    pub pattern: String,
    /// File of `claim value<TAB>account`, for renamed people.
    pub aliases_file: Option<PathBuf>,
    /// Whether an account stays the person's who first signed in to it.
    pub pin_subject: bool,
    /// Accounts of the system with a lower uid are nobody's.
    pub min_uid: u32,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret_file: None,
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            username_claim: "preferred_username".to_owned(),
            name_claim: "name".to_owned(),
            mail_claim: "email".to_owned(),
            required_claims: BTreeMap::new(),
            token_auth: TokenAuth::default(),
            algorithms: Vec::new(),
            clock_skew: 60,
            logout: Logout::default(),
            backchannel_logout: true,
            ca_file: None,
        }
    }
}

impl Default for Cas {
    fn default() -> Self {
        Self {
            server_url: String::new(),
            username_attribute: String::new(),
            subject_attribute: String::new(),
            name_attribute: "displayName".to_owned(),
            mail_attribute: "mail".to_owned(),
            required_attributes: BTreeMap::new(),
            single_logout: true,
            renew: false,
            gateway: false,
            ca_file: None,
        }
    }
}

impl Default for Proxy {
    fn default() -> Self {
        Self {
            user_header: "X-Remote-User".to_owned(),
            subject_header: String::new(),
            name_header: "X-Remote-Name".to_owned(),
            mail_header: "X-Remote-Mail".to_owned(),
            value_encoding: Encoding::default(),
            multi_value: ";".to_owned(),
            trusted_peers: vec!["127.0.0.1/32".to_owned()],
            secret_header: "X-Portal-Secret".to_owned(),
            secret_file: None,
            logout_url: String::new(),
        }
    }
}

impl Default for Ldap {
    fn default() -> Self {
        Self {
            url: String::new(),
            bind_dn: String::new(),
            bind_password_file: None,
            base: String::new(),
            filter: "(uid={account})".to_owned(),
            login_attribute: "uid".to_owned(),
            subject_attribute: String::new(),
            name_attribute: "cn".to_owned(),
            mail_attribute: "mail".to_owned(),
        }
    }
}

impl Default for AccountSection {
    fn default() -> Self {
        Self {
            strip_scope: Vec::new(),
            lowercase: true,
            pattern: "^[a-z][a-z0-9._-]{0,31}$".to_owned(),
            aliases_file: None,
            pin_subject: true,
            min_uid: 1000,
        }
    }
}

impl Auth {
    pub(super) fn checked(&self) -> Result<(), ConfigError> {
        let wanted = |section: &str, keys: &[(&str, &str)]| {
            let missing = keys.iter().find(|(_, value)| value.is_empty());
            missing.map_or(Ok(()), |(key, _)| {
                Err(ConfigError::Value(format!("[auth.{section}] {key} is not set")))
            })
        };
        match self.mode {
            None => Ok(()),
            Some(Mode::Oidc) => wanted(
                "oidc",
                &[
                    ("issuer", &self.oidc.issuer),
                    ("client_id", &self.oidc.client_id),
                    ("username_claim", &self.oidc.username_claim),
                ],
            ),
            Some(Mode::Ldap) => wanted("ldap", &[("url", &self.ldap.url), ("base", &self.ldap.base)]),
            Some(Mode::Cas) => wanted("cas", &[("server_url", &self.cas.server_url)]),
            Some(Mode::Proxy) => wanted(
                "proxy",
                &[
                    ("user_header", &self.proxy.user_header),
                    ("logout_url", &self.proxy.logout_url),
                ],
            ),
        }?;
        if self.proxy.multi_value.chars().count() > 1 {
            return Err(ConfigError::Value(
                "[auth.proxy] multi_value is one character".to_owned(),
            ));
        }
        Ok(())
    }
}
