use crate::{
    MailroomError,
    convert::trouble_code,
    desk::Desk,
    spool_client::{Head, HeaderRead, Preview, Read, ReadRequest, Urgency},
};
use api_types::Cause;
use futures::FutureExt;
use index::{Due, EnvelopeIn, MessageRow, Pending, PreviewIn, TroubleIn};
use spool::{BaseName, Location, MailboxPath};
use std::{collections::hash_map::Entry, sync::Arc};

/// Headers looked for first: a page, so that it is there soon.
const FIRST: u32 = 50;
/// Headers looked for at a time afterwards: what arrives meanwhile waits until these are read.
const AHEAD: u32 = 5_000;
/// Headers read in one request and written in one transaction: what each of these costs is little beside that, and nobody
/// who wants to write something else waits long.
const BATCH: usize = 1_000;
/// Texts read in one request and written in one transaction; what arrives meanwhile waits for them.
const TEXTS: u32 = 100;
/// Messages tried again at a time that could not be read before: a bad disk may take seconds for each.
const TROUBLED: u32 = 50;
/// A reading of this many messages was a first one; afterwards the file is written anew, a third smaller.
const COMPACT_FROM: u64 = 1_000;

impl Desk {
    /// Reads what is pending in a mailbox, headers newest first, then previews. Who asks while it is being read is heard when that
    /// is done.
    pub(crate) fn read_behind(self: &Arc<Self>, mailbox: i64) {
        match self.work().reading.entry(mailbox) {
            Entry::Occupied(mut asked_again) => {
                asked_again.insert(true);
                return;
            }
            Entry::Vacant(reading) => reading.insert(false),
        };
        let desk = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                let read = desk.read_pending(mailbox).await;
                desk.note_troubles(mailbox).await;
                if let Err(error) = &read {
                    tracing::warn!(%error, "reading a mailbox");
                    // As after any fault the next look lists it, and what is pending is read then.
                    desk.work().listed.remove(&mailbox);
                }
                if !desk.reads_on(mailbox, read.is_ok()) {
                    break;
                }
            }
            desk.report_progress();
        });
    }

    /// Whether messages of that mailbox are being read.
    pub(crate) fn is_reading(&self, mailbox: i64) -> bool {
        self.work().reading.contains_key(&mailbox)
    }

    /// Asks once in a process whether something could not be read before.
    pub(super) async fn know_troubles(&self, mailbox: i64) {
        if !self.work().troubled.contains_key(&mailbox) {
            self.note_troubles(mailbox).await;
        }
    }

    /// Notes when what could not be read is to be tried again.
    pub(super) async fn note_troubles(&self, mailbox: i64) {
        if let Ok(next) = self.index.next_trouble(mailbox).await {
            self.work().troubled.insert(mailbox, next);
        }
    }

    /// Whether something that could not be read is to be tried again.
    pub(super) fn is_trouble_due(&self, mailbox: i64) -> bool {
        let next = self.work().troubled.get(&mailbox).copied();
        next.flatten().is_some_and(|at| at <= self.shared.clock.now())
    }

    /// Ends the reading, unless it went `well` and somebody asked meanwhile.
    fn reads_on(&self, mailbox: i64, well: bool) -> bool {
        let mut work = self.work();
        let asked_again = work.reading.get_mut(&mailbox).is_some_and(std::mem::take);
        let on = well && asked_again;
        if !on {
            work.reading.remove(&mailbox);
        }
        on
    }

    async fn read_pending(self: &Arc<Self>, mailbox: i64) -> Result<(), MailroomError> {
        let Some(row) = self.index.mailbox_by_row(mailbox).await? else {
            return Ok(());
        };
        let path = MailboxPath::from_bytes(row.path);
        let (mut taken_in, mut stalled) = (0, 0);
        let mut wanted = FIRST;
        loop {
            // A header that came while texts are read is waited for, and goes first.
            let headers = self.index.pending_headers(mailbox, wanted).await?;
            if !headers.is_empty() {
                let read = self.read_headers(&path, headers, &mut stalled).await?;
                if read == 0 {
                    // They vanished between listing and opening; the next look at the mailbox knows more.
                    return Ok(());
                }
                taken_in += read;
                if wanted == FIRST {
                    self.counts_first().await;
                }
                wanted = AHEAD;
                continue;
            }
            let texts = self.index.pending_previews(mailbox, TEXTS).await?;
            let is_read = match texts.is_empty() {
                false => self.read_previews(&path, texts, &mut stalled).await?,
                true => {
                    let due = self.due_again(mailbox, stalled).await?;
                    !due.is_empty() && self.read_headers(&path, due, &mut stalled).await? > 0
                }
            };
            if !is_read {
                break;
            }
            self.report_progress();
        }
        if taken_in >= COMPACT_FROM {
            // Rows that grew from a name to a header left their pages part-filled.
            self.index.compact().await?;
        }
        self.keep_newest_behind(mailbox);
        Ok(())
    }

    /// What could not be read and is to be tried again now. What gave no answer comes last and alone: it costs a helper if it still does
    /// not, so no other is tried after it, nor while one waits for such a file already.
    async fn due_again(&self, mailbox: i64, stalled: usize) -> Result<Vec<Pending>, MailroomError> {
        let (now, slow) = (self.shared.clock.now(), trouble_code(Cause::Slow));
        let due = self.index.due_troubles(mailbox, now, TROUBLED, Due::But(slow)).await?;
        if !due.is_empty() || stalled > 0 || self.shared.client.is_stuck(&self.account) {
            return Ok(due);
        }
        Ok(self.index.due_troubles(mailbox, now, 1, Due::Only(slow)).await?)
    }

    /// Reads headers, so many at a time, and writes them while the next are read. Says how many there were.
    async fn read_headers(
        &self,
        path: &MailboxPath,
        mut pending: Vec<Pending>,
        stalled: &mut usize,
    ) -> Result<u64, MailroomError> {
        let mut count = 0;
        let mut read = Vec::new();
        while !(pending.is_empty() && read.is_empty()) {
            let rest = pending.split_off(pending.len().min(BATCH));
            let next = std::mem::replace(&mut pending, rest);
            let (written, next) = tokio::join!(self.write_headers(read), self.headers_of(path, next, stalled));
            count += written?;
            read = next?;
        }
        Ok(count)
    }

    async fn headers_of(
        &self,
        path: &MailboxPath,
        pending: Vec<Pending>,
        stalled: &mut usize,
    ) -> Result<Vec<HeaderRead>, MailroomError> {
        if pending.is_empty() {
            return Ok(Vec::new());
        }
        let client = &self.shared.client;
        let ask = |wanted| client.headers(&self.account, path, wanted, Urgency::Background).boxed();
        self.read_each(path, requests(pending), stalled, ask).await
    }

    async fn write_headers(&self, read: Vec<HeaderRead>) -> Result<u64, MailroomError> {
        if read.is_empty() {
            return Ok(0);
        }
        let count = self.put_heads(read).await?;
        self.report_progress();
        Ok(count as u64)
    }

    /// Takes what was read of heads, and what could not be. Says how many there were.
    pub(super) async fn put_heads(&self, read: Vec<HeaderRead>) -> Result<usize, MailroomError> {
        let count = read.len();
        let (envelopes, troubles) = parted(read, envelope_in);
        self.index.put_envelopes(&envelopes).await?;
        self.index.put_troubles(&troubles, self.shared.clock.now()).await?;
        self.note_change();
        Ok(count)
    }

    /// Says whether any was read.
    async fn read_previews(
        &self,
        path: &MailboxPath,
        pending: Vec<Pending>,
        stalled: &mut usize,
    ) -> Result<bool, MailroomError> {
        let client = &self.shared.client;
        let ask = |wanted| {
            client
                .previews(&self.account, path, wanted, Urgency::Background)
                .boxed()
        };
        let read = self.read_each(path, requests(pending), stalled, ask).await?;
        if read.is_empty() {
            return Ok(false);
        }
        let (previews, troubles) = parted(read, preview_in);
        self.index.put_previews(&previews).await?;
        self.index.put_troubles(&troubles, self.shared.clock.now()).await?;
        self.note_change();
        Ok(true)
    }
}

fn requests(pending: Vec<Pending>) -> Vec<ReadRequest> {
    pending
        .into_iter()
        .filter_map(|pending| request(pending.row, pending.base, &pending.location, None))
        .collect()
}

/// Asks for a message by what the index knows of it; `None` if the index holds nonsense.
pub(crate) fn request(row: i64, base: Vec<u8>, location: &[u8], file: Option<i64>) -> Option<ReadRequest> {
    Some(ReadRequest {
        row,
        base: BaseName::from_bytes(base),
        location: Location::from_bytes(location)?,
        file,
    })
}

/// Asks for a message by its row: for the file that its head was read of, if nothing was wrong with that.
pub(crate) fn request_of(row: &MessageRow) -> Option<ReadRequest> {
    let file = row.file.filter(|_| row.trouble.is_none());
    request(row.row, row.base.clone(), &row.location, file)
}

/// What was read apart from what could not be.
pub(crate) fn parted<T, In>(read: Vec<Read<T>>, put: fn(i64, T) -> In) -> (Vec<In>, Vec<TroubleIn>) {
    let (mut put_in, mut troubles) = (Vec::with_capacity(read.len()), Vec::new());
    for Read { row, read } in read {
        match read {
            Ok(read) => put_in.push(put(row, read)),
            Err(cause) => troubles.push(TroubleIn {
                row,
                trouble: trouble_code(cause),
            }),
        }
    }
    (put_in, troubles)
}

pub(crate) fn preview_in(row: i64, read: Preview) -> PreviewIn {
    PreviewIn {
        row,
        preview: read.preview,
        has_attachments: read.has_attachments,
        is_html: read.is_html,
    }
}

pub(crate) fn envelope_in(row: i64, read: Head) -> EnvelopeIn {
    let envelope = read.envelope;
    let from = envelope.from.first();
    EnvelopeIn {
        row,
        sent: envelope.date,
        received: read.received,
        size: read.size,
        from_name: from.and_then(|from| from.name.clone()).unwrap_or_default(),
        from_address: from.map(|from| from.address.clone()).unwrap_or_default(),
        to_line: crate::convert::people_line(&envelope.to),
        also: crate::convert::search_lines(&envelope),
        subject: envelope.subject,
        file: Some(read.file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Room;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_asks_while_it_is_read_is_heard_afterwards() {
        let room = Room::new().await;
        let desk = room.desk().await;
        desk.work().reading.insert(7, false);
        assert!(!desk.reads_on(7, true), "nobody asked");
        assert!(!desk.is_reading(7));
        for (well, on) in [(true, true), (false, false)] {
            desk.work().reading.insert(7, false);
            desk.read_behind(7);
            assert_eq!(desk.reads_on(7, well), on);
            assert_eq!(desk.is_reading(7), on);
            desk.work().reading.remove(&7);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_takes_several_lots_is_read_to_the_end() {
        let room = Room::new().await;
        let count = FIRST as usize + 2 * BATCH + 7;
        for number in 0..count {
            let name = format!("cur/{}.M{number}P1.h:2,", 1_795_000_000 + number);
            room.deliver(&name, &format!("Subject: s{number}\n\n"));
        }
        room.read_all().await;
        let row = room.desk().await.index.mailboxes().await.unwrap().remove(0);
        assert_eq!(
            (row.total, row.pending_headers, row.pending_previews),
            (count as u64, 0, 0)
        );
        let list = room.list().await;
        assert_eq!(list.rows[0].subject, format!("s{}", count - 1));
        assert_eq!(list.rows[49].subject, format!("s{}", count - 50));
    }
}
