//! The doors for `fuzz/`: each takes any bytes, and holds what is promised of them.

use std::collections::HashMap;

use crate::maildir::{courier::Courier, filename, keywords::Keywords, subscriptions as names, uidlist as uids};
use crate::mbox::{Scanned, scan};
use crate::{Flags, mutf7, names::display};

/// A name in `cur`: what comes before the info is the base name, and flags are never part of it.
pub fn maildir_names(bytes: &[u8]) {
    let parsed = filename::parse(bytes);
    assert!(bytes.starts_with(parsed.base));
    assert!(!parsed.base.contains(&b':') && !parsed.letters.contains(&b','));
    let _ = (
        filename::size(parsed.base),
        filename::uid(parsed.base),
        filename::delivered(parsed.base),
    );
    let _ = Flags::from_maildir(parsed.letters);
    let _ = Courier::update(bytes);
}

/// A file of messages: they lie in it, in order, and do not overlap; and a file that grew is read as one read whole.
pub fn mbox(bytes: &[u8]) {
    let all = |bytes: &[u8]| {
        let mut found = Vec::new();
        let end = scan(&bytes, 0, bytes.len() as u64, |message| {
            found.push((message.offset, message.start, message.len));
            true
        });
        (end, found)
    };
    let (end, found) = all(bytes);
    let mut last = 0;
    for (offset, start, len) in &found {
        assert!(*offset >= last && start > offset && start + len <= bytes.len() as u64);
        last = start + len;
    }
    if end == Ok(Scanned::Done)
        && let Some((offset, ..)) = found.last()
    {
        let mut again = Vec::new();
        let _ = scan(&bytes, *offset, bytes.len() as u64, |message| {
            again.push((message.offset, message.start, message.len));
            true
        });
        assert_eq!(
            found.last(),
            again.last(),
            "the last message is read again from its own beginning"
        );
    }
}

/// A mailbox name: what is decoded encodes to what decodes to the same; what is shown holds no control character.
pub fn modified_utf7(bytes: &[u8]) {
    if let Ok(name) = mutf7::decode(bytes) {
        assert_eq!(
            mutf7::decode(mutf7::encode(&name).as_bytes()).as_deref(),
            Ok(name.as_str())
        );
    }
    let (shown, _) = display(bytes);
    assert!(!shown.chars().any(char::is_control));
}

/// Dovecot's, Courier's and mbsync's UIDs: none is 0.
pub fn uidlist(bytes: &[u8]) {
    for list in [uids::read(bytes), uids::read_mbsync(bytes)].into_iter().flatten() {
        let by_name: &HashMap<Vec<u8>, u32> = &list.uids;
        assert!(by_name.iter().all(|(base, uid)| !base.is_empty() && *uid > 0));
        assert_ne!(list.uidvalidity, Some(0));
    }
}

/// Dovecot's and Courier's keywords.
pub fn keywords(bytes: &[u8]) {
    let (letters, _) = Keywords::parse(bytes);
    for letter in b'a'..=b'z' {
        assert!(
            letters
                .name(letter)
                .is_none_or(|name| !name.chars().any(char::is_control))
        );
    }
    let (mut courier, _) = Courier::parse(bytes);
    courier.replace(b"1.a", bytes);
    assert!(
        courier
            .of(b"1.a")
            .iter()
            .all(|name| !name.chars().any(char::is_control))
    );
}

/// Lists of subscribed mailboxes.
pub fn subscriptions(bytes: &[u8]) {
    for separator in [b'.', b'/'] {
        assert!(
            names::parse(bytes, separator)
                .iter()
                .all(|name| name.len() <= bytes.len())
        );
    }
}
