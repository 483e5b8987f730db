//! The ID token: every check of OpenID Connect Core §3.1.3.7, and when it was made.

use super::{Known, settings::Checked};
use data_encoding::BASE64URL_NOPAD;
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, Nonce, SignatureVerificationError,
    core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier},
};
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime};

/// Seconds that an ID token may be old.
const OLDEST: i64 = 600;

/// Why a token is not believed.
pub(super) enum Fault {
    /// It may be signed with a key that is newer than those we have.
    Key,
    /// Anything else.
    Wrong(&'static str),
}

/// The claims of a token that is the answer to `nonce` and came with `access`.
pub(super) fn verify(
    token: &CoreIdToken,
    access: &AccessToken,
    nonce: &str,
    settings: &Checked,
    known: &Known,
    now: i64,
) -> Result<Map<String, Value>, Fault> {
    let verifier = verifier(settings, known, now);
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(fault)?;
    authorized(claims, &settings.client_id)?;
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|_| Fault::Wrong("an unsigned token"))?;
        let key = token.signing_key(&verifier).map_err(|_| Fault::Key)?;
        let hash = AccessTokenHash::from_token(access, algorithm, key);
        if hash.ok().as_ref() != Some(expected) {
            return Err(Fault::Wrong("the hash of another access token"));
        }
    }
    payload(&token.to_string()).ok_or(Fault::Wrong("a token without claims"))
}

fn verifier<'a>(settings: &'a Checked, known: &Known, now: i64) -> CoreIdTokenVerifier<'a> {
    let skew = settings.clock_skew;
    // Public even if we have a secret: with it, the library would check signatures that are made with the secret.
    CoreIdTokenVerifier::new_public_client(
        ClientId::new(settings.client_id.clone()),
        settings.issuer.clone(),
        known.keys.clone(),
    )
    .set_allowed_algs(settings.algorithms.iter().cloned())
    .set_other_audience_verifier_fn(|_| true) // If there are others, `authorized` asks for `azp`.
    .set_time_fn(move || {
        let seconds = u64::try_from(now.saturating_sub(skew)).unwrap_or(0);
        let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        time.unwrap_or(SystemTime::UNIX_EPOCH).into()
    })
    .set_issue_time_verifier_fn(move |issued| {
        if is_recent(issued.timestamp(), now, OLDEST, skew) {
            Ok(())
        } else {
            Err(String::new())
        }
    })
}

/// Whether something made at `issued` is at most `oldest` seconds old and not from the future, give or take `skew`.
pub(super) fn is_recent(issued: i64, now: i64, oldest: i64, skew: i64) -> bool {
    let age = now.saturating_sub(issued);
    (-skew..=oldest.saturating_add(skew)).contains(&age)
}

/// §3.1.3.7, 4 and 5.
fn authorized(claims: &CoreIdTokenClaims, client_id: &str) -> Result<(), Fault> {
    match claims.authorized_party() {
        Some(party) if party.as_str() != client_id => Err(Fault::Wrong("a token for another party")),
        None if claims.audiences().len() > 1 => Err(Fault::Wrong("a token for several parties")),
        _ => Ok(()),
    }
}

/// All claims, as the library keeps only those that it knows. To be called with a token that has been checked.
fn payload(token: &str) -> Option<Map<String, Value>> {
    let bytes = BASE64URL_NOPAD.decode(token.split('.').nth(1)?.as_bytes()).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The library's words hold values of claims.
fn fault(error: ClaimsVerificationError) -> Fault {
    use SignatureVerificationError as Signature;
    Fault::Wrong(match error {
        ClaimsVerificationError::SignatureVerification(error) => match error {
            // A wrong signature too: keys without names, or under their old one, change as well.
            Signature::NoMatchingKey | Signature::CryptoError(_) => return Fault::Key,
            Signature::NoSignature => "an unsigned token",
            Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_) => "a signature of a kind that is not taken",
            _ => "a signature that cannot be checked",
        },
        ClaimsVerificationError::Expired(_) => "a token that is too old or of the future",
        ClaimsVerificationError::InvalidAudience(_) => "a token for another client",
        ClaimsVerificationError::InvalidIssuer(_) => "a token of another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "a token with another nonce",
        _ => "a token of another kind",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_is_neither_old_nor_of_the_future() {
        for (issued, recent) in [
            (1000, true),
            (400, true),
            (340, true),
            (339, false),
            (1060, true),
            (1061, false),
        ] {
            assert_eq!(is_recent(issued, 1000, 600, 60), recent, "{issued}");
        }
        assert!(!is_recent(i64::MIN, 1000, 600, 60));
        assert!(!is_recent(i64::MAX, 1000, 600, 60));
    }
}
