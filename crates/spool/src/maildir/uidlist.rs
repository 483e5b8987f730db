//! `dovecot-uidlist`: which UID Dovecot gave to which base name. Read without its lock: it is appended in place and
//! replaced by rename, so only the last line can be incomplete. Courier's `courierimapuiddb` is version 1 of it.

use std::collections::HashMap;
use std::io::BufRead;

use super::filename;

/// What the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct UidList {
    pub(crate) uidvalidity: Option<u32>,
    pub(crate) uids: HashMap<Vec<u8>, u32>,
    /// They are not here but in the names of the messages (mbsync).
    pub(crate) in_names: bool,
    /// Lines skipped, an incomplete last one not counted.
    pub(crate) bad_lines: usize,
    /// The version of its lines, if it is one that is understood.
    pub(crate) version: Option<u8>,
    /// Bytes of its complete lines: what is appended begins here.
    pub(crate) read_to: u64,
}

/// Reads what can be understood; an unknown version gives nothing.
pub(crate) fn read(mut input: impl BufRead) -> std::io::Result<UidList> {
    let mut list = UidList::default();
    let mut line = Vec::new();
    if !next_line(&mut input, &mut line)? {
        return Ok(list);
    }
    let Some((version, uidvalidity)) = header(&line) else {
        list.bad_lines = 1;
        return Ok(list);
    };
    list.uidvalidity = uidvalidity;
    list.read_to = line.len() as u64 + 1;
    read_on(input, version, list)
}

/// Reads on where a list of that version was read to; `list` takes what is there.
pub(crate) fn read_on(mut input: impl BufRead, version: u8, mut list: UidList) -> std::io::Result<UidList> {
    list.version = Some(version);
    let mut line = Vec::new();
    while next_line(&mut input, &mut line)? {
        list.read_to += line.len() as u64 + 1;
        match entry(&line, version) {
            Some((uid, base)) => _ = list.uids.insert(base.to_vec(), uid),
            None => list.bad_lines += 1,
        }
    }
    Ok(list)
}

/// mbsync's `.uidvalidity`: UIDVALIDITY, and the last UID given, each on a line; the UIDs are in the names.
pub(crate) fn read_mbsync(mut input: impl BufRead) -> std::io::Result<UidList> {
    let mut line = Vec::new();
    next_line(&mut input, &mut line)?;
    let uidvalidity = uid(&line);
    Ok(UidList {
        uidvalidity,
        in_names: uidvalidity.is_some(),
        bad_lines: usize::from(uidvalidity.is_none()),
        ..UidList::default()
    })
}

/// One complete line without its end.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    input.read_until(b'\n', line)?;
    Ok(line.pop() == Some(b'\n'))
}

/// `3 V<uidvalidity> N<next uid> G<guid>` or `1 <uidvalidity> <next uid>`.
fn header(line: &[u8]) -> Option<(u8, Option<u32>)> {
    let mut words = line.split(|b| *b == b' ');
    match words.next()? {
        b"3" => {
            let validity = words.find_map(|word| word.strip_prefix(b"V"));
            Some((3, validity.and_then(uid)))
        }
        b"1" => Some((1, Some(uid(words.next()?)?))),
        _ => None,
    }
}

/// `uid [fields] :name` (the name may hold a colon of its own) or, in version 1, `uid name`.
fn entry(line: &[u8], version: u8) -> Option<(u32, &[u8])> {
    let space = line.iter().position(|b| *b == b' ')?;
    let (number, rest) = line.split_at_checked(space)?;
    let name = if version == 1 {
        rest.get(1..)?
    } else {
        let start = rest.windows(2).position(|w| w == b" :")?;
        rest.get(start + 2..)?
    };
    let base = filename::parse(name).base;
    (!base.is_empty()).then_some((uid(number)?, base))
}

fn uid(digits: &[u8]) -> Option<u32> {
    u32::try_from(filename::number(digits)?).ok().filter(|uid| *uid > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_3_with_an_incomplete_last_line() {
        let text = b"3 V1700000001 N8 G0123\n1 :1700.a,S=3:2,S\n2 W9 S8 :1701.b\nwhat\n7 :1702.c\n8 :17";
        let list = read(&text[..]).unwrap();
        assert_eq!(list.uidvalidity, Some(1_700_000_001));
        assert_eq!(list.bad_lines, 1);
        assert_eq!(
            list.read_to,
            text.len() as u64 - 5,
            "an incomplete line is still to come"
        );
        let rest = read_on(&b"8 :1703.d\n"[..], 3, UidList::default()).unwrap();
        assert_eq!((rest.uids.get(&b"1703.d"[..]), rest.read_to), (Some(&8), 10));
        let mut uids: Vec<_> = list.uids.into_iter().collect();
        uids.sort();
        assert_eq!(
            uids,
            [
                (b"1700.a,S=3".to_vec(), 1),
                (b"1701.b".to_vec(), 2),
                (b"1702.c".to_vec(), 7)
            ]
        );
    }

    #[test]
    fn version_1_and_strangers() {
        let list = read(&b"1 170 3\n1 a:2,S\n2 b\n"[..]).unwrap();
        assert_eq!(
            (list.uidvalidity, list.uids.len(), list.uids.get(&b"a"[..])),
            (Some(170), 2, Some(&1))
        );
        assert_eq!(read(&b"9 V1\n1 :a\n"[..]).unwrap().uids.len(), 0);
        assert_eq!(read(&b""[..]).unwrap(), UidList::default());
    }
}
