//! What is known of the provider, and how it is learned anew.

use super::settings::Checked;
use crate::{SettingsError, SsoError, urls, web::Web};
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, DiscoveryError, IssuerUrl, JsonWebKeySet, JsonWebKeySetUrl, ProviderMetadata,
    TokenUrl,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
        CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::Mutex;
use url::Url;

/// Bytes of an answer; a long list of keys has a tenth of it.
const MOST: usize = 256 << 10;
/// Seconds after which [`Provider::discover`] asks again.
const STALE: u64 = 3_600;
/// Seconds between two looks at the keys: whoever sends tokens with invented keys must not make us ask for each.
const KEYS_PAUSE: u64 = 60;

/// What discovery says beyond what the library reads.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct More {
    /// OpenID Connect RP-Initiated Logout §2.1.
    end_session_endpoint: Option<String>,
    /// RFC 9207 §3.
    authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What is known of a provider that has answered.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) authorization: AuthUrl,
    pub(super) token: TokenUrl,
    pub(super) userinfo: Option<String>,
    pub(super) end_session: Option<Url>,
    /// The answer at the callback says who gives it (RFC 9207).
    pub(super) announces_issuer: bool,
    pub(super) keys: CoreJsonWebKeySet,
    keys_url: JsonWebKeySetUrl,
    since: i64,
}

/// The provider, known or not yet.
pub(super) struct Provider {
    pub(super) web: Web,
    issuer: IssuerUrl,
    known: RwLock<Option<Arc<Known>>>,
    /// Held by whoever asks the provider; the time at which its keys were last asked for because of a token. Discovery does not count: a
    /// provider may change its keys right after it.
    turn: Mutex<i64>,
    /// Discoveries that came to an end, either way.
    attempts: AtomicU64,
}

impl Provider {
    pub(super) fn new(settings: &Checked) -> Result<Self, SettingsError> {
        Ok(Self {
            web: Web::new(MOST, !settings.is_local, settings.ca_pem.as_deref())?,
            issuer: settings.issuer.clone(),
            known: RwLock::default(),
            turn: Mutex::default(),
            attempts: AtomicU64::new(0),
        })
    }

    pub(super) fn known(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, known: Known) -> Arc<Known> {
        let known = Arc::new(known);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        known
    }

    /// As [`Oidc::discover`](super::Oidc::discover).
    pub(super) async fn discover(&self, now: i64) -> Result<Arc<Known>, SsoError> {
        let before = self.attempts.load(Ordering::Relaxed);
        let _turn = self.turn.lock().await;
        let known = self.known();
        if let Some(known) = &known
            && now.abs_diff(known.since) < STALE
        {
            return Ok(known.clone());
        }
        // Whoever waited while another one asked in vain does not ask once more: a queue would form.
        if self.attempts.load(Ordering::Relaxed) != before {
            return known.ok_or_else(|| SsoError::Unavailable("it did not a moment ago".to_owned()));
        }
        let learned = self.ask(now).await;
        self.attempts.fetch_add(1, Ordering::Relaxed);
        match (learned, known) {
            (Ok(learned), _) => Ok(self.remember(learned)),
            (Err(error), Some(known)) => {
                tracing::warn!(%error, "the provider is not asked anew; what is known of it is kept");
                Ok(known)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// As [`Oidc::probe`](super::Oidc::probe).
    pub(super) async fn probe(&self, now: i64) -> Result<(), SsoError> {
        let _turn = self.turn.lock().await;
        let learned = self.ask(now).await;
        self.attempts.fetch_add(1, Ordering::Relaxed);
        self.remember(learned?);
        Ok(())
    }

    async fn ask(&self, now: i64) -> Result<Known, SsoError> {
        // The library compares the issuer.
        let metadata = Metadata::discover_async(self.issuer.clone(), &self.web).await;
        let metadata = metadata.map_err(|error| unavailable("discovery", error))?;
        let refused = |what: &str| SsoError::Unavailable(format!("discovery: {what}"));
        let token = metadata.token_endpoint().ok_or_else(|| refused("no token endpoint"))?;
        let authorization = metadata.authorization_endpoint();
        if !urls::is_safe(authorization.url()) {
            return Err(refused("the authorization endpoint is not encrypted"));
        }
        let more = metadata.additional_metadata();
        let end_session = more
            .end_session_endpoint
            .as_deref()
            .and_then(|url| Url::parse(url).ok());
        Ok(Known {
            authorization: authorization.clone(),
            token: token.clone(),
            userinfo: metadata.userinfo_endpoint().map(|url| url.to_string()),
            end_session: end_session.filter(urls::is_safe),
            announces_issuer: more.authorization_response_iss_parameter_supported == Some(true),
            keys: metadata.jwks().clone(),
            keys_url: metadata.jwks_uri().clone(),
            since: now,
        })
    }

    /// The provider with newer keys than those of `than`; `None` if there was a look less than a minute ago.
    pub(super) async fn newer_keys(&self, than: &Arc<Known>, now: i64) -> Result<Option<Arc<Known>>, SsoError> {
        let mut keys_at = self.turn.lock().await;
        if let Some(known) = self.known()
            && !Arc::ptr_eq(&known, than)
        {
            return Ok(Some(known));
        }
        if now.abs_diff(*keys_at) < KEYS_PAUSE {
            return Ok(None);
        }
        *keys_at = now;
        let keys = JsonWebKeySet::fetch_async(&than.keys_url, &self.web).await;
        let keys = keys.map_err(|error| unavailable("its keys", error))?;
        Ok(Some(self.remember(Known {
            keys,
            ..Known::clone(than)
        })))
    }
}

/// The library's errors hold whole answers; here they become words.
fn unavailable(what: &str, error: DiscoveryError<crate::web::WebError>) -> SsoError {
    let why = match error {
        DiscoveryError::Request(error) => error.to_string(),
        DiscoveryError::Response(status, _, _) if !status.is_success() => format!("it says {status}"),
        DiscoveryError::Response(..) => "it is not called JSON".to_owned(),
        DiscoveryError::Parse(error) => error.to_string(),
        DiscoveryError::Validation(error) => error,
        error => error.to_string(),
    };
    SsoError::Unavailable(format!("{what}: {why}"))
}
