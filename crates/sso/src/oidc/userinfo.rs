use super::{
    Known, Oidc,
    id_token::Fault,
    jwt::{self, Jwt},
};
use crate::SsoError;
use http::{
    HeaderValue, Request, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use openidconnect::AccessToken;
use serde_json::{Map, Value};

impl Oidc {
    /// What the userinfo endpoint says of the person whom the ID token calls `sub` (OpenID Connect Core §5.3).
    ///
    /// Read by us, not by the library: of the standard claims it wants types that many a provider gets wrong, and of signed
    /// answers it takes one algorithm alone.
    pub(super) async fn userinfo(
        &self,
        url: &str,
        known: &Known,
        access: &AccessToken,
        sub: &str,
    ) -> Result<Map<String, Value>, SsoError> {
        let unavailable = |why: &str| SsoError::Unavailable(format!("userinfo: {why}"));
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", access.secret()))
            .map_err(|_| SsoError::Invalid("an access token that is none"))?;
        bearer.set_sensitive(true);
        let request = Request::get(url)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, bearer);
        let request = request
            .body(Vec::new())
            .map_err(|_| unavailable("its address is none"))?;
        let answer = self.provider.web.answer(request).await;
        let answer = answer.map_err(|error| unavailable(&error.to_string()))?;
        if answer.status() != StatusCode::OK {
            return Err(unavailable(&format!("it says {}", answer.status())));
        }
        let kind = answer
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let is_signed = kind
            .split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/jwt"));
        let claims = if is_signed {
            let token = std::str::from_utf8(answer.body()).map_err(|_| unavailable("no text"))?;
            self.signed(token.trim(), known)?
        } else {
            serde_json::from_slice(answer.body()).map_err(|_| unavailable("no JSON"))?
        };
        // §5.3.2: the answer to a stolen token would be of somebody else.
        if claims.get("sub").and_then(Value::as_str) != Some(sub) {
            return Err(SsoError::Invalid("userinfo of another person"));
        }
        Ok(claims)
    }

    fn signed(&self, token: &str, known: &Known) -> Result<Map<String, Value>, SsoError> {
        let token = Jwt::read(token).ok_or(SsoError::Invalid("userinfo that is no token"))?;
        let claims = match token.verified(&known.keys, &self.settings.algorithms) {
            Ok(claims) => claims,
            Err(Fault::Key) => return Err(SsoError::Invalid("userinfo that no key of the issuer signed")),
            Err(Fault::Wrong(what)) => return Err(SsoError::Invalid(what)),
        };
        let is_ours = claims
            .get("iss")
            .is_none_or(|issuer| issuer == self.settings.issuer.as_str())
            && (!claims.contains_key("aud") || jwt::is_for(claims, &self.settings.client_id));
        if !is_ours {
            return Err(SsoError::Invalid("userinfo for somebody else"));
        }
        Ok(claims.clone())
    }
}
