use super::Failure;
use api_types::{MailboxId, MessageId};
use leptos::prelude::*;
use server_fn::codec::{PostUrl, Postcard};

/// Remembers that a letter was opened: it is shown as read. In a session that may change nothing, nothing is remembered, and nobody told. A plain form sends `back`, the query of the list, and is sent there.
#[server(prefix = "/api", endpoint = "mark_opened", input = PostUrl, output = Postcard)]
pub async fn mark_opened(mailbox: MailboxId, message: MessageId, back: Option<String>) -> Result<(), Failure> {
    if super::desk::is_read_only() {
        return Ok(());
    }
    let desk = super::desk::writer()?;
    desk.answer(desk.mail.note_opened(&mailbox, &message).await)?;
    if let Some(back) = back {
        // Rebuilt from its parts, so that it cannot lead elsewhere.
        leptos_axum::redirect(&crate::paths::list(&mailbox, &crate::paths::read_list_query_str(&back)));
    }
    Ok(())
}
