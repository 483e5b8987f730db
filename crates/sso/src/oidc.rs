//! OpenID Connect: the code flow with PKCE, and logout from either side.
//!
//! A sign-in is [`Oidc::begin`], a journey of the browser, and [`Oidc::finish`]; the [`Transaction`] between them is kept by the
//! caller, is good for one [`Oidc::finish`] alone, and for ten minutes at most.

mod algorithms;
mod answer;
mod backchannel;
mod begin;
mod finish;
mod id_token;
mod jwt;
mod logout;
mod provider;
mod settings;
mod userinfo;

pub use algorithms::DEFAULT_ALGORITHMS;
pub use backchannel::LoggedOut;
pub use begin::{Begun, Transaction};
pub use settings::{OidcSettings, TokenAuth};

use crate::{SettingsError, SsoError};
use openidconnect::{AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, JsonWebKeySet, core::CoreClient};
use provider::{Known, Provider};
use settings::Checked;
use std::{fmt, sync::Arc};

/// The client as it is once the provider's addresses are known.
type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet, EndpointNotSet>;

/// One provider, and us as its client.
pub struct Oidc {
    settings: Checked,
    provider: Provider,
}

impl Oidc {
    /// Nothing is asked of the provider yet.
    ///
    /// # Errors
    /// A setting is refused; its name is in the error.
    pub fn new(settings: OidcSettings) -> Result<Self, SettingsError> {
        let settings = Checked::new(settings)?;
        let provider = Provider::new(&settings)?;
        Ok(Self { settings, provider })
    }

    /// Asks the provider where its parts are and which keys it signs with. Does nothing if that is known for less than an hour;
    /// later it asks again, and keeps what it knows if there is no answer.
    ///
    /// # Errors
    /// [`SsoError::Unavailable`] if nothing is known and nothing can be learned.
    pub async fn discover(&self, now: i64) -> Result<(), SsoError> {
        self.provider.discover(now).await.map(drop)
    }

    /// Asks the provider whatever is known of it, and learns what it says. If it does not answer, what is known is kept.
    ///
    /// # Errors
    /// [`SsoError::Unavailable`] if it does not answer, or not as a provider.
    pub async fn probe(&self, now: i64) -> Result<(), SsoError> {
        self.provider.probe(now).await
    }

    /// Where a browser is sent, to sign in and out; nothing before the provider has answered once.
    pub fn endpoints(&self) -> Vec<String> {
        let urls = |known: std::sync::Arc<Known>| {
            let end = known.end_session.as_ref().map(ToString::to_string);
            [Some(known.authorization.url().to_string()), end]
                .into_iter()
                .flatten()
                .collect()
        };
        self.provider.known().map(urls).unwrap_or_default()
    }

    /// Whether the provider has answered once.
    pub fn is_ready(&self) -> bool {
        self.provider.known().is_some()
    }

    /// What is known of the provider; asks it if that is nothing.
    async fn known(&self, now: i64) -> Result<Arc<Known>, SsoError> {
        match self.provider.known() {
            Some(known) => Ok(known),
            None => self.provider.discover(now).await,
        }
    }

    fn client(&self, known: &Known) -> Client {
        let settings = &self.settings;
        let client = CoreClient::new(
            ClientId::new(settings.client_id.clone()),
            settings.issuer.clone(),
            // Tokens are not checked by the client, but with the newest keys by `id_token`.
            JsonWebKeySet::default(),
        )
        .set_auth_type(match settings.token_auth {
            TokenAuth::Basic => AuthType::BasicAuth,
            TokenAuth::Post | TokenAuth::None => AuthType::RequestBody,
        })
        .set_redirect_uri(settings.redirect_url.clone())
        .set_auth_uri(known.authorization.clone())
        .set_token_uri(known.token.clone());
        match &settings.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.clone())),
            None => client,
        }
    }
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc")
            .field("issuer", &self.settings.issuer.as_str())
            .finish_non_exhaustive()
    }
}
