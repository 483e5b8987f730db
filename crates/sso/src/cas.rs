//! CAS 3.0: a ticket in the browser's address, and the server's word on it.
//!
//! The transaction is made and kept by the caller: a random id in a cookie of the browser, and in the address the ticket is for.
//! So a ticket of somebody else's sign-in is of no use here, which CAS itself does not see to.

mod answer;
mod settings;
mod single_logout;

pub use settings::CasSettings;
pub use single_logout::logged_out_ticket;

use crate::{Identity, SettingsError, SsoError, identity::decoration, web::Web};
use answer::Answer;
use openidconnect::HttpResponse;
use url::{Url, form_urlencoded::byte_serialize};

/// Bytes of an answer.
const MOST: usize = 64 << 10;

/// One CAS server, and us as its service.
#[derive(Debug)]
pub struct Cas {
    settings: CasSettings,
    web: Web,
}

impl Cas {
    /// Nothing is asked of the server yet.
    ///
    /// # Errors
    /// A setting is refused; its name is in the error.
    pub fn new(settings: CasSettings) -> Result<Self, SettingsError> {
        let (settings, is_local) = settings.checked()?;
        let web = Web::new(MOST, !is_local, settings.ca_pem.as_deref())?;
        Ok(Self { settings, web })
    }

    /// The address that tickets of this transaction are for, byte for byte the same whenever it is asked for.
    pub fn service(&self, transaction: &str) -> String {
        let url = &self.settings.service_url;
        let joint = if url.contains('?') { '&' } else { '?' };
        format!("{url}{joint}t={}", encoded(transaction))
    }

    /// Where to send the browser. With `gateway`, whoever is not signed in there comes back without a ticket instead of being
    /// asked; if the settings demand a renewed sign-in, they win (CAS protocol §2.1.1).
    pub fn login_url(&self, transaction: &str, gateway: bool) -> String {
        let mode = match (self.settings.renew, gateway) {
            (true, _) => "&renew=true",
            (false, true) => "&gateway=true",
            (false, false) => "",
        };
        let service = encoded(&self.service(transaction));
        format!("{}/login?service={service}{mode}", self.settings.server_url)
    }

    /// Asks the server whose ticket this is. A ticket can be asked about once.
    ///
    /// # Errors
    /// [`SsoError`] tells them apart.
    pub async fn validate(&self, ticket: &str, transaction: &str) -> Result<Identity, SsoError> {
        if !is_ticket(ticket) {
            return Err(SsoError::Invalid("no ticket"));
        }
        let renew = if self.settings.renew { "&renew=true" } else { "" };
        let service = encoded(&self.service(transaction));
        let query = format!("service={service}&ticket={}{renew}", encoded(ticket));
        match self.ask(&query).await? {
            Answer::Success(success) => self.identity(&success, ticket),
            Answer::Failure(code) => Err(failure(&code)),
        }
    }

    fn identity(&self, success: &answer::Success, ticket: &str) -> Result<Identity, SsoError> {
        let settings = &self.settings;
        let login = match settings.username_attribute.as_str() {
            "" => success.user.clone(),
            name => success.one(name)?,
        };
        let subject = match settings.subject_attribute.as_str() {
            "" => login.clone(),
            name => success.one(name)?,
        };
        if !success.meets(&settings.required_attributes) {
            return Err(SsoError::NotAllowed("a required attribute is missing"));
        }
        let shown = |name: &str| success.values(name).first().and_then(|value| decoration(value));
        Ok(Identity {
            login,
            issuer: settings.server_url.clone(),
            subject,
            sid: None,
            ticket: Some(ticket.to_owned()),
            id_token: None,
            owner: match settings.owner_attribute.as_str() {
                "" => None,
                name => Some(success.one(name)?),
            },
            name: shown(&settings.name_attribute),
            mail: shown(&settings.mail_attribute),
        })
    }

    /// Where to send the browser so that the session at the server ends too.
    pub fn logout_url(&self) -> String {
        let service = encoded(&self.settings.signed_out_url);
        format!("{}/logout?service={service}", self.settings.server_url)
    }

    /// Whether the server answers as a CAS server does.
    ///
    /// # Errors
    /// [`SsoError::Unavailable`], and why.
    pub async fn probe(&self) -> Result<(), SsoError> {
        // Without a ticket every server answers that one is missing.
        self.ask("").await.map(drop).map_err(|error| match error {
            SsoError::Invalid(what) => SsoError::Unavailable(what.to_owned()),
            error => error,
        })
    }

    async fn ask(&self, query: &str) -> Result<Answer, SsoError> {
        let url = format!("{}/p3/serviceValidate?{query}", self.settings.server_url);
        let answer: HttpResponse = self.web.get(&url).await?;
        if !answer.status().is_success() {
            return Err(SsoError::Unavailable(format!("it says {}", answer.status())));
        }
        let text = std::str::from_utf8(answer.body()).map_err(|_| SsoError::Invalid("an answer that is not UTF-8"))?;
        answer::read(text).map_err(SsoError::Invalid)
    }
}

/// `^ST-[A-Za-z0-9._-]{1,250}$`
fn is_ticket(text: &str) -> bool {
    text.strip_prefix("ST-").is_some_and(|rest| {
        (1..=250).contains(&rest.len())
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    })
}

/// CAS protocol §2.5.3.
fn failure(code: &str) -> SsoError {
    match code {
        "INTERNAL_ERROR" => SsoError::Unavailable("it says INTERNAL_ERROR".to_owned()),
        "INVALID_TICKET" => SsoError::Invalid("a ticket that the server does not know"),
        "INVALID_SERVICE" => SsoError::Invalid("a ticket for another service"),
        "INVALID_TICKET_SPEC" => SsoError::Invalid("a ticket of another kind than was asked for"),
        "UNAUTHORIZED_SERVICE" => SsoError::Invalid("the server does not serve us"),
        _ => SsoError::Invalid("a ticket that the server refuses"),
    }
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Whether the address can have a query added to it as text.
fn is_plain(url: &Url, text: &str) -> bool {
    // What a parser would write otherwise, the server may compare otherwise.
    url.as_str() == text || url.as_str().strip_suffix('/') == Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cas(renew: bool) -> Cas {
        Cas::new(CasSettings {
            renew,
            ..settings::tests::settings()
        })
        .unwrap()
    }

    #[test]
    fn addresses_are_made_of_the_settings_and_of_nothing_else() {
        let plain = cas(false);
        assert_eq!(
            plain.service("a&b"),
            "https://mail.example.ac.jp/auth/cas/callback?t=a%26b"
        );
        let service = "https%3A%2F%2Fmail.example.ac.jp%2Fauth%2Fcas%2Fcallback%3Ft%3Dx";
        let login = format!("https://cas.example.ac.jp/cas/login?service={service}");
        assert_eq!(plain.login_url("x", false), login);
        assert_eq!(plain.login_url("x", true), format!("{login}&gateway=true"));
        assert_eq!(cas(true).login_url("x", true), format!("{login}&renew=true"));
        let logout = "https://cas.example.ac.jp/cas/logout?service=https%3A%2F%2Fmail.example.ac.jp%2Fsigned-out";
        assert_eq!(plain.logout_url(), logout);
    }

    #[test]
    fn a_ticket_is_what_the_protocol_calls_one() {
        for ticket in [
            "ST-1",
            "ST-1856339-aA5Yuvrxzpv8Tau1cYQ7",
            "ST-a.b_c-d",
            &format!("ST-{}", "a".repeat(250)),
        ] {
            assert!(is_ticket(ticket), "{ticket}");
        }
        for other in [
            "",
            "ST-",
            "st-1",
            "PT-1",
            "PGT-1",
            "ST-1&a=b",
            "ST-1\n",
            "ST-1 ",
            "ST-é",
            "ST-%41",
            "xST-1",
            &format!("ST-{}", "a".repeat(251)),
        ] {
            assert!(!is_ticket(other), "{other}");
        }
    }
}
