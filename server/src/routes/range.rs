//! One byte range (RFC 9110 §14). Several ranges in one request are answered with the whole, as §14.2 allows.

use axum::http::{HeaderMap, header};
use std::ops::Range;

/// What part of a file was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// These bytes; never empty.
    Part(Range<u64>),
    /// Bytes that do not exist.
    Unsatisfiable,
}

/// Reads Range and If-Range for a file of `len` bytes with the strong tag `etag`.
pub fn wanted(headers: &HeaderMap, len: u64, etag: &str) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(range) = text(header::RANGE) else {
        return Wanted::Whole;
    };
    // A date in If-Range never matches: files here have none (RFC 9110 §13.1.5).
    if headers.contains_key(header::IF_RANGE) && text(header::IF_RANGE) != Some(etag) {
        return Wanted::Whole;
    }
    parse(range, len)
}

fn parse(range: &str, len: u64) -> Wanted {
    let Some(spec) = range.strip_prefix("bytes=").map(str::trim) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = spec.split_once('-').filter(|_| !spec.contains(',')) else {
        return Wanted::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (Some(first), last) if last.is_some() || spec.ends_with('-') => {
            if last.is_some_and(|last| last < first) {
                return Wanted::Whole;
            }
            if first >= len {
                return Wanted::Unsatisfiable;
            }
            Wanted::Part(first..last.map_or(len, |last| last.saturating_add(1).min(len)))
        }
        (None, Some(suffix)) if first.is_empty() => match suffix.min(len) {
            0 => Wanted::Unsatisfiable,
            suffix => Wanted::Part(len - suffix..len),
        },
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (text, expected) in [
            ("bytes=0-9", Wanted::Part(0..10)),
            ("bytes=90-", Wanted::Part(90..100)),
            ("bytes=90-1000", Wanted::Part(90..100)),
            ("bytes=-10", Wanted::Part(90..100)),
            ("bytes=-1000", Wanted::Part(0..100)),
            ("bytes=99-99", Wanted::Part(99..100)),
            ("bytes=100-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
            ("bytes=99999999999999999999999-", Wanted::Unsatisfiable),
        ] {
            assert_eq!(parse(text, 100), expected, "{text}");
        }
        assert_eq!(parse("bytes=0-0", 0), Wanted::Unsatisfiable);
    }

    #[test]
    fn if_range_must_match() {
        let headers = |tag: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, "bytes=0-0".parse().unwrap());
            headers.insert(header::IF_RANGE, tag.parse().unwrap());
            headers
        };
        assert_eq!(wanted(&headers("\"a\""), 5, "\"a\""), Wanted::Part(0..1));
        assert_eq!(wanted(&headers("\"b\""), 5, "\"a\""), Wanted::Whole);
        assert_eq!(
            wanted(&headers("Tue, 24 Nov 2026 00:00:00 GMT"), 5, "\"a\""),
            Wanted::Whole
        );
    }
}
