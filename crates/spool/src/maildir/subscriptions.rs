//! `subscriptions`: which mailboxes a person wants to see. Version 1 has one name on a line, version 2 begins with
//! `V<tab>2` and separates the levels of a name by tabs. Courier's names begin with `INBOX.`.

use std::collections::HashSet;

/// Names with `separator` between levels, as bytes on disk.
pub(crate) fn parse(text: &[u8], separator: u8) -> HashSet<Vec<u8>> {
    let version_2 = text.starts_with(b"V\t2");
    let lines = text.split(|b| *b == b'\n').skip(usize::from(version_2));
    lines
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .map(|line| {
            let name = if version_2 {
                from_version_2(line, separator)
            } else {
                line.to_vec()
            };
            let courier = [&b"INBOX"[..], &[separator]].concat();
            name.strip_prefix(&courier[..]).map(<[u8]>::to_vec).unwrap_or(name)
        })
        .collect()
}

/// Dovecot escapes a tab, newline and its escape character within a level by \001.
fn from_version_2(line: &[u8], separator: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    let mut bytes = line.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\t' => out.push(separator),
            1 => match bytes.next() {
                Some(b'0') => out.push(0),
                Some(b'1') => out.push(1),
                Some(b't') => out.push(b'\t'),
                Some(b'n') => out.push(b'\n'),
                Some(b'r') => out.push(b'\r'),
                Some(other) => out.push(*other),
                None => {}
            },
            other => out.push(*other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &[u8]) -> Vec<String> {
        let mut names: Vec<_> = parse(text, b'.')
            .into_iter()
            .map(|n| String::from_utf8(n).unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn both_versions_and_courier() {
        assert_eq!(names(b"Sent\nA.B\n"), ["A.B", "Sent"]);
        assert_eq!(names(b"V\t2\n\nSent\nA\tB\nx\x01ty\n"), ["A.B", "Sent", "x\ty"]);
        assert_eq!(names(b"INBOX\nINBOX.Sent\r\n"), ["INBOX", "Sent"]);
    }
}
