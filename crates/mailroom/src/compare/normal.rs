//! One form for a message, whichever format it lies in, and a digest of it. What formats change is left out, and nothing else: the
//! kind of line end, line ends at the very end, a `From ` line at the very beginning, headers that mail programs keep state in
//! (`Status`, `X-UID`, `Content-Length`, …), and, where one side is an mbox, the `>` before `From ` in the body.

use memchr::memchr;
use spool::{MessageFile, SpoolError, is_state_header};

/// Of a line, no more is looked at together: what decides about it is at its beginning.
const LONGEST: usize = 64 << 10;
/// Bytes read at once.
pub(crate) const BUFFER: usize = 128 << 10;

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    /// BLAKE3 of the two together.
    pub(crate) whole: [u8; 32],
    /// Of its headers.
    pub(crate) head: [u8; 32],
    /// Of what follows them.
    pub(crate) body: [u8; 32],
}

/// Reads a message from its beginning to its end.
pub(crate) fn digest(file: &MessageFile, unquote: bool, buffer: &mut [u8]) -> Result<Digest, SpoolError> {
    let mut normal = Normal::new(unquote);
    let mut at = 0;
    while at < file.len() {
        let got = file.read_at(at, buffer)?;
        if got == 0 {
            return Err(SpoolError::Changed); // it was longer when it was opened
        }
        normal.push(buffer.get(..got).unwrap_or_default());
        at += got as u64;
    }
    Ok(normal.finish())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Before the first line.
    Start,
    Head,
    Body,
}

struct Normal {
    unquote: bool,
    within: Within,
    /// The header whose lines these are is left out.
    skipped: bool,
    /// The beginning of a line whose end has not been read.
    line: Vec<u8>,
    /// What the line begins with has been passed on.
    cut: bool,
    /// Line ends that count only if something follows.
    ends: u64,
    out: Vec<u8>,
    hasher: blake3::Hasher,
    head: Option<[u8; 32]>,
}

impl Normal {
    fn new(unquote: bool) -> Self {
        Self {
            unquote,
            within: Within::Start,
            skipped: false,
            line: Vec::new(),
            cut: false,
            ends: 0,
            out: Vec::with_capacity(LONGEST),
            hasher: blake3::Hasher::new(),
            head: None,
        }
    }

    fn push(&mut self, mut bytes: &[u8]) {
        while let Some(at) = memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(at);
            if self.line.is_empty() {
                self.piece(line, true);
            } else {
                let mut whole = std::mem::take(&mut self.line);
                whole.extend_from_slice(line);
                self.piece(&whole, true);
                whole.clear();
                self.line = whole;
            }
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.line.extend_from_slice(bytes);
        if self.line.len() > LONGEST {
            let mut whole = std::mem::take(&mut self.line);
            // It may be the first half of a line end.
            let kept = usize::from(whole.last() == Some(&b'\r'));
            let (known, rest) = whole.split_at(whole.len() - kept);
            self.piece(known, false);
            self.line = rest.to_vec();
            whole.clear();
        }
    }

    /// A line without its end, or as much of one as has been read.
    fn piece(&mut self, bytes: &[u8], ends: bool) {
        let begins = !std::mem::replace(&mut self.cut, !ends);
        let mut bytes = bytes;
        if ends {
            bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        }
        if begins {
            match self.within {
                Within::Start | Within::Head if ends && bytes.is_empty() => return self.end_head(),
                Within::Start => {
                    self.within = Within::Head;
                    self.skipped = bytes.starts_with(b"From ") || bytes.starts_with(b">From ") || is_state(bytes);
                }
                // A line that is folded belongs to the header before it.
                Within::Head if matches!(bytes.first(), Some(b' ' | b'\t')) => {}
                Within::Head => self.skipped = is_state(bytes),
                Within::Body if self.unquote => bytes = unquoted(bytes),
                Within::Body => {}
            }
        }
        if self.skipped {
            return;
        }
        self.emit(bytes);
        self.ends += u64::from(ends);
    }

    fn emit(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        for _ in 0..std::mem::take(&mut self.ends) {
            self.out.push(b'\n');
        }
        self.out.extend_from_slice(bytes);
        if self.out.len() >= LONGEST {
            self.hasher.update(&self.out);
            self.out.clear();
        }
    }

    fn end_head(&mut self) {
        self.head = Some(self.take());
        (self.within, self.skipped, self.ends) = (Within::Body, false, 0);
    }

    fn take(&mut self) -> [u8; 32] {
        self.hasher.update(&self.out);
        self.out.clear();
        let digest = *self.hasher.finalize().as_bytes();
        self.hasher.reset();
        digest
    }

    fn finish(mut self) -> Digest {
        let line = std::mem::take(&mut self.line);
        // An mbox ends each message with LF, which makes a line end of CR where nothing followed it.
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if !line.is_empty() {
            self.piece(line, false);
        }
        let last = self.take();
        // Without an empty line all of it is headers.
        let (head, body) = match self.head {
            Some(head) => (head, last),
            None => (last, *blake3::hash(b"").as_bytes()),
        };
        let whole = self.hasher.update(&head).update(&body).finalize();
        Digest {
            whole: *whole.as_bytes(),
            head,
            body,
        }
    }
}

fn is_state(line: &[u8]) -> bool {
    memchr(b':', line)
        .and_then(|colon| line.get(..colon))
        .is_some_and(is_state_header)
}

/// `>From `, `>>From `, … are all `From `: how often a line was quoted depends on how often it went through an mbox, and of which kind.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|b| **b == b'>').count();
    line.get(quotes..)
        .filter(|rest| rest.starts_with(b"From "))
        .unwrap_or(line)
}

#[cfg(test)]
mod tests;
