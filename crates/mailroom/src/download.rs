//! Parts, whole messages and everything attached, as streams: a large part costs a few chunks of memory, not its size.

use crate::{
    MailroomError, Reader,
    desk::Desk,
    fetch::{fetched_in_time, missing},
    found::{Found, find},
    spool_client::{ReadRequest, Sized, Urgency},
    sync::request_of,
};
use api_types::{Cause, MailboxId, MessageId};
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use index::{MessageRow, SavedBody};
use render::{Encoding, PartDecoder};
use std::{ops::Range, sync::Arc};
use tokio::sync::OnceCell;

/// Read from the spool at once.
const CHUNK: usize = 256 * 1024;
/// Enough to see what kind of image a part is.
const MAGIC: u64 = 16;

/// Something to download: its name, its exact length, and its bytes when they are asked for.
#[derive(Clone)]
pub struct Download {
    /// Cleaned name for the file.
    pub name: String,
    /// Decoded bytes, exact.
    pub len: u64,
    /// Media type of a raster image, from its first bytes.
    pub image: Option<&'static str>,
    /// The same for the same bytes, for `ETag`.
    pub tag: String,
    source: Arc<Source>,
}

struct Source {
    desk: Arc<Desk>,
    found: Found,
    wanted: ReadRequest,
    /// Where the encoded bytes lie in the message file.
    range: Range<u64>,
    encoding: Encoding,
    /// The copy that is read instead, once the spool did not answer: nobody waits for the deadline of each piece.
    kept: OnceCell<SavedBody>,
}

/// The copy to read where the spool cannot be asked.
async fn kept_body(desk: &Desk, found: &Found, cause: Cause) -> Result<SavedBody, MailroomError> {
    let body = match cause {
        // Rights may have been taken away.
        Cause::Denied | Cause::Unsupported => None,
        _ => desk.kept_of(&found.message).await,
    };
    body.ok_or(MailroomError::Unavailable(cause))
}

impl Reader {
    /// One part, decoded, `of` the letter that was shown ([`api_types::Message::of`]).
    ///
    /// # Errors
    /// As [`Reader::open`]; [`MailroomError::NotFound`] if the message has no such part; [`MailroomError::Gone`] if another letter has its
    /// place by now.
    pub async fn part(
        &self,
        mailbox: &MailboxId,
        message: &MessageId,
        part: u32,
        of: Option<&str>,
    ) -> Result<Download, MailroomError> {
        let (desk, found, parts) = self.parts(mailbox, message, of).await?;
        let part = parts
            .into_iter()
            .find(|each| each.id == part)
            .ok_or(MailroomError::NotFound)?;
        self.download(desk, found, part).await
    }

    /// Every attachment, in order.
    ///
    /// # Errors
    /// As [`Reader::part`].
    pub async fn attachments(
        &self,
        mailbox: &MailboxId,
        message: &MessageId,
        of: Option<&str>,
    ) -> Result<Vec<Download>, MailroomError> {
        let (desk, found, parts) = self.parts(mailbox, message, of).await?;
        let mut downloads = Vec::new();
        for part in parts.into_iter().filter(|part| part.is_attachment) {
            downloads.push(self.download(Arc::clone(&desk), found.clone(), part).await?);
        }
        Ok(downloads)
    }

    /// The message as it lies in the spool.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub async fn source(&self, mailbox: &MailboxId, message: &MessageId) -> Result<Download, MailroomError> {
        Ok(self.source_and_row(mailbox, message).await?.0)
    }

    /// The same, and what is known of the message, which is of these very bytes.
    pub(crate) async fn source_and_row(
        &self,
        mailbox: &MailboxId,
        message: &MessageId,
    ) -> Result<(Download, MessageRow), MailroomError> {
        let desk = self.desk_of(mailbox).await?;
        let mut found = find(&desk, mailbox, message).await?;
        let mut wanted = wanted(&found)?;
        let patience = Urgency::Waiting(self.shared().deadlines.body);
        let asked = desk
            .shared
            .client
            .size(&desk.account, &found.path(), wanted.clone(), patience)
            .await;
        let kept = OnceCell::new();
        let size = match asked {
            Ok(Some(Sized { size, file })) => {
                if wanted.file.is_some_and(|meant| meant != file) {
                    let renewed = desk
                        .reread(found.mailbox.id, &found.path(), &found.message, patience)
                        .await;
                    found.message = renewed.row;
                }
                wanted.file = Some(file);
                size
            }
            Ok(None) => return Err(missing(&desk, &found).await?),
            Err(cause) => {
                let body = kept_body(&desk, &found, cause).await?;
                let size = body.len();
                // Nobody else has it yet.
                let _ = kept.set(body);
                size
            }
        };
        let row = found.message.clone();
        let download = Download {
            name: format!("{}.eml", found.message.public_id),
            len: size,
            image: None,
            tag: format!(
                "{}-{size}-{:x}",
                found.message.public_id,
                wanted.file.unwrap_or_default()
            ),
            source: Arc::new(Source {
                desk,
                wanted,
                range: 0..size,
                encoding: Encoding::Identity,
                found,
                kept,
            }),
        };
        Ok((download, row))
    }

    async fn parts(
        &self,
        mailbox: &MailboxId,
        message: &MessageId,
        of: Option<&str>,
    ) -> Result<(Arc<Desk>, Found, Vec<PartPlace>), MailroomError> {
        let desk = self.desk_of(mailbox).await?;
        let mut found = find(&desk, mailbox, message).await?;
        let (fetched, waiting) = fetched_in_time(&desk, &found).await?;
        let is_meant = match (of, &fetched.of) {
            (Some(of), Some(it)) => of == it,
            _ => !fetched.is_another,
        };
        if !is_meant {
            // Its parts are not those that were shown.
            return Err(MailroomError::Gone);
        }
        found.message = fetched.row.clone();
        let structure = desk.shared.renderer.structure(waiting, &fetched.skeleton).await;
        let structure = structure.map_err(MailroomError::Unavailable)?;
        let attachments = structure.attachments;
        let places = structure
            .parts
            .into_iter()
            .enumerate()
            .map(|(place, part)| PartPlace {
                id: part.id,
                name: part.file_name,
                range: part.body,
                encoding: part.encoding,
                is_attachment: attachments.contains(&place),
                is_of_copy: fetched.saved_at.is_some(),
            })
            .collect();
        Ok((desk, found, places))
    }

    async fn download(&self, desk: Arc<Desk>, found: Found, part: PartPlace) -> Result<Download, MailroomError> {
        let wanted = wanted(&found)?;
        let tag = format!(
            "{}-{}-{:x}",
            found.message.public_id,
            part.id,
            wanted.file.unwrap_or_default()
        );
        let kept = match part.is_of_copy {
            true => desk.kept_of(&found.message).await,
            false => None,
        };
        let source = Arc::new(Source {
            desk,
            wanted,
            range: part.range,
            encoding: part.encoding,
            found,
            kept: OnceCell::new_with(kept),
        });
        let len = source.decoded_len().await?;
        let mut magic = Vec::new();
        let mut head = Source::stream(Arc::clone(&source), 0..len.min(MAGIC));
        while let Some(piece) = head.next().await {
            magic.extend_from_slice(&piece?);
        }
        Ok(Download {
            name: part.name,
            len,
            image: render::image_type(&magic),
            tag,
            source,
        })
    }
}

struct PartPlace {
    id: u32,
    name: String,
    range: Range<u64>,
    encoding: Encoding,
    is_attachment: bool,
    /// The spool did not give the message a moment ago: nobody waits for that a second time.
    is_of_copy: bool,
}

fn wanted(found: &Found) -> Result<ReadRequest, MailroomError> {
    request_of(&found.message).ok_or(MailroomError::Gone)
}

impl Download {
    /// Whether it comes from a copy that was kept, as far as is known yet.
    pub fn is_copy(&self) -> bool {
        self.source.kept.initialized()
    }

    /// Where its bytes come from, as far as is known yet, and as of when, in seconds; `None` for now, or for a dated copy without a date.
    pub fn told(&self) -> (api_types::Source, Option<i64>) {
        match (&self.source.desk.snapshot, self.source.kept.get()) {
            (Some(copy), _) => (copy.source(), copy.at),
            (None, Some(kept)) => (api_types::Source::Saved, Some(kept.saved_at())),
            (None, None) => (api_types::Source::Live, None),
        }
    }

    /// The decoded bytes in `range`, which is cut to what exists. Each piece has its own deadline.
    pub fn stream(&self, range: Range<u64>) -> BoxStream<'static, Result<Bytes, MailroomError>> {
        Source::stream(Arc::clone(&self.source), range.start..range.end.min(self.len))
    }
}

impl Source {
    /// Encoded bytes from `offset`; empty at the end.
    async fn read(&self, offset: u64, first: bool) -> Result<Vec<u8>, MailroomError> {
        let deadlines = self.desk.shared.deadlines;
        let patience = if first { deadlines.first_byte } else { deadlines.chunk };
        let left = usize::try_from(self.range.end.saturating_sub(offset))
            .unwrap_or(CHUNK)
            .min(CHUNK);
        if left == 0 {
            return Ok(Vec::new());
        }
        if let Some(kept) = self.kept.get() {
            return of_kept(kept, offset, left).await;
        }
        let read = self
            .desk
            .shared
            .client
            .read_at(
                &self.desk.account,
                &self.found.path(),
                self.wanted.clone(),
                (offset, left),
                Urgency::Waiting(patience),
            )
            .await;
        match read.map_err(Cause::from) {
            Ok(read) => read.ok_or(MailroomError::Gone),
            // What came so far is of a file that the copy may not be of.
            Err(cause) if self.wanted.file.is_some() && self.wanted.file != self.found.message.file => {
                Err(MailroomError::Unavailable(cause))
            }
            Err(cause) => {
                let kept = || kept_body(&self.desk, &self.found, cause);
                of_kept(self.kept.get_or_try_init(kept).await?, offset, left).await
            }
        }
    }

    /// Counts the decoded bytes; transfer encodings do not say how many they hold.
    async fn decoded_len(&self) -> Result<u64, MailroomError> {
        if self.encoding == Encoding::Identity {
            return Ok(self.range.end.saturating_sub(self.range.start));
        }
        let mut decoder = PartDecoder::new(self.encoding);
        let (mut offset, mut len) = (self.range.start, 0);
        let mut decoded = Vec::with_capacity(CHUNK);
        loop {
            let encoded = self.read(offset, offset == self.range.start).await?;
            if encoded.is_empty() {
                break;
            }
            offset += encoded.len() as u64;
            decoded.clear();
            decoder.feed(&encoded, &mut decoded);
            len += decoded.len() as u64;
        }
        decoded.clear();
        decoder.finish(&mut decoded);
        Ok(len + decoded.len() as u64)
    }

    fn stream(source: Arc<Self>, range: Range<u64>) -> BoxStream<'static, Result<Bytes, MailroomError>> {
        let plain = source.encoding == Encoding::Identity;
        let progress = Progress {
            offset: source.range.start + if plain { range.start } else { 0 },
            decoder: PartDecoder::new(source.encoding),
            skip: if plain { 0 } else { range.start },
            left: range.end.saturating_sub(range.start),
            first: true,
            ended: false,
            source,
        };
        stream::try_unfold(progress, Progress::next).boxed()
    }
}

async fn of_kept(kept: &SavedBody, offset: u64, most: usize) -> Result<Vec<u8>, MailroomError> {
    kept.read_at(offset, most).await?.ok_or(MailroomError::Gone)
}

/// A stream under way.
struct Progress {
    source: Arc<Source>,
    decoder: PartDecoder,
    offset: u64,
    /// Decoded bytes before the range.
    skip: u64,
    /// Decoded bytes still to give.
    left: u64,
    first: bool,
    ended: bool,
}

impl Progress {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, MailroomError> {
        while self.left > 0 && !self.ended {
            let encoded = self.source.read(self.offset, self.first).await?;
            self.first = false;
            self.offset += encoded.len() as u64;
            let mut decoded = Vec::with_capacity(encoded.len());
            if encoded.is_empty() {
                self.decoder.finish(&mut decoded);
                self.ended = true;
            } else {
                self.decoder.feed(&encoded, &mut decoded);
            }
            let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(decoded.len());
            self.skip -= skipped as u64;
            let given = usize::try_from(self.left)
                .unwrap_or(usize::MAX)
                .min(decoded.len() - skipped);
            if given > 0 {
                self.left -= given as u64;
                return Ok(Some((Bytes::from(decoded).slice(skipped..skipped + given), self)));
            }
        }
        if self.left > 0 {
            // Shorter than it was when it was counted: the connection must not look as if it ended well.
            return Err(MailroomError::Gone);
        }
        Ok(None)
    }
}
