use super::Oidc;
use crate::SsoError;
use data_encoding::BASE64URL_NOPAD;
use openidconnect::{
    CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope,
    core::{CoreAuthenticationFlow, CoreResponseMode},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A sign-in that has begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Where to send the browser.
    pub url: String,
    /// What to keep for [`Oidc::finish`].
    pub transaction: Transaction,
}

/// What is to be known of a sign-in when the browser comes back. Kept on the server: whoever has it could finish the sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

impl Transaction {
    /// What the provider sends back, so that the transaction can be found by it.
    pub fn state(&self) -> &str {
        &self.state
    }
}

/// It is all secret.
impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transaction")
    }
}

impl Oidc {
    /// Begins a sign-in. `random` are fresh random bytes; `now` is used if the provider has to be asked for its addresses first.
    ///
    /// # Errors
    /// [`SsoError::Unavailable`] if the provider never answered and does not now.
    pub async fn begin(&self, random: &[u8; 96], now: i64) -> Result<Begun, SsoError> {
        let known = self.known(now).await?;
        let part = |nth: usize| BASE64URL_NOPAD.encode(&random[nth * 32..][..32]);
        let transaction = Transaction {
            state: part(0),
            nonce: part(1),
            // 43 characters, the fewest that RFC 7636 §4.1 allows.
            verifier: part(2),
        };
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(transaction.verifier.clone()));
        let state = CsrfToken::new(transaction.state.clone());
        let nonce = Nonce::new(transaction.nonce.clone());
        let client = self.client(&known);
        let scopes = self.settings.scopes.iter().filter(|scope| *scope != "openid");
        let (url, _, _) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scopes(scopes.cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            // A form post from the provider would come without our `SameSite=Lax` cookie.
            .add_extra_param("response_mode", CoreResponseMode::Query.as_ref())
            .url();
        Ok(Begun {
            url: url.into(),
            transaction,
        })
    }
}
