use super::Failure;
use api_types::{MailboxId, MessageList};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Postcard};

/// A page of a mailbox; `query` is that of the page's own URL.
#[server(prefix = "/api", endpoint = "list_messages", input = GetUrl, output = Postcard)]
pub async fn list_messages(mailbox: MailboxId, #[server(default)] query: String) -> Result<MessageList, Failure> {
    let desk = super::desk::reader()?;
    let query = crate::paths::read_list_query_str(&query);
    desk.answer(desk.mail.list(&mailbox, &query, &desk.viewer.dates()).await)
}
