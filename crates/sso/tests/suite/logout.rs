//! Leaving the provider too.

use crate::provider::{CLIENT, NOW, Provider, SIGNED_OUT};
use crate::server::parameter;
use serde_json::json;

#[tokio::test]
async fn the_provider_is_told_whose_session_ends_and_where_to_go() {
    let provider = Provider::start().await;
    let client = provider.client();
    assert_eq!(client.logout_url(None, "s").await, None, "nothing is known yet");
    client.discover(NOW).await.unwrap();
    let url = client.logout_url(Some("a.b.c"), "s&t").await.unwrap();
    let query = url.strip_prefix(&format!("{}/logout?", provider.url())).unwrap();
    let sent = |name| parameter(query, name);
    assert_eq!(sent("tenant").as_deref(), Some("a"));
    assert_eq!(sent("id_token_hint").as_deref(), Some("a.b.c"));
    assert_eq!(sent("client_id").as_deref(), Some(CLIENT));
    assert_eq!(sent("post_logout_redirect_uri").as_deref(), Some(SIGNED_OUT));
    assert_eq!(sent("state").as_deref(), Some("s&t"));
    let without = client.logout_url(None, "s").await.unwrap();
    assert_eq!(parameter(&without, "id_token_hint"), None);
}

#[tokio::test]
async fn a_provider_without_logout_or_with_an_unsafe_one_has_none() {
    let provider = Provider::start().await;
    for end in [
        json!(null),
        json!("http://sso.example.ac.jp/logout"),
        json!("javascript:alert(1)"),
        json!("/logout"),
    ] {
        provider.says().metadata["end_session_endpoint"] = end.clone();
        let client = provider.client();
        client.discover(NOW).await.unwrap();
        assert_eq!(client.logout_url(None, "s").await, None, "{end}");
    }
}
