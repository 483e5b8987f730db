use crate::{Cause, MailboxId, Moment};
use serde::{Deserialize, Serialize};

/// Stands in the id of a mailbox of a dated copy between the key of the copy and the id that the mailbox has in the live mail. It needs
/// no escape in a URL (RFC 3986 §2.3).
const SEPARATOR: char = '~';

impl MailboxId {
    /// The key of the dated copy that it is a mailbox of; `None` for one of the live mail.
    pub fn snapshot(&self) -> Option<&str> {
        Some(self.0.split_once(SEPARATOR)?.0)
    }

    /// What names the mailbox in its copy, or in the live mail; empty for no one in particular.
    pub fn in_snapshot(&self) -> &str {
        self.0.split_once(SEPARATOR).map_or(&self.0, |(_, id)| id)
    }

    /// The same mailbox in the copy of that key; with an id that is empty, all of that copy.
    #[must_use]
    pub fn of_snapshot(&self, key: &str) -> Self {
        let mut id = String::with_capacity(key.len() + 1 + self.0.len());
        id.push_str(key);
        id.push(SEPARATOR);
        id.push_str(self.in_snapshot());
        Self(id)
    }
}

/// A dated copy of a person's mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotLine {
    /// Its inbox, which leads to everything else in it.
    pub inbox: MailboxId,
    /// What it is called where it lies.
    pub name: String,
    /// The moment whose mail it holds; `None` if nothing tells.
    pub as_of: Option<Moment>,
    /// It is known to be complete; if not, something may be missing, or stand in it twice.
    pub whole: bool,
}

/// The dated copies of a person's mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotList {
    /// The newest first; those of which the time is not known last.
    pub lines: Vec<SnapshotLine>,
    /// Why there may be more than these.
    pub trouble: Option<Cause>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_mailbox_says_which_copy_it_is_of() {
        let live = MailboxId::from("inbox");
        let copied = live.of_snapshot("key");
        assert_eq!((live.snapshot(), live.in_snapshot()), (None, "inbox"));
        assert_eq!(copied.as_str(), "key~inbox");
        assert_eq!((copied.snapshot(), copied.in_snapshot()), (Some("key"), "inbox"));
        assert_eq!(
            copied.of_snapshot("other").as_str(),
            "other~inbox",
            "not one in another"
        );
        let all = MailboxId::default().of_snapshot("key");
        assert_eq!((all.snapshot(), all.in_snapshot()), (Some("key"), ""));
    }
}
