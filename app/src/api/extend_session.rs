use super::Failure;
use api_types::SessionTime;
use leptos::prelude::*;
use server_fn::codec::{PostUrl, Postcard};

/// The person is there. The process has heard it by the request itself; the answer says what it has come to.
#[server(prefix = "/api", endpoint = "extend_session", input = PostUrl, output = Postcard)]
pub async fn extend_session() -> Result<SessionTime, Failure> {
    super::desk::session()
}
