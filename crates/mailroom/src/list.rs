use crate::{MailroomError, Reader, Wording, convert, desk::Desk, reader::freshness};
use api_types::{ListQuery, MailboxId, MessageList, Role, Sort, Source};
use index::{Page, PageQuery};
use std::{sync::Arc, time::Duration};

/// Rows on a page.
const PAGE: u32 = 50;

impl Reader {
    /// A page of a mailbox, from the index; the spool is looked at first, no longer than the deadline for lists.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for a mailbox that is not this account's; a mailbox that cannot be read is no error: the
    /// answer says so in `trouble`.
    pub async fn list(
        &self,
        mailbox: &MailboxId,
        query: &ListQuery,
        words: &dyn Wording,
    ) -> Result<MessageList, MailroomError> {
        self.with_desk(|desk| self.list_at(desk, mailbox, query, words)).await
    }

    async fn list_at(
        &self,
        desk: Arc<Desk>,
        mailbox: &MailboxId,
        query: &ListQuery,
        words: &dyn Wording,
    ) -> Result<MessageList, MailroomError> {
        let deadline = self.shared().deadlines.list;
        let began = self.shared().clock.ticks_us();
        let row = desk.mailbox(mailbox).await?;
        let id = row.id;
        let looked = desk.look_at_row_within(row, deadline).await;

        let mut asked = page_query(query);
        let mut page = desk.index.page(id, &asked).await?;
        let pages = u32::try_from(page.matching.div_ceil(u64::from(PAGE)).max(1)).unwrap_or(u32::MAX);
        let number = query.page.clamp(1, pages);
        if number != query.page.max(1) {
            asked.offset = (number - 1) * PAGE;
            page = desk.index.page(id, &asked).await?;
        }
        if page.rows.iter().any(|row| row.loading) {
            let spent = Duration::from_micros(self.shared().clock.ticks_us() - began);
            page = wait_for_headers(&desk, id, &asked, page, deadline.saturating_sub(spent)).await?;
        }

        let row = page.mailbox.ok_or(MailroomError::NotFound)?;
        let seen = desk.work().seen.get(&row.id).copied();
        let mut freshness = freshness(
            desk.now_ns(),
            seen.max(row.as_of),
            looked.spool_us,
            row.pending_headers,
            |at| words.moment(at),
        );
        // However lately it was true: the spool could not be asked now.
        if looked.trouble.is_some() {
            freshness.source = Source::Saved;
        }
        let reference = convert::mailbox_ref(&row);
        let outgoing = matches!(reference.role, Role::Sent | Role::Drafts);
        Ok(MessageList {
            mailbox: reference,
            query: ListQuery {
                page: number,
                ..query.clone()
            },
            pages,
            total: row.total,
            unread: row.unread,
            rows: page
                .rows
                .into_iter()
                .map(|row| convert::message_row(row, outgoing, words))
                .collect(),
            freshness,
            trouble: looked.trouble,
            notes: convert::defect_notes(row.defect.as_deref()),
        })
    }
}

/// The order and filter of a page of the index.
pub(crate) fn page_query(query: &ListQuery) -> PageQuery {
    let (sort, descending) = match query.sort {
        Sort::Date => (index::Sort::Date, true),
        Sort::Oldest => (index::Sort::Date, false),
        Sort::From => (index::Sort::From, false),
        Sort::Subject => (index::Sort::Subject, false),
        Sort::Size => (index::Sort::Size, true),
    };
    PageQuery {
        sort,
        descending,
        unread_only: query.unread,
        offset: query.page.saturating_sub(1).saturating_mul(PAGE),
        limit: PAGE,
    }
}

/// Headers of the page's rows are being read: waits for them while the deadline lasts.
async fn wait_for_headers(
    desk: &Arc<Desk>,
    mailbox: i64,
    asked: &PageQuery,
    mut page: Page,
    patience: Duration,
) -> Result<Page, MailroomError> {
    let mut progress = desk.progress.subscribe();
    desk.read_behind(mailbox);
    let read = async {
        while page.rows.iter().any(|row| row.loading) && desk.is_reading(mailbox) {
            if progress.changed().await.is_err() {
                break;
            }
            page = desk.index.page(mailbox, asked).await?;
        }
        Ok::<_, MailroomError>(())
    };
    match tokio::time::timeout(patience, read).await {
        Ok(Err(error)) => return Err(error),
        Ok(Ok(())) => page = desk.index.page(mailbox, asked).await?,
        Err(_) => {}
    }
    Ok(page)
}
