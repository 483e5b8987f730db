//! The way of the browser, and what it brings back.

use crate::{
    provider::{CALLBACK, NOW, Provider, RANDOM, SECRET},
    refused,
    server::{Response, parameter},
};
use serde_json::json;
use sso::{
    SsoError,
    oidc::{Oidc, OidcSettings, TokenAuth, Transaction},
};

#[tokio::test]
async fn a_person_signs_in_and_is_known_by_userinfo() {
    let provider = Provider::start().await;
    let client = provider.client();
    assert!(!client.is_ready());
    let identity = provider.sign_in(&client).await.unwrap();
    assert!(client.is_ready());
    assert_eq!(identity.login, "hanako");
    assert_eq!(identity.issuer, provider.url());
    assert_eq!(identity.subject, "u-002");
    assert_eq!(identity.sid.as_deref(), Some("session-1"));
    assert_eq!(identity.ticket, None);
    assert_eq!(identity.name.as_deref(), Some("鈴木 花子"));
    assert_eq!(identity.mail.as_deref(), Some("hanako@example.ac.jp"));
    assert!(identity.id_token.unwrap().starts_with("eyJ"));
}

#[tokio::test]
async fn what_the_token_says_is_not_asked_for_again() {
    let provider = Provider::start().await;
    provider.says().claims = json!({"preferred_username": "hanako", "name": "H", "email": "h@example.ac.jp"});
    let identity = provider.sign_in(&provider.client()).await.unwrap();
    assert_eq!(
        (identity.login.as_str(), identity.name.as_deref()),
        ("hanako", Some("H"))
    );
    assert_eq!(provider.server.asked("/userinfo"), 0);
}

#[tokio::test]
async fn the_address_holds_what_the_provider_needs_and_no_secret() {
    let provider = Provider::start().await;
    let begun = provider
        .client()
        .begin(&std::array::from_fn(|at| at as u8), NOW)
        .await
        .unwrap();
    let query = begun
        .url
        .strip_prefix(&format!("{}/authorize?", provider.url()))
        .unwrap();
    let sent = |name| parameter(query, name).unwrap();
    assert_eq!(sent("tenant"), "a", "the provider's own query stays");
    assert_eq!(sent("scope"), "openid profile email");
    assert_eq!(sent("response_mode"), "query");
    assert_eq!(sent("redirect_uri"), CALLBACK);
    assert_eq!(sent("state"), begun.transaction.state());
    assert_eq!(begun.transaction.state(), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    assert_ne!(sent("nonce"), sent("state"));
    let kept = serde_json::to_value(&begun.transaction).unwrap();
    let verifier = kept["verifier"].as_str().unwrap();
    assert!(!begun.url.contains(verifier) && !begun.url.contains(SECRET));
    assert!(!format!("{begun:?}").contains(verifier));
}

#[tokio::test]
async fn a_transaction_can_be_kept_anywhere_in_between() {
    let provider = Provider::start().await;
    let client = provider.client();
    let begun = client.begin(&RANDOM, NOW).await.unwrap();
    let kept = serde_json::to_string(&begun.transaction).unwrap();
    let query = provider.browse(&begun.url);
    let transaction: Transaction = serde_json::from_str(&kept).unwrap();
    // After a restart, too.
    assert!(provider.client().finish(&query, &transaction, NOW).await.is_ok());
}

#[tokio::test]
async fn an_answer_to_another_question_is_not_taken() {
    // V-86, V-88
    let provider = Provider::start().await;
    let client = provider.client();
    let begun = client.begin(&RANDOM, NOW).await.unwrap();
    let state = begun.transaction.state();
    let iss = format!("iss={}", provider.url());
    for query in [
        String::new(),
        format!("code=code-1&{iss}"),
        format!("code=code-1&state=&{iss}"),
        format!("code=code-1&state={}&{iss}", &state[1..]),
        format!("code=code-1&state={state}x&{iss}"),
        format!("code=code-1&state={state}&state={state}&{iss}"),
        format!("code=code-1&state={state}"),
        format!("code=code-1&state={state}&iss="),
        format!("code=code-1&state={state}&{iss}/"),
        format!("code=code-1&state={state}&iss=https://other.example"),
        format!("code=code-1&state={state}&{iss}&{iss}"),
        format!("code=code-1&code=code-2&state={state}&{iss}"),
        format!("code=&state={state}&{iss}"),
        format!("state={state}&{iss}"),
        format!("error=access_denied&{iss}"),
        format!("error=access_denied&state={state}"),
    ] {
        provider.browse(&begun.url);
        refused!(
            client.finish(&query, &begun.transaction, NOW).await,
            SsoError::Invalid(_),
            "{query}"
        );
    }
    assert_eq!(provider.server.asked("/token"), 0);
}

#[tokio::test]
async fn the_issuer_may_be_missing_only_where_it_was_never_announced() {
    for announced in [json!(null), json!(false)] {
        let provider = Provider::start().await;
        provider.says().metadata["authorization_response_iss_parameter_supported"] = announced;
        provider.says().callback = String::new();
        let client = provider.client();
        assert!(provider.sign_in(&client).await.is_ok());
        provider.says().callback = "&iss=https://other.example".into();
        refused!(
            provider.sign_in(&client).await,
            SsoError::Invalid(_),
            "compared whenever it is there"
        );
    }
}

#[tokio::test]
async fn a_provider_that_signs_nobody_in_says_why() {
    let provider = Provider::start().await;
    let client = provider.client();
    let begun = client.begin(&RANDOM, NOW).await.unwrap();
    let said = |error: &str| {
        format!(
            "error={error}&state={}&iss={}",
            begun.transaction.state(),
            provider.url()
        )
    };
    for error in ["access_denied", "login_required", "invalid_scope"] {
        match client.finish(&said(error), &begun.transaction, NOW).await {
            Err(SsoError::Denied(why)) => assert_eq!(why, error),
            other => panic!("{other:?}"),
        }
    }
    let error = said("temporarily_unavailable");
    refused!(
        client.finish(&error, &begun.transaction, NOW).await,
        SsoError::Unavailable(_),
        "later"
    );
}

#[tokio::test]
async fn a_code_is_good_once_and_with_its_verifier_alone() {
    let provider = Provider::start().await;
    let client = provider.client();
    let begun = client.begin(&RANDOM, NOW).await.unwrap();
    let query = provider.browse(&begun.url);
    assert!(client.finish(&query, &begun.transaction, NOW).await.is_ok());
    refused!(
        client.finish(&query, &begun.transaction, NOW).await,
        SsoError::Invalid(_),
        "replayed"
    );

    let mut other = serde_json::to_value(&begun.transaction).unwrap();
    other["verifier"] = json!("x".repeat(43));
    let other: Transaction = serde_json::from_value(other).unwrap();
    let query = provider.browse(&begun.url);
    refused!(
        client.finish(&query, &other, NOW).await,
        SsoError::Invalid(_),
        "another verifier"
    );
}

#[tokio::test]
async fn the_token_endpoint_knows_us_in_each_way() {
    let provider = Provider::start().await;
    for (token_auth, client_secret) in [
        (TokenAuth::Basic, Some(SECRET)),
        (TokenAuth::Post, Some(SECRET)),
        (TokenAuth::None, None),
    ] {
        let client = Oidc::new(OidcSettings {
            token_auth,
            client_secret: client_secret.map(str::to_owned),
            ..provider.settings()
        })
        .unwrap();
        assert!(provider.sign_in(&client).await.is_ok(), "{token_auth:?}");
    }
    let stranger = Oidc::new(OidcSettings {
        client_secret: Some("guess".into()),
        ..provider.settings()
    })
    .unwrap();
    refused!(
        provider.sign_in(&stranger).await,
        SsoError::Unavailable(_),
        "a fault of the settings, not of the person"
    );
}

#[tokio::test]
async fn an_answer_of_the_token_endpoint_without_tokens_signs_nobody_in() {
    let provider = Provider::start().await;
    let client = provider.client();
    let json = |body: serde_json::Value| Response::json(&body);
    for (answer, is_worth_trying) in [
        (json(json!({"access_token": "a", "token_type": "Bearer"})), false),
        (
            json(json!({"access_token": "a", "token_type": "Bearer", "id_token": "a.b.c"})),
            false,
        ),
        (json(json!({"id_token": ""})), false),
        (json(json!([])), false),
        (Response::new(200, "text/html", "<p>sign in"), true),
        (
            Response::new(400, "application/json", r#"{"error":"invalid_grant"}"#),
            false,
        ),
        (
            Response::new(400, "application/json", r#"{"error":"invalid_request"}"#),
            true,
        ),
        (Response::new(400, "application/json", ""), true),
        (Response::new(503, "text/html", "later"), true),
    ] {
        let case = answer.body.clone();
        provider.change(|says| drop(says.instead.insert("/token", answer)));
        match provider.sign_in(&client).await {
            Err(SsoError::Invalid(_)) if !is_worth_trying => {}
            Err(SsoError::Unavailable(_)) if is_worth_trying => {}
            other => panic!("{case}: {other:?}"),
        }
    }
}

#[test]
fn sign_ins_can_go_on_on_any_thread() {
    fn is_send<T: Send>(_: &T) {}
    fn all(client: &Oidc, transaction: &Transaction) {
        is_send(&client.discover(0));
        is_send(&client.begin(&RANDOM, 0));
        is_send(&client.finish("", transaction, 0));
        is_send(&client.backchannel("", 0));
        is_send(&client.logout_url(None, ""));
    }
    let _ = all;
}
