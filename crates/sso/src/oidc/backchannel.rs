use super::{
    Oidc,
    id_token::{Fault, is_recent},
    jwt::{self, Jwt},
    settings::Checked,
};
use crate::SsoError;
use serde_json::{Map, Value};

/// Seconds that a logout token may be old.
const OLDEST: i64 = 120;
/// OpenID Connect Back-Channel Logout §2.4.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A session, or all sessions of a person, that the provider has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedOut {
    /// Who says so.
    pub issuer: String,
    /// Whose sessions; all of them if there is no `sid`.
    pub subject: Option<String>,
    /// Which session, as in [`Identity::sid`](crate::Identity::sid).
    pub sid: Option<String>,
    /// Names the token. One that was seen before is to be refused.
    pub jti: String,
    /// When the token would be refused for its age, in seconds since 1970; until then its `jti` is to be remembered.
    pub expires: i64,
}

impl Oidc {
    /// Reads the token that the provider sends when a session ends. Everything about it is checked but whether it has been seen
    /// before: that is for the caller, by [`LoggedOut::jti`].
    ///
    /// # Errors
    /// [`SsoError::Invalid`] for a token that ends nothing; [`SsoError::Unavailable`] if its key cannot be fetched.
    pub async fn backchannel(&self, token: &str, now: i64) -> Result<LoggedOut, SsoError> {
        let token = Jwt::read(token).ok_or(SsoError::Invalid("no token"))?;
        // Types that name no kind of token are common; what else it is not, it shows by `events` (§2.4, RFC 8725 §3.11).
        let typ = token.typ().map(str::to_ascii_lowercase);
        let typ = typ
            .as_deref()
            .map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        if !matches!(typ, None | Some("logout+jwt" | "jwt")) {
            return Err(SsoError::Invalid("a token of another kind"));
        }
        let known = self.known(now).await?;
        let algorithms = &self.settings.algorithms;
        let mut verified = token.verified(&known.keys, algorithms);
        let newer;
        if matches!(verified, Err(Fault::Key)) {
            newer = self.provider.newer_keys(&known, now).await?;
            if let Some(newer) = &newer {
                verified = token.verified(&newer.keys, algorithms);
            }
        }
        match verified {
            Ok(claims) => ended(claims, &self.settings, now).map_err(SsoError::Invalid),
            Err(Fault::Key) => Err(SsoError::Invalid("a token that no key of the issuer signed")),
            Err(Fault::Wrong(what)) => Err(SsoError::Invalid(what)),
        }
    }
}

/// §2.6.
fn ended(claims: &Map<String, Value>, settings: &Checked, now: i64) -> Result<LoggedOut, &'static str> {
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    if text("iss").as_deref() != Some(settings.issuer.as_str()) {
        return Err("a token of another issuer");
    }
    if !jwt::is_for(claims, &settings.client_id) {
        return Err("a token for another client");
    }
    let issued = jwt::seconds(claims, "iat").ok_or("a token that does not say when it was made")?;
    if !is_recent(issued, now, OLDEST, settings.clock_skew) {
        return Err("a token that is too old or of the future");
    }
    // Drafts of the standard had no `exp`; `iat` bounds the life of the token anyway.
    let end = match claims.get("exp") {
        Some(_) => jwt::seconds(claims, "exp").ok_or("a token with an end that is none")?,
        None => issued.saturating_add(OLDEST),
    };
    if end.saturating_add(settings.clock_skew) <= now {
        return Err("a token that is too old or of the future");
    }
    let event = claims.get("events").and_then(|events| events.get(EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err("a token that tells of no logout");
    }
    // What has one could be an ID token (§2.4).
    if claims.contains_key("nonce") {
        return Err("a token with a nonce");
    }
    let (subject, sid) = (text("sub"), text("sid"));
    // A session's name that cannot be read must not become "all sessions".
    if ["sub", "sid"]
        .into_iter()
        .any(|name| claims.contains_key(name) && text(name).is_none())
    {
        return Err("a token whose person or session is no text");
    }
    if subject.is_none() && sid.is_none() {
        return Err("a token that names neither person nor session");
    }
    Ok(LoggedOut {
        issuer: settings.issuer.to_string(),
        subject,
        sid,
        jti: text("jti").ok_or("a token without a name")?,
        // One more: at the last second it is still taken.
        expires: end
            .min(issued.saturating_add(OLDEST))
            .saturating_add(settings.clock_skew + 1),
    })
}
