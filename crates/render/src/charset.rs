//! Bytes to text, once.

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, REPLACEMENT, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Names that mailers use and the WHATWG list does not have.
const ALIASES: [(&str, &Encoding); 14] = [
    ("cp932", SHIFT_JIS),
    ("ms932", SHIFT_JIS),
    ("windows-932", SHIFT_JIS),
    ("x-ms-cp932", SHIFT_JIS),
    ("sjis-win", SHIFT_JIS),
    ("shift-jisx0213", SHIFT_JIS),
    ("iso-2022-jp-ms", ISO_2022_JP),
    ("iso-2022-jp-1", ISO_2022_JP),
    ("iso-2022-jp-2", ISO_2022_JP),
    ("iso-2022-jp-3", ISO_2022_JP),
    ("cp50220", ISO_2022_JP),
    ("cp50221", ISO_2022_JP),
    ("eucjp-win", EUC_JP),
    ("eucjp-ms", EUC_JP),
];

/// The encoding of that name; `None` if nobody knows it. UTF-7 is not known: it hides markup from everyone but its decoder.
pub(crate) fn named(label: &str) -> Option<&'static Encoding> {
    let label = label.trim_matches(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'');
    let lower = label.to_ascii_lowercase();
    ALIASES
        .iter()
        .find(|(alias, _)| *alias == lower)
        .map(|(_, encoding)| *encoding)
        .or_else(|| Encoding::for_label(label.as_bytes()))
        .filter(|encoding| *encoding != REPLACEMENT)
}

/// Text and what it was read as.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// The name of the encoding used.
    pub(crate) charset: &'static str,
    /// The label was given and not known.
    pub(crate) unknown: bool,
    /// The label is known and wrong: the text was read as what it looks like.
    pub(crate) mislabelled: bool,
    /// Bytes that the encoding does not have were replaced.
    pub(crate) damaged: bool,
}

/// Decodes by the declared label; without one, or with one that nobody knows, by what the bytes look like.
pub(crate) fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    let declared = label.filter(|label| !label.trim().is_empty());
    let known = declared.and_then(named);
    let encoding = match known {
        // What calls itself ASCII is written by programs that know nothing of charsets.
        Some(_) if is_ascii_label(declared) => guess(bytes),
        Some(encoding) => encoding,
        None => guess(bytes),
    };
    let mut decoded = decode_as(bytes, encoding);
    if known == Some(encoding) && decoded.damaged && contradicts(bytes, encoding, &decoded.text) {
        decoded = decode_as(bytes, guess(bytes));
        decoded.mislabelled = true;
    }
    decoded.unknown = declared.is_some() && known.is_none();
    decoded
}

/// Whether the bytes speak against the label: 8-bit text that calls itself 7-bit, or UTF-8 of which not one character is.
fn contradicts(bytes: &[u8], encoding: &Encoding, text: &str) -> bool {
    if encoding == ISO_2022_JP {
        return !has_japanese_escape(bytes) && !bytes.is_ascii();
    }
    encoding == UTF_8 && text.chars().all(|c| c.is_ascii() || c == '\u{fffd}')
}

/// Decodes as the reader says, right or wrong; without a choice, or with one that nobody knows, as [`decode`].
pub(crate) fn decode_as_chosen(bytes: &[u8], choice: Option<&str>, declared: Option<&str>) -> Decoded {
    match choice.and_then(named) {
        Some(encoding) => decode_as(bytes, encoding),
        None => decode(bytes, declared),
    }
}

fn is_ascii_label(label: Option<&str>) -> bool {
    label.is_some_and(|label| {
        let label = label.trim();
        label.eq_ignore_ascii_case("us-ascii")
            || label.eq_ignore_ascii_case("ascii")
            || label.eq_ignore_ascii_case("ansi_x3.4-1968")
    })
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    // Messages carry their byte order mark as any other character; UTF-16 without a mark is big-endian (RFC 2781 §4.3).
    let (text, damaged) = if encoding == UTF_16LE || encoding == UTF_16BE {
        let (text, _, damaged) = encoding.decode(bytes);
        (text.into_owned(), damaged)
    } else if encoding == ISO_2022_JP {
        iso_2022_jp(bytes)
    } else {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        (text.into_owned(), damaged)
    };
    Decoded {
        text: text.trim_start_matches('\u{feff}').to_owned(),
        charset: encoding.name(),
        unknown: false,
        mislabelled: false,
        damaged,
    }
}

/// WHATWG decoders put U+FFFD between two escape sequences with nothing in between, which joined runs have; that is no damage.
fn iso_2022_jp(bytes: &[u8]) -> (String, bool) {
    let mut tidy = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == 0x1b) {
        tidy.extend_from_slice(&rest[..at]);
        let escape = escape_len(&rest[at..]);
        let after = &rest[at + escape..];
        // Only the last of several escape sequences in a row counts.
        if !(escape > 1 && after.first() == Some(&0x1b) && escape_len(after) > 1) {
            tidy.extend_from_slice(&rest[at..at + escape]);
        }
        rest = after;
    }
    tidy.extend_from_slice(rest);
    // ESC ( B at the very end of the text, after which nothing comes.
    let (text, damaged) = ISO_2022_JP.decode_without_bom_handling(&tidy);
    (text.into_owned(), damaged)
}

/// Bytes of the escape sequence that begins here; 1 if it is none that is known.
fn escape_len(bytes: &[u8]) -> usize {
    match bytes {
        [0x1b, b'(', b'B' | b'J' | b'I', ..] | [0x1b, b'$', b'@' | b'B', ..] => 3,
        [0x1b, b'$', b'(', b'D', ..] => 4,
        _ => 1,
    }
}

/// The likeliest encoding of bytes that do not say.
pub(crate) fn guess(bytes: &[u8]) -> &'static Encoding {
    if bytes.contains(&0x1b) && has_japanese_escape(bytes) {
        return ISO_2022_JP;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    // Cut UTF-8 is still UTF-8.
    if utf8_but_for_the_end(bytes) {
        return UTF_8;
    }
    let score = |encoding: &'static Encoding| {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        if damaged { i64::MIN } else { japanese_score(&text) }
    };
    let (euc, sjis) = (score(EUC_JP), score(SHIFT_JIS));
    if euc.max(sjis) <= 0 {
        WINDOWS_1252
    } else if euc >= sjis {
        EUC_JP
    } else {
        SHIFT_JIS
    }
}

fn has_japanese_escape(bytes: &[u8]) -> bool {
    bytes
        .windows(3)
        .any(|three| matches!(three, [0x1b, b'$', b'@' | b'B' | b'('] | [0x1b, b'(', b'J' | b'I']))
}

fn utf8_but_for_the_end(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => {
            error.error_len().is_none() && error.valid_up_to() > 0 && !bytes[..error.valid_up_to()].is_ascii()
        }
    }
}

/// Kana and kanji speak for the guess; half-width kana, which any Latin text becomes in Shift_JIS, against it.
fn japanese_score(text: &str) -> i64 {
    text.chars()
        .map(|c| match c {
            '\u{3041}'..='\u{30ff}' => 3,
            '\u{3000}'..='\u{3020}' | '\u{ff01}'..='\u{ff5e}' => 2,
            '\u{4e00}'..='\u{9fff}' => 1,
            '\u{ff61}'..='\u{ff9f}' => -2,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "会議メモ：①㈱サンプル、半角ｶﾅと髙﨑";

    #[test]
    fn the_same_text_in_every_japanese_charset() {
        for (encoding, label) in [
            (SHIFT_JIS, "x-sjis"),
            (SHIFT_JIS, "cp932"),
            (EUC_JP, "EUC-JP"),
            (UTF_8, "utf-8"),
        ] {
            let (bytes, _, lost) = encoding.encode(TEXT);
            if encoding != EUC_JP {
                assert!(!lost, "{label}");
            }
            let decoded = decode(&bytes, Some(label));
            if !lost {
                assert_eq!(decoded.text, TEXT, "{label}");
            }
        }
        // Vendor rows, half-width kana by ESC ( I, and joined runs.
        let jis = b"\x1b$B2q5D\x1b(B\x1b$B%a%b\x1b(B ok \x1b(I6E\x1b(B \x1b$B-!\x1b(B";
        let decoded = decode(jis, Some("iso-2022-jp-ms"));
        assert_eq!(decoded.text, "会議メモ ok ｶﾅ ①");
        assert!(!decoded.damaged);
    }

    #[test]
    fn unlabelled_bytes_are_guessed() {
        for encoding in [SHIFT_JIS, EUC_JP, UTF_8] {
            let (bytes, ..) = encoding.encode("本日の会議は中止です。よろしくお願いします。");
            assert_eq!(guess(&bytes).name(), encoding.name());
            assert_eq!(
                decode(&bytes, Some("no-such-charset")).text,
                "本日の会議は中止です。よろしくお願いします。"
            );
        }
        assert_eq!(decode(b"\x1b$B2q5D\x1b(B", None).text, "会議");
        assert_eq!(decode(b"caf\xe9 d\xe9j\xe0 vu", None).text, "café déjà vu");
        assert_eq!(decode("é".as_bytes(), Some("us-ascii")).text, "é");
    }

    #[test]
    fn a_label_that_cannot_be_is_not_believed() {
        let text = "送信先のメールボックス";
        let decoded = decode(text.as_bytes(), Some("iso-2022-jp"));
        assert_eq!((decoded.text.as_str(), decoded.mislabelled), (text, true));
        assert_eq!(decode(b"Die Fr\xf6sche", Some("utf-8")).text, "Die Frösche");
        // One damaged character does not make the rest another charset.
        let decoded = decode(b"\xe4\xbc\x9a\xff", Some("utf-8"));
        assert_eq!(
            (decoded.text.as_str(), decoded.mislabelled, decoded.damaged),
            ("会\u{fffd}", false, true)
        );
    }

    #[test]
    fn utf_7_stays_what_it_looks_like() {
        let decoded = decode(b"+ADw-script+AD4-", Some("utf-7"));
        assert_eq!(decoded.text, "+ADw-script+AD4-");
        assert!(decoded.unknown);
    }
}
