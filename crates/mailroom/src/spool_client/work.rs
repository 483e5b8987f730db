//! What is done with a spool: plain data in, plain data out, blocking.

use super::ask::{Failed, cause_of};
use api_types::Cause;
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
    /// Which file is meant ([`MessageFile::mark`]); `None` where nothing was read of it yet.
    pub(crate) file: Option<i64>,
}

/// What was read of a message, or why it could not be just now.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Read<T> {
    pub(crate) row: i64,
    pub(crate) read: Result<T, Cause>,
}

pub(crate) type HeaderRead = Read<Head>;
pub(crate) type PreviewRead = Read<Preview>;

/// The head of a message.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) envelope: Envelope,
    pub(crate) size: u64,
    pub(crate) received: i64,
    /// Which file it was read of.
    pub(crate) file: i64,
}

/// What a list shows of the text.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Preview {
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
    /// What lists show of it, where it is of another file than was meant.
    pub(crate) news: Option<Box<(Head, Preview)>>,
    /// Which file it is of.
    pub(crate) file: i64,
}

/// How many bytes a message has, and which file it is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sized {
    pub(crate) size: u64,
    pub(crate) file: i64,
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
    heads.retain(|head| head.read.is_ok());
    let short = |wanted: &&ReadRequest| {
        let head = heads.iter().find(|head| head.row == wanted.row);
        head.and_then(|head| head.read.as_ref().ok())
            .is_some_and(|head| head.size <= TEXT_AT_ONCE)
    };
    let wanted: Vec<ReadRequest> = wanted.iter().filter(short).cloned().collect();
    let mut texts = previews_of(&store, mailbox, &wanted)?;
    texts.retain(|text| text.read.is_ok());
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
    each(store, mailbox, wanted, head)
}

fn head(file: &MessageFile) -> Result<Head, SpoolError> {
    Ok(Head {
        envelope: render::envelope(&header_block(file)?),
        size: file.len(),
        received: file.received(),
        file: file.mark(),
    })
}

/// Reads something of each message that is there. One file that cannot be read does not speak for the mailbox, nor the other way round.
fn each<T>(
    store: &Store,
    mailbox: &MailboxPath,
    wanted: &[ReadRequest],
    read_of: fn(&MessageFile) -> Result<T, SpoolError>,
) -> Result<Vec<Read<T>>, SpoolError> {
    let mut all = Vec::with_capacity(wanted.len());
    for request in wanted {
        let read = match store.open_entry(mailbox, &request.base, &request.location) {
            Ok(None) => continue,
            Ok(Some(file)) => read_of(&file),
            Err(error) => Err(error),
        };
        all.push(Read {
            row: request.row,
            read: match read {
                Ok(read) => Ok(read),
                Err(error) => Err(of_one_message(store, mailbox, error)?),
            },
        });
    }
    Ok(all)
}

/// Why a message that is there could not be read, if its mailbox answers all the same. None of these is for ever: rights are given, disks
/// and soft mounts come back. What the server says of itself is of no message.
fn of_one_message(store: &Store, mailbox: &MailboxPath, error: SpoolError) -> Result<Cause, SpoolError> {
    match error {
        error if error.is_of_the_server() => Err(error),
        SpoolError::Io { .. } | SpoolError::Denied(_) | SpoolError::Refused(_) => {
            store.stamp(mailbox)?;
            Ok(cause_of(&error))
        }
        error => Err(error),
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
    each(store, mailbox, wanted, |file| {
        Ok(preview(&skeleton(file, PREVIEW_READ)?))
    })
}

fn preview(skeleton: &Skeleton) -> Preview {
    let summary = render::summary(skeleton);
    Preview {
        preview: summary.preview,
        has_attachments: summary.has_attachments,
        is_html: summary.is_html,
    }
}

pub(super) fn fetch(
    store: &StoreConfig,
    mailbox: &MailboxPath,
    wanted: &ReadRequest,
) -> Result<Option<Fetched>, Failed> {
    let store = Store::open(store).map_err(|error| Failed::from(&error))?;
    fetch_of(&store, mailbox, wanted).map_err(|error| {
        let failed = Failed::from(&error);
        let is_of_one = of_one_message(&store, mailbox, error).is_ok();
        Failed { is_of_one, ..failed }
    })
}

fn fetch_of(store: &Store, mailbox: &MailboxPath, wanted: &ReadRequest) -> Result<Option<Fetched>, SpoolError> {
    let Some(file) = store.open_entry(mailbox, &wanted.base, &wanted.location)? else {
        return Ok(None);
    };
    let skeleton = skeleton(&file, u64::MAX)?;
    let news = match wanted.file == Some(file.mark()) {
        true => None,
        false => Some(Box::new((head(&file)?, preview(&skeleton)))),
    };
    Ok(Some(Fetched {
        skeleton,
        size: file.len(),
        received: file.received(),
        news,
        file: file.mark(),
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
) -> Result<Option<Sized>, SpoolError> {
    let file = Store::open(store)?.open_entry(mailbox, &wanted.base, &wanted.location)?;
    Ok(file.map(|file| Sized {
        size: file.len(),
        file: file.mark(),
    }))
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
    // Pieces of two messages are none.
    if wanted.file.is_some_and(|meant| meant != file.mark()) {
        return Ok(None);
    }
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

/// Whether the store can be opened; what is there and cannot be is an error.
pub(super) fn is_there(store: &StoreConfig) -> Result<bool, SpoolError> {
    match Store::open(store) {
        Ok(_) => Ok(true),
        Err(SpoolError::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether nothing lies where the account's mail would, and the folders that it would lie in are there: where nothing is mounted there
/// is an empty folder, or none, and no marker.
pub(crate) fn lacks(store: &StoreConfig, folders: &[PathBuf]) -> bool {
    store.layout.places().into_iter().all(spool::is_missing)
        && folders.iter().all(|folder| spool::has_entries(folder))
        && spool::is_marked(store)
}

/// Whether the folders answer.
pub(super) fn probe(folders: &[PathBuf]) -> Result<(), SpoolError> {
    folders.iter().try_for_each(|folder| spool::probe(folder))
}

/// Whether nobody's mail can be had: a folder is not there or does not answer, or a marker cannot be found. What may not be listed may be
/// read all the same.
pub(super) fn look(folders: &[PathBuf], markers: &[PathBuf]) -> Result<(), SpoolError> {
    markers.iter().try_for_each(|marker| spool::marker_is_there(marker))?;
    match probe(folders) {
        Err(SpoolError::Denied(_)) => Ok(()),
        looked => looked,
    }
}
