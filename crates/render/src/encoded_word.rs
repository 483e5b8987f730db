//! Header fields in one charset: raw 8-bit and raw ISO-2022-JP decoded, encoded words (RFC 2047) joined where mailers cut
//! characters in two, and written again as UTF-8, so that whatever parses the field afterwards sees text.

use crate::{
    charset,
    decode::{self, Encoding},
    limits::ENCODED_WORDS,
};
use data_encoding::BASE64;

/// The header block in UTF-8, its encoded words as UTF-8 encoded words. Fields keep their names and order.
pub(crate) fn normalise(block: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(block.len() + block.len() / 4);
    for field in fields(block) {
        let text = charset::decode(field, None).text;
        join_words(&text, &mut |piece| out.extend_from_slice(piece.in_header().as_bytes()));
    }
    out
}

/// The text of one field value, with its encoded words decoded wherever they stand.
pub(crate) fn decode_text(value: &[u8]) -> String {
    let text = charset::decode(value, None).text;
    let mut out = String::with_capacity(text.len());
    join_words(&text, &mut |piece| match piece {
        Piece::Plain(plain) => out.push_str(plain),
        Piece::Decoded(decoded) => out.push_str(&decoded),
    });
    out
}

/// Splits a block into fields with their continuation lines.
pub(crate) fn fields(block: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = block;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = 0;
        loop {
            end += rest[end..]
                .iter()
                .position(|&byte| byte == b'\n')
                .map_or(rest.len() - end, |at| at + 1);
            if !matches!(rest.get(end), Some(b' ' | b'\t')) {
                break;
            }
        }
        let (field, after) = rest.split_at(end);
        rest = after;
        Some(field)
    })
}

enum Piece<'a> {
    Plain(&'a str),
    Decoded(String),
}

impl Piece<'_> {
    fn in_header(&self) -> String {
        match self {
            Piece::Plain(plain) => (*plain).to_owned(),
            Piece::Decoded(text) => format!("=?utf-8?B?{}?=", BASE64.encode(text.as_bytes())),
        }
    }
}

/// One encoded word: `=?charset?encoding?text?=`, with RFC 2231's language cut off the charset.
struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    /// Where the text goes on.
    rest: &'a str,
}

fn word(text: &str) -> Option<Word<'_>> {
    let inner = text.strip_prefix("=?")?;
    let (charset, inner) = inner.split_once('?')?;
    let (encoding, inner) = inner.split_once('?')?;
    if charset.is_empty() || charset.len() > 60 || charset.contains(char::is_whitespace) {
        return None;
    }
    // Mailers write spaces into Q words, and fold inside words.
    let (payload, rest) = inner.split_once("?=")?;
    let bytes = match encoding {
        "B" | "b" => decode::all(payload.as_bytes(), Encoding::Base64),
        "Q" | "q" => decode::all(
            payload.replace('_', " ").replace(' ', "=20").as_bytes(),
            Encoding::QuotedPrintable,
        ),
        _ => return None,
    };
    Some(Word {
        charset: charset.split('*').next().unwrap_or(charset),
        bytes,
        rest,
    })
}

fn join_words<'a>(text: &'a str, give: &mut dyn FnMut(Piece<'a>)) {
    let mut rest = text;
    let mut words = 0;
    while let Some(at) = rest.find("=?") {
        let Some(first) = word(&rest[at..]).filter(|_| words < ENCODED_WORDS) else {
            give(Piece::Plain(&rest[..at + 2]));
            rest = &rest[at + 2..];
            continue;
        };
        give(Piece::Plain(&rest[..at]));
        words += 1;
        let (charset, mut bytes) = (first.charset, first.bytes);
        let mut decoded = String::new();
        rest = first.rest;
        let mut current = charset;
        // White space between encoded words is not text (RFC 2047 §6.2); equal charsets are joined as bytes.
        while let Some(next) = rest
            .trim_start()
            .starts_with("=?")
            .then(|| word(rest.trim_start()))
            .flatten()
        {
            words += 1;
            if !next.charset.eq_ignore_ascii_case(current) {
                decoded.push_str(&charset::decode(&bytes, Some(current)).text);
                bytes.clear();
                current = next.charset;
            }
            bytes.extend_from_slice(&next.bytes);
            rest = next.rest;
            if words >= ENCODED_WORDS {
                break;
            }
        }
        decoded.push_str(&charset::decode(&bytes, Some(current)).text);
        give(Piece::Decoded(decoded));
    }
    give(Piece::Plain(rest));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_before_they_are_decoded() {
        for (raw, text) in [
            ("=?UTF-8?B?5Lya?= =?UTF-8?B?6K2w?=", "会議"),
            // One character in two words.
            ("=?utf-8?B?5Lw=?= =?UTF-8?B?mg==?=", "会"),
            ("=?ISO-2022-JP?B?GyRCMnE1RBsoQg==?=", "会議"),
            ("=?iso-2022-jp?Q?=1B$B2q?=\r\n =?iso-2022-jp?Q?5D=1B(B?=", "会議"),
            ("=?Shift_JIS?B?iO+LYw==?= =?utf-8?Q?_x?=", "茨議 x"),
            ("Re: =?utf-8?q?a_b?= c", "Re: a b c"),
            ("=?utf-8?q?two words?=", "two words"),
            ("=?utf-7?Q?+ADw-b+AD4-?=", "+ADw-b+AD4-"),
            ("not =? a word", "not =? a word"),
            ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ] {
            assert_eq!(decode_text(raw.as_bytes()), text, "{raw}");
        }
        assert_eq!(decode_text(b"\x1b$B2q5D\x1b(B raw"), "会議 raw");
        assert_eq!(decode_text("生の題".as_bytes()), "生の題");
    }

    #[test]
    fn a_block_keeps_its_fields() {
        let block = b"Subject: =?utf-8?B?5Lw=?=\r\n =?utf-8?B?mg==?=\r\nFrom: \x1b$B2q\x1b(B <a@b>\r\n\r\n";
        assert_eq!(fields(block).count(), 3);
        let out = String::from_utf8(normalise(block)).unwrap();
        assert_eq!(out, "Subject: =?utf-8?B?5Lya?=\r\nFrom: 会 <a@b>\r\n\r\n");
    }
}
