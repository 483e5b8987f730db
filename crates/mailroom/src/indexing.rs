use crate::{Mailroom, MailroomError, desk::Desk};
use futures::future::{self, Either};
use index::MailboxRow;
use std::{pin::pin, sync::Arc, time::Duration};

/// How far the indexing of an account is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IndexProgress {
    /// Messages whose headers are known.
    pub done: u64,
    /// Messages listed so far.
    pub total: u64,
}

/// Nobody waits for a page here: a mailbox may take as long as it needs.
const PATIENCE: Duration = Duration::from_secs(600);

impl Mailroom {
    /// Builds or refreshes the index of an account, mailbox by mailbox.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for no such account, [`MailroomError::Unavailable`] when its mailboxes cannot be listed;
    /// a single mailbox that cannot be read is skipped.
    pub async fn index_account(
        &self,
        account: &str,
        progress: &mut (dyn FnMut(IndexProgress) + Send),
    ) -> Result<(), MailroomError> {
        let desk = self.desk(account).await?;
        if let Some(cause) = desk.look_at_mailboxes_within(PATIENCE).await.trouble {
            return Err(MailroomError::Unavailable(cause));
        }
        let mailboxes = desk.index.mailboxes().await?;
        let mut watched = desk.progress.subscribe();
        // What a look finds is read at once, so that the first are read while the last are listed.
        let mut looks = pin!(look_at_each(&desk, &mailboxes));
        while let Either::Right((Ok(()), _)) = future::select(&mut looks, pin!(watched.changed())).await {
            progress(so_far(&desk).await?);
        }
        for mailbox in &mailboxes {
            desk.read_behind(mailbox.id);
            // The reading tells of each batch, and once more when it has ended.
            while desk.is_reading(mailbox.id) {
                if watched.changed().await.is_err() {
                    break;
                }
                progress(so_far(&desk).await?);
            }
        }
        progress(so_far(&desk).await?);
        Ok(())
    }
}

async fn look_at_each(desk: &Arc<Desk>, mailboxes: &[MailboxRow]) {
    for mailbox in mailboxes {
        let looked = desk.look_within(mailbox.id, PATIENCE).await;
        if let Some(cause) = looked.trouble {
            tracing::warn!(mailbox = %mailbox.public_id, ?cause, "mailbox skipped");
        }
    }
}

async fn so_far(desk: &Desk) -> Result<IndexProgress, MailroomError> {
    let rows = desk.index.mailboxes().await?;
    let total = rows.iter().map(|row| row.total).sum::<u64>();
    let pending = rows.iter().map(|row| row.pending_headers).sum::<u64>();
    Ok(IndexProgress {
        done: total.saturating_sub(pending),
        total,
    })
}
