use crate::{Cause, Freshness, MailboxId, SnapshotLine};
use serde::{Deserialize, Serialize};

/// What a mailbox is for (RFC 6154).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Where mail arrives.
    Inbox,
    /// Unfinished letters.
    Drafts,
    /// Letters sent.
    Sent,
    /// Kept out of sight.
    Archive,
    /// Unwanted mail.
    Junk,
    /// Deleted mail.
    Trash,
    /// Any other mailbox.
    #[default]
    Plain,
}

/// Enough of a mailbox to name and link it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxRef {
    /// Opaque id.
    pub id: MailboxId,
    /// Last part of its name as written on disk, decoded; shown for `Role::Plain`, the others have words in the catalogue.
    pub name: String,
    /// What it is for.
    pub role: Role,
}

/// One line of the rail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxLine {
    /// Which mailbox.
    pub mailbox: MailboxRef,
    /// Nesting among `Role::Plain` mailboxes, 0 at the top.
    pub depth: u8,
    /// Full name with `/` between the parts, for the tooltip.
    pub path: String,
    /// Unread messages.
    pub unread: u64,
    /// All messages.
    pub total: u64,
    /// Set when the mailbox cannot be read.
    pub trouble: Option<Cause>,
}

/// The rail: the person and their mailboxes, inbox first, then by role, then by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rail {
    /// Who is signed in, as shown.
    pub person: String,
    /// Their mailboxes.
    pub mailboxes: Vec<MailboxLine>,
    /// Source and age of the list of mailboxes.
    pub freshness: Freshness,
    /// The newest dated copies that are known of at once, and the one that is read, the newest first. There may be more.
    pub copies: Vec<SnapshotLine>,
}
