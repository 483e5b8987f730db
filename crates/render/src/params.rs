//! Fields with parameters: Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231), as mailers write them.

use crate::{charset, clean, encoded_word, limits::PARAMETERS};
use std::collections::BTreeMap;

/// `value; name=value; …`, decoded and cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameterised {
    /// In lower case.
    pub(crate) value: String,
    /// Names in lower case.
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Parameterised {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// One section of a parameter (RFC 2231 §3).
struct Section {
    number: u32,
    /// `*` at the end of the name: percent-encoded.
    encoded: bool,
    bytes: Vec<u8>,
}

pub(crate) fn parse(raw: &[u8]) -> Parameterised {
    let mut pieces = split(raw).into_iter();
    let value = String::from_utf8_lossy(&pieces.next().unwrap_or_default())
        .trim()
        .to_ascii_lowercase();
    let mut plain: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut sections: BTreeMap<String, Vec<Section>> = BTreeMap::new();
    for piece in pieces.take(PARAMETERS) {
        let Some(at) = piece.iter().position(|&byte| byte == b'=') else {
            continue;
        };
        let name = String::from_utf8_lossy(&piece[..at]).trim().to_ascii_lowercase();
        let bytes = unquote(piece[at + 1..].trim_ascii());
        match section_name(&name) {
            Some((base, number, encoded)) => {
                sections
                    .entry(base.to_owned())
                    .or_default()
                    .push(Section { number, encoded, bytes });
            }
            None => {
                plain.entry(name).or_insert(bytes);
            }
        }
    }
    let mut parameters: BTreeMap<String, String> = plain
        .into_iter()
        .map(|(name, bytes)| (name, clean::line(&encoded_word::decode_text(&bytes))))
        .collect();
    for (name, sections) in sections {
        // RFC 2231 is the better form where a mailer sends both.
        parameters.insert(name, clean::line(&join(sections)));
    }
    Parameterised {
        value: clean::line(&value),
        parameters,
    }
}

/// `name*`, `name*0`, `name*0*`
fn section_name(name: &str) -> Option<(&str, u32, bool)> {
    let (base, rest) = name.split_once('*')?;
    let (number, encoded) = match rest {
        "" => (0, true),
        rest => match rest.strip_suffix('*') {
            Some(number) => (number.parse().ok()?, true),
            None => (rest.parse().ok()?, false),
        },
    };
    Some((base, number, encoded))
}

/// Sections are joined as bytes, then decoded: a character may be cut between two.
fn join(mut sections: Vec<Section>) -> String {
    sections.sort_by_key(|section| section.number);
    let mut label = None;
    let mut bytes = Vec::new();
    for (place, section) in sections.iter().enumerate() {
        let mut value = &section.bytes[..];
        if place == 0 && section.encoded {
            // charset'language'text
            let mut quotes = value
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\'')
                .map(|(at, _)| at);
            if let (Some(first), Some(second)) = (quotes.next(), quotes.next()) {
                label = Some(String::from_utf8_lossy(&value[..first]).into_owned());
                value = &value[second + 1..];
            }
        }
        if section.encoded {
            percent_decode(value, &mut bytes);
        } else {
            bytes.extend_from_slice(value);
        }
    }
    match label {
        Some(label) => charset::decode(&bytes, Some(&label)).text,
        None => encoded_word::decode_text(&bytes),
    }
}

fn percent_decode(value: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < value.len() {
        let escaped = value
            .get(at + 1..at + 3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match (
            value[at],
            escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()),
        ) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
}

/// Splits at `;` outside quotes. ISO-2022-JP may hold any ASCII byte, so its stretches are skipped.
fn split(raw: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = vec![Vec::new()];
    let (mut quoted, mut comment, mut two_byte) = (false, 0_u32, false);
    let mut at = 0;
    while at < raw.len() {
        let byte = raw[at];
        if byte == 0x1b {
            two_byte = raw.get(at + 1) == Some(&b'$');
        }
        let take = match byte {
            _ if two_byte => true,
            b'\\' if quoted => {
                // The backslash goes along; `unquote` knows it.
                push(&mut pieces, byte);
                at += 1;
                at < raw.len()
            }
            b'"' if comment == 0 => {
                quoted = !quoted;
                true
            }
            // A comment (RFC 822 §3.4.3) stands apart; unquoted ISO-2022-JP escapes hold brackets too.
            b'(' if !quoted && comment < 16 && (comment > 0 || stands_apart(&pieces)) => {
                comment += 1;
                false
            }
            b')' if !quoted && comment > 0 => {
                comment -= 1;
                false
            }
            b'\r' | b'\n' => false,
            b';' if !quoted && comment == 0 => {
                pieces.push(Vec::new());
                false
            }
            _ => comment == 0,
        };
        if take {
            push(&mut pieces, raw[at]);
        }
        at += 1;
    }
    pieces
}

fn stands_apart(pieces: &[Vec<u8>]) -> bool {
    pieces
        .last()
        .and_then(|piece| piece.last())
        .is_none_or(|byte| byte.is_ascii_whitespace())
}

fn push(pieces: &mut [Vec<u8>], byte: u8) {
    if let Some(last) = pieces.last_mut() {
        last.push(byte);
    }
}

fn unquote(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else {
        return value.to_vec();
    };
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    let mut out = Vec::with_capacity(inner.len());
    let mut at = 0;
    while at < inner.len() {
        // Only these two need the backslash; Windows mailers send paths with plain ones.
        if inner[at] == b'\\' && matches!(inner.get(at + 1), Some(b'"' | b'\\')) {
            at += 1;
        }
        out.push(inner[at]);
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_mailers_send_them() {
        for (raw, name) in [
            (r#"attachment; filename="a b.pdf""#, "a b.pdf"),
            ("attachment; filename=plain.txt", "plain.txt"),
            // V-73
            ("attachment; filename*0*=utf-8''%E6%97; filename*1*=%A5.txt", "日.txt"),
            ("attachment; filename*=iso-2022-jp'ja'%1B$B2q5D%1B(B.pdf", "会議.pdf"),
            (
                r#"attachment; filename*0="long-"; filename*1="name.txt""#,
                "long-name.txt",
            ),
            (
                r#"attachment; filename="=?ISO-2022-JP?B?GyRCMnE1RBsoQg==?=.pdf""#,
                "会議.pdf",
            ),
            (
                r#"attachment; filename="x.txt"; filename*=utf-8''%E4%BC%9A.txt"#,
                "会.txt",
            ),
            (r#"attachment; filename="a\"b;c.txt""#, "a\"b;c.txt"),
            (r#"attachment; (a comment; here) filename=x.txt"#, "x.txt"),
        ] {
            assert_eq!(parse(raw.as_bytes()).get("filename"), Some(name), "{raw}");
        }
        let parsed = parse(b"Multipart/Mixed;\r\n\tboundary=\"=_b;1\"; charset=UTF-8");
        assert_eq!(
            (parsed.value.as_str(), parsed.get("boundary")),
            ("multipart/mixed", Some("=_b;1"))
        );
        assert_eq!(parse(b"image/png\r\nX: y").value, "image/pngx: y");
    }
}
