//! A message replaced under its name in one moment, by a restore or a program that gives names twice: no listing tells. Whatever reads
//! the file sees that it is another one than the head in the list was read of. Then the head is read again, before anything is shown, and
//! no copy of the one before stays.

#[cfg(test)]
mod tests;

use crate::{
    MailroomError,
    desk::{Desk, to_the_end},
    spool_client::{Fetched, Head, Preview, Urgency},
    sync::{envelope_in, preview_in, request_of},
};
use index::{EnvelopeIn, MessageRow};
use spool::MailboxPath;
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// Whoever reads a message waits so long for the index to take what is new of it.
const WRITING: Duration = Duration::from_millis(100);

/// A message's row, as its file is.
pub(crate) struct Renewed {
    pub(crate) row: MessageRow,
    /// What was known before was of another message.
    pub(crate) is_another: bool,
}

impl Renewed {
    /// Nothing else is known of it.
    pub(crate) fn unchanged(row: &MessageRow) -> Self {
        Self {
            row: row.clone(),
            is_another: false,
        }
    }
}

impl Desk {
    /// The row of a message that was read, which is taken from the message where that was not known or is another.
    pub(crate) async fn renewed(self: &Arc<Self>, row: &MessageRow, fetched: &mut Fetched) -> Renewed {
        match fetched.news.take().map(|news| *news) {
            Some((head, preview)) => self.take_news(row, head, Some(preview)).await,
            None => Renewed::unchanged(row),
        }
    }

    /// The same for a message of which only that it is another file is known. Its text is read behind.
    pub(crate) async fn reread(
        self: &Arc<Self>,
        mailbox: i64,
        path: &MailboxPath,
        row: &MessageRow,
        urgency: Urgency,
    ) -> Renewed {
        let Some(wanted) = request_of(row) else {
            return Renewed::unchanged(row);
        };
        let client = &self.shared.client;
        let read = client.headers(&self.account, path, vec![wanted], urgency);
        let head = read.await.ok().and_then(|mut read| read.pop()?.read.ok());
        match head {
            Some(head) => {
                let renewed = self.take_news(row, head, None).await;
                self.read_behind(mailbox);
                renewed
            }
            None => Renewed::unchanged(row),
        }
    }

    /// By what lists show of it a message is known again, in short, whatever file it is in by then; `None` if its head was not read. The
    /// size tells nothing in an mbox, where flags make it longer.
    pub(crate) fn head_mark(&self, row: &MessageRow) -> Option<String> {
        let size = match spool::is_of_mbox(row.file?) {
            true => 0,
            false => row.size,
        };
        let mut head = size.to_le_bytes().to_vec();
        for field in [&row.subject, &row.from_address, &row.from_name, &row.to_line] {
            // Lengths keep ("ab", "c") and ("a", "bc") apart.
            head.extend_from_slice(&(field.len() as u64).to_le_bytes());
            head.extend_from_slice(field.as_bytes());
        }
        Some(self.shared.ids.head(&self.account.name, &head))
    }

    async fn take_news(self: &Arc<Self>, row: &MessageRow, head: Head, preview: Option<Preview>) -> Renewed {
        let envelope = envelope_in(row.row, head);
        let is_same = is_same(row, &envelope);
        let is_moved = is_same && is_moved(row, &envelope);
        let is_another = row.file.is_some() && !is_same;
        // A copy brings a new time along; the message came when it came.
        let received = if is_same { row.received } else { envelope.received };
        let envelope = EnvelopeIn { received, ..envelope };
        let after = MessageRow {
            size: envelope.size,
            received,
            from_name: envelope.from_name.clone(),
            from_address: envelope.from_address.clone(),
            to_line: envelope.to_line.clone(),
            subject: envelope.subject.clone(),
            loading: false,
            file: envelope.file,
            trouble: None,
            ..row.clone()
        };
        let is_other_file = row.file.is_some() && row.file != envelope.file;
        let (desk, id, row) = (Arc::clone(self), row.public_id.clone(), row.row);
        let taken = to_the_end(async move {
            if is_moved {
                desk.index.put_file(row, envelope.file).await?;
                desk.note_change();
                return Ok(());
            }
            if is_other_file {
                // Equal heads are no proof of equal letters.
                desk.forget_copy(&id).await;
            }
            match preview {
                Some(preview) => desk.index.put_read(envelope, preview_in(row, preview)).await?,
                None => desk.index.put_envelopes(&[envelope]).await?,
            }
            desk.note_change();
            desk.report_progress();
            Ok::<(), MailroomError>(())
        });
        // Its reader has it all the same, and does not wait for a disk that others write to.
        if let Ok(Err(error)) = timeout(WRITING, taken).await {
            tracing::warn!(%error, "the index does not take a head");
        }
        Renewed { row: after, is_another }
    }
}

/// Whether nothing but the place on disk is another: a mail store that was copied, with its times.
fn is_moved(row: &MessageRow, read: &EnvelopeIn) -> bool {
    row.trouble.is_none() && row.size == read.size && row.received == read.received && read.sent == Some(row.date)
}

/// Whether lists would show the same of both. In an mbox a name stands for what was sent, and flags make it longer.
fn is_same(row: &MessageRow, read: &EnvelopeIn) -> bool {
    row.file.is_some()
        && (row.size == read.size || read.file.is_some_and(spool::is_of_mbox))
        && row.subject == read.subject
        && row.from_address == read.from_address
        && row.from_name == read.from_name
        && row.to_line == read.to_line
}
