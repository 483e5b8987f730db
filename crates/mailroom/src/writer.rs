use crate::{MailroomError, desk::Desk, found::find, room::Shared};
use api_types::{MailboxId, MessageId};
use std::sync::Arc;

/// What may be changed of one account's mail. Given only to requests that may change something.
#[derive(Clone)]
pub struct Writer {
    shared: Arc<Shared>,
    account: String,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, account: String) -> Self {
        Self { shared, account }
    }

    /// Nothing can be changed in a dated copy: to who wants to, its mailboxes are none.
    async fn desk_of(&self, mailbox: &MailboxId) -> Result<Arc<Desk>, MailroomError> {
        if mailbox.snapshot().is_some() {
            return Err(MailroomError::NotFound);
        }
        Shared::desk(&self.shared, &self.account).await
    }

    /// Remembers that the message was opened: a pending +S, shown as read from now on. The spool is not touched.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for what is not this account's.
    pub async fn note_opened(&self, mailbox: &MailboxId, message: &MessageId) -> Result<(), MailroomError> {
        let desk = self.desk_of(mailbox).await?;
        let found = find(&desk, mailbox, message).await?;
        match found.message.unread {
            true => desk.remember_opened(&found, true).await,
            false => Ok(()),
        }
    }

    /// Takes the pending +S back. What the spool itself says is left as it is.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for what is not this account's.
    pub async fn mark_unread(&self, mailbox: &MailboxId, message: &MessageId) -> Result<(), MailroomError> {
        let desk = self.desk_of(mailbox).await?;
        let found = find(&desk, mailbox, message).await?;
        desk.remember_opened(&found, false).await
    }
}
