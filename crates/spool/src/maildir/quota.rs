//! `maildirsize` (Maildir++): the quota in the first line, then what came and went, `bytes messages` on a line. Who writes mail keeps it;
//! it is made anew now and then, so it is close to the truth and not the truth.

use crate::Quota;

/// Understands what it can. `None` if there is no quota in it, or nothing of it is understood.
pub(super) fn parse(text: &[u8]) -> Option<Quota> {
    let mut lines = std::str::from_utf8(text).ok()?.lines();
    let mut quota = Quota::default();
    for part in lines.next()?.split(',') {
        let number = |suffix| part.trim().strip_suffix(suffix).and_then(|digits| digits.parse().ok());
        if let Some(bytes) = number('S') {
            quota.most_bytes = Some(bytes);
        } else if let Some(messages) = number('C') {
            quota.most_messages = Some(messages);
        }
    }
    let (mut bytes, mut messages) = (0_i64, 0_i64);
    for line in lines {
        let mut words = line.split_ascii_whitespace();
        // An incomplete last line is being written.
        let (Some(Ok(b)), Some(Ok(m))) = (words.next().map(str::parse::<i64>), words.next().map(str::parse::<i64>))
        else {
            continue;
        };
        (bytes, messages) = (bytes.saturating_add(b), messages.saturating_add(m));
    }
    quota.bytes = u64::try_from(bytes).unwrap_or(0);
    quota.messages = u64::try_from(messages).unwrap_or(0);
    // A limit of nothing is none.
    quota.most_bytes = quota.most_bytes.filter(|most| *most > 0);
    quota.most_messages = quota.most_messages.filter(|most| *most > 0);
    (quota.most_bytes.is_some() || quota.most_messages.is_some()).then_some(quota)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_and_went_is_added_up() {
        let quota = parse(b"1000000S,100C\n       1200           3\n        -200          -1\n 50").unwrap();
        assert_eq!((quota.bytes, quota.messages), (1000, 2));
        assert_eq!((quota.most_bytes, quota.most_messages), (Some(1_000_000), Some(100)));
        assert_eq!(parse(b"500C\n-5 -1\n").unwrap().bytes, 0, "never below nothing");
        for none in [&b""[..], b"0S,0C\n1 1\n", b"what\n", b"\xff"] {
            assert_eq!(parse(none), None);
        }
    }
}
