//! Signed tokens that are no ID tokens: of logout, and of userinfo. The library has no type for the former, but its keys check
//! both.

use super::{algorithms, id_token::Fault};
use data_encoding::BASE64URL_NOPAD;
use openidconnect::{
    JsonWebKey, SignatureVerificationError,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Bytes of a token.
const MOST: usize = 16 << 10;

/// A token that has been read and not checked.
pub(super) struct Jwt<'a> {
    header: Header,
    payload: Map<String, Value>,
    signed: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    /// Whatever it is, it is to be understood, and nothing is (RFC 7515 §4.1.11).
    #[serde(default)]
    crit: Value,
}

impl<'a> Jwt<'a> {
    pub(super) fn read(token: &'a str) -> Option<Self> {
        if token.len() > MOST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).ok();
        let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
        if !header.crit.is_null() {
            return None;
        }
        Some(Self {
            header,
            payload: serde_json::from_slice(&decode(payload)?).ok()?,
            signed,
            signature: decode(signature)?,
        })
    }

    /// What the token says it is.
    pub(super) fn typ(&self) -> Option<&str> {
        self.header.typ.as_deref()
    }

    /// What it says, if one of `keys` signed it in one of the ways of `taken`. The header chooses among these, never beyond.
    pub(super) fn verified(
        &self,
        keys: &CoreJsonWebKeySet,
        taken: &[CoreJwsSigningAlgorithm],
    ) -> Result<&Map<String, Value>, Fault> {
        let algorithm = algorithms::by_name(&self.header.alg).filter(|algorithm| taken.contains(algorithm));
        let algorithm = algorithm.ok_or(Fault::Wrong("a signature of a kind that is not taken"))?;
        for key in keys.keys() {
            let is_named = self.header.kid.is_none() || self.header.kid.as_ref() == key.key_id().map(|id| &**id);
            if !is_named {
                continue;
            }
            match key.verify_signature(&algorithm, self.signed.as_bytes(), &self.signature) {
                Ok(()) => return Ok(&self.payload),
                // Of another kind, or broken: perhaps the next one.
                Err(SignatureVerificationError::InvalidKey(_) | SignatureVerificationError::CryptoError(_)) => {}
                Err(_) => return Err(Fault::Wrong("a signature that cannot be checked")),
            }
        }
        Err(Fault::Key)
    }
}

/// Whether `aud` is or holds the client.
pub(super) fn is_for(claims: &Map<String, Value>, client_id: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(audience)) => audience == client_id,
        Some(Value::Array(audiences)) => audiences.iter().any(|audience| audience == client_id),
        _ => false,
    }
}

/// A time (RFC 7519 §2, NumericDate); fractions of a second are allowed, and dropped.
pub(super) fn seconds(claims: &Map<String, Value>, name: &str) -> Option<i64> {
    let value = claims.get(name)?;
    let whole = |seconds: f64| (0.0..1e15).contains(&seconds).then_some(seconds as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// RFC 7515 appendix A.3.
    const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn keys(kid: Option<&str>) -> CoreJsonWebKeySet {
        let mut key = json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        });
        if let Some(kid) = kid {
            key["kid"] = kid.into();
        }
        serde_json::from_value(json!({"keys": [key]})).unwrap()
    }

    #[test]
    fn the_token_of_the_standard_is_read_and_verified() {
        let token = Jwt::read(TOKEN).unwrap();
        let Ok(claims) = token.verified(&keys(None), &[CoreJwsSigningAlgorithm::EcdsaP256Sha256]) else {
            panic!("not verified");
        };
        assert_eq!(claims["iss"], "joe");
        assert!(
            token
                .verified(&keys(Some("any")), &[CoreJwsSigningAlgorithm::EcdsaP256Sha256])
                .is_ok()
        );
    }

    #[test]
    fn another_way_to_sign_is_not_taken_even_if_the_key_fits() {
        let token = Jwt::read(TOKEN).unwrap();
        let verified = token.verified(&keys(None), &[CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256]);
        assert!(matches!(verified, Err(Fault::Wrong(_))));
    }

    #[test]
    fn one_changed_bit_is_no_signature() {
        let (signed, signature) = TOKEN.rsplit_once('.').unwrap();
        let mut bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
        bytes[0] ^= 1;
        let changed = format!("{signed}.{}", BASE64URL_NOPAD.encode(&bytes));
        let token = Jwt::read(&changed).unwrap();
        let verified = token.verified(&keys(None), &[CoreJwsSigningAlgorithm::EcdsaP256Sha256]);
        assert!(matches!(verified, Err(Fault::Key)));
    }

    #[test]
    fn what_is_no_token_is_not_read() {
        let part = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let critical = format!(
            "{}.{}.",
            part(json!({"alg": "ES256", "crit": ["b64"]})),
            part(json!({}))
        );
        let unnamed = format!("{}.{}.", part(json!({"typ": "JWT"})), part(json!({})));
        let list = format!("{}.{}.", part(json!({"alg": "ES256"})), part(json!([])));
        let long = format!(
            "{}.{}.",
            part(json!({"alg": "ES256"})),
            part(json!({"a": "a".repeat(MOST)}))
        );
        for nonsense in [
            "",
            ".",
            "..",
            "a.b.c",
            "a.b.c.d",
            TOKEN.trim_end_matches("Q"),
            &critical,
            &unnamed,
            &list,
            &long,
        ] {
            assert!(Jwt::read(nonsense).is_none(), "{nonsense}");
        }
    }

    #[test]
    fn times_and_audiences_are_read_in_the_forms_of_the_standard() {
        let claims = json!({"aud": ["a", "b"], "iat": 1.9, "exp": 3, "nbf": "4", "x": -1e300});
        let claims = claims.as_object().unwrap();
        assert!(is_for(claims, "b") && !is_for(claims, "c"));
        assert!(is_for(json!({"aud": "a"}).as_object().unwrap(), "a"));
        assert!(!is_for(json!({"aud": {"a": 1}}).as_object().unwrap(), "a"));
        assert!(!is_for(json!({}).as_object().unwrap(), ""));
        let read = ["iat", "exp", "nbf", "x", "absent"].map(|name| seconds(claims, name));
        assert_eq!(read, [Some(1), Some(3), None, None, None]);
    }
}
