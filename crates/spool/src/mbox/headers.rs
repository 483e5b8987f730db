//! The header block of one message in an mbox: what names it, and the state programs keep in it.
//!
//! Senders can write these headers too. What they could forge is their own message's flags and, in the first message,
//! the UIDs, which are hints anyway.

use serde::{Deserialize, Serialize};

use super::lines::Piece;
use crate::maildir::filename::number;

/// Headers a mail program rewrites in place, so they must not be part of a message's name.
const MUTABLE: [(&[u8], Field); 9] = [
    (b"status", Field::Status),
    (b"x-status", Field::XStatus),
    (b"x-keywords", Field::Keywords),
    (b"x-uid", Field::Uid),
    (b"x-imap", Field::Base),
    (b"x-imapbase", Field::Base),
    (b"content-length", Field::ContentLength),
    (b"lines", Field::Ignored),
    (b"subject", Field::Subject),
];
/// No state header needs more.
const LONGEST_VALUE: usize = 64 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Status,
    XStatus,
    Keywords,
    Uid,
    Base,
    ContentLength,
    /// Looked at, but part of the name.
    Subject,
    Ignored,
    Other,
}

/// What was found in a header block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// 128 bits of BLAKE3 over the lines no one rewrites.
    pub(crate) hash: [u8; 16],
    pub(crate) status: Vec<u8>,
    pub(crate) x_status: Vec<u8>,
    pub(crate) keywords: Vec<u8>,
    pub(crate) uid: Option<u32>,
    pub(crate) content_length: Option<u64>,
    /// `UIDVALIDITY last-UID keyword…` of `X-IMAPbase` or `X-IMAP`.
    pub(crate) base: Vec<u8>,
    /// The pseudo message of UW IMAP and Pine.
    pub(crate) internal: bool,
}

/// Takes the lines of a header block one after the other.
pub(crate) struct HeadReader {
    hasher: blake3::Hasher,
    field: Field,
    values: [(Field, Vec<u8>); 7],
}

impl HeadReader {
    pub(crate) fn new() -> Self {
        let values = [
            Field::Status,
            Field::XStatus,
            Field::Keywords,
            Field::Uid,
            Field::Base,
            Field::ContentLength,
            Field::Subject,
        ];
        HeadReader {
            hasher: blake3::Hasher::new(),
            field: Field::Other,
            values: values.map(|f| (f, Vec::new())),
        }
    }

    /// One line, not the blank one that ends the block.
    pub(crate) fn line(&mut self, piece: &Piece<'_>) {
        let mut value = piece.bytes;
        if piece.starts && !piece.bytes.starts_with(b" ") && !piece.bytes.starts_with(b"\t") {
            let colon = piece.bytes.iter().position(|b| *b == b':');
            let (name, rest) = piece.bytes.split_at(colon.unwrap_or(0));
            self.field = field(name.trim_ascii_end());
            value = rest.get(1..).unwrap_or_default();
        }
        if matches!(self.field, Field::Other | Field::Subject) {
            self.hasher.update(piece.bytes);
        }
        if let Some((_, kept)) = self.values.iter_mut().find(|(field, _)| *field == self.field)
            && kept.len() < LONGEST_VALUE
        {
            kept.extend_from_slice(value);
        }
    }

    pub(crate) fn finish(mut self) -> Head {
        let mut take = |wanted: Field| {
            let slot = self.values.iter_mut().find(|(field, _)| *field == wanted);
            slot.map(|(_, value)| value.trim_ascii().to_vec()).unwrap_or_default()
        };
        let subject = take(Field::Subject);
        let base = take(Field::Base);
        let head = Head {
            hash: [0; 16],
            status: take(Field::Status),
            x_status: take(Field::XStatus),
            keywords: take(Field::Keywords),
            uid: number(&take(Field::Uid))
                .and_then(|uid| u32::try_from(uid).ok())
                .filter(|uid| *uid > 0),
            content_length: number(&take(Field::ContentLength)),
            internal: !base.is_empty() && subject.ends_with(b"FOLDER INTERNAL DATA"),
            base,
        };
        let mut hash = [0; 16];
        self.hasher.finalize_xof().fill(&mut hash);
        Head { hash, ..head }
    }
}

/// Whether mail programs keep state in the header of this name, as they do in an mbox: it says nothing of the message, and a conversion
/// to another format leaves it out or writes it anew.
pub fn is_state_header(name: &[u8]) -> bool {
    !matches!(field(name.trim_ascii_end()), Field::Other | Field::Subject)
}

fn field(name: &[u8]) -> Field {
    let known = MUTABLE.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
    match known {
        Some((_, field)) => *field,
        // Other X-IMAP headers, and Thunderbird's state, rewritten in place too.
        None if has_prefix(name, b"x-imap") || has_prefix(name, b"x-mozilla-") => Field::Ignored,
        None => Field::Other,
    }
}

fn has_prefix(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::super::lines::Lines;
    use super::*;

    fn head(text: &str) -> Head {
        let source = text.as_bytes();
        let mut lines = Lines::new(&source, 0, text.len() as u64);
        let mut reader = HeadReader::new();
        while let Some(piece) = lines.next().unwrap() {
            reader.line(&piece);
        }
        reader.finish()
    }

    #[test]
    fn state_is_read_and_is_no_part_of_the_name() {
        let plain = head("From: a\nSubject: b\n c\n");
        let full = head(
            "From: a\nX-IMAPbase: 170 9 work\n home\nStatus: RO\nX-STATUS: AF\nX-Keywords: work \nX-UID: 7\n\
             Content-Length: 12\nLines: 3\nX-Mozilla-Status: 0001\nSubject: b\n c\n",
        );
        assert_eq!(plain.hash, full.hash);
        assert_ne!(plain.hash, head("From: a\nSubject: b\n d\n").hash);
        assert_eq!(
            (&full.status[..], &full.x_status[..], &full.keywords[..]),
            (&b"RO"[..], &b"AF"[..], &b"work"[..])
        );
        assert_eq!((full.uid, full.content_length), (Some(7), Some(12)));
        assert_eq!(full.base, b"170 9 work\n home");
        assert!(!full.internal);
    }

    #[test]
    fn the_pseudo_message_needs_both_signs() {
        assert!(head("Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n").internal);
        assert!(!head("Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n").internal);
    }
}
