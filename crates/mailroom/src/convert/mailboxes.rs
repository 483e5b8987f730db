use api_types::{Cause, MailboxLine, MailboxRef, Role};
use index::MailboxRow;
use spool::SpecialUse;

/// What the index keeps of a mailbox's use.
pub(crate) fn role_code(special_use: SpecialUse) -> u8 {
    match special_use {
        SpecialUse::Inbox => 1,
        SpecialUse::Drafts => 2,
        SpecialUse::Sent => 3,
        SpecialUse::Archive => 4,
        SpecialUse::Junk => 5,
        SpecialUse::Trash => 6,
    }
}

pub(crate) fn role(code: Option<u8>) -> Role {
    match code {
        Some(1) => Role::Inbox,
        Some(2) => Role::Drafts,
        Some(3) => Role::Sent,
        Some(4) => Role::Archive,
        Some(5) => Role::Junk,
        Some(6) => Role::Trash,
        _ => Role::Plain,
    }
}

pub(crate) fn mailbox_ref(row: &MailboxRow) -> MailboxRef {
    MailboxRef {
        id: row.public_id.clone().into(),
        name: row.segments.last().cloned().unwrap_or_default(),
        role: role(row.special_use),
    }
}

/// A line of the rail; how deep it stands depends on which mailboxes above it exist.
pub(crate) fn mailbox_line(row: &MailboxRow, all: &[MailboxRow]) -> MailboxLine {
    let mailbox = mailbox_ref(row);
    let is_above = |other: &&MailboxRow| {
        other.segments.len() < row.segments.len()
            && row.segments.starts_with(&other.segments)
            && role(other.special_use) == Role::Plain
    };
    let above: Vec<&MailboxRow> = all.iter().filter(is_above).collect();
    let name = match above.iter().map(|other| other.segments.len()).max() {
        // What no mailbox above names stays in the name.
        Some(named) => row.segments[named..].join("/"),
        None => row.segments.join("/"),
    };
    MailboxLine {
        depth: if mailbox.role == Role::Plain {
            u8::try_from(above.len()).unwrap_or(u8::MAX)
        } else {
            0
        },
        mailbox: MailboxRef { name, ..mailbox },
        path: row.segments.join("/"),
        unread: row.unread,
        total: row.total,
        trouble: trouble(row.defect.as_deref()),
    }
}

/// Whether the mailbox itself is what is wrong.
fn trouble(defect: Option<&str>) -> Option<Cause> {
    let code = defect?.lines().next()?.split('\t').next()?;
    match code {
        "missing-directory" | "missing" => Some(Cause::Missing),
        "symlink" | "bad-owner" | "world-writable" | "not-a-directory" | "other-filesystem" => Some(Cause::Denied),
        "unreadable" | "not-permitted" => Some(Cause::Denied),
        "not-mbox" => Some(Cause::Unsupported),
        _ => None,
    }
}
