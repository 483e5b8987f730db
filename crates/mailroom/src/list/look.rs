//! A page of the index and the look at the spool that says whether it is still true, side by side.

use crate::{
    MailroomError,
    desk::{Desk, Looked},
    recent::Moment,
    sync::LastLook,
};
use api_types::MailboxId;
use index::{MailboxRow, Page, PageQuery};
use std::{sync::Arc, time::Duration};

/// A page of a mailbox.
pub(super) struct Read {
    pub(super) page: Arc<Page>,
    /// Messages of the mailbox were being read when the page was: what is pending in it will come.
    pub(super) reading: bool,
    /// What the last look had told by then: not later than what the page is of.
    pub(super) last: LastLook,
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
    let look = |row: &MailboxRow| {
        let (id, row) = (row.id, row.clone());
        async move { desk.look_to_show_within(id, Some(row), patience).await }
    };
    let rail = desk.rail.get(&(), desk.moment());
    let known = rail
        .as_ref()
        .and_then(|rows| rows.iter().find(|row| row.public_id == mailbox.as_str()));
    let page = page_of(desk, mailbox, asked);
    let (page, id, looked) = match known {
        Some(row) => {
            let (page, looked) = futures::join!(page, look(row));
            (page?, row.id, looked)
        }
        None => {
            let page = page.await?;
            let row = match page.mailbox.clone() {
                Some(row) => row,
                None => desk.mailbox(mailbox).await?,
            };
            (page, row.id, look(&row).await)
        }
    };
    // In this order: whoever ends reading has written before.
    let (reading, last) = (desk.is_reading(id), desk.last_look_at(id));
    let found = if page.mailbox.is_some() && desk.changes() == before {
        Read { page, reading, last }
    } else {
        read(desk, id, asked).await?
    };
    Ok((found, looked))
}

/// A page as it was read lately, or as it is now.
async fn page_of(desk: &Desk, mailbox: &MailboxId, asked: &PageQuery) -> Result<Arc<Page>, MailroomError> {
    let moment = desk.moment();
    if let Some(page) = desk.pages.get(&(mailbox.clone(), *asked), moment) {
        return Ok(page);
    }
    Ok(keep(
        desk,
        desk.index.page_of(mailbox.as_str(), asked).await?,
        asked,
        moment,
    ))
}

/// A page as it is now.
pub(super) async fn read(desk: &Desk, mailbox: i64, asked: &PageQuery) -> Result<Read, MailroomError> {
    let (reading, last, moment) = (desk.is_reading(mailbox), desk.last_look_at(mailbox), desk.moment());
    let page = keep(desk, desk.index.page(mailbox, asked).await?, asked, moment);
    Ok(Read { page, reading, last })
}

/// Keeps a page that was so at that moment, if there is such a mailbox.
fn keep(desk: &Desk, page: Page, asked: &PageQuery, moment: Moment) -> Arc<Page> {
    let page = Arc::new(page);
    if let Some(row) = &page.mailbox {
        let question = (row.public_id.as_str().into(), *asked);
        desk.pages.keep(question, Arc::clone(&page), moment);
    }
    page
}
