//! What is done with a spool: plain data in, plain data out, blocking.

use render::{Envelope, Skeleton, SkeletonBuilder};
use serde::{Deserialize, Serialize};
use spool::{
    ArrivalMemory, Arrivals, BaseName, Listing, Location, MailboxEntry, MailboxPath, MailboxStamp, MboxMemory,
    MessageFile, SpoolError, Store, StoreConfig,
};
use std::path::PathBuf;

/// Enough for the headers of nearly every message in one read.
const HEADER_READ: usize = 8 * 1024;
/// Header blocks are read up to here; what is longer is a defect of the message.
const HEADER_LIMIT: usize = 256 * 1024;
/// A preview is made from this much of a message, and attachments are looked for in it.
const PREVIEW_READ: u64 = 16 * 1024 * 1024;
/// Bytes of a message of which the text is read when it is met.
const TEXT_AT_ONCE: u64 = 64 * 1024;
/// Read at once while a message is taken in.
const CHUNK: usize = 256 * 1024;

/// A message as the index last knew it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReadRequest {
    /// The caller's own number, handed back.
    pub(crate) row: i64,
    pub(crate) base: BaseName,
    /// Where it was; flags may have renamed it.
    pub(crate) location: Location,
}

/// The head of a message.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HeaderRead {
    pub(crate) row: i64,
    /// `None`: the file is there and cannot be read.
    pub(crate) envelope: Option<Envelope>,
    pub(crate) size: u64,
    pub(crate) received: i64,
}

/// What a list shows of the text.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PreviewRead {
    pub(crate) row: i64,
    pub(crate) preview: String,
    pub(crate) has_attachments: bool,
    pub(crate) is_html: bool,
}

/// What lists show of messages that were just met, as far as it is soon read.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Met {
    pub(crate) heads: Vec<HeaderRead>,
    pub(crate) texts: Vec<PreviewRead>,
}

/// A message, in bounded memory.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Fetched {
    pub(crate) skeleton: Skeleton,
    pub(crate) size: u64,
    pub(crate) received: i64,
}

pub(super) fn mailboxes(store: &StoreConfig) -> Result<Vec<MailboxEntry>, SpoolError> {
    Store::open(store)?.mailboxes()
}

pub(super) fn stamp(store: &StoreConfig, mailbox: &MailboxPath) -> Result<MailboxStamp, SpoolError> {
    Store::open(store)?.stamp(mailbox)
}

pub(super) fn list(
    store: &StoreConfig,
    mailbox: &MailboxPath,
    known: Option<&MboxMemory>,
) -> Result<Listing, SpoolError> {
    Store::open(store)?.list(mailbox, known)
}

pub(super) fn arrivals(
    store: &StoreConfig,
    mailbox: &MailboxPath,
    known: &ArrivalMemory,
) -> Result<Option<Arrivals>, SpoolError> {
    Store::open(store)?.arrivals(mailbox, known)
}

pub(super) fn met(store: &StoreConfig, mailbox: &MailboxPath, wanted: &[ReadRequest]) -> Result<Met, SpoolError> {
    let store = Store::open(store)?;
    let mut heads = headers_of(&store, mailbox, wanted)?;
    // Delivery may still be giving it to its owner: it is tried again when its turn comes.
    heads.retain(|head| head.envelope.is_some());
    let short = |wanted: &&ReadRequest| {
        let head = heads.iter().find(|head| head.row == wanted.row);
        head.is_some_and(|head| head.size <= TEXT_AT_ONCE)
    };
    let wanted: Vec<ReadRequest> = wanted.iter().filter(short).cloned().collect();
    let texts = previews_of(&store, mailbox, &wanted)?;
    Ok(Met { heads, texts })
}

pub(super) fn headers(
    store: &StoreConfig,
    mailbox: &MailboxPath,
    wanted: &[ReadRequest],
) -> Result<Vec<HeaderRead>, SpoolError> {
    headers_of(&Store::open(store)?, mailbox, wanted)
}

fn headers_of(store: &Store, mailbox: &MailboxPath, wanted: &[ReadRequest]) -> Result<Vec<HeaderRead>, SpoolError> {
    let mut read = Vec::with_capacity(wanted.len());
    for request in wanted {
        match store.open_entry(mailbox, &request.base, &request.location) {
            Ok(Some(file)) => match header_block(&file) {
                Ok(block) => read.push(HeaderRead {
                    row: request.row,
                    envelope: Some(render::envelope(&block)),
                    size: file.len(),
                    received: file.received(),
                }),
                Err(error) => {
                    of_one_message(store, mailbox, error)?;
                    read.push(unreadable(request, file.len(), file.received()));
                }
            },
            Ok(None) => {}
            Err(error) if concerns_one_message(&error) => read.push(unreadable(request, 0, 0)),
            Err(error) if error.is_of_the_disk() => {
                of_one_message(store, mailbox, error)?;
                read.push(unreadable(request, 0, 0));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

fn unreadable(request: &ReadRequest, size: u64, received: i64) -> HeaderRead {
    HeaderRead {
        row: request.row,
        envelope: None,
        size,
        received,
    }
}

/// One file that cannot be read does not speak for the mailbox.
fn concerns_one_message(error: &SpoolError) -> bool {
    matches!(error, SpoolError::Denied(_) | SpoolError::Refused(_))
}

/// A message that is there could not be read. What the server alone says of itself is no damage of the message, and it is read another
/// time; what a disk says too (`EIO`) is, if the mailbox answers all the same.
fn of_one_message(store: &Store, mailbox: &MailboxPath, error: SpoolError) -> Result<(), SpoolError> {
    match error {
        error if error.is_of_the_server() => Err(error),
        SpoolError::Io { .. } => store.stamp(mailbox).map(drop),
        _ => Ok(()),
    }
}

fn header_block(file: &MessageFile) -> Result<Vec<u8>, SpoolError> {
    let mut block = Vec::new();
    while block.len() < HEADER_LIMIT {
        let before = block.len();
        block.resize(before + HEADER_READ, 0);
        let count = file.read_at(before as u64, &mut block[before..])?;
        block.truncate(before + count);
        if let Some(end) = render::header_end(&block) {
            block.truncate(end);
            break;
        }
        if count == 0 {
            break;
        }
    }
    Ok(block)
}

pub(super) fn previews(
    store: &StoreConfig,
    mailbox: &MailboxPath,
    wanted: &[ReadRequest],
) -> Result<Vec<PreviewRead>, SpoolError> {
    previews_of(&Store::open(store)?, mailbox, wanted)
}

fn previews_of(store: &Store, mailbox: &MailboxPath, wanted: &[ReadRequest]) -> Result<Vec<PreviewRead>, SpoolError> {
    let mut read = Vec::with_capacity(wanted.len());
    for request in wanted {
        let empty = || PreviewRead {
            row: request.row,
            preview: String::new(),
            has_attachments: false,
            is_html: false,
        };
        match store.open_entry(mailbox, &request.base, &request.location) {
            Ok(Some(file)) => read.push(match skeleton(&file, PREVIEW_READ) {
                Ok(skeleton) => {
                    let summary = render::summary(&skeleton);
                    PreviewRead {
                        row: request.row,
                        preview: summary.preview,
                        has_attachments: summary.has_attachments,
                        is_html: summary.is_html,
                    }
                }
                Err(error) => {
                    of_one_message(store, mailbox, error)?;
                    empty()
                }
            }),
            Ok(None) => {}
            Err(error) if concerns_one_message(&error) => read.push(empty()),
            Err(error) if error.is_of_the_disk() => {
                of_one_message(store, mailbox, error)?;
                read.push(empty());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

pub(super) fn fetch(
    store: &StoreConfig,
    mailbox: &MailboxPath,
    wanted: &ReadRequest,
) -> Result<Option<Fetched>, SpoolError> {
    let Some(file) = Store::open(store)?.open_entry(mailbox, &wanted.base, &wanted.location)? else {
        return Ok(None);
    };
    Ok(Some(Fetched {
        skeleton: skeleton(&file, u64::MAX)?,
        size: file.len(),
        received: file.received(),
    }))
}

fn skeleton(file: &MessageFile, limit: u64) -> Result<Skeleton, SpoolError> {
    let len = file.len().min(limit);
    let mut builder = SkeletonBuilder::new(file.len());
    let mut chunk = vec![0; CHUNK.min(usize::try_from(len).unwrap_or(CHUNK)).max(1)];
    let mut offset = 0;
    while offset < len {
        let count = file.read_at(offset, &mut chunk)?;
        if count == 0 {
            break;
        }
        builder.feed(&chunk[..count]);
        offset += count as u64;
    }
    Ok(builder.finish())
}

pub(super) fn size(
    store: &StoreConfig,
    mailbox: &MailboxPath,
    wanted: &ReadRequest,
) -> Result<Option<u64>, SpoolError> {
    Ok(Store::open(store)?
        .open_entry(mailbox, &wanted.base, &wanted.location)?
        .map(|file| file.len()))
}

pub(super) fn read_at(
    store: &StoreConfig,
    mailbox: &MailboxPath,
    wanted: &ReadRequest,
    offset: u64,
    len: u64,
) -> Result<Option<Vec<u8>>, SpoolError> {
    let Some(file) = Store::open(store)?.open_entry(mailbox, &wanted.base, &wanted.location)? else {
        return Ok(None);
    };
    let len = usize::try_from(len.min(file.len().saturating_sub(offset))).unwrap_or(0);
    let mut bytes = vec![0; len];
    let mut filled = 0;
    while filled < len {
        let count = file.read_at(offset + filled as u64, &mut bytes[filled..])?;
        if count == 0 {
            break;
        }
        filled += count;
    }
    bytes.truncate(filled);
    Ok(Some(bytes))
}

/// Whether nothing lies where the account's mail would, and the folders that it would lie in are there: where nothing is mounted there
/// is an empty folder, or none.
pub(crate) fn lacks(store: &StoreConfig, folders: &[PathBuf]) -> bool {
    store.layout.places().into_iter().all(spool::is_missing) && folders.iter().all(|folder| spool::has_entries(folder))
}

/// Whether the folders answer.
pub(super) fn probe(folders: &[PathBuf]) -> Result<(), SpoolError> {
    folders.iter().try_for_each(|folder| spool::probe(folder))
}
