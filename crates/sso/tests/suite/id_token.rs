//! Tokens that are not what they should be.

use crate::{
    jose::{self, Key},
    provider::{CLIENT, NOW, Provider, SECRET},
    refused,
};
use serde_json::{Value, json};
use sso::{
    SsoError,
    oidc::{Oidc, OidcSettings},
};

#[tokio::test]
async fn claims_that_do_not_fit_are_refused() {
    // V-87, V-88
    let provider = Provider::start().await;
    let client = provider.client();
    for (case, claims) in [
        ("another nonce", json!({"nonce": "x"})),
        ("no nonce", json!({"nonce": null})),
        ("another issuer", json!({"iss": "https://other.example"})),
        (
            "the issuer with a slash",
            json!({"iss": format!("{}/", provider.url())}),
        ),
        ("no issuer", json!({"iss": null})),
        ("another client", json!({"aud": "other"})),
        ("other clients", json!({"aud": ["other", "webmail2"], "azp": CLIENT})),
        ("no client", json!({"aud": null})),
        ("several clients, and none is meant", json!({"aud": [CLIENT, "other"]})),
        (
            "several clients, and another is meant",
            json!({"aud": [CLIENT, "other"], "azp": "other"}),
        ),
        ("one client, and another is meant", json!({"azp": "other"})),
        ("expired", json!({"exp": NOW - 60})),
        ("no end", json!({"exp": null})),
        ("old", json!({"iat": NOW - 661})),
        ("of the future", json!({"iat": NOW + 61})),
        ("no time", json!({"iat": null})),
        (
            "the hash of another access token",
            json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}),
        ),
        ("an empty hash", json!({"at_hash": ""})),
        ("no person", json!({"sub": null})),
        ("an empty person", json!({"sub": ""})),
        ("a person that is a number", json!({"sub": 2})),
    ] {
        provider.says().claims = claims;
        refused!(provider.sign_in(&client).await, SsoError::Invalid(_), "{case}");
        assert_eq!(provider.server.asked("/userinfo"), 0, "{case}");
    }
}

#[tokio::test]
async fn claims_at_the_edge_are_taken() {
    let provider = Provider::start().await;
    let client = provider.client();
    let hash = provider.says().access_token_hash();
    for claims in [
        json!({"exp": NOW - 59}),
        json!({"iat": NOW - 660}),
        json!({"iat": NOW + 60}),
        json!({"aud": [CLIENT]}),
        json!({"aud": [CLIENT, "other"], "azp": CLIENT}),
        json!({"azp": CLIENT}),
        json!({"at_hash": hash}),
    ] {
        provider.says().claims = claims.clone();
        let signed_in = provider.sign_in(&client).await;
        assert!(signed_in.is_ok(), "{claims}: {signed_in:?}");
    }
}

#[tokio::test]
async fn signatures_that_anybody_can_make_are_refused() {
    // V-89
    let provider = Provider::start().await;
    let client = provider.client();
    let public = |key: &Key| serde_json::to_value(key.public()).unwrap();
    let x = move |key: &Key| {
        let x = public(key)["x"].as_str().unwrap().to_owned();
        data_encoding::BASE64URL_NOPAD.decode(x.as_bytes()).unwrap()
    };
    type Make = Box<dyn Fn(&Key, &Value, &Value) -> String + Send>;
    let cases: Vec<(&str, Make)> = vec![
        ("none", Box::new(|_, header, claims| jose::unsigned(header, claims))),
        (
            "none, with a signature",
            Box::new(|key, header, claims| {
                let signed = key.sign(header, claims);
                jose::unsigned(header, claims) + signed.rsplit('.').next().unwrap()
            }),
        ),
        (
            "no signature",
            Box::new(|key, header, claims| {
                let signed = key.sign(header, claims);
                format!("{}.", signed.rsplit_once('.').unwrap().0)
            }),
        ),
        (
            "the public key as a secret",
            Box::new(move |key, header, claims| jose::hmac(&x(key), header, claims)),
        ),
        (
            "the published key as a secret",
            Box::new(move |key, header, claims| jose::hmac(public(key).to_string().as_bytes(), header, claims)),
        ),
        (
            "our own secret",
            Box::new(|_, header, claims| jose::hmac(SECRET.as_bytes(), header, claims)),
        ),
        (
            "an unknown key with a known name",
            Box::new(|_, header, claims| Key::new(9, "one").sign(header, claims)),
        ),
        (
            "claims of another token",
            Box::new(|key, header, claims| {
                let mut other = claims.clone();
                other["sub"] = json!("u-001");
                let (one, two) = (key.sign(header, claims), key.sign(header, &other));
                format!(
                    "{}.{}",
                    two.rsplit_once('.').unwrap().0,
                    one.rsplit_once('.').unwrap().1
                )
            }),
        ),
    ];
    for (case, make) in cases {
        provider.says().make = make;
        refused!(provider.sign_in(&client).await, SsoError::Invalid(_), "{case}");
    }
}

#[tokio::test]
async fn only_the_kinds_of_signature_in_the_settings_are_taken() {
    let provider = Provider::start().await;
    let client = |algorithm: &str| {
        Oidc::new(OidcSettings {
            algorithms: vec![algorithm.into()],
            ..provider.settings()
        })
        .unwrap()
    };
    assert!(provider.sign_in(&client("EdDSA")).await.is_ok());
    refused!(
        provider.sign_in(&client("RS256")).await,
        SsoError::Invalid(_),
        "EdDSA for RS256"
    );

    let key = Key::rsa("rsa");
    provider.change(|says| {
        says.published.push(key.clone());
        says.sign_with(&key);
    });
    for algorithm in ["RS256", "PS256"] {
        provider.says().header["alg"] = json!(algorithm);
        let signed_in = provider.sign_in(&client(algorithm)).await;
        assert!(signed_in.is_ok(), "{algorithm}: {signed_in:?}");
        refused!(
            provider.sign_in(&client("ES256")).await,
            SsoError::Invalid(_),
            "{algorithm} for ES256"
        );
    }
}

#[tokio::test]
async fn a_token_of_another_kind_is_not_taken_for_one_of_sign_in() {
    let provider = Provider::start().await;
    let client = provider.client();
    for header in [
        json!({"typ": "logout+jwt"}),
        json!({"typ": "at+jwt"}),
        json!({"cty": "JWT"}),
        json!({"crit": ["b64"], "b64": true}),
    ] {
        let mut changed = provider.says().signer.header();
        crate::provider::patch(&mut changed, &header);
        provider.says().header = changed;
        refused!(provider.sign_in(&client).await, SsoError::Invalid(_), "{header}");
    }
}

#[tokio::test]
async fn new_keys_are_fetched_when_they_are_needed_but_not_more_than_once_a_minute() {
    let provider = Provider::start().await;
    let client = provider.client();
    assert!(provider.sign_in(&client).await.is_ok());
    assert_eq!(provider.server.asked("/keys"), 1);

    let second = Key::new(2, "two");
    provider.change(|says| {
        says.published = vec![second.clone()];
        says.sign_with(&second);
    });
    // Right after discovery, which may have come just before the change.
    assert!(provider.sign_in_at(&client, NOW).await.is_ok());
    assert_eq!(provider.server.asked("/keys"), 2);

    let unknown = Key::new(3, "three");
    provider.says().sign_with(&unknown);
    for _ in 0..3 {
        refused!(
            provider.sign_in_at(&client, NOW + 59).await,
            SsoError::Invalid(_),
            "an unknown key"
        );
    }
    assert_eq!(provider.server.asked("/keys"), 2);
    for _ in 0..3 {
        refused!(
            provider.sign_in_at(&client, NOW + 60).await,
            SsoError::Invalid(_),
            "an unknown key"
        );
    }
    assert_eq!(provider.server.asked("/keys"), 3);
    provider.says().sign_with(&second);
    assert!(provider.sign_in_at(&client, NOW + 61).await.is_ok());
    assert_eq!(provider.server.asked("/keys"), 3);
}

#[tokio::test]
async fn keys_without_names_change_too() {
    let provider = Provider::start().await;
    let client = provider.client();
    for (seed, now) in [(5, NOW), (6, NOW + 60)] {
        let key = Key::new(seed, "").without_kid();
        provider.change(|says| {
            says.published = vec![key.clone()];
            says.sign_with(&key);
        });
        assert!(provider.sign_in_at(&client, now).await.is_ok(), "{seed}");
    }
}
