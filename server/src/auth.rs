//! How people sign in here, made from `[auth]` and `[account]` once: the portal's protocol, the rule that leads from what it says to
//! an account, and what is offered when it is away.

use crate::{
    config::{
        Config, OwnerRule,
        auth::{self as config, Encoding, Logout, Mode, TokenAuth},
    },
    networks::Networks,
    secrets::Secrets,
    setup::SetupError,
};
use sso::{
    account::{AccountRule, RuleSettings},
    cas::{Cas, CasSettings},
    oidc::{Oidc, OidcSettings},
    proxy::{self, Proxy, ProxySettings},
};
use std::{
    collections::BTreeSet,
    sync::{
        RwLock,
        atomic::{AtomicBool, Ordering},
    },
};
use url::Url;

/// The protocol of the campus portal.
#[expect(clippy::large_enum_variant, reason = "there is one")]
pub enum Portal {
    /// OpenID Connect.
    Oidc {
        /// The provider.
        provider: Oidc,
        /// What signing out ends.
        logout: Logout,
        /// Whether the provider may end sessions.
        backchannel: bool,
    },
    /// CAS.
    Cas {
        /// The server.
        server: Cas,
        /// How sessions name it.
        issuer: String,
        /// Whether the server may end sessions.
        single_logout: bool,
        /// Whether it is asked in passing.
        gateway: bool,
    },
    /// A directory, and a form of ours.
    #[cfg(feature = "ldap")]
    Ldap(sso::ldap::Ldap),
    /// A proxy in front.
    Proxy(Proxy),
}

/// See the module.
pub struct Auth {
    portal: Option<Portal>,
    rule: AccountRule,
    /// An account stays the person's who first signed in to it.
    pub pin: bool,
    /// Accounts of the system below it are nobody's.
    pub min_uid: u32,
    glass: bool,
    glass_networks: Networks,
    up: AtomicBool,
    form_origins: RwLock<String>,
}

impl Auth {
    /// For a portal at `origin`. No network is touched: a provider that is down keeps nobody's mail from being read.
    pub fn new(config: &Config, secrets: &Secrets, origin: &str) -> Result<Self, SetupError> {
        let account = &config.account;
        let aliases = match &account.aliases_file {
            Some(file) => sso::account::parse_aliases(&secrets.plain(file)?).map_err(wrong)?,
            None => Vec::new(),
        };
        let rule = AccountRule::new(RuleSettings {
            strip_scope: account.strip_scope.clone(),
            lowercase: account.lowercase,
            pattern: account.pattern.clone(),
            aliases,
        })
        .map_err(wrong)?;
        let auth = &config.auth;
        // What the portal calls the uid that owns a person's files, if it is asked.
        let owner = match &config.spool.owner {
            OwnerRule::Claim(name) => name.as_str(),
            _ => "",
        };
        let portal = match auth.mode {
            None => None,
            Some(Mode::Oidc) => Some(oidc(&auth.oidc, owner, secrets, origin)?),
            Some(Mode::Cas) => Some(cas(&auth.cas, owner, secrets, origin)?),
            Some(Mode::Proxy) => Some(proxy(&auth.proxy, owner, secrets)?),
            Some(Mode::Ldap) => Some(ldap(&auth.ldap, owner, secrets)?),
        };
        let made = Self {
            form_origins: RwLock::new(origins(first_urls(auth).into_iter().chain(auth.form_origins.clone()))),
            // Until it is known.
            up: AtomicBool::new(true),
            portal,
            rule,
            pin: account.pin_subject,
            min_uid: account.min_uid,
            glass: auth.break_glass.enabled,
            glass_networks: Networks::new(&auth.break_glass.networks)?,
        };
        Ok(made)
    }

    /// Who is asked.
    pub fn portal(&self) -> Option<&Portal> {
        self.portal.as_ref()
    }

    /// From the name that the portal gives to an account.
    pub fn rule(&self) -> &AccountRule {
        &self.rule
    }

    /// Whether emergency codes are taken from that address; `None` asks whether the page offers them at all.
    pub fn takes_codes(&self, from: Option<std::net::IpAddr>) -> bool {
        self.glass && from.is_none_or(|address| self.glass_networks.is_empty() || self.glass_networks.contain(address))
    }

    /// Whether the portal answered when it was last asked.
    pub fn is_up(&self) -> bool {
        self.portal.is_none() || self.up.load(Ordering::Relaxed)
    }

    /// Notes whether it answered; says whether that is news.
    pub fn note_up(&self, up: bool) -> bool {
        self.up.swap(up, Ordering::Relaxed) != up
    }

    /// Where forms of our pages may lead besides here, for `form-action`: it holds for redirects too.
    pub fn form_origins(&self) -> String {
        self.form_origins
            .read()
            .map(|origins| origins.clone())
            .unwrap_or_default()
    }

    /// A provider's endpoints may lie elsewhere than its name says; these are known once it has answered.
    pub fn note_endpoints(&self, urls: impl IntoIterator<Item = String>) {
        let Ok(mut known) = self.form_origins.write() else {
            return;
        };
        let before = known.split(' ').map(str::to_owned).collect::<Vec<_>>();
        *known = origins(before.into_iter().chain(urls));
    }
}

/// What the configuration alone tells of where a sign-in or sign-out leads.
fn first_urls(auth: &config::Auth) -> Vec<String> {
    match auth.mode {
        Some(Mode::Oidc) => vec![auth.oidc.issuer.clone()],
        Some(Mode::Cas) => vec![auth.cas.server_url.clone()],
        Some(Mode::Proxy) => vec![auth.proxy.logout_url.clone()],
        Some(Mode::Ldap) | None => Vec::new(),
    }
}

fn origins(urls: impl IntoIterator<Item = String>) -> String {
    let origins: BTreeSet<String> = urls
        .into_iter()
        .filter_map(|url| Url::parse(&url).ok())
        .filter(|url| matches!(url.scheme(), "https" | "http"))
        .map(|url| url.origin().ascii_serialization())
        .collect();
    origins.into_iter().collect::<Vec<_>>().join(" ")
}

fn oidc(config: &config::Oidc, owner: &str, secrets: &Secrets, origin: &str) -> Result<Portal, SetupError> {
    let provider = Oidc::new(OidcSettings {
        issuer: config.issuer.clone(),
        client_id: config.client_id.clone(),
        client_secret: config
            .client_secret_file
            .as_deref()
            .map(|file| secrets.secret(file))
            .transpose()?,
        redirect_url: format!("{origin}/auth/oidc/callback"),
        post_logout_url: format!("{origin}/signed-out"),
        scopes: config.scopes.clone(),
        username_claim: config.username_claim.clone(),
        name_claim: config.name_claim.clone(),
        mail_claim: config.mail_claim.clone(),
        owner_claim: owner.to_owned(),
        required_claims: config.required_claims.clone(),
        token_auth: match config.token_auth {
            TokenAuth::ClientSecretBasic => sso::oidc::TokenAuth::Basic,
            TokenAuth::ClientSecretPost => sso::oidc::TokenAuth::Post,
            TokenAuth::None => sso::oidc::TokenAuth::None,
        },
        algorithms: config.algorithms.clone(),
        clock_skew: i64::from(config.clock_skew),
        ca_pem: config.ca_file.as_deref().map(|file| secrets.bytes(file)).transpose()?,
    })
    .map_err(wrong)?;
    Ok(Portal::Oidc {
        provider,
        logout: config.logout,
        backchannel: config.backchannel_logout,
    })
}

fn cas(config: &config::Cas, owner: &str, secrets: &Secrets, origin: &str) -> Result<Portal, SetupError> {
    let server = Cas::new(CasSettings {
        server_url: config.server_url.clone(),
        service_url: format!("{origin}/auth/cas/callback"),
        signed_out_url: format!("{origin}/signed-out"),
        username_attribute: config.username_attribute.clone(),
        subject_attribute: config.subject_attribute.clone(),
        name_attribute: config.name_attribute.clone(),
        mail_attribute: config.mail_attribute.clone(),
        owner_attribute: owner.to_owned(),
        required_attributes: config.required_attributes.clone(),
        renew: config.renew,
        ca_pem: config.ca_file.as_deref().map(|file| secrets.bytes(file)).transpose()?,
    })
    .map_err(wrong)?;
    Ok(Portal::Cas {
        server,
        issuer: config.server_url.clone(),
        single_logout: config.single_logout,
        gateway: config.gateway && !config.renew,
    })
}

fn proxy(config: &config::Proxy, owner: &str, secrets: &Secrets) -> Result<Portal, SetupError> {
    let secret = config
        .secret_file
        .as_deref()
        .map(|file| secrets.secret(file))
        .transpose()?;
    let proxy = Proxy::new(ProxySettings {
        user_header: config.user_header.clone(),
        subject_header: config.subject_header.clone(),
        name_header: config.name_header.clone(),
        mail_header: config.mail_header.clone(),
        owner_header: owner.to_owned(),
        value_encoding: match config.value_encoding {
            Encoding::Utf8 => proxy::Encoding::Utf8,
            Encoding::Latin1 => proxy::Encoding::Latin1,
            Encoding::Percent => proxy::Encoding::Percent,
        },
        multi_value: config.multi_value.chars().next(),
        secret_header: secret.as_ref().map(|_| config.secret_header.clone()),
        secret: secret.map(String::into_bytes),
        trusted_peers: config.trusted_peers.clone(),
        logout_url: config.logout_url.clone(),
    })
    .map_err(wrong)?;
    Ok(Portal::Proxy(proxy))
}

#[cfg(feature = "ldap")]
fn ldap(config: &config::Ldap, owner: &str, secrets: &Secrets) -> Result<Portal, SetupError> {
    let password = config
        .bind_password_file
        .as_deref()
        .map(|file| secrets.secret(file))
        .transpose()?;
    let directory = sso::ldap::Ldap::new(sso::ldap::LdapSettings {
        url: config.url.clone(),
        bind_dn: config.bind_dn.clone(),
        bind_password: password.unwrap_or_default(),
        base: config.base.clone(),
        filter: config.filter.clone(),
        login_attribute: config.login_attribute.clone(),
        subject_attribute: config.subject_attribute.clone(),
        name_attribute: config.name_attribute.clone(),
        mail_attribute: config.mail_attribute.clone(),
        owner_attribute: owner.to_owned(),
    });
    directory.map(Portal::Ldap).map_err(wrong)
}

#[cfg(not(feature = "ldap"))]
fn ldap(_: &config::Ldap, _: &str, _: &Secrets) -> Result<Portal, SetupError> {
    Err(wrong("this program was built without LDAP"))
}

fn wrong(error: impl std::fmt::Display) -> SetupError {
    SetupError::Text(format!("the configuration of sign-in: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_named_once_and_nothing_else_is() {
        let urls = [
            "https://sso.example.ac.jp/realms/x",
            "https://sso.example.ac.jp:443/logout",
            "http://127.0.0.1:4400",
            "/Shibboleth.sso/Logout",
            "javascript:x",
            "",
        ];
        assert_eq!(
            origins(urls.map(str::to_owned)),
            "http://127.0.0.1:4400 https://sso.example.ac.jp"
        );
    }
}
