//! A message of any size in bounded memory.
//!
//! Small messages are kept whole. Of a large one, each stretch without a line that may be a boundary (RFC 2046 §5.1.1: it begins
//! with `--`) keeps only its beginning: enough to show text, and enough of an attachment to see what it is. What was left
//! out is remembered, so that a place in the skeleton is a place in the file.

use crate::{
    defect::{Defect, DefectKind},
    html::source::Ready,
    limits::{BOUNDARY_LINES, KEPT, KEPT_BASE64, KEPT_TEXT, WHOLE},
    structure::{self, Structure},
};
use memchr::{memchr, memmem};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// Containers that make the parser's records nest, which costs stack: messages inside messages.
const NESTING: [(&[u8], &[u8]); 3] = [
    (b"message/rfc822", b"text/x-rfc-822"),
    (b"message/global", b"text/x-rfc-822"),
    (b"multipart/digest", b"multipart/x-many"),
];
/// Such containers that are taken for what they say; real digests have some hundred.
const NESTED: usize = 500;
/// Of a stretch, searched for its transfer encoding.
const STRETCH_HEAD: usize = 16 << 10;

/// A place before which bytes of the file were left out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Cut {
    place: usize,
    left_out: u64,
    /// Of what was left out, the line end before the boundary: it belongs to the boundary (RFC 2046 §5.1.1).
    line_end: u64,
}

/// See the module. Between processes goes what was read; what was found out of it is found out again.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Skeleton {
    #[serde(with = "serde_bytes")]
    pub(crate) bytes: Vec<u8>,
    /// In the order of their places.
    cuts: Vec<Cut>,
    pub(crate) defects: Vec<Defect>,
    /// What it is made of, once somebody asked.
    #[serde(skip)]
    structure: OnceLock<Structure>,
    /// Its HTML, from the page to the frame.
    #[serde(skip)]
    pub(crate) html: Ready,
}

impl Skeleton {
    /// A message that is in memory already.
    pub fn whole(message: &[u8]) -> Self {
        let mut builder = SkeletonBuilder::new(message.len() as u64);
        builder.feed(message);
        builder.finish()
    }

    /// What is in memory; the whole message if that is as long.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Bytes in memory: the message without what only a download needs.
    pub fn held(&self) -> usize {
        self.bytes.len()
    }

    /// What the message is made of; found out once.
    pub(crate) fn structure(&self) -> &Structure {
        self.structure.get_or_init(|| structure::find(self))
    }

    /// The place in the file of a place in the skeleton.
    pub(crate) fn in_file(&self, place: usize) -> u64 {
        place as u64
            + self
                .cuts
                .iter()
                .filter(|cut| cut.place <= place)
                .map(|cut| cut.left_out)
                .sum::<u64>()
    }

    /// The place in the file of the end of a part. In front of a cut the line end that was kept stands for the one before the
    /// boundary, so what was left out belongs to the part.
    pub(crate) fn end_in_file(&self, end: usize) -> u64 {
        match self.cut_at_end(end) {
            Some(cut) => self.in_file(cut.place) - cut.line_end,
            None => self.in_file(end),
        }
    }

    /// Whether nothing is left out of the part between two places.
    pub(crate) fn has_all(&self, from: usize, end: usize) -> bool {
        self.cut_at_end(end).is_none() && !self.cuts.iter().any(|cut| (from..=end).contains(&cut.place))
    }

    fn cut_at_end(&self, end: usize) -> Option<&Cut> {
        self.cuts
            .iter()
            .filter(|cut| cut.place >= end)
            .find(|cut| matches!(self.bytes.get(end..cut.place), Some(b"" | b"\n" | b"\r\n")))
    }
}

/// Takes a message in, piece by piece.
#[derive(Debug)]
pub struct SkeletonBuilder {
    skeleton: Skeleton,
    keep_all: bool,
    /// Where the present stretch begins in the skeleton.
    stretch: usize,
    /// Where the present line begins there.
    line: usize,
    /// How much of it is kept at most; known once its header was seen.
    limit: Option<usize>,
    /// Bytes left out since the limit was reached.
    left_out: Option<u64>,
    /// While leaving out: how much of `\n--` the last bytes were.
    matched: usize,
    /// While leaving out: the last byte, and whether the last line ended in CRLF.
    last: u8,
    crlf: bool,
    boundary_lines: usize,
    full: bool,
}

impl SkeletonBuilder {
    /// For a message file of `size` bytes.
    pub fn new(size: u64) -> Self {
        let keep_all = size <= WHOLE;
        let expected = if keep_all {
            usize::try_from(size).unwrap_or(0)
        } else {
            0
        };
        Self {
            skeleton: Skeleton {
                bytes: Vec::with_capacity(expected),
                ..Skeleton::default()
            },
            keep_all,
            stretch: 0,
            line: 0,
            limit: None,
            left_out: None,
            matched: 0,
            last: 0,
            crlf: false,
            boundary_lines: 0,
            full: false,
        }
    }

    /// The next bytes of the file.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        if self.keep_all {
            self.skeleton.bytes.extend_from_slice(bytes);
            return;
        }
        while !bytes.is_empty() && !self.full {
            let used = if self.left_out.is_some() {
                self.leave_out(bytes)
            } else {
                self.keep(bytes)
            };
            bytes = &bytes[used..];
        }
    }

    /// Keeps bytes up to the end of a line or the limit; says how many.
    fn keep(&mut self, bytes: &[u8]) -> usize {
        let line = memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
        let kept = &mut self.skeleton.bytes;
        if kept.last().is_none_or(|&byte| byte == b'\n') {
            self.line = kept.len();
        }
        // A line may come in several pieces.
        let seen = kept.len() >= self.line + 2;
        kept.extend_from_slice(&bytes[..line]);
        if !seen && kept[self.line..].starts_with(b"--") {
            self.boundary_lines += 1;
            self.stretch = self.line;
            self.limit = None;
        }
        if kept.len() >= KEPT || self.boundary_lines > BOUNDARY_LINES {
            self.full = true;
            let defect = Defect {
                kind: DefectKind::TooLarge,
                detail: String::new(),
            };
            self.skeleton.defects.push(defect);
        } else if kept.len() - self.stretch >= self.limit() && self.skeleton.bytes.ends_with(b"\n") {
            self.left_out = Some(0);
            self.matched = 1;
            self.crlf = self.skeleton.bytes.ends_with(b"\r\n");
        }
        line
    }

    fn limit(&mut self) -> usize {
        let stretch = &self.skeleton.bytes[self.stretch..];
        if stretch.len() < KEPT_BASE64 {
            return KEPT_BASE64;
        }
        *self.limit.get_or_insert_with(|| {
            let head = stretch[..STRETCH_HEAD.min(stretch.len())].to_ascii_lowercase();
            let attached =
                memmem::find(&head, b"base64").is_some() && memmem::find(&head, b"content-type: text/").is_none();
            if attached { KEPT_BASE64 } else { KEPT_TEXT }
        })
    }

    /// Leaves bytes out up to a line that begins with `--`; says how many were used.
    fn leave_out(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            match (self.matched, bytes[at]) {
                (1, b'-') => self.matched = 2,
                (2, b'-') => {
                    // The kept part ends in a line end, so `--` alone begins a line again.
                    let left_out = self.left_out.take().unwrap_or(0) + at as u64 - 1;
                    let place = self.skeleton.bytes.len();
                    let line_end = if left_out == 0 { 0 } else { 1 + u64::from(self.crlf) };
                    self.skeleton.cuts.push(Cut {
                        place,
                        left_out,
                        line_end,
                    });
                    self.stretch = place;
                    self.line = place;
                    self.limit = None;
                    self.boundary_lines += 1;
                    self.skeleton.bytes.extend_from_slice(b"--");
                    return at + 1;
                }
                (_, b'\n') => {
                    let before = at.checked_sub(1).map_or(self.last, |before| bytes[before]);
                    self.crlf = before == b'\r';
                    self.matched = 1;
                }
                _ => {
                    self.matched = 0;
                    // To the end of the line at once.
                    match memchr(b'\n', &bytes[at..]) {
                        Some(end) => {
                            at += end;
                            continue;
                        }
                        None => break,
                    }
                }
            }
            at += 1;
        }
        if let Some(left_out) = &mut self.left_out {
            *left_out += bytes.len() as u64;
        }
        self.last = bytes.last().copied().unwrap_or(self.last);
        bytes.len()
    }

    /// The end of the file.
    pub fn finish(mut self) -> Skeleton {
        if let Some(left_out) = self.left_out.take() {
            let place = self.skeleton.bytes.len();
            self.skeleton.cuts.push(Cut {
                place,
                left_out,
                line_end: 0,
            });
        }
        let bytes = &mut self.skeleton.bytes;
        let head = &bytes[..bytes.len().min(64 << 10)];
        if head.contains(&b'\r') && !head.contains(&b'\n') {
            // Line ends of old Macs; the length stays, so places stay.
            bytes
                .iter_mut()
                .filter(|byte| **byte == b'\r')
                .for_each(|byte| *byte = b'\n');
        }
        if bytes.starts_with(&[0; 16]) {
            self.skeleton.defects.push(Defect {
                kind: DefectKind::NulBytes,
                detail: String::new(),
            });
        }
        tame_nesting(bytes, &mut self.skeleton.defects);
        self.skeleton
    }
}

/// Renames containers beyond the limit, in place and with the same length.
fn tame_nesting(bytes: &mut [u8], defects: &mut Vec<Defect>) {
    let mut found = 0;
    let mut at = 0;
    while let Some(slash) = memchr(b'/', &bytes[at..]) {
        let slash = at + slash;
        at = slash + 1;
        for (name, tame) in NESTING {
            let type_len = name.iter().position(|&byte| byte == b'/').unwrap_or(0);
            let Some(start) = slash.checked_sub(type_len) else {
                continue;
            };
            let Some(here) = bytes.get_mut(start..start + name.len()) else {
                continue;
            };
            if !here.eq_ignore_ascii_case(name) {
                continue;
            }
            found += 1;
            if found > NESTED {
                here.copy_from_slice(tame);
                if found == NESTED + 1 {
                    defects.push(Defect {
                        kind: DefectKind::TooDeep,
                        detail: String::new(),
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn large() -> (Vec<u8>, usize, usize) {
        let mut file = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\n\
            Content-Type: application/x\nContent-Transfer-Encoding: base64\n\n"
            .to_vec();
        let start = file.len();
        for _ in 0..100_000 {
            file.extend_from_slice(b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM=\n");
        }
        let end = file.len();
        file.extend_from_slice(b"--b\nContent-Type: text/plain\n\nthe end\n--b--\n");
        (file, start, end)
    }

    #[test]
    fn a_large_message_is_kept_small_and_places_are_those_of_the_file() {
        let (file, _, end) = large();
        let mut kept = Vec::new();
        for piece in [1, 7, 1_000, 65_537, file.len()] {
            let mut builder = SkeletonBuilder::new(file.len() as u64);
            file.chunks(piece).for_each(|chunk| builder.feed(chunk));
            let skeleton = builder.finish();
            assert!(skeleton.bytes.len() < 100_000, "{}", skeleton.bytes.len());
            let last = memmem::find(&skeleton.bytes, b"--b\nContent-Type: text/plain\n\nthe end").unwrap();
            assert_eq!(skeleton.in_file(last), end as u64, "pieces of {piece}");
            assert!(skeleton.bytes.ends_with(b"the end\n--b--\n"));
            assert_eq!(skeleton.in_file(0), 0);
            kept.push(skeleton.bytes);
        }
        // However the file comes in, the same is kept.
        assert!(kept.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_small_message_is_kept_whole() {
        let skeleton = Skeleton::whole(b"A: b\n\n--x\n");
        assert_eq!(skeleton.bytes, b"A: b\n\n--x\n");
        assert!(skeleton.has_all(0, 10));
        assert_eq!(Skeleton::whole(b"A: b\r\rx").bytes, b"A: b\n\nx");
    }

    #[test]
    fn messages_in_messages_without_end_are_tamed() {
        let nested = b"Content-Type: message/rfc822\n\n".repeat(5_000);
        let skeleton = Skeleton::whole(&nested);
        assert_eq!(skeleton.bytes.len(), nested.len());
        assert_eq!(memmem::find_iter(&skeleton.bytes, b"message/rfc822").count(), NESTED);
        assert!(skeleton.defects.iter().any(|defect| defect.kind == DefectKind::TooDeep));
    }
}
