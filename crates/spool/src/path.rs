//! Which mailbox: raw bytes, never shown and never taken from a page.

use serde::{Deserialize, Serialize};
use unicode_normalization::is_nfc;

use crate::SpoolError;

/// A mailbox by its bytes on disk relative to the root: empty for INBOX, `.A.B` in Maildir++, `a/b` in nested Maildirs and in an mbox
/// tree.
/// Opaque to callers; it round-trips through [`MailboxPath::as_bytes`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MailboxPath(Vec<u8>);

impl MailboxPath {
    /// The mailbox new mail is delivered to.
    pub fn inbox() -> Self {
        MailboxPath(Vec::new())
    }

    /// A path as it was stored; it is checked when used.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        MailboxPath(bytes.into())
    }

    /// The bytes on disk.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether this is INBOX.
    pub fn is_inbox(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether its name on disk is written with marks apart from their letters (NFD), as macOS does: programs that compare bytes then
    /// take it for another mailbox than the one of the same name.
    pub fn is_decomposed(&self) -> bool {
        self.0.split(|b| matches!(b, b'/' | b'.')).any(|part| {
            let text = match part.is_ascii() {
                true => crate::mutf7::decode(part).ok(),
                false => std::str::from_utf8(part).ok().map(str::to_owned),
            };
            text.is_some_and(|text| !is_nfc(&text))
        })
    }

    /// The directory of a mailbox: one plain component that begins with a dot (Maildir++), or components of which none does and
    /// none is a directory of messages (`LAYOUT=fs`). Anything else is refused.
    pub(crate) fn maildir(&self) -> Result<&[u8], SpoolError> {
        let name = self.as_bytes();
        let plain = if name.starts_with(b".") {
            is_component(name)
        } else {
            self.is_inbox() || name.split(|b| *b == b'/').all(is_level)
        };
        self.if_plain(plain)
    }

    /// The file of an mbox below the tree; `..`, dot names and empty components are refused.
    pub(crate) fn mbox_file(&self) -> Result<&[u8], SpoolError> {
        let plain = self
            .0
            .split(|b| *b == b'/')
            .all(|part| is_component(part) && !part.starts_with(b"."));
        self.if_plain(plain)
    }

    fn if_plain(&self, plain: bool) -> Result<&[u8], SpoolError> {
        match plain {
            true => Ok(self.as_bytes()),
            false => Err(SpoolError::NotFound("the mailbox")),
        }
    }
}

/// One level of nested Maildirs.
pub(crate) fn is_level(name: &[u8]) -> bool {
    is_component(name) && !name.starts_with(b".") && !matches!(name, b"cur" | b"new" | b"tmp")
}

/// One name of a directory, and not the directory itself or its parent.
pub(crate) fn is_component(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && !name.contains(&b'/') && !name.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_apart_from_their_letters_are_told() {
        for (name, apart) in [
            (".\u{304c}", false),
            (".\u{304b}\u{3099}", true),
            ("a/\u{30d9}", false),
            ("a/\u{30d8}\u{3099}/b", true),
            (".&MEswmQ-", true), // the same in modified UTF-7
            (".&MEw-", false),
            (".&broken", false),
        ] {
            assert_eq!(MailboxPath::from_bytes(name).is_decomposed(), apart, "{name:?}");
        }
    }

    #[test]
    fn paths_out_of_the_store_are_refused() {
        for bad in [
            &b".."[..],
            b".",
            b".a/b",
            b".a\0",
            b"/etc",
            b"a/",
            b"a//b",
            b"a/..",
            b"a/.b",
            b"cur",
            b"a/new",
            b"tmp/a",
        ] {
            assert!(MailboxPath::from_bytes(bad).maildir().is_err(), "{bad:?}");
        }
        for good in [
            &b""[..],
            b".Sent",
            b"..b",
            b".&kAFP4W4IMH8-",
            b".\xff",
            b"Sent",
            b"a/b.c/\xff",
        ] {
            assert!(MailboxPath::from_bytes(good).maildir().is_ok(), "{good:?}");
        }
        for bad in [&b""[..], b"..", b"a/../b", b"/a", b"a//b", b".a", b"a/", b"a\0b"] {
            assert!(MailboxPath::from_bytes(bad).mbox_file().is_err(), "{bad:?}");
        }
        assert!(MailboxPath::from_bytes(*b"a/b.c").mbox_file().is_ok());
    }
}
