//! What the portal remembers and the spool has not.

use super::{Severity, ill::Ills, messages::Held};
use spool::{BaseName, MailboxPath};
use std::collections::{HashMap, HashSet};

/// Rows by mailbox; an mbox names its messages by what they are, with a number for equal ones, so those are counted.
pub(super) fn look(rows: &[(Vec<u8>, Vec<u8>)], held: &Held, ills: &mut Ills) {
    let mut there: HashMap<&MailboxPath, (HashSet<BaseName>, &str)> = HashMap::new();
    for mailbox in &held.mailboxes {
        let bases = mailbox.items.iter().map(spool::Item::base).collect();
        there.insert(&mailbox.path, (bases, &mailbox.name));
    }
    let mut lost: HashMap<&[u8], u64> = HashMap::new();
    for (path, base) in rows {
        let known = there.get(&MailboxPath::from_bytes(path.as_slice()));
        // `.n` behind the digits of an mbox's base name tells equal messages apart.
        let plain = base.split(|b| *b == b'.').next().unwrap_or_default();
        let is_there = known.is_some_and(|(bases, _)| {
            bases.contains(&BaseName::from_bytes(base.as_slice())) || bases.contains(&BaseName::from_bytes(plain))
        });
        if !is_there {
            *lost.entry(path).or_default() += 1;
        }
    }
    for (path, count) in lost {
        let name = there.get(&MailboxPath::from_bytes(path)).map(|(_, name)| *name);
        let cause = format!("the portal's index has {count} messages of it that are not there");
        let advice = "open the mailbox, or run fumibako index: what is gone is believed gone after two looks";
        ills.add(Severity::Note, "index", name, Some(path), cause, advice);
    }
}
