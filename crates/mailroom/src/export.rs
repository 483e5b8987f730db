//! A whole mailbox to take along, also while the spool does not answer: each message from the spool or from the copy that was kept, and
//! what could not be had is named.

use crate::{Download, MailroomError, Reader, Wording};
use api_types::{MailboxId, MessageId, Moment};
use futures::stream::{self, BoxStream, StreamExt};
use index::{PageQuery, Sort};

/// Rows asked of the index at once.
const ROWS: u32 = 500;

/// What is to be exported, known before the first byte.
#[derive(Clone, Debug)]
pub struct ExportPlan {
    /// The mailbox's name, levels joined by `-`, for the file.
    pub name: String,
    /// The messages, the newest first.
    pub messages: Vec<MessageId>,
}

/// One message of an export.
pub struct Exported {
    /// Which.
    pub id: MessageId,
    /// When it arrived, in seconds.
    pub received: i64,
    /// Its subject.
    pub subject: String,
    /// When it arrived, in the person's words.
    pub when: Moment,
    /// Its bytes, or why there are none.
    pub download: Result<Download, MailroomError>,
}

impl Reader {
    /// Lists what an export of the mailbox holds, from the index alone.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`], or what is wrong with the index.
    pub async fn export_plan(&self, mailbox: &MailboxId) -> Result<ExportPlan, MailroomError> {
        let desk = self.desk_of(mailbox).await?;
        let row = desk.mailbox(mailbox).await?;
        let mut messages = Vec::new();
        loop {
            let query = PageQuery {
                sort: Sort::Date,
                descending: true,
                unread_only: false,
                offset: u32::try_from(messages.len()).unwrap_or(u32::MAX),
                limit: ROWS,
            };
            let page = desk.index.page(row.id, &query).await?;
            let before = messages.len();
            messages.extend(page.rows.into_iter().map(|row| MessageId(row.public_id)));
            if messages.len() == before {
                break;
            }
        }
        let levels: Vec<&str> = row.segments.iter().map(String::as_str).collect();
        Ok(ExportPlan {
            name: desk.file_name(&levels.join("-")),
            messages,
        })
    }

    /// The messages of a plan, one after the other; one that is gone meanwhile is left out.
    pub fn export<'a>(
        &'a self,
        mailbox: &'a MailboxId,
        plan: &'a ExportPlan,
        words: &'a dyn Wording,
    ) -> BoxStream<'a, Exported> {
        let each = stream::iter(&plan.messages).then(move |id| self.exported(mailbox, id, words));
        each.filter_map(std::future::ready).boxed()
    }

    async fn exported(&self, mailbox: &MailboxId, id: &MessageId, words: &dyn Wording) -> Option<Exported> {
        let desk = self.desk_of(mailbox).await.ok()?;
        let (_, row) = desk.index.find(mailbox.as_str(), id.as_str()).await.ok()??;
        let row = row?;
        let download = match self.source(mailbox, id).await {
            Err(MailroomError::Gone | MailroomError::Moved { .. } | MailroomError::NotFound) => return None,
            download => download,
        };
        Some(Exported {
            id: id.clone(),
            received: row.received,
            subject: row.subject,
            when: words.moment(row.received),
            download,
        })
    }
}
