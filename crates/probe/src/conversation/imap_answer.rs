//! Answers of IMAP (RFC 9051 §7), as far as a probe has to understand them.

use crate::{trouble::Trouble, wire::Talk};

/// One response of a server.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// `* OK …`, or `p1 OK …` to the command of that tag.
    Status(Status),
    /// `* …` that is no status, with its literals in place.
    Data(Vec<u8>),
    /// `+ …`
    Continue,
}

/// A status response (RFC 9051 §7.1).
#[derive(Debug, PartialEq, Eq)]
pub struct Status {
    /// `*` or the tag.
    pub tag: Vec<u8>,
    pub word: Word,
    /// Code and text, as they are.
    pub text: Vec<u8>,
}

/// The word of a status response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Ok,
    No,
    Bad,
    Preauth,
    Bye,
}

impl Status {
    /// What stands in brackets before the text (RFC 9051 §7.1), if anything does.
    pub fn code(&self) -> &[u8] {
        let inside = self.text.strip_prefix(b"[").unwrap_or_default();
        let end = inside.iter().position(|byte| *byte == b']').unwrap_or(0);
        inside.get(..end).unwrap_or_default()
    }
}

impl Word {
    fn of(word: &[u8]) -> Option<Self> {
        match word.to_ascii_uppercase().as_slice() {
            b"OK" => Some(Self::Ok),
            b"NO" => Some(Self::No),
            b"BAD" => Some(Self::Bad),
            b"PREAUTH" => Some(Self::Preauth),
            b"BYE" => Some(Self::Bye),
            _ => None,
        }
    }
}

/// The next response.
pub async fn answer(talk: &mut Talk) -> Result<Answer, Trouble> {
    let line = talk.line().await?;
    if line == b"+" || line.starts_with(b"+ ") {
        return Ok(Answer::Continue);
    }
    let (tag, rest) = split(&line);
    let (word, text) = split(rest);
    let is_tag = tag == b"*" || (!tag.is_empty() && tag.iter().all(u8::is_ascii_alphanumeric));
    // The text of a status is free: what looks like a literal at its end is none.
    match Word::of(word) {
        Some(word) if is_tag => Ok(Answer::Status(Status {
            tag: tag.to_vec(),
            word,
            text: text.to_vec(),
        })),
        None if tag == b"*" && !word.is_empty() => Ok(Answer::Data(with_literals(talk, line).await?)),
        _ => Err(Trouble::protocol(&talk.quote(&line))),
    }
}

/// A line that ends with the size of a literal goes on with so many bytes, and then as a line again (RFC 9051 §4.3).
async fn with_literals(talk: &mut Talk, mut line: Vec<u8>) -> Result<Vec<u8>, Trouble> {
    let mut size = literal(&line);
    while let Some(length) = size {
        line.extend(talk.exactly(length).await?);
        let rest = talk.line().await?;
        size = literal(&rest);
        line.extend(rest);
    }
    Ok(line)
}

/// `{5}` at the end of a line; `None` if there is none. A size that no number holds is one that is too long.
fn literal(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"}")?;
    let start = line.iter().rposition(|byte| *byte == b'{')?;
    let digits = line.get(start + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    let number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    number.then(|| std::str::from_utf8(digits).ok()?.parse().ok().or(Some(usize::MAX)))?
}

fn split(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|byte| *byte == b' ') {
        Some(at) => (
            line.get(..at).unwrap_or_default(),
            line.get(at + 1..).unwrap_or_default(),
        ),
        None => (line, &[]),
    }
}

/// A string as a command may hold it (RFC 9051 §4.3): quoted, or `None` if only a literal can hold it.
pub fn quoted(text: &str) -> Option<Vec<u8>> {
    // RFC 9051 §9: `quoted` takes UTF-8 in IMAP4rev2 alone; who sends it to others sends a literal.
    if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    let mut quoted = vec![b'"'];
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(byte);
    }
    quoted.push(b'"');
    Some(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_literals() {
        assert_eq!(literal(b"* LIST () \"/\" {5}"), Some(5));
        assert_eq!(literal(b"* X ~{0}"), Some(0));
        assert_eq!(literal(b"* X {99999999999999999999999}"), Some(usize::MAX));
        for none in [
            &b"* X {}"[..],
            b"* X {-1}",
            b"* X {5} ",
            b"* X 5}",
            b"}",
            b"",
            b"* X {a5}",
        ] {
            assert_eq!(literal(none), None);
        }
    }

    #[test]
    fn a_quoted_string_ends_where_it_should() {
        assert_eq!(quoted(r#"a"b\c"#).as_deref(), Some(&br#""a\"b\\c""#[..]));
        assert_eq!(quoted("パス"), None);
        assert_eq!(quoted("a\r\nb"), None);
    }

    #[test]
    fn codes() {
        let status = |text: &[u8]| Status {
            tag: b"*".to_vec(),
            word: Word::No,
            text: text.to_vec(),
        };
        assert_eq!(status(b"[UNAVAILABLE] later").code(), b"UNAVAILABLE");
        assert_eq!(status(b"UNAVAILABLE] later").code(), b"");
        assert_eq!(status(b"[UNAVAILABLE later").code(), b"");
    }
}
