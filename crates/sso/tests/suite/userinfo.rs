//! What is said beside the token, and who may enter by it.

use crate::{
    jose::{self, Key},
    provider::{CLIENT, Provider},
    refused,
    server::Response,
};
use serde_json::{Value, json};
use sso::{
    SsoError,
    oidc::{Oidc, OidcSettings},
};

#[tokio::test]
async fn userinfo_is_of_the_person_in_the_token() {
    let provider = Provider::start().await;
    let client = provider.client();
    for sub in [json!("u-001"), json!(""), json!(null), json!(["u-002"])] {
        provider.says().userinfo["sub"] = sub.clone();
        refused!(provider.sign_in(&client).await, SsoError::Invalid(_), "{sub}");
    }
    // Even if nothing is needed of it.
    provider.says().claims = json!({"preferred_username": "hanako"});
    refused!(
        provider.sign_in(&client).await,
        SsoError::Invalid(_),
        "decoration of another person"
    );
}

#[tokio::test]
async fn the_account_is_named_once_or_nobody_enters() {
    let provider = Provider::start().await;
    let client = provider.client();
    for login in [
        json!(null),
        json!(""),
        json!([]),
        json!(["hanako", "taro"]),
        json!(7),
        json!({}),
    ] {
        provider.says().userinfo["preferred_username"] = login.clone();
        refused!(provider.sign_in(&client).await, SsoError::NotAllowed(_), "{login}");
    }
    let by_eppn = Oidc::new(OidcSettings {
        username_claim: "eppn".into(),
        ..provider.settings()
    })
    .unwrap();
    provider.says().userinfo["eppn"] = json!("hanako@example.ac.jp");
    assert!(provider.sign_in(&by_eppn).await.is_ok());
    for (eppn, login) in [
        (json!(["taro"]), Some("taro")),
        (json!(["hanako", "taro"]), None),
        (json!([]), None),
    ] {
        provider.says().claims = json!({"eppn": eppn});
        match provider.sign_in(&by_eppn).await {
            Ok(identity) => assert_eq!(Some(identity.login.as_str()), login, "the token comes first"),
            Err(SsoError::NotAllowed(_)) if login.is_none() => {}
            other => panic!("{eppn}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn required_claims_are_looked_for_in_both_places() {
    let provider = Provider::start().await;
    let requiring = |values: &[&str]| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Oidc::new(OidcSettings {
            required_claims: [("groups".to_owned(), values)].into(),
            ..provider.settings()
        })
        .unwrap()
    };
    assert!(provider.sign_in(&requiring(&["student", "staff"])).await.is_ok());
    refused!(
        provider.sign_in(&requiring(&["student"])).await,
        SsoError::NotAllowed(_),
        "not among them"
    );
    provider.says().claims = json!({"preferred_username": "hanako", "name": "H", "email": "h@h", "groups": "student"});
    assert!(provider.sign_in(&requiring(&["student"])).await.is_ok());
    refused!(
        provider.sign_in(&requiring(&["staff"])).await,
        SsoError::NotAllowed(_),
        "the token comes first"
    );
    provider.says().claims = json!({"preferred_username": "hanako", "name": "H", "email": "h@h"});
    assert!(
        provider.sign_in(&requiring(&["staff"])).await.is_ok(),
        "userinfo is asked for a required claim"
    );
    provider.says().userinfo["groups"] = json!(null);
    refused!(
        provider.sign_in(&requiring(&["staff"])).await,
        SsoError::NotAllowed(_),
        "nowhere"
    );
}

#[tokio::test]
async fn nobody_is_kept_out_for_want_of_a_name_to_show() {
    let provider = Provider::start().await;
    let client = provider.client();
    provider.change(|says| {
        drop(
            says.instead
                .insert("/userinfo", Response::new(503, "text/plain", "later")),
        )
    });
    refused!(
        provider.sign_in(&client).await,
        SsoError::Unavailable(_),
        "the login is needed"
    );
    provider.says().claims = json!({"preferred_username": "hanako"});
    let identity = provider.sign_in(&client).await.unwrap();
    assert_eq!((identity.login.as_str(), identity.name), ("hanako", None));
}

#[tokio::test]
async fn a_provider_without_userinfo_has_to_say_it_in_the_token() {
    let provider = Provider::start().await;
    provider
        .says()
        .metadata
        .as_object_mut()
        .unwrap()
        .remove("userinfo_endpoint");
    let client = provider.client();
    refused!(provider.sign_in(&client).await, SsoError::NotAllowed(_), "no login");
    provider.says().claims = json!({"preferred_username": "hanako"});
    assert!(provider.sign_in(&client).await.is_ok());
}

#[tokio::test]
async fn signed_userinfo_is_checked_as_a_token_is() {
    let provider = Provider::start().await;
    let client = provider.client();
    let claims = |more: Value| {
        let mut claims = json!({"sub": "u-002", "preferred_username": "taro", "iss": provider.url(), "aud": CLIENT});
        crate::provider::patch(&mut claims, &more);
        claims
    };
    let signer = provider.says().signer.clone();
    let header = signer.header();
    for (case, token, is_taken) in [
        ("good", signer.sign(&header, &claims(json!({}))), true),
        (
            "without issuer and audience",
            signer.sign(&header, &claims(json!({"iss": null, "aud": null}))),
            true,
        ),
        (
            "another issuer",
            signer.sign(&header, &claims(json!({"iss": "https://other.example"}))),
            false,
        ),
        (
            "another client",
            signer.sign(&header, &claims(json!({"aud": "other"}))),
            false,
        ),
        (
            "another person",
            signer.sign(&header, &claims(json!({"sub": "u-001"}))),
            false,
        ),
        ("unsigned", jose::unsigned(&header, &claims(json!({}))), false),
        (
            "another key",
            Key::new(9, "one").sign(&header, &claims(json!({}))),
            false,
        ),
        ("no token", "a.b.c".to_owned(), false),
    ] {
        let answer = Response::new(200, "application/jwt; charset=utf-8", token);
        provider.change(|says| drop(says.instead.insert("/userinfo", answer)));
        match provider.sign_in(&client).await {
            Ok(identity) if is_taken => assert_eq!(identity.login, "taro"),
            Err(SsoError::Invalid(_)) if !is_taken => {}
            other => panic!("{case}: {other:?}"),
        }
    }
}
