//! The provider says that a session has ended. (V-90)

use crate::{
    jose::{self, Key},
    provider::{CLIENT, NOW, Provider, SECRET, patch},
    refused,
};
use serde_json::{Value, json};
use sso::{SsoError, oidc::LoggedOut};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn claims(provider: &Provider, changes: &Value) -> Value {
    let mut claims = json!({
        "iss": provider.url(),
        "aud": CLIENT,
        "iat": NOW,
        "exp": NOW + 120,
        "jti": "token-1",
        "sub": "u-002",
        "sid": "session-1",
        "events": {EVENT: {}},
    });
    patch(&mut claims, changes);
    claims
}

fn header(key: &Key) -> Value {
    let mut header = key.header();
    header["typ"] = json!("logout+jwt");
    header
}

fn token(provider: &Provider, changes: &Value) -> String {
    let key = provider.says().signer.clone();
    key.sign(&header(&key), &claims(provider, changes))
}

#[tokio::test]
async fn a_session_or_all_of_a_person_end() {
    let provider = Provider::start().await;
    let client = provider.client();
    let ended = client.backchannel(&token(&provider, &json!({})), NOW).await.unwrap();
    let expected = LoggedOut {
        issuer: provider.url().to_owned(),
        subject: Some("u-002".into()),
        sid: Some("session-1".into()),
        jti: "token-1".into(),
        expires: NOW + 120 + 61,
    };
    assert_eq!(ended, expected);
    let all = client
        .backchannel(&token(&provider, &json!({"sid": null})), NOW)
        .await
        .unwrap();
    assert_eq!((all.subject.as_deref(), all.sid), (Some("u-002"), None));
    let one = client
        .backchannel(&token(&provider, &json!({"sub": null})), NOW)
        .await
        .unwrap();
    assert_eq!((one.subject, one.sid.as_deref()), (None, Some("session-1")));
}

#[tokio::test]
async fn claims_that_do_not_fit_end_nothing() {
    let provider = Provider::start().await;
    let client = provider.client();
    for (case, changes) in [
        ("with a nonce", json!({"nonce": "n"})),
        ("with an empty nonce", json!({"nonce": ""})),
        ("without events", json!({"events": null})),
        (
            "with another event",
            json!({"events": {"http://schemas.openid.net/event/other": {}}}),
        ),
        ("with an event that is no object", json!({"events": {EVENT: true}})),
        ("with a list of events", json!({"events": [EVENT]})),
        ("old", json!({"iat": NOW - 181})),
        ("of the future", json!({"iat": NOW + 61})),
        ("without a time", json!({"iat": null})),
        ("expired", json!({"exp": NOW - 60})),
        ("with an end that is text", json!({"exp": "later"})),
        ("for another client", json!({"aud": "other"})),
        ("for nobody", json!({"aud": null})),
        ("of another issuer", json!({"iss": "https://other.example"})),
        ("of no issuer", json!({"iss": null})),
        ("without a name", json!({"jti": null})),
        ("with an empty name", json!({"jti": ""})),
        ("of nobody", json!({"sub": null, "sid": null})),
        ("of an empty session", json!({"sid": ""})),
        ("of a session that is a number", json!({"sid": 1})),
        ("of a person that is a list", json!({"sub": ["u-002"]})),
    ] {
        let answer = client.backchannel(&token(&provider, &changes), NOW).await;
        refused!(answer, SsoError::Invalid(_), "{case}");
    }
}

#[tokio::test]
async fn a_token_is_remembered_at_least_as_long_as_it_is_taken() {
    let provider = Provider::start().await;
    let client = provider.client();
    for changes in [
        json!({}),
        json!({"exp": NOW + 30}),
        json!({"exp": NOW + 1_000_000}),
        json!({"exp": null}),
        json!({"iat": NOW - 100}),
        json!({"iat": NOW as f64 + 0.5}),
    ] {
        let token = token(&provider, &changes);
        let expires = client.backchannel(&token, NOW).await.unwrap().expires;
        assert!(
            expires <= NOW + 181,
            "{changes}: a long life of its name would fill the memory"
        );
        for now in [expires, expires + 1] {
            refused!(
                client.backchannel(&token, now).await,
                SsoError::Invalid(_),
                "{changes} at {now}"
            );
        }
    }
}

#[tokio::test]
async fn a_token_of_another_kind_ends_nothing() {
    let provider = Provider::start().await;
    let client = provider.client();
    let key = provider.says().signer.clone();
    let claims = claims(&provider, &json!({}));
    for (typ, is_taken) in [
        (json!("logout+jwt"), true),
        (json!("Application/Logout+JWT"), true),
        (json!("JWT"), true),
        (json!(null), true),
        (json!("at+jwt"), false),
        (json!("logout+jwt "), false),
        (json!("secevent+jwt"), false),
        (json!(""), false),
        (json!(1), false),
    ] {
        let mut header = key.header();
        header["typ"] = typ.clone();
        match client.backchannel(&key.sign(&header, &claims), NOW).await {
            Ok(_) if is_taken => {}
            Err(SsoError::Invalid(_)) if !is_taken => {}
            other => panic!("{typ}: {other:?}"),
        }
    }
    let id_token = provider.sign_in(&client).await.unwrap().id_token.unwrap();
    refused!(
        client.backchannel(&id_token, NOW).await,
        SsoError::Invalid(_),
        "an ID token"
    );
}

#[tokio::test]
async fn signatures_that_anybody_can_make_end_nothing() {
    let provider = Provider::start().await;
    let client = provider.client();
    let key = provider.says().signer.clone();
    let (header, claims) = (header(&key), claims(&provider, &json!({})));
    let good = key.sign(&header, &claims);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let public = serde_json::to_string(&key.public()).unwrap();
    let mut critical = header.clone();
    critical["crit"] = json!(["b64"]);
    for (case, token) in [
        ("unsigned", jose::unsigned(&header, &claims)),
        ("with nothing for a signature", format!("{signed}.")),
        ("without a part", signed.to_owned()),
        ("with a part more", format!("{good}.{signature}")),
        ("changed", format!("{}.{signature}", signed.replacen('e', "f", 1))),
        ("of an unknown key", Key::new(9, "one").sign(&header, &claims)),
        (
            "with the published key as a secret",
            jose::hmac(public.as_bytes(), &header, &claims),
        ),
        ("with our secret", jose::hmac(SECRET.as_bytes(), &header, &claims)),
        ("with demands", key.sign(&critical, &claims)),
        ("padded", format!("{good}=")),
        ("empty", String::new()),
        ("long", "a".repeat(1 << 20)),
    ] {
        refused!(client.backchannel(&token, NOW).await, SsoError::Invalid(_), "{case}");
    }
    assert!(client.backchannel(&good, NOW).await.is_ok());
}

#[tokio::test]
async fn a_token_is_checked_with_the_key_that_it_names() {
    let provider = Provider::start().await;
    let (one, two) = (Key::new(1, "one"), Key::new(2, "two"));
    provider.says().published = vec![one.clone(), two.clone()];
    let client = provider.client();
    let claims = claims(&provider, &json!({}));
    for key in [&one, &two, &two.clone().without_kid()] {
        let token = key.sign(&header(key), &claims);
        assert!(client.backchannel(&token, NOW).await.is_ok(), "{:?}", key.kid);
    }
    let crossed = one.sign(&header(&two), &claims);
    refused!(
        client.backchannel(&crossed, NOW).await,
        SsoError::Invalid(_),
        "named two, signed by one"
    );
}

#[tokio::test]
async fn new_keys_are_fetched_for_it_but_not_for_each() {
    let provider = Provider::start().await;
    let client = provider.client();
    client.discover(NOW - 60).await.unwrap();
    let second = Key::new(2, "two");
    provider.change(|says| {
        says.published.push(second.clone());
        says.sign_with(&second);
    });
    assert!(client.backchannel(&token(&provider, &json!({})), NOW).await.is_ok());
    assert_eq!(provider.server.asked("/keys"), 2);
    for kid in ["a", "b", "c"] {
        provider.says().sign_with(&Key::new(9, kid));
        refused!(
            client.backchannel(&token(&provider, &json!({})), NOW).await,
            SsoError::Invalid(_),
            "{kid}"
        );
    }
    assert_eq!(provider.server.asked("/keys"), 2);
}
