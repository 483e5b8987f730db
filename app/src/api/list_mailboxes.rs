use super::Failure;
use api_types::Rail;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Postcard};

/// The rail: of the dated copy of that key, or of the live mail.
#[server(prefix = "/api", endpoint = "list_mailboxes", input = GetUrl, output = Postcard)]
pub async fn list_mailboxes(#[server(default)] snapshot: String) -> Result<Rail, Failure> {
    let desk = super::desk::reader()?;
    let snapshot = Some(snapshot.as_str()).filter(|key| !key.is_empty());
    let mut rail = desk.answer(desk.mail.rail_of(snapshot, &desk.viewer.dates()).await)?;
    // As the campus portal calls the person, if it said.
    if let Some(person) = desk.viewer.account {
        rail.person = person;
    }
    Ok(rail)
}
