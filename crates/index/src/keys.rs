//! What a list is sorted by.

/// Marks that a reply or a forwarded letter puts before the subject, in lower case.
const MARKS: [&str; 11] = [
    "re", "fwd", "fw", "aw", "wg", "sv", "ｒｅ", "ｆｗ", "返信", "転送", "回复",
];

/// The sender's name, or the address without one, in lower case.
pub(crate) fn from_key(name: &str, address: &str) -> String {
    let shown = if name.is_empty() { address } else { name };
    shown
        .trim_matches(|c: char| c == '"' || c.is_whitespace())
        .to_lowercase()
}

/// The subject without reply marks (RFC 5256 §2.1, and the marks used in Japan), in lower case.
pub(crate) fn subject_key(subject: &str) -> String {
    let lower = subject.to_lowercase();
    let mut rest = lower.trim();
    'marks: loop {
        for mark in MARKS {
            let Some(after) = rest.strip_prefix(mark) else { continue };
            // `Re[2]:`, `Re^2:`
            let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || "[]^() ".contains(c));
            if let Some(after) = after.strip_prefix([':', '：']) {
                rest = after.trim_start();
                continue 'marks;
            }
        }
        return rest.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reply_marks_do_not_sort() {
        for subject in [
            "輪講の資料",
            "Re: 輪講の資料",
            "RE: Fwd: 輪講の資料",
            "返信：転送: 輪講の資料",
            "Re[2]: 輪講の資料",
        ] {
            assert_eq!(subject_key(subject), "輪講の資料", "{subject}");
        }
        assert_eq!(subject_key("Regarding: x"), "regarding: x");
        assert_eq!(subject_key("Re"), "re");
        assert_eq!(from_key("", "A@example.jp"), "a@example.jp");
        assert_eq!(from_key("\"Zoe\"", "a@example.jp"), "zoe");
    }
}
