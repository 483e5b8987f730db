//! What lists are sorted by: text in one form and in small letters, subjects without what replies put before them.

use unicode_normalization::UnicodeNormalization;

/// The key of a message whose header has not been read: after every other.
pub(crate) const UNKNOWN: &str = "\u{10FFFF}";

/// Marks of replies and forwards, in the form they have after normalisation.
const PREFIXES: [&str; 5] = ["re", "fwd", "fw", "返信", "転送"];

/// The key of a sender: the name, or the address of one without a name.
pub(crate) fn sender(name: &str, address: &str) -> String {
    let key = plain(name);
    if key.is_empty() { plain(address) } else { key }
}

/// The key of a subject: base subject in the sense of RFC 5256 §2.1, as far as prefixes go.
pub(crate) fn subject(subject: &str) -> String {
    let key = plain(subject);
    let mut rest = key.as_str();
    while let Some(next) = without_prefix(rest) {
        rest = next;
    }
    rest.to_owned()
}

/// A key is stored only if SQLite's `lower`, which knows ASCII alone, does not give it.
pub(crate) fn stored(key: String, column: &str) -> Option<String> {
    (key != column.to_ascii_lowercase()).then_some(key)
}

/// The columns `subject_from` and `subject_key`: the key is mostly the end of the subject, and then not stored.
pub(crate) fn stored_subject(column: &str) -> (u32, Option<String>) {
    let key = subject(column);
    // SQLite's `substr` ends at a NUL.
    if column.to_ascii_lowercase().ends_with(&key) && !column.contains('\0') {
        let before = column.chars().count() - key.chars().count();
        (u32::try_from(before + 1).unwrap_or(u32::MAX), None)
    } else {
        (1, Some(key))
    }
}

fn plain(text: &str) -> String {
    let folded: String = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.nfkc().flat_map(char::to_lowercase).collect()
    };
    folded
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
        .to_owned()
}

/// `Re:`, `Re[2]:`, `Re^2:`, `返信:`.
fn without_prefix(text: &str) -> Option<&str> {
    let rest = PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '^' | ' '));
    rest.strip_prefix(':').map(str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_stand_beside_what_they_answer() {
        for (text, key) in [
            ("Re: FWD: Budget", "budget"),
            ("ＲＥ：会議", "会議"),
            ("返信: 転送：お知らせ", "お知らせ"),
            ("Re[2]: x", "x"),
            ("RE^3: x", "x"),
            ("Report: x", "report: x"),
            ("Re", "re"),
            ("re:", ""),
            ("ｶﾀｶﾅ", "カタカナ"),
        ] {
            assert_eq!(subject(text), key, "{text}");
        }
    }

    #[test]
    fn senders_without_a_name_go_by_address() {
        assert_eq!(sender("\"Émile\"", "e@x"), "émile");
        assert_eq!(sender(" ", "A@X"), "a@x");
    }

    #[test]
    fn only_other_keys_are_stored() {
        assert_eq!(stored(sender("Émile", "e@x"), "Émile"), Some("émile".into()));
        assert_eq!(stored(sender("Emile", "e@x"), "Emile"), None);
        for (column, stored) in [
            ("", (1, None)),
            ("Budget", (1, None)),
            ("Re: Budget", (5, None)),
            ("返信: 転送： お知らせ", (9, None)),
            ("re:", (4, None)),
            ("Re: Émile", (1, Some("émile".into()))),
            ("ＲＥ：会議", (4, None)),
            ("Re: Budget ", (1, Some("budget".into()))),
            ("Re: a\0b", (1, Some("a\0b".into()))),
        ] {
            assert_eq!(stored_subject(column), stored, "{column:?}");
        }
    }
}
