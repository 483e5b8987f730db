//! Where messages begin and end: at the start of the file or after a blank line, `From ` and a date that parses.
//! `Content-Length` is believed only if a separator or the end is exactly there (mboxcl2 does not quote).

use serde::{Deserialize, Serialize};

use super::from_line;
use super::headers::{Head, HeadReader};
use super::lines::{Lines, Source, fill};
use crate::{Location, SpoolError};

/// One message of an mbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    /// Where its `From ` line begins.
    pub(crate) offset: u64,
    /// Where the message begins.
    pub(crate) start: u64,
    /// Its bytes, without the blank line that separates it from the next.
    pub(crate) len: u64,
    pub(crate) date: i64,
    pub(crate) head: Head,
    /// It ends without a newline or within its headers.
    pub(crate) truncated: bool,
}

impl Found {
    pub(crate) fn location(&self) -> Location {
        Location::Mbox {
            offset: self.offset,
            start: self.start,
            len: self.len,
            date: self.date,
        }
    }
}

/// How a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scanned {
    /// At the end, or when told to stop.
    Done,
    /// There is text where the first separator should be.
    NotMbox,
}

/// A message whose end is not known yet.
struct Open {
    offset: u64,
    start: u64,
    date: i64,
    head: Result<Head, HeadReader>,
}

/// Calls `each` with every message between `from` (0 or a separator) and `end`, until it says `false`.
pub(crate) fn scan(
    source: &impl Source,
    from: u64,
    end: u64,
    mut each: impl FnMut(Found) -> bool,
) -> Result<Scanned, SpoolError> {
    let mut lines = Lines::new(source, from, end);
    let mut open: Option<Open> = None;
    // Where the blank line before this one began. Before the first line everything counts as blank.
    let mut blank = Some(from);
    let mut complete = true;
    let mut last = from;
    while let Some(piece) = lines.next()? {
        (last, complete) = (piece.next(), piece.ends());
        if let (Some(boundary), true) = (blank, piece.starts)
            && let Some(date) = from_line::parse(piece.bytes)
        {
            let next = Open {
                offset: piece.offset,
                start: last,
                date,
                head: Err(HeadReader::new()),
            };
            if let Some(done) = open.replace(next)
                && !each(done.close(boundary, false))
            {
                return Ok(Scanned::Done);
            }
            blank = None;
            continue;
        }
        let is_blank = piece.is_blank();
        let Some(message) = open.as_mut() else {
            if is_blank {
                continue; // before the first message
            }
            return Ok(Scanned::NotMbox);
        };
        if let Err(reader) = &mut message.head {
            if is_blank {
                let head = std::mem::replace(reader, HeadReader::new()).finish();
                let claimed = head.content_length.and_then(|len| last.checked_add(len));
                message.head = Ok(head);
                if let Some(claimed) = claimed
                    && let Some(next) = boundary_at(source, claimed, end)?
                {
                    lines.seek(next);
                    (blank, last, complete) = (Some(claimed), next, true);
                    continue;
                }
            } else {
                reader.line(&piece);
            }
        }
        blank = is_blank.then_some(piece.offset);
    }
    if let Some(message) = open {
        let truncated = !complete || message.head.is_err();
        each(message.close(blank.unwrap_or(last), truncated));
    }
    Ok(Scanned::Done)
}

impl Open {
    fn close(self, end: u64, truncated: bool) -> Found {
        Found {
            offset: self.offset,
            start: self.start,
            len: end.saturating_sub(self.start),
            date: self.date,
            head: self.head.unwrap_or_else(HeadReader::finish),
            truncated,
        }
    }
}

/// If a message can end at `at`, the offset of the next separator, or `end`.
fn boundary_at(source: &impl Source, at: u64, end: u64) -> Result<Option<u64>, SpoolError> {
    if at >= end {
        return Ok((at == end).then_some(end));
    }
    let mut buf = [0; 1100];
    let got = fill(source, at, end, &mut buf)?;
    let text = buf.get(..got).unwrap_or_default();
    let skipped = [&b"\r\n"[..], b"\n", b""]
        .into_iter()
        .find(|start| text.starts_with(start))
        .map_or(0, <[u8]>::len);
    let next = at + skipped as u64;
    let rest = text.get(skipped..).unwrap_or_default();
    let line = rest
        .iter()
        .position(|b| *b == b'\n')
        .and_then(|len| rest.get(..=len))
        .unwrap_or_default();
    Ok((next == end || from_line::parse(line).is_some()).then_some(next))
}

/// Whether a message with this hash still lies exactly there; the header block alone is read.
pub(crate) fn still_there(
    source: &impl Source,
    place: &Location,
    hash: &[u8; 16],
    end: u64,
) -> Result<bool, SpoolError> {
    let Location::Mbox { offset, start, len, .. } = *place else {
        return Ok(false);
    };
    let Some(until) = start.checked_add(len).filter(|until| *until <= end && offset < start) else {
        return Ok(false);
    };
    let mut lines = Lines::new(source, offset, until.max(start));
    match lines.next()? {
        Some(line) if line.next() == start && from_line::parse(line.bytes).is_some() => {}
        _ => return Ok(false),
    }
    let mut reader = HeadReader::new();
    while let Some(piece) = lines.next()? {
        if piece.is_blank() {
            break;
        }
        reader.line(&piece);
    }
    Ok(reader.finish().hash == *hash && boundary_at(source, until, end)?.is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEP: &str = "From a@example.org Sat Feb 29 12:34:56 2020\n";

    fn split(text: &str) -> Vec<(String, bool)> {
        let source = text.as_bytes();
        let mut out = Vec::new();
        let end = scan(&source, 0, text.len() as u64, |found| {
            let range = found.start as usize..(found.start + found.len) as usize;
            out.push((text[range].to_owned(), found.truncated));
            assert!(still_there(&source, &found.location(), &found.head.hash, text.len() as u64).unwrap());
            true
        });
        assert_eq!(end, Ok(Scanned::Done));
        out
    }

    #[test]
    fn messages_end_before_the_blank_line() {
        let text = format!("{SEP}A: 1\n\nbody\n\n{SEP}A: 2\n\nFrom here\n\n\n{SEP}A: 3\n\n{SEP}A: 4\n\nx\n");
        let expected = [
            ("A: 1\n\nbody\n", false),
            ("A: 2\n\nFrom here\n\n", false),
            ("A: 3\n", false),
            ("A: 4\n\nx\n", false),
        ];
        assert_eq!(split(&text), expected.map(|(text, cut)| (text.to_owned(), cut)));
    }

    #[test]
    fn a_separator_without_a_blank_line_is_text() {
        let text = format!("{SEP}A: 1\n\nbody\n{SEP}more\n");
        assert_eq!(split(&text).len(), 1);
    }

    #[test]
    fn a_cut_message_is_shown_as_cut() {
        assert_eq!(split(&format!("{SEP}A: 1\n\nbo")), [("A: 1\n\nbo".to_owned(), true)]);
        assert_eq!(split(&format!("{SEP}A: 1\n")), [("A: 1\n".to_owned(), true)]);
        assert_eq!(split(SEP), [(String::new(), true)]);
    }

    #[test]
    fn content_length_counts_only_when_exact() {
        let body = format!("x\n\n{SEP}B: 2\n\ny\n");
        let exact = format!("{SEP}Content-Length: {}\n\n{body}\n{SEP}A: 2\n\nz\n\n", body.len());
        assert_eq!(split(&exact).len(), 2);
        assert!(split(&exact)[0].0.ends_with("B: 2\n\ny\n"));
        let wrong = exact.replace(&format!("Length: {}", body.len()), "Length: 7");
        assert_eq!(split(&wrong).len(), 3);
        let at_end = format!("{SEP}Content-Length: {}\n\n{body}", body.len());
        assert_eq!(split(&at_end).len(), 1);
        assert_eq!(split(&format!("{SEP}Content-Length: 99999\n\n{body}")).len(), 2);
    }

    #[test]
    fn other_files_are_not_mboxes() {
        for text in ["hello\n", "\n\nFrom nothing\n", "\0\0\0"] {
            let source = text.as_bytes();
            assert_eq!(scan(&source, 0, text.len() as u64, |_| true), Ok(Scanned::NotMbox));
        }
        assert_eq!(scan(&&b""[..], 0, 0, |_| true), Ok(Scanned::Done));
    }

    proptest! {
        #[test]
        fn what_is_joined_comes_apart(bodies in proptest::collection::vec("[a-z \n>]{0,60}", 0..8)) {
            let messages: Vec<String> = bodies.iter().map(|body| format!("A: b\n\n{body}\n")).collect();
            let text: String = messages.iter().map(|message| format!("{SEP}{message}\n")).collect();
            let found: Vec<String> = split(&text).into_iter().map(|(message, _)| message).collect();
            prop_assert_eq!(found, messages);
        }

        #[test]
        fn no_bytes_panic(text in "(From a Sat Feb 29 12:34:56 2020|Content-Length: [0-9]{1,20}|[a-z: ]{0,9}|\n|\r\n){0,40}") {
            let source = text.as_bytes();
            let mut last = 0;
            let _ = scan(&source, 0, text.len() as u64, |found| {
                assert!(found.offset >= last && found.start + found.len <= text.len() as u64);
                last = found.start + found.len;
                true
            });
        }
    }
}
