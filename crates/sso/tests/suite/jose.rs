//! Keys and tokens of the tests' own.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{
        CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm,
        CoreRsaPrivateSigningKey,
    },
};
use serde_json::{Value, json};

/// Signs, and is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    kind: Kind,
    pub kid: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Ed25519 { seed: u8 },
    Rsa,
}

impl Key {
    pub fn new(seed: u8, kid: &str) -> Self {
        Self {
            kind: Kind::Ed25519 { seed },
            kid: Some(kid.to_owned()),
        }
    }

    pub fn rsa(kid: &str) -> Self {
        Self {
            kind: Kind::Rsa,
            kid: Some(kid.to_owned()),
        }
    }

    pub fn without_kid(self) -> Self {
        Self { kid: None, ..self }
    }

    fn id(&self) -> Option<JsonWebKeyId> {
        self.kid.clone().map(JsonWebKeyId::new)
    }

    fn ed25519(&self, seed: u8) -> CoreEdDsaPrivateSigningKey {
        // RFC 8410 §7, with the seed in the key's place.
        let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        der.extend([seed; 32]);
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            BASE64.encode(&der)
        );
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, self.id()).unwrap()
    }

    fn private(&self) -> CoreRsaPrivateSigningKey {
        CoreRsaPrivateSigningKey::from_pem(include_str!("rsa.pem"), self.id()).unwrap()
    }

    pub fn public(&self) -> CoreJsonWebKey {
        match self.kind {
            Kind::Ed25519 { seed } => self.ed25519(seed).as_verification_key(),
            Kind::Rsa => self.private().as_verification_key(),
        }
    }

    pub fn algorithm(&self) -> Algorithm {
        match self.kind {
            Kind::Ed25519 { .. } => Algorithm::EdDsa,
            Kind::Rsa => Algorithm::RsaSsaPkcs1V15Sha256,
        }
    }

    /// The header of a token that this key signs.
    pub fn header(&self) -> Value {
        let mut header = json!({"alg": self.algorithm(), "typ": "JWT"});
        if let Some(kid) = &self.kid {
            header["kid"] = json!(kid);
        }
        header
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = signed(header, claims);
        let algorithm: Algorithm = serde_json::from_value(header["alg"].clone()).unwrap();
        let signature = match self.kind {
            Kind::Ed25519 { seed } => self.ed25519(seed).sign(&algorithm, signed.as_bytes()),
            Kind::Rsa => self.private().sign(&algorithm, signed.as_bytes()),
        };
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature.unwrap()))
    }
}

/// A token with a signature that anybody can make who knows `secret`.
pub fn hmac(secret: &[u8], header: &Value, claims: &Value) -> String {
    let mut header = header.clone();
    header["alg"] = json!("HS256");
    let signed = signed(&header, claims);
    let signature = CoreHmacKey::new(secret).sign(&Algorithm::HmacSha256, signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature.unwrap()))
}

/// A token with nothing where the signature should be.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let mut header = header.clone();
    header["alg"] = json!("none");
    format!("{}.", signed(&header, claims))
}

fn signed(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}
