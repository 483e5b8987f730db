//! Text to bytes as mail carries it.

use data_encoding::BASE64;
use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8};
use std::fmt::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Iso2022Jp,
    ShiftJis,
    EucJp,
}

impl Charset {
    pub(super) const ALL: [Charset; 4] = [Charset::Utf8, Charset::Iso2022Jp, Charset::ShiftJis, Charset::EucJp];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Iso2022Jp => "ISO-2022-JP",
            Self::ShiftJis => "Shift_JIS",
            Self::EucJp => "EUC-JP",
        }
    }

    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        let encoding: &Encoding = match self {
            Self::Utf8 => UTF_8,
            Self::Iso2022Jp => ISO_2022_JP,
            Self::ShiftJis => SHIFT_JIS,
            Self::EucJp => EUC_JP,
        };
        if self == Self::Utf8 {
            return text.as_bytes().to_vec();
        }
        // The wave dash of our texts; the tables of the web have only its full-width sister (Encoding Standard, index JIS0208).
        encoding.encode(&text.replace('〜', "～")).0.into_owned()
    }
}

/// Characters in one encoded-word: even at three bytes each they stay within the 75 of RFC 2047 §2.
const PER_WORD: usize = 12;

/// A header value, as encoded-words where it is not ASCII (RFC 2047 §5). Every word is complete by itself.
pub(super) fn header_text(text: &str, charset: Charset) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let words = chars.chunks(PER_WORD).map(|chunk| {
        let bytes = charset.encode(&chunk.iter().collect::<String>());
        format!("=?{}?B?{}?=", charset.label(), BASE64.encode(&bytes))
    });
    words.collect::<Vec<_>>().join("\n ")
}

/// `Name <address>`; a name with specials is quoted (RFC 5322 §3.4).
pub(super) fn mailbox((name, address): (&str, &str), charset: Charset) -> String {
    match name {
        "" => address.to_owned(),
        name if name.is_ascii() => format!("\"{name}\" <{address}>"),
        name => format!("{} <{address}>", header_text(name, charset)),
    }
}

/// Base64 in lines of 76 (RFC 2045 §6.8).
pub(super) fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    let text = BASE64.encode(bytes).into_bytes();
    text.chunks(76)
        .flat_map(|line| line.iter().copied().chain([b'\n']))
        .collect()
}

/// Quoted-printable (RFC 2045 §6.7).
pub(super) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    let mut column = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' {
            out.push('\n');
            column = 0;
            continue;
        }
        if column > 70 {
            out.push_str("=\n");
            column = 0;
        }
        let ends_line = bytes.get(at + 1).is_none_or(|next| *next == b'\n');
        if (byte == b' ' && !ends_line) || (byte.is_ascii_graphic() && byte != b'=') {
            out.push(char::from(byte));
            column += 1;
        } else {
            let _ = write!(out, "={byte:02X}");
            column += 3;
        }
    }
    out.into_bytes()
}

/// A parameter as RFC 2231 has it.
pub(super) fn rfc2231(name: &str, value: &str) -> String {
    let mut out = format!("{name}*=UTF-8''");
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_charset_holds_the_characters_of_our_texts() {
        for charset in Charset::ALL {
            let bytes = charset.encode("9:00〜17:00 髙橋 ①㈱");
            let read =
                Encoding::for_label(charset.label().as_bytes()).map(|encoding| encoding.decode(&bytes).0.into_owned());
            let read = read.unwrap_or_default();
            assert!(
                !read.contains('&') && !read.contains('\u{fffd}'),
                "{}: {read}",
                charset.label()
            );
        }
    }
}
