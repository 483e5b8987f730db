use super::{
    Known, Oidc, Transaction, answer,
    id_token::{self, Fault},
};
use crate::{Identity, SsoError, claims::Claims, web::WebError};
use openidconnect::{
    AccessToken, AuthorizationCode, OAuth2TokenResponse, PkceCodeVerifier, RequestTokenError, StandardErrorResponse,
    TokenResponse,
    core::{CoreErrorResponseType, CoreIdToken, CoreTokenResponse},
};
use serde_json::{Map, Value};
use std::sync::Arc;

impl Oidc {
    /// Finishes a sign-in: `query` is that of the callback as it came. The transaction is used up, whatever comes of it.
    ///
    /// # Errors
    /// [`SsoError`] tells them apart; only after [`SsoError::Unavailable`] is it of use to begin anew at once.
    pub async fn finish(&self, query: &str, transaction: &Transaction, now: i64) -> Result<Identity, SsoError> {
        let known = self.known(now).await?;
        let code = answer::code(query, transaction, &self.settings, &known)?;
        let response = self.exchange(&known, code, transaction).await?;
        let token = response
            .id_token()
            .ok_or(SsoError::Invalid("an answer without an ID token"))?;
        let access = response.access_token();
        let (known, claims) = self.verified(known, token, access, transaction, now).await?;
        let sub = claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned();
        if sub.is_empty() {
            return Err(SsoError::Invalid("a token without a subject"));
        }
        // Only the token speaks of the session.
        let sid = claims.get("sid").and_then(Value::as_str).map(str::to_owned);
        let mut claims = Claims::new(claims);
        self.complete(&mut claims, &known, access, &sub).await?;
        let settings = &self.settings;
        if !claims.meet(&settings.required_claims) {
            return Err(SsoError::NotAllowed("a required claim is missing"));
        }
        Ok(Identity {
            login: claims.account(&settings.username_claim)?,
            issuer: settings.issuer.to_string(),
            subject: sub,
            sid,
            ticket: None,
            id_token: Some(token.to_string()),
            owner: match settings.owner_claim.as_str() {
                "" => None,
                name => Some(claims.number(name)?),
            },
            name: claims.decoration(&settings.name_claim),
            mail: claims.decoration(&settings.mail_claim),
        })
    }

    async fn exchange(
        &self,
        known: &Known,
        code: String,
        transaction: &Transaction,
    ) -> Result<CoreTokenResponse, SsoError> {
        let client = self.client(known);
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(transaction.verifier.clone()));
        request.request_async(&self.provider.web).await.map_err(refused)
    }

    /// The claims of the ID token, if need be with keys that were fetched just now.
    async fn verified(
        &self,
        mut known: Arc<Known>,
        token: &CoreIdToken,
        access: &AccessToken,
        transaction: &Transaction,
        now: i64,
    ) -> Result<(Arc<Known>, Map<String, Value>), SsoError> {
        let verify = |known: &Known| id_token::verify(token, access, &transaction.nonce, &self.settings, known, now);
        let mut verified = verify(&known);
        if matches!(verified, Err(Fault::Key))
            && let Some(newer) = self.provider.newer_keys(&known, now).await?
        {
            known = newer;
            verified = verify(&known);
        }
        match verified {
            Ok(claims) => Ok((known, claims)),
            Err(Fault::Key) => Err(SsoError::Invalid("a token that no key of the issuer signed")),
            Err(Fault::Wrong(what)) => Err(SsoError::Invalid(what)),
        }
    }

    /// Asks the userinfo endpoint for what the token does not say.
    async fn complete(
        &self,
        claims: &mut Claims,
        known: &Known,
        access: &AccessToken,
        sub: &str,
    ) -> Result<(), SsoError> {
        let settings = &self.settings;
        let owner = Some(&settings.owner_claim).filter(|name| !name.is_empty());
        let needed = std::iter::once(&settings.username_claim)
            .chain(owner)
            .chain(settings.required_claims.keys());
        let is_enough = needed.into_iter().all(|name| claims.has(name));
        let decorations = [&settings.name_claim, &settings.mail_claim];
        if is_enough && decorations.into_iter().all(|name| name.is_empty() || claims.has(name)) {
            return Ok(());
        }
        let Some(url) = &known.userinfo else { return Ok(()) };
        match self.userinfo(url, known, access, sub).await {
            Ok(more) => claims.complete(more),
            // Nobody is kept out for want of a name to show.
            Err(SsoError::Unavailable(why)) if is_enough => tracing::warn!(why, "no userinfo"),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn refused(error: RequestTokenError<WebError, StandardErrorResponse<CoreErrorResponseType>>) -> SsoError {
    match error {
        RequestTokenError::ServerResponse(error) => match error.error() {
            CoreErrorResponseType::InvalidGrant => SsoError::Invalid("a code that the provider does not take"),
            // Its name alone; a description could hold anything.
            CoreErrorResponseType::Extension(_) => SsoError::Unavailable("the token endpoint refuses us".to_owned()),
            error => SsoError::Unavailable(format!("the token endpoint refuses us: {error}")),
        },
        RequestTokenError::Request(error) => SsoError::Unavailable(format!("the token endpoint: {error}")),
        RequestTokenError::Parse(error, _) => {
            // Where, not what: the library is strict about the types of standard claims, and this is how to find out.
            tracing::debug!(at = %error.path(), "the token endpoint's answer is not understood");
            SsoError::Invalid("an answer that holds no tokens, or claims of types that are not those of the standard")
        }
        RequestTokenError::Other(error) => SsoError::Unavailable(format!("the token endpoint: {error}")),
    }
}
