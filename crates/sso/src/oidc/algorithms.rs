use crate::SettingsError;
use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;

/// The signatures that are taken if the settings name none: those with a key pair that the library can check.
pub const DEFAULT_ALGORITHMS: [&str; 9] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
];

/// Reads the list of the settings; an empty one is the usual one.
pub(super) fn parse(names: &[String]) -> Result<Vec<Algorithm>, SettingsError> {
    let read = |name: &str| {
        by_name(name).ok_or_else(|| {
            let known = DEFAULT_ALGORITHMS.join(", ");
            SettingsError::new("algorithms", format!("`{name}` is none of {known}"))
        })
    };
    if names.is_empty() {
        DEFAULT_ALGORITHMS.into_iter().map(read).collect()
    } else {
        names.iter().map(|name| read(name)).collect()
    }
}

/// `none` and those with a shared secret are not here: whoever knows what the browser knows could sign (RFC 8725 §3.1).
pub(super) fn by_name(name: &str) -> Option<Algorithm> {
    Some(match name {
        "RS256" => Algorithm::RsaSsaPkcs1V15Sha256,
        "RS384" => Algorithm::RsaSsaPkcs1V15Sha384,
        "RS512" => Algorithm::RsaSsaPkcs1V15Sha512,
        "PS256" => Algorithm::RsaSsaPssSha256,
        "PS384" => Algorithm::RsaSsaPssSha384,
        "PS512" => Algorithm::RsaSsaPssSha512,
        "ES256" => Algorithm::EcdsaP256Sha256,
        "ES384" => Algorithm::EcdsaP384Sha384,
        "EdDSA" => Algorithm::EdDsa,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signatures_with_a_key_pair_can_be_asked_for() {
        assert_eq!(parse(&[]).unwrap().len(), DEFAULT_ALGORITHMS.len());
        assert_eq!(parse(&["ES256".into()]).unwrap(), [Algorithm::EcdsaP256Sha256]);
        for name in [
            "none", "None", "HS256", "HS384", "HS512", "ES512", "rs256", "", "RSA-OAEP",
        ] {
            let error = parse(&["RS256".into(), name.into()]).unwrap_err();
            assert_eq!(error.setting, "algorithms", "{name}");
        }
    }
}
