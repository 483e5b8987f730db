use super::Failure;
use api_types::Rail;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Postcard};

/// The rail.
#[server(prefix = "/api", endpoint = "list_mailboxes", input = GetUrl, output = Postcard)]
pub async fn list_mailboxes() -> Result<Rail, Failure> {
    let desk = super::desk::reader()?;
    desk.answer(desk.mail.rail(&desk.viewer.dates()).await)
}
