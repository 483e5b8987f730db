//! A page of the index and the look at the spool that says whether it is still true, side by side.

use crate::{
    MailroomError,
    desk::{Desk, Looked},
};
use api_types::MailboxId;
use index::{Page, PageQuery};
use std::{sync::Arc, time::Duration};

/// A page of a mailbox.
pub(super) struct Read {
    pub(super) page: Page,
    /// Messages of the mailbox were being read when the page was: what is pending in it will come.
    pub(super) reading: bool,
}

/// Reads a page and looks at the mailbox. The page that was read meanwhile is the answer unless this desk has written
/// something to the index since, as it does when the mailbox has changed; then it is read again.
pub(super) async fn read_and_look(
    desk: &Arc<Desk>,
    mailbox: &MailboxId,
    asked: &PageQuery,
    patience: Duration,
) -> Result<(Read, Looked), MailroomError> {
    let before = desk.changes();
    let page = desk.index.page_of(mailbox.as_str(), asked);
    let (page, row, looked) = match desk.known(mailbox) {
        Some(row) => {
            let (page, looked) = futures::join!(page, desk.look_to_show_within(row.id, Some(row.clone()), patience));
            (page?, row, looked)
        }
        None => {
            let page = page.await?;
            let row = match page.mailbox.clone() {
                Some(row) => row,
                None => desk.mailbox(mailbox).await?,
            };
            let looked = desk.look_to_show_within(row.id, Some(row.clone()), patience).await;
            (page, row, looked)
        }
    };
    // In this order: whoever ends reading has written before.
    let reading = desk.is_reading(row.id);
    let found = match &page.mailbox {
        Some(mailbox) if desk.changes() == before => {
            desk.remember(mailbox, before);
            Read { page, reading }
        }
        _ => read(desk, row.id, asked).await?,
    };
    Ok((found, looked))
}

/// A page as it is now.
pub(super) async fn read(desk: &Desk, mailbox: i64, asked: &PageQuery) -> Result<Read, MailroomError> {
    let reading = desk.is_reading(mailbox);
    let page = desk.index.page(mailbox, asked).await?;
    Ok(Read { page, reading })
}
