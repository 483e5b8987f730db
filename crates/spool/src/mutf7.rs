//! Modified UTF-7, the encoding of mailbox names on disk and in IMAP4rev1 (RFC 3501 §5.1.3).
//!
//! Strict both ways: what [`decode`] accepts, [`encode`] gives back byte for byte, so a name shown is never confused
//! with another. Even so a directory is found by its stored bytes only, never by encoding a name again.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/// Not modified UTF-7, or not the one way to write that text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not modified UTF-7")]
pub struct BadUtf7;

/// Text to modified UTF-7. Only `&` and what is not printable ASCII is encoded.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run: Vec<u16> = Vec::new();
    for c in text.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut run, &mut out);
            if c == '&' { out.push_str("&-") } else { out.push(c) }
        } else {
            run.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
    }
    flush(&mut run, &mut out);
    out
}

fn flush(run: &mut Vec<u16>, out: &mut String) {
    if run.is_empty() {
        return;
    }
    out.push('&');
    let (mut bits, mut held) = (0_u32, 0_u32);
    for unit in run.drain(..) {
        bits = (bits << 16) | u32::from(unit);
        held += 16;
        while held >= 6 {
            held -= 6;
            push_sextet(out, bits >> held);
            bits &= (1 << held) - 1;
        }
    }
    if held > 0 {
        push_sextet(out, bits << (6 - held));
    }
    out.push('-');
}

fn push_sextet(out: &mut String, value: u32) {
    if let Some(letter) = ALPHABET.get((value & 63) as usize) {
        out.push(char::from(*letter));
    }
}

/// Modified UTF-7 to text. Refuses bytes outside printable ASCII, lone surrogates, runs that need no encoding and
/// padding bits that are not zero.
pub fn decode(bytes: &[u8]) -> Result<String, BadUtf7> {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut after_run = false;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'&' => {
                let end = rest.iter().position(|b| *b == b'-').ok_or(BadUtf7)?;
                let (run, tail) = rest.split_at_checked(end).ok_or(BadUtf7)?;
                rest = tail.get(1..).ok_or(BadUtf7)?;
                if run.is_empty() {
                    out.push('&');
                    after_run = false;
                } else if after_run {
                    return Err(BadUtf7); // two runs in a row would have been written as one
                } else {
                    decode_run(run, &mut out)?;
                    after_run = true;
                }
            }
            b' '..=b'~' => {
                out.push(char::from(*first));
                after_run = false;
            }
            _ => return Err(BadUtf7),
        }
    }
    Ok(out)
}

fn decode_run(run: &[u8], out: &mut String) -> Result<(), BadUtf7> {
    let mut units: Vec<u16> = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in run {
        let value = ALPHABET.iter().position(|a| a == letter).ok_or(BadUtf7)?;
        bits = (bits << 6) | (value as u32);
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    if held >= 6 || bits != 0 {
        return Err(BadUtf7);
    }
    for c in char::decode_utf16(units) {
        let c = c.map_err(|_| BadUtf7)?;
        if matches!(c, ' '..='~') {
            return Err(BadUtf7);
        }
        out.push(c);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_seen_in_the_wild() {
        for (text, bytes) in [
            ("会議メモ", "&TxqLcDDhMOI-"),
            ("送信済み", "&kAFP4W4IMH8-"),
            ("下書き", "&Tgtm+DBN-"),
            ("ゴミ箱", "&MLQw33ux-"),
            ("迷惑メール", "&j,dg0TDhMPww6w-"),
            ("R&D", "R&-D"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("😀", "&2D3eAA-"),
            ("", ""),
        ] {
            assert_eq!(encode(text), bytes);
            assert_eq!(decode(bytes.as_bytes()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_no_one_should_write_is_refused() {
        for bad in [
            "&",
            "&AB",
            "&AGEAYg-",
            "&U,BTFw-&ZeVnLIqe-",
            "&2D0-",
            "&3gA-",
            "&A-",
            "&APx-",
            "\u{fc}",
            "a\n",
            "&AP/8-",
        ] {
            assert_eq!(decode(bad.as_bytes()), Err(BadUtf7), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_round_trips(text in "\\PC*|[ -~&]*|.*") {
            prop_assert_eq!(decode(encode(&text).as_bytes()), Ok(text));
        }

        #[test]
        fn what_is_accepted_has_one_spelling(bytes in "[&A-Za-z0-9+,-]{0,24}") {
            if let Ok(text) = decode(bytes.as_bytes()) {
                prop_assert_eq!(encode(&text), bytes);
            }
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode(&bytes);
        }
    }
}
