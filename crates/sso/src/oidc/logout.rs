use super::Oidc;

impl Oidc {
    /// Where to send the browser so that the session at the provider ends too (OpenID Connect RP-Initiated Logout); `None` if the
    /// provider has no such place, or has never answered.
    ///
    /// `id_token` is that of the session, `state` comes back to the page after logout.
    pub async fn logout_url(&self, id_token: Option<&str>, state: &str) -> Option<String> {
        let mut url = self.provider.known()?.end_session.clone()?;
        let mut query = url.query_pairs_mut();
        if let Some(id_token) = id_token {
            query.append_pair("id_token_hint", id_token);
        }
        query
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", &self.settings.post_logout_url)
            .append_pair("state", state);
        drop(query);
        Some(url.into())
    }
}
