//! Small encodings of columns.

/// A list of strings: each after its length in four bytes, little-endian.
pub(crate) fn strings(list: &[String]) -> Vec<u8> {
    let mut out = Vec::new();
    for text in list {
        out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        out.extend_from_slice(text.as_bytes());
    }
    out
}

/// Reads [`strings`]; stops at what it did not write.
pub(crate) fn unpack_strings(mut bytes: &[u8]) -> Vec<String> {
    let mut list = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let Some((text, rest)) = rest.split_at_checked(length) else {
            break;
        };
        list.push(String::from_utf8_lossy(text).into_owned());
        bytes = rest;
    }
    list
}

const WHOLE: u8 = 0;
const AROUND_BASE: u8 = 1;

/// A location mostly repeats the base name: then only what stands before and after it is kept.
pub(crate) fn location(base: &[u8], location: &[u8]) -> Vec<u8> {
    let found = (!base.is_empty())
        .then(|| location.windows(base.len()).position(|window| window == base))
        .flatten();
    match found.and_then(|at| u8::try_from(at).ok()) {
        Some(length) => {
            let at = usize::from(length);
            [&[AROUND_BASE, length], &location[..at], &location[at + base.len()..]].concat()
        }
        None => [&[WHOLE], location].concat(),
    }
}

/// Reads [`location`].
pub(crate) fn unpack_location(base: &[u8], packed: &[u8]) -> Vec<u8> {
    match packed {
        [AROUND_BASE, length, rest @ ..] => {
            let (before, after) = rest.split_at(usize::from(*length).min(rest.len()));
            [before, base, after].concat()
        }
        [_, whole @ ..] => whole.to_vec(),
        [] => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back() {
        for list in [
            vec![],
            vec![String::new()],
            vec!["a".into(), String::new(), "会議\0x".into()],
        ] {
            assert_eq!(unpack_strings(&strings(&list)), list);
        }
        assert_eq!(unpack_strings(&[9, 0, 0, 0, b'x']), Vec::<String>::new());
    }

    #[test]
    fn locations_come_back_and_do_not_repeat_the_base_name() {
        let long = [vec![b'p'; 300], b"base".to_vec()].concat();
        for (base, place) in [
            (&b"17.M1P2.h"[..], &b"\x0117.M1P2.h:2,FS"[..]),
            (b"", b"\x02abc"),
            (b"x", b""),
            (b"absent", b"\x01other"),
            (b"base", &long),
            (b"aa", b"aaa"),
        ] {
            assert_eq!(unpack_location(base, &location(base, place)), place);
        }
        assert_eq!(location(b"17.M1P2.h", b"\x0117.M1P2.h:2,FS").len(), 2 + 1 + 5);
    }
}
