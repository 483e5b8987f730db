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

    async fn desk(&self) -> Result<Arc<Desk>, MailroomError> {
        Shared::desk(&self.shared, &self.account).await
    }

    /// Remembers that the message was opened: a pending +S, shown as read from now on. The spool is not touched. The row is kept
    /// for a moment: the page that shows the message need not look it up again.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for what is not this account's.
    pub async fn note_opened(&self, mailbox: &MailboxId, message: &MessageId) -> Result<(), MailroomError> {
        let desk = self.desk().await?;
        let mut known = desk.moment();
        let mut found = find(&desk, mailbox, message).await?;
        if !found.message.unread {
            return Ok(());
        }
        let id = found.message.public_id.clone();
        self.shared
            .state
            .mark_opened(&self.account, &found.mailbox.path, &id, self.shared.clock.now())
            .await?;
        if desk.set_opened_here(&[id], true).await? {
            known.changes += 1;
        }
        found.message.opened_here = true;
        found.message.unread = false;
        found.mailbox.unread = found.mailbox.unread.saturating_sub(1);
        desk.found.keep((mailbox.clone(), message.clone()), found, known);
        Ok(())
    }

    /// Takes the pending +S back. What the spool itself says is left as it is.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for what is not this account's.
    pub async fn mark_unread(&self, mailbox: &MailboxId, message: &MessageId) -> Result<(), MailroomError> {
        let desk = self.desk().await?;
        let id = find(&desk, mailbox, message).await?.message.public_id;
        self.shared.state.unmark_opened(&self.account, &id).await?;
        desk.set_opened_here(&[id], false).await?;
        Ok(())
    }
}
