use super::Failure;
use api_types::SessionLine;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Postcard};

/// Where the person is signed in, the one used last first.
#[server(prefix = "/api", endpoint = "list_sessions", input = GetUrl, output = Postcard)]
pub async fn list_sessions() -> Result<Vec<SessionLine>, Failure> {
    super::desk::sessions().await
}
