use super::Failure;
use api_types::MessageList;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Postcard};

/// What was found; `query` is that of the page's own URL.
#[server(prefix = "/api", endpoint = "search_messages", input = GetUrl, output = Postcard)]
pub async fn search_messages(#[server(default)] query: String) -> Result<MessageList, Failure> {
    let desk = super::desk::reader()?;
    let query = crate::paths::read_list_query_str(&query);
    desk.answer(desk.mail.search(&query, &desk.viewer.dates()).await)
}
