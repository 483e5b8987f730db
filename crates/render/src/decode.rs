//! Transfer encodings (RFC 2045 §6), piece by piece.

use memchr::memchr3;
use serde::{Deserialize, Serialize};

/// How a part's bytes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// As they are: 7bit, 8bit, binary, and what nobody knows.
    #[default]
    Identity,
    /// RFC 2045 §6.8
    Base64,
    /// RFC 2045 §6.7
    QuotedPrintable,
}

/// Decodes a part in pieces of any size. What does not belong to the encoding is skipped or kept as it is, never an error.
#[derive(Clone, Debug)]
pub struct PartDecoder {
    encoding: Encoding,
    /// Base64: bits that do not make a byte yet, and how many.
    bits: u32,
    count: u8,
    /// Base64: padding was met; what follows begins anew (concatenated parts are found in the wild).
    padded: bool,
    /// Base64: what follows is no base64, as the footer that a list adds behind it.
    ended: bool,
    /// Quoted-printable: bytes that need what comes next: `=…`, or white space that may end a line.
    held: Vec<u8>,
}

impl PartDecoder {
    /// A decoder at the beginning of a part.
    pub fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            bits: 0,
            count: 0,
            padded: false,
            ended: false,
            held: Vec::new(),
        }
    }

    /// Takes in encoded bytes and adds what they decode to.
    pub fn feed(&mut self, encoded: &[u8], decoded: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Identity => decoded.extend_from_slice(encoded),
            Encoding::Base64 => {
                let mut rest = encoded;
                while let [byte, after @ ..] = rest {
                    let used = if self.count == 0 { self.groups(rest, decoded) } else { 0 };
                    if used == 0 {
                        self.base64(*byte, decoded);
                        rest = after;
                    } else {
                        rest = &rest[used..];
                    }
                }
            }
            Encoding::QuotedPrintable => {
                let mut rest = encoded;
                while let [byte, after @ ..] = rest {
                    if self.held.is_empty() {
                        let end = memchr3(b'=', b'\r', b'\n', rest).unwrap_or(rest.len());
                        // White space may be at the end of the line.
                        let plain = rest[..end].trim_ascii_end().len();
                        if plain > 0 {
                            decoded.extend_from_slice(&rest[..plain]);
                            rest = &rest[plain..];
                            continue;
                        }
                    }
                    self.quoted_printable(*byte, decoded);
                    rest = after;
                }
            }
        }
    }

    /// Whole groups of four letters, of which nearly all base64 is made; says how many bytes were used.
    fn groups(&mut self, encoded: &[u8], decoded: &mut Vec<u8>) -> usize {
        if self.ended || self.padded {
            return 0;
        }
        let mut used = 0;
        for group in encoded.chunks_exact(4) {
            let [Some(a), Some(b), Some(c), Some(d)] = [group[0], group[1], group[2], group[3]].map(letter) else {
                break;
            };
            let [_, first, second, third] = (a << 18 | b << 12 | c << 6 | d).to_be_bytes();
            decoded.extend_from_slice(&[first, second, third]);
            used += 4;
        }
        used
    }

    /// Ends the part and adds what was held back.
    pub fn finish(&mut self, decoded: &mut Vec<u8>) {
        if self.encoding == Encoding::QuotedPrintable {
            let held = std::mem::take(&mut self.held);
            // A soft line break at the very end, and white space before the end, are not text.
            if held.first() == Some(&b'=') && held != b"=" && held != b"=\r" {
                decoded.extend_from_slice(&held);
            }
        }
        self.bits = 0;
        self.count = 0;
    }

    fn base64(&mut self, byte: u8, decoded: &mut Vec<u8>) {
        // The letters of base64url are taken, but no text begins with a hyphen after padding.
        if self.ended || (self.padded && byte == b'-') {
            self.ended = true;
            return;
        }
        let Some(value) = letter(byte) else {
            if byte == b'=' {
                self.padded = true;
                self.bits = 0;
                self.count = 0;
            } else {
                self.ended |= self.padded && !byte.is_ascii_whitespace();
            }
            return;
        };
        self.padded = false;
        self.bits = self.bits << 6 | value;
        self.count += 6;
        if self.count >= 8 {
            self.count -= 8;
            decoded.push((self.bits >> self.count & 0xff) as u8);
        }
    }

    fn quoted_printable(&mut self, byte: u8, decoded: &mut Vec<u8>) {
        if self.held.first() == Some(&b'=') {
            match (self.held.len(), byte) {
                // `=` at the end of a line, and white space some transport added after it.
                (_, b'\n') => self.held.clear(),
                (1, b'\r' | b' ' | b'\t') => self.held.push(byte),
                (2, b' ' | b'\t' | b'\r') if matches!(self.held[1], b' ' | b'\t' | b'\r') => {}
                (1, _) if byte.is_ascii_hexdigit() => self.held.push(byte),
                (2, _) if byte.is_ascii_hexdigit() && self.held[1].is_ascii_hexdigit() => {
                    decoded.push(hex(self.held[1]) << 4 | hex(byte));
                    self.held.clear();
                }
                _ => {
                    decoded.append(&mut self.held);
                    self.quoted_printable(byte, decoded);
                }
            }
            return;
        }
        match byte {
            b'=' => {
                decoded.append(&mut self.held);
                self.held.push(byte);
            }
            b' ' | b'\t' => self.held.push(byte),
            b'\r' | b'\n' => {
                self.held.clear();
                decoded.push(byte);
            }
            _ => {
                decoded.append(&mut self.held);
                decoded.push(byte);
            }
        }
    }
}

/// Six bits for each letter of base64 and base64url.
const LETTERS: [u8; 256] = {
    let mut letters = [NO_LETTER; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < alphabet.len() {
        letters[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    letters[b'-' as usize] = 62;
    letters[b'_' as usize] = 63;
    letters
};
const NO_LETTER: u8 = 0xff;

fn letter(byte: u8) -> Option<u32> {
    let value = LETTERS[usize::from(byte)];
    (value != NO_LETTER).then_some(u32::from(value))
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}

/// Decodes a whole part.
pub(crate) fn all(encoded: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut decoder = PartDecoder::new(encoding);
    decoder.feed(encoded, &mut decoded);
    decoder.finish(&mut decoded);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64_MIME;
    use proptest::prelude::*;

    #[test]
    fn quoted_printable_as_it_is_found() {
        for (encoded, decoded) in [
            ("a=3Db", "a=b"),
            ("caf=C3=A9", "café"),
            ("soft=\r\nbreak", "softbreak"),
            ("soft= \nbreak", "softbreak"),
            ("trailing  \r\nnext", "trailing\r\nnext"),
            ("a b", "a b"),
            ("=zz bad =4", "=zz bad =4"),
            ("x=", "x"),
            ("1 =3D 1", "1 = 1"),
        ] {
            assert_eq!(
                String::from_utf8(all(encoded.as_bytes(), Encoding::QuotedPrintable)).unwrap(),
                decoded,
                "{encoded}"
            );
        }
    }

    #[test]
    fn base64_skips_what_is_no_base64() {
        assert_eq!(all(b"aGVs\r\nbG8=\r\n!!", Encoding::Base64), b"hello");
        assert_eq!(all(b"aGVsbG8=aGVsbG8=", Encoding::Base64), b"hellohello");
        assert_eq!(
            all(b"aGVsbG8=\r\n\r\n-- added by a list --\r\n", Encoding::Base64),
            b"hello"
        );
        assert_eq!(
            all(b"aGVsbG8=\r\n____ added by a list\r\n", Encoding::Base64)[..5],
            b"hello"[..]
        );
    }

    proptest! {
        /// Byte by byte nothing is taken in groups or runs.
        #[test]
        fn groups_and_runs_make_no_difference(encoded in "[A-D=+_!\\- \\t\\r\\n0-9é]{0,80}") {
            for encoding in [Encoding::Base64, Encoding::QuotedPrintable] {
                let mut bytewise = Vec::new();
                let mut decoder = PartDecoder::new(encoding);
                encoded.as_bytes().chunks(1).for_each(|byte| decoder.feed(byte, &mut bytewise));
                decoder.finish(&mut bytewise);
                prop_assert_eq!(bytewise, all(encoded.as_bytes(), encoding));
            }
        }

        #[test]
        fn pieces_make_no_difference(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0_usize..400) {
            let encoded = BASE64_MIME.encode(&bytes).into_bytes();
            let cut = cut.min(encoded.len());
            for encoding in [Encoding::Base64, Encoding::QuotedPrintable, Encoding::Identity] {
                let mut pieces = Vec::new();
                let mut decoder = PartDecoder::new(encoding);
                decoder.feed(&encoded[..cut], &mut pieces);
                decoder.feed(&encoded[cut..], &mut pieces);
                decoder.finish(&mut pieces);
                prop_assert_eq!(&pieces, &all(&encoded, encoding));
            }
            prop_assert_eq!(all(&encoded, Encoding::Base64), bytes);
        }
    }
}
