use crate::{
    MailroomError,
    desk::Desk,
    spool_client::{HeaderRead, ReadRequest, Urgency},
};
use index::{EnvelopeIn, Pending, PreviewIn};
use spool::{BaseName, Location, MailboxPath};
use std::sync::Arc;

/// Messages read in one request: the first is a page, so that it is there soon.
const BATCH: u32 = 50;
/// A reading of this many messages was a first one; afterwards the file is written anew, a third smaller.
const COMPACT_FROM: u64 = 1_000;

impl Desk {
    /// Reads what is pending in a mailbox, headers newest first, then previews.
    pub(crate) fn read_behind(self: &Arc<Self>, mailbox: i64) {
        if !self.work().reading.insert(mailbox) {
            return;
        }
        let desk = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = desk.read_pending(mailbox).await {
                tracing::warn!(%error, "reading a mailbox");
            }
            desk.work().reading.remove(&mailbox);
            desk.report_progress();
        });
    }

    /// Whether messages of that mailbox are being read.
    pub(crate) fn is_reading(&self, mailbox: i64) -> bool {
        self.work().reading.contains(&mailbox)
    }

    async fn read_pending(&self, mailbox: i64) -> Result<(), MailroomError> {
        let Some(row) = self.index.mailbox_by_row(mailbox).await? else {
            return Ok(());
        };
        let path = MailboxPath::from_bytes(row.path);
        let mut taken_in = 0;
        loop {
            let pending = self.index.pending_headers(mailbox, BATCH).await?;
            if pending.is_empty() {
                break;
            }
            let read = self.read_headers(&path, pending).await?;
            if read == 0 {
                // They vanished between listing and opening; the next look at the mailbox knows more.
                return Ok(());
            }
            taken_in += read;
            self.report_progress();
        }
        loop {
            let pending = self.index.pending_previews(mailbox, BATCH).await?;
            if pending.is_empty() {
                break;
            }
            let wanted = requests(pending);
            let client = &self.shared.client;
            let read = client
                .previews(&self.account.store, &path, wanted, Urgency::Background)
                .await;
            let previews: Vec<PreviewIn> = read
                .map_err(MailroomError::Unavailable)?
                .into_iter()
                .map(|read| PreviewIn {
                    row: read.row,
                    preview: read.preview,
                    has_attachments: read.has_attachments,
                    is_html: read.is_html,
                })
                .collect();
            if previews.is_empty() {
                return Ok(());
            }
            self.index.put_previews(&previews).await?;
            self.note_change();
            self.report_progress();
        }
        if taken_in >= COMPACT_FROM {
            // Rows that grew from a name to a header left their pages part-filled.
            self.index.compact().await?;
        }
        Ok(())
    }

    async fn read_headers(&self, path: &MailboxPath, pending: Vec<Pending>) -> Result<u64, MailroomError> {
        let client = &self.shared.client;
        let read = client
            .headers(&self.account.store, path, requests(pending), Urgency::Background)
            .await
            .map_err(MailroomError::Unavailable)?;
        let envelopes: Vec<EnvelopeIn> = read.into_iter().map(envelope_in).collect();
        self.index.put_envelopes(&envelopes).await?;
        self.note_change();
        Ok(envelopes.len() as u64)
    }
}

fn requests(pending: Vec<Pending>) -> Vec<ReadRequest> {
    pending
        .into_iter()
        .filter_map(|pending| request(pending.row, pending.base, &pending.location))
        .collect()
}

/// Asks for a message by what the index knows of it; `None` if the index holds nonsense.
pub(crate) fn request(row: i64, base: Vec<u8>, location: &[u8]) -> Option<ReadRequest> {
    Some(ReadRequest {
        row,
        base: BaseName::from_bytes(base),
        location: Location::from_bytes(location)?,
    })
}

fn envelope_in(read: HeaderRead) -> EnvelopeIn {
    let envelope = read.envelope.unwrap_or_default();
    let from = envelope.from.first();
    EnvelopeIn {
        row: read.row,
        sent: envelope.date,
        received: read.received,
        size: read.size,
        from_name: from.and_then(|from| from.name.clone()).unwrap_or_default(),
        from_address: from.map(|from| from.address.clone()).unwrap_or_default(),
        to_line: crate::convert::people_line(&envelope.to),
        subject: envelope.subject,
    }
}
