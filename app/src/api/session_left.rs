use super::Failure;
use api_types::SessionTime;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Postcard};

/// How long the person stays signed in. Asking prolongs nothing.
#[server(prefix = "/api", endpoint = "session_left", input = GetUrl, output = Postcard)]
pub async fn session_left() -> Result<SessionTime, Failure> {
    super::desk::session()
}
