use super::Failure;
use api_types::{Letter, MailboxId, MessageId};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Postcard};

/// A letter, `query` being that of the page's own URL. Opening it this way changes nothing.
#[server(prefix = "/api", endpoint = "open_message", input = GetUrl, output = Postcard)]
pub async fn open_message(
    mailbox: MailboxId,
    message: MessageId,
    #[server(default)] query: String,
) -> Result<Letter, Failure> {
    let desk = super::desk::reader()?;
    let query = crate::paths::read_letter_query_str(&query);
    desk.answer(desk.mail.open(&mailbox, &message, &query, &desk.viewer.dates()).await)
}
