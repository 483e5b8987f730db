//! Message flags. `T` in a Maildir name is \Deleted, not "in the trash mailbox".

use serde::{Deserialize, Serialize};

/// The system flags of RFC 9051 §2.3.2 and `passed`, with letters no one knows kept for whoever rewrites the name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Flags {
    /// \Seen: `S`.
    pub seen: bool,
    /// \Answered: `R`.
    pub answered: bool,
    /// \Flagged: `F`.
    pub flagged: bool,
    /// \Deleted: `T`.
    pub deleted: bool,
    /// \Draft: `D`.
    pub draft: bool,
    /// Forwarded or bounced: `P`.
    pub passed: bool,
    /// Letters without a meaning here (keyword letters without a name among them), sorted.
    pub unknown: Vec<u8>,
}

impl Flags {
    /// Reads the letters of a Maildir info field.
    pub(crate) fn from_maildir(letters: &[u8]) -> Self {
        let mut flags = Flags::default();
        for letter in letters {
            match letter {
                b'S' => flags.seen = true,
                b'R' => flags.answered = true,
                b'F' => flags.flagged = true,
                b'T' => flags.deleted = true,
                b'D' => flags.draft = true,
                b'P' => flags.passed = true,
                other => flags.unknown.push(*other),
            }
        }
        flags.unknown.sort_unstable();
        flags.unknown.dedup();
        flags
    }

    /// Reads the values of an mbox's `Status` and `X-Status` headers; `O` there means "not new" and is no flag.
    pub(crate) fn from_mbox(status: &[u8], x_status: &[u8]) -> Self {
        let mut flags = Flags {
            seen: status.contains(&b'R'),
            ..Flags::default()
        };
        for letter in x_status {
            match letter {
                b'A' => flags.answered = true,
                b'F' => flags.flagged = true,
                b'D' => flags.deleted = true,
                b'T' => flags.draft = true,
                other if other.is_ascii_alphabetic() => flags.unknown.push(*other),
                _ => {}
            }
        }
        flags.unknown.sort_unstable();
        flags.unknown.dedup();
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_flags_and_strangers_stay() {
        let flags = Flags::from_maildir(b"FSXaa");
        assert!(flags.flagged && flags.seen && !flags.deleted);
        assert_eq!(flags.unknown, b"Xa");
        let flags = Flags::from_mbox(b"RO", b"AT");
        assert!(flags.seen && flags.answered && flags.draft && !flags.deleted && !flags.flagged);
    }
}
