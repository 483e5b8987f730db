//! Mailboxes that cannot be read, and names that lead astray.

use super::{Severity, ill::Ills, name};
use spool::{DefectKind, Layout, MailboxEntry, Store};
use std::collections::BTreeMap;

pub(super) fn look(mailbox: &MailboxEntry, store: &Store, ills: &mut Ills) {
    let name = name(mailbox);
    if let Some(defect) = &mailbox.defect {
        // A folder of mboxes need not have an inbox in it, nor `cur` or `new` be told twice: the messages are looked for there.
        let no_inbox = defect.kind == DefectKind::Missing
            && mailbox.path.is_inbox()
            && matches!(store.layout(), Layout::Mbox { folders: Some(_), .. });
        if !no_inbox && defect.kind != DefectKind::MissingDirectory {
            let kind = defect.kind;
            ills.defect(kind, &name, &defect.name);
        }
    }
    if mailbox.path.is_decomposed() {
        let cause = "its name is written with marks apart from their letters (NFD), as macOS does".to_owned();
        let advice =
            "rename it in a mail program: others may take it for another mailbox than the one of the same name";
        let file = Some(mailbox.path.as_bytes());
        ills.add(Severity::Note, "decomposed-name", Some(&name), file, cause, advice);
    }
}

/// Directories whose names people cannot tell apart.
pub(super) fn twice(mailboxes: &[MailboxEntry], ills: &mut Ills) {
    let mut often: BTreeMap<String, u32> = BTreeMap::new();
    for mailbox in mailboxes {
        *often.entry(name(mailbox)).or_default() += 1;
    }
    for (name, count) in often.into_iter().filter(|(_, count)| *count > 1) {
        let cause = format!("{count} mailboxes have this name: they differ in their bytes on disk alone");
        let advice = "rename one of them, or move its messages into the other";
        ills.add(Severity::Warning, "name-twice", Some(&name), None, cause, advice);
    }
}
