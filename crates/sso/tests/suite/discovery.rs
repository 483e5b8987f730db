//! A provider that is down, elsewhere, too talkative, or another one.

use crate::{
    provider::{NOW, Provider, RANDOM},
    refused,
    server::{Response, Server},
};
use serde_json::json;
use sso::{
    SsoError,
    oidc::{Oidc, OidcSettings},
};

const DISCOVERY: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn a_provider_that_is_down_at_first_is_asked_again() {
    let provider = Provider::start().await;
    let client = provider.client();
    for path in [DISCOVERY, "/keys"] {
        provider.change(|says| drop(says.instead.insert(path, Response::new(503, "text/plain", "later"))));
        refused!(client.discover(NOW).await, SsoError::Unavailable(_), "{path}");
        refused!(client.begin(&RANDOM, NOW).await, SsoError::Unavailable(_), "{path}");
        assert!(!client.is_ready());
        provider.says().instead.clear();
    }
    assert!(provider.sign_in(&client).await.is_ok(), "by begin alone");
    assert!(client.is_ready());
}

#[tokio::test]
async fn asking_whether_it_answers_asks_it_and_forgets_nothing() {
    let provider = Provider::start().await;
    let client = provider.client();
    assert!(client.endpoints().is_empty());
    client.probe(NOW).await.unwrap();
    assert!(client.is_ready() && !client.endpoints().is_empty());
    provider.change(|says| {
        drop(
            says.instead
                .insert(DISCOVERY, Response::new(503, "text/plain", "later")),
        )
    });
    refused!(client.probe(NOW + 1).await, SsoError::Unavailable(_), "down");
    assert!(client.is_ready(), "what is known is kept");
    provider.says().instead.clear();
    client.probe(NOW + 2).await.unwrap();
}

#[tokio::test]
async fn nobody_answering_at_all_is_said_so() {
    let gone = Provider::start().await.settings();
    let client = Oidc::new(gone).unwrap();
    refused!(client.discover(NOW).await, SsoError::Unavailable(_), "no listener");
}

#[tokio::test]
async fn those_who_wait_for_a_provider_that_is_down_do_not_queue() {
    let provider = Provider::start().await;
    let client = provider.client();
    provider.change(|says| {
        drop(
            says.instead
                .insert(DISCOVERY, Response::new(503, "text/plain", "later")),
        )
    });
    let (one, two, three) = tokio::join!(
        client.begin(&RANDOM, NOW),
        client.begin(&RANDOM, NOW),
        client.begin(&RANDOM, NOW)
    );
    assert!(one.is_err() && two.is_err() && three.is_err());
    assert_eq!(provider.server.asked(DISCOVERY), 1);
}

#[tokio::test]
async fn discovery_is_cheap_to_repeat_and_forgets_nothing() {
    let provider = Provider::start().await;
    let client = provider.client();
    for now in [NOW, NOW + 1, NOW + 3599] {
        client.discover(now).await.unwrap();
    }
    assert_eq!(provider.server.asked(DISCOVERY), 1);
    client.discover(NOW + 3600).await.unwrap();
    assert_eq!(provider.server.asked(DISCOVERY), 2);
    provider.change(|says| {
        drop(
            says.instead
                .insert(DISCOVERY, Response::new(503, "text/plain", "later")),
        )
    });
    client.discover(NOW + 7200).await.unwrap();
    assert_eq!(provider.server.asked(DISCOVERY), 3);
    assert!(provider.sign_in(&client).await.is_ok(), "with what was known");
}

#[tokio::test]
async fn another_issuer_or_half_a_provider_is_none() {
    let provider = Provider::start().await;
    for (case, change) in [
        ("another issuer", json!({"issuer": "https://other.example"})),
        ("a slash more", json!({"issuer": format!("{}/", provider.url())})),
        ("no token endpoint", json!({"token_endpoint": null})),
        (
            "an open authorization endpoint",
            json!({"authorization_endpoint": "http://sso.example.ac.jp/authorize"}),
        ),
        (
            "an endpoint for scripts",
            json!({"authorization_endpoint": "javascript:alert(1)"}),
        ),
        ("no keys", json!({"jwks_uri": null})),
    ] {
        let before = provider.says().metadata.clone();
        crate::provider::patch(&mut provider.says().metadata, &change);
        let client = provider.client();
        refused!(client.discover(NOW).await, SsoError::Unavailable(_), "{case}");
        assert!(!client.is_ready());
        provider.says().metadata = before;
    }
    assert!(provider.client().discover(NOW).await.is_ok());
}

#[tokio::test]
async fn no_endpoint_sends_us_elsewhere() {
    let provider = Provider::start().await;
    let trap = Server::start(|_| Response::json(&json!({}))).await;
    for path in [DISCOVERY, "/keys", "/token", "/userinfo"] {
        provider.change(|says| {
            says.instead.clear();
            says.instead.insert(path, Response::redirect(&trap.url));
        });
        refused!(
            provider.sign_in(&provider.client()).await,
            SsoError::Unavailable(_),
            "{path}"
        );
    }
    assert_eq!(trap.asked_at_all(), 0);
}

#[tokio::test]
async fn long_answers_are_not_read_to_their_end() {
    let provider = Provider::start().await;
    for path in [DISCOVERY, "/keys", "/token", "/userinfo"] {
        // It would be a right answer, but for the blanks before it.
        let right = match path {
            DISCOVERY => provider.says().metadata.clone(),
            "/userinfo" => provider.says().userinfo.clone(),
            _ => json!({"keys": []}),
        };
        let blanks = " ".repeat(256 << 10);
        provider.change(|says| {
            says.instead.clear();
            says.instead
                .insert(path, Response::new(200, "application/json", format!("{blanks}{right}")));
        });
        refused!(
            provider.sign_in(&provider.client()).await,
            SsoError::Unavailable(_),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_not_called_json_is_not_read_as_such() {
    let provider = Provider::start().await;
    let metadata = provider.says().metadata.to_string();
    for answer in [
        Response::new(200, "text/html", metadata),
        Response::new(200, "application/json", "{"),
        Response::new(404, "application/json", "{}"),
    ] {
        let case = format!("{answer:?}");
        provider.change(|says| drop(says.instead.insert(DISCOVERY, answer)));
        refused!(
            provider.client().discover(NOW).await,
            SsoError::Unavailable(_),
            "{case}"
        );
    }
}

#[tokio::test]
async fn a_provider_elsewhere_is_spoken_to_by_https_alone() {
    let settings = OidcSettings {
        issuer: "http://sso.example.ac.jp".into(),
        ..Provider::start().await.settings()
    };
    assert_eq!(Oidc::new(settings).unwrap_err().setting, "issuer");
}
