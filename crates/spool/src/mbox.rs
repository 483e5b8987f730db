//! mbox: all messages of a mailbox in one file. Read without a lock, as a prefix that is checked before and after:
//! a lock that could make a delivery wait would be worse than a second look.

mod every;
mod from_line;
mod headers;
mod inspect;
mod lines;
mod mailboxes;
mod memory;
mod split;
mod view;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

pub use self::headers::is_state_header;
pub(crate) use self::mailboxes::begins_like_mbox;
pub use self::memory::MboxMemory;
pub(crate) use self::memory::edges;
use self::split::Found;
pub(crate) use self::split::{Scanned, scan};
pub(crate) use self::view::MboxView;
use crate::config::{Limits, MboxQuoting, StoreConfig};
use crate::message::MessageFile;
use crate::open::{Opened, Root};
use crate::{
    BaseName, Defect, DefectKind, Entry, FileStamp, Flags, Listing, Location, MailboxPath, MailboxStamp, SpoolError,
};

const NOT_MBOX: SpoolError = SpoolError::Unsupported {
    what: "a file that does not begin with an mbox separator (`From `, a sender and a date)",
    advice: "convert it, or take it out of the mail folder",
};

/// An INBOX file and a tree of further files.
pub(crate) struct Mbox {
    inbox: Root,
    inbox_name: Vec<u8>,
    folders: Option<Root>,
    quoting: MboxQuoting,
    limits: Limits,
}

impl Mbox {
    /// The INBOX file may be missing if there is a tree; `mailboxes` says so then.
    pub(crate) fn open(
        inbox: &Path,
        folders: Option<&Path>,
        quoting: MboxQuoting,
        owner: Option<u32>,
        config: &StoreConfig,
    ) -> Result<Self, SpoolError> {
        let name = inbox
            .file_name()
            .ok_or(SpoolError::WrongStore("the path of INBOX names no file"))?;
        let parent = match inbox.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let beneath = config.beneath.as_deref();
        let mbox = Mbox {
            inbox: Root::open_shared(parent, beneath, owner)?,
            inbox_name: name.as_bytes().to_vec(),
            folders: folders.map(|path| Root::open(path, beneath, owner)).transpose()?,
            quoting,
            limits: config.limits,
        };
        match mbox.open_file(&MailboxPath::inbox()) {
            Err(SpoolError::NotFound(_)) if mbox.folders.is_some() => Ok(mbox),
            Err(error) => Err(error),
            Ok(_) => Ok(mbox),
        }
    }

    fn open_file(&self, mailbox: &MailboxPath) -> Result<Opened, SpoolError> {
        if mailbox.is_inbox() {
            return self.inbox.file(&self.inbox_name);
        }
        let folders = self.folders.as_ref().ok_or(SpoolError::NotFound("the mailbox"))?;
        folders.file(mailbox.mbox_file()?)
    }

    pub(crate) fn stamp(&self, mailbox: &MailboxPath) -> Result<MailboxStamp, SpoolError> {
        Ok(MailboxStamp {
            files: vec![Some(FileStamp::of(&self.open_file(mailbox)?.stat))],
        })
    }

    /// Reads the file as long as it is now; if it changed meanwhile, again, and then only what was added, if that is
    /// what happened.
    pub(crate) fn list(&self, mailbox: &MailboxPath, known: Option<&MboxMemory>) -> Result<Listing, SpoolError> {
        let mut known = known.map(Cow::Borrowed);
        let mut tries = 1;
        loop {
            let opened = self.open_file(mailbox)?;
            let before = FileStamp::of(&opened.stat);
            let read = self.read(&opened, before, known.as_deref());
            let at_rest = FileStamp::of(&self.open_file(mailbox)?.stat) == before;
            match read {
                Ok((memory, full)) if at_rest || tries >= self.limits.attempts => {
                    return Ok(listing(memory, full, at_rest));
                }
                Ok((memory, full)) => known = (!full).then_some(Cow::Owned(memory)),
                Err(SpoolError::Stale) if tries < 10 => {}
                Err(error) if at_rest || tries >= self.limits.attempts => return Err(error),
                Err(_) => {}
            }
            tries += 1;
        }
    }

    /// The message table, and whether there are more than the limit.
    fn read(
        &self,
        opened: &Opened,
        stamp: FileStamp,
        known: Option<&MboxMemory>,
    ) -> Result<(MboxMemory, bool), SpoolError> {
        let edges = memory::edges(&opened.fd, stamp.size)?;
        let (mut messages, from) = match known {
            // The last message may have been cut short when it was read: read it again.
            Some(known) if known.holds(&opened.fd, &stamp)? => match known.messages.split_last() {
                Some((last, whole)) => (whole.to_vec(), last.offset),
                None => (Vec::new(), 0),
            },
            _ => (Vec::new(), 0),
        };
        let mut full = false;
        let mut each = |messages: &mut Vec<Found>, found| {
            full = messages.len() >= self.limits.entries;
            if !full {
                messages.push(found);
            }
            !full
        };
        let mut end = scan(&opened.fd, from, stamp.size, |found| each(&mut messages, found))?;
        if end == Scanned::NotMbox && from > 0 {
            messages.clear();
            end = scan(&opened.fd, 0, stamp.size, |found| each(&mut messages, found))?;
        }
        match end {
            Scanned::Done => Ok((MboxMemory { stamp, edges, messages }, full)),
            Scanned::NotMbox => Err(NOT_MBOX),
        }
    }

    /// Opens a message where it was seen; `None` if another or none is there now.
    pub(crate) fn open_at(
        &self,
        mailbox: &MailboxPath,
        key: &BaseName,
        place: &Location,
    ) -> Result<Option<MessageFile>, SpoolError> {
        let Some((hash, _)) = parse_key(key) else {
            return Ok(None);
        };
        let Some(opened) = self.open_existing(mailbox)? else {
            return Ok(None);
        };
        self.view(opened, place, hash)
    }

    /// Looks through the whole file for a message.
    pub(crate) fn open_message(
        &self,
        mailbox: &MailboxPath,
        key: &BaseName,
    ) -> Result<Option<MessageFile>, SpoolError> {
        let Some((hash, ordinal)) = parse_key(key) else {
            return Ok(None);
        };
        for _ in 0..self.limits.attempts {
            let Some(opened) = self.open_existing(mailbox)? else {
                return Ok(None);
            };
            let size = FileStamp::of(&opened.stat).size;
            let (mut place, mut equal, mut first) = (None, 0, true);
            let end = scan(&opened.fd, 0, size, |found| {
                let shown = !(std::mem::take(&mut first) && found.head.internal);
                if shown && found.head.hash == hash {
                    if equal == ordinal {
                        place = Some(found.location());
                    }
                    equal += 1;
                }
                place.is_none()
            })?;
            if end == Scanned::NotMbox {
                return Err(NOT_MBOX);
            }
            let Some(place) = place else { return Ok(None) };
            if let Some(file) = self.view(opened, &place, hash)? {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    fn open_existing(&self, mailbox: &MailboxPath) -> Result<Option<Opened>, SpoolError> {
        match self.open_file(mailbox) {
            Ok(opened) => Ok(Some(opened)),
            Err(SpoolError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn view(&self, opened: Opened, place: &Location, hash: [u8; 16]) -> Result<Option<MessageFile>, SpoolError> {
        let Location::Mbox { date, .. } = *place else {
            return Ok(None);
        };
        let stamp = FileStamp::of(&opened.stat);
        let unquote = self.quoting == MboxQuoting::Mboxrd;
        match MboxView::open(&opened.fd, place, hash, stamp, unquote)? {
            Some(view) => MessageFile::stretch(opened.fd, stamp.inode, date, view).map(Some),
            None => Ok(None),
        }
    }
}

/// What is shown of a message table.
fn listing(memory: MboxMemory, full: bool, at_rest: bool) -> Listing {
    let base = memory
        .messages
        .first()
        .map(|first| base(&first.head.base))
        .unwrap_or_default();
    let mut defects = Vec::new();
    let mut entries = Vec::with_capacity(memory.messages.len());
    let mut equal: HashMap<[u8; 16], u64> = HashMap::new();
    let mut last_uid = 0;
    for (index, found) in memory.messages.iter().enumerate() {
        if index == 0 && found.head.internal {
            continue;
        }
        let ordinal = equal.entry(found.head.hash).or_insert(0);
        let key = key(&found.head.hash, *ordinal);
        *ordinal += 1;
        if found.truncated {
            defects.push(Defect::new(DefectKind::TruncatedMbox, key.as_bytes()));
        }
        // UIDs rise through the file; one that does not was forged or copied along with a message.
        let uid = found.head.uid.filter(|uid| base.is_some() && *uid > last_uid);
        last_uid = uid.unwrap_or(last_uid);
        let keywords = String::from_utf8_lossy(&found.head.keywords);
        entries.push(Entry {
            base: key,
            location: found.location(),
            flags: Flags::from_mbox(&found.head.status, &found.head.x_status),
            keywords: keywords.split_ascii_whitespace().map(crate::names::printable).collect(),
            recent: !found.head.status.contains(&b'O'),
            uid,
            size: Some(found.len),
            delivered_hint: Some(found.date),
        });
    }
    if full {
        defects.push(Defect::new(DefectKind::TooManyEntries, *b""));
    }
    Listing {
        stamp: MailboxStamp {
            files: vec![Some(memory.stamp)],
        },
        consistent: at_rest && !full,
        at_rest: at_rest && !full,
        entries,
        defects,
        uidvalidity: base,
        expected: None,
        mbox_memory: (!full).then_some(memory),
        arrival_memory: None,
    }
}

/// UIDVALIDITY from `X-IMAPbase: uidvalidity last-uid …`.
fn base(value: &[u8]) -> Option<u32> {
    let first = value.split(u8::is_ascii_whitespace).next()?;
    u32::try_from(crate::maildir::filename::number(first)?)
        .ok()
        .filter(|value| *value > 0)
}

/// 32 hexadecimal digits, and `.n` for the n-th further message with the same headers.
pub(crate) fn key(hash: &[u8; 16], ordinal: u64) -> BaseName {
    let mut out = String::with_capacity(40);
    for byte in hash {
        let _ = write!(out, "{byte:02x}");
    }
    if ordinal > 0 {
        let _ = write!(out, ".{ordinal}");
    }
    BaseName(out.into_bytes())
}

fn parse_key(key: &BaseName) -> Option<([u8; 16], u64)> {
    let text = std::str::from_utf8(key.as_bytes()).ok()?;
    let (digits, ordinal) = match text.split_once('.') {
        Some((digits, ordinal)) => (digits, ordinal.parse().ok()?),
        None => (text, 0),
    };
    let value = u128::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 32)?;
    Some((value.to_be_bytes(), ordinal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_round_trip() {
        for ordinal in [0, 1, 12] {
            let hash = [0x0a; 16];
            assert_eq!(parse_key(&key(&hash, ordinal)), Some((hash, ordinal)));
        }
        for bad in [
            &b""[..],
            b"0a",
            b"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a.",
            b"\xff",
            b"1700000000.M1P2.host",
        ] {
            assert_eq!(parse_key(&BaseName::from_bytes(bad)), None);
        }
    }
}
