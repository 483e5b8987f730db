//! A directory that checks a password: for sites without any single sign-on, with a sign-in form of our own.

mod settings;
mod template;

pub use settings::LdapSettings;

use crate::{Identity, SettingsError, SsoError, identity::decoration};
use ldap3::{
    Ldap as Handle, LdapConnAsync, LdapConnSettings, LdapError, Scope, SearchEntry, SearchOptions, SearchResult,
};
use std::time::Duration;

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(10);
/// RFC 4511 appendix A.1.
const SIZE_LIMIT_EXCEEDED: u32 = 4;
const NO_SUCH_OBJECT: u32 = 32;
const INVALID_CREDENTIALS: u32 = 49;

/// One directory.
#[derive(Debug)]
pub struct Ldap {
    settings: LdapSettings,
    starttls: bool,
}

impl Ldap {
    /// Nothing is asked of the directory yet.
    ///
    /// # Errors
    /// A setting is refused; its name is in the error.
    pub fn new(settings: LdapSettings) -> Result<Self, SettingsError> {
        let starttls = settings.check()?;
        Ok(Self { settings, starttls })
    }

    /// Looks for the one entry of the account, and opens a connection as it with the password.
    ///
    /// # Errors
    /// [`SsoError::Denied`] without telling a wrong password from an account that is not there; else [`SsoError`] tells them apart.
    pub async fn sign_in(&self, account: &str, password: &str) -> Result<Identity, SsoError> {
        // RFC 4513 §5.1.2: many directories take a name without a password for nobody in particular, and say yes.
        if account.is_empty() || password.is_empty() {
            return Err(wrong());
        }
        let entry = self.entry(account).await?;
        // Nobody in particular again, this time by the directory's word.
        if entry.dn.is_empty() {
            return Err(wrong());
        }
        let mut handle = self.connect().await?;
        let bound = handle.with_timeout(PATIENCE).simple_bind(&entry.dn, password).await;
        let bound = bound.map_err(unavailable);
        // Whether it hears the farewell is not our concern.
        let _ = handle.unbind().await;
        match bound?.rc {
            0 => self.identity(&entry),
            INVALID_CREDENTIALS => Err(wrong()),
            code => Err(SsoError::Denied(format!("the directory says {code}"))),
        }
    }

    async fn entry(&self, account: &str) -> Result<SearchEntry, SsoError> {
        let settings = &self.settings;
        let mut handle = self.connect().await?;
        if !settings.bind_dn.is_empty() {
            let bound = handle
                .with_timeout(PATIENCE)
                .simple_bind(&settings.bind_dn, &settings.bind_password)
                .await;
            let code = bound.map_err(unavailable)?.rc;
            if code != 0 {
                return Err(SsoError::Unavailable(format!("our own bind fails with {code}")));
            }
        }
        let found = handle
            .with_search_options(SearchOptions::new().sizelimit(2))
            .with_timeout(PATIENCE)
            .search(
                &template::dn(&settings.base, account),
                Scope::Subtree,
                &template::filter(&settings.filter, account),
                settings.attributes(),
            )
            .await;
        let _ = handle.unbind().await;
        only(found.map_err(unavailable)?)
    }

    async fn connect(&self) -> Result<Handle, SsoError> {
        let settings = LdapConnSettings::new()
            .set_conn_timeout(PATIENCE)
            .set_starttls(self.starttls);
        let connected = LdapConnAsync::with_settings(settings, &self.settings.url).await;
        let (connection, handle) = connected.map_err(unavailable)?;
        ldap3::drive!(connection);
        Ok(handle)
    }

    fn identity(&self, entry: &SearchEntry) -> Result<Identity, SsoError> {
        let settings = &self.settings;
        let login = one(entry, &settings.login_attribute)?;
        let subject = match settings.subject_attribute.as_str() {
            "" => login.clone(),
            name => one(entry, name)?,
        };
        let shown = |name: &str| values(entry, name).first().and_then(|value| decoration(value));
        Ok(Identity {
            login,
            issuer: settings.url.clone(),
            subject,
            sid: None,
            ticket: None,
            id_token: None,
            owner: match settings.owner_attribute.as_str() {
                "" => None,
                name => Some(one(entry, name)?),
            },
            name: shown(&settings.name_attribute),
            mail: shown(&settings.mail_attribute),
        })
    }
}

/// The only entry of an answer.
fn only(SearchResult(found, result): SearchResult) -> Result<SearchEntry, SsoError> {
    let several = SsoError::NotAllowed("the account has several entries");
    match result.rc {
        0 | NO_SUCH_OBJECT => {}
        SIZE_LIMIT_EXCEEDED => return Err(several),
        code => return Err(SsoError::Unavailable(format!("the search fails with {code}"))),
    }
    let mut entries = found
        .into_iter()
        .filter(|entry| !entry.is_ref() && !entry.is_intermediate());
    match (entries.next(), entries.next()) {
        (Some(entry), None) => Ok(SearchEntry::construct(entry)),
        (None, _) => Err(wrong()),
        (Some(_), Some(_)) => Err(several),
    }
}

fn one(entry: &SearchEntry, name: &str) -> Result<String, SsoError> {
    match values(entry, name) {
        [value] if !value.is_empty() => Ok(value.clone()),
        [] | [_] => Err(SsoError::NotAllowed(
            "the attribute that names the account or the person is missing",
        )),
        _ => Err(SsoError::NotAllowed(
            "the attribute that names the account or the person has several values",
        )),
    }
}

/// Names of attributes have no case (RFC 4512 §2.5).
fn values<'a>(entry: &'a SearchEntry, name: &str) -> &'a [String] {
    let found = entry.attrs.iter().find(|(named, _)| named.eq_ignore_ascii_case(name));
    found.map_or(&[], |(_, values)| values.as_slice())
}

fn wrong() -> SsoError {
    SsoError::Denied("wrong account or password".to_owned())
}

fn unavailable(error: LdapError) -> SsoError {
    SsoError::Unavailable(error.to_string())
}
