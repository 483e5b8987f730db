//! Which mailbox: raw bytes, never shown and never taken from a page.

use serde::{Deserialize, Serialize};

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
