use super::Failure;
use api_types::{MailboxId, MessageId};
use leptos::prelude::*;
use server_fn::codec::{PostUrl, Postcard};

/// Takes that back. A plain form sends `back`, the query of the list, and is sent there.
#[server(prefix = "/api", endpoint = "mark_unread", input = PostUrl, output = Postcard)]
pub async fn mark_unread(mailbox: MailboxId, message: MessageId, back: Option<String>) -> Result<(), Failure> {
    let desk = super::desk::writer()?;
    desk.answer(desk.mail.mark_unread(&mailbox, &message).await)?;
    if let Some(back) = back {
        // Rebuilt from its parts, so that it cannot lead elsewhere.
        leptos_axum::redirect(&crate::paths::list(&mailbox, &crate::paths::read_list_query_str(&back)));
    }
    Ok(())
}
