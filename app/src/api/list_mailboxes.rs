use super::Failure;
use api_types::Rail;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Postcard};

/// The rail.
#[server(prefix = "/api", endpoint = "list_mailboxes", input = GetUrl, output = Postcard)]
pub async fn list_mailboxes() -> Result<Rail, Failure> {
    let desk = super::desk::reader()?;
    let mut rail = desk.answer(desk.mail.rail(&desk.viewer.dates()).await)?;
    // As the campus portal calls the person, if it said.
    if let Some(person) = desk.viewer.account {
        rail.person = person;
    }
    Ok(rail)
}
