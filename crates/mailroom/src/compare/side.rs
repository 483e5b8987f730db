//! One of the two stores: its mailboxes and the places of its messages.

use super::{Finding, Side, Totals};
use crate::convert::{cause, why};
use spool::{DefectKind, Item, Location, MailboxEntry, MailboxPath, Store, Subdir, printable};
use std::collections::HashMap;

/// Names of mailboxes of both sides: those of one name are one.
#[derive(Default)]
pub(super) struct Names(HashMap<String, u32>);

impl Names {
    fn id(&mut self, name: &str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(name.to_owned()).or_insert(next)
    }

    /// In the order of their numbers.
    pub(super) fn list(self) -> Vec<String> {
        let mut names: Vec<(String, u32)> = self.0.into_iter().collect();
        names.sort_by_key(|(_, id)| *id);
        names.into_iter().map(|(name, _)| name).collect()
    }
}

/// A mailbox of one side.
struct Mailbox {
    path: MailboxPath,
    name: String,
    id: u32,
}

/// A message of one side.
pub(super) struct Placed {
    pub(super) item: Item,
    mailbox: u32,
}

/// One side.
pub(super) struct Mail {
    pub(super) side: Side,
    pub(super) store: Store,
    mailboxes: Vec<Mailbox>,
    pub(super) items: Vec<Placed>,
}

impl Mail {
    /// Lists everything there is; says what cannot be listed.
    pub(super) fn list(
        side: Side,
        store: Store,
        names: &mut Names,
        totals: &mut Totals,
        say: &mut dyn FnMut(Finding),
    ) -> Self {
        let mut mail = Mail {
            side,
            store,
            mailboxes: Vec::new(),
            items: Vec::new(),
        };
        let mut trouble = |mailbox: Option<&str>, file: Option<String>, cause: String| {
            totals.unreadable += 1;
            say(Finding::Unreadable {
                side,
                mailbox: mailbox.map(str::to_owned),
                file,
                cause,
            });
        };
        let listed = mail.store.mailboxes().unwrap_or_else(|error| {
            trouble(None, None, why(&error));
            Vec::new()
        });
        for entry in listed {
            let name = entry.segments.join("/");
            if let Some(kind) = unreadable(&entry, &mail.store) {
                trouble(Some(&name), None, cause(kind));
                continue;
            }
            let everything = match mail.store.everything(&entry.path) {
                Ok(everything) => everything,
                Err(error) => {
                    trouble(Some(&name), None, why(&error));
                    continue;
                }
            };
            if !everything.at_rest {
                trouble(
                    Some(&name),
                    None,
                    "it changed while it was listed: compare it while nothing writes to it".to_owned(),
                );
            }
            for defect in &everything.defects {
                // The message that is cut is compared as it is.
                if defect.kind != DefectKind::TruncatedMbox {
                    trouble(Some(&name), Some(defect.name_lossy()), cause(defect.kind));
                }
            }
            let mailbox = u32::try_from(mail.mailboxes.len()).unwrap_or(u32::MAX);
            let placed = everything.items.into_iter().map(|item| Placed { item, mailbox });
            mail.items.extend(placed);
            mail.mailboxes.push(Mailbox {
                id: names.id(&name),
                path: entry.path,
                name,
            });
        }
        mail.items.shrink_to_fit();
        let messages = match side {
            Side::Old => &mut totals.old,
            Side::New => &mut totals.new,
        };
        *messages = mail.items.len() as u64;
        mail
    }

    fn mailbox(&self, placed: &Placed) -> Option<&Mailbox> {
        self.mailboxes.get(placed.mailbox as usize)
    }

    pub(super) fn path(&self, placed: &Placed) -> MailboxPath {
        self.mailbox(placed)
            .map(|mailbox| mailbox.path.clone())
            .unwrap_or_default()
    }

    pub(super) fn mailbox_name(&self, placed: &Placed) -> String {
        self.mailbox(placed)
            .map(|mailbox| mailbox.name.clone())
            .unwrap_or_default()
    }

    /// The same for mailboxes of one name on both sides.
    pub(super) fn mailbox_id(&self, item: u32) -> u32 {
        let placed = self.items.get(item as usize);
        placed
            .and_then(|placed| self.mailbox(placed))
            .map_or(u32::MAX, |mailbox| mailbox.id)
    }

    /// Beneath the root, for whoever goes to look.
    pub(super) fn file(&self, placed: &Placed) -> String {
        let path = self.path(placed);
        let text = match &placed.item.location {
            Location::Maildir { subdir, name } => {
                let subdir: &[u8] = if *subdir == Subdir::New { b"new" } else { b"cur" };
                let mut parts = vec![path.as_bytes(), subdir, name.as_slice()];
                parts.retain(|part| !part.is_empty());
                String::from_utf8_lossy(&parts.join(&b'/')).into_owned()
            }
            Location::Mbox { offset, .. } if path.is_inbox() => format!("at byte {offset}"),
            Location::Mbox { offset, .. } => format!("{} at byte {offset}", String::from_utf8_lossy(path.as_bytes())),
        };
        printable(&text)
    }
}

/// Why nothing of it can be read. An odd name is shown as well as it can be; and a directory of mboxes need not have an inbox among
/// them.
fn unreadable(entry: &MailboxEntry, store: &Store) -> Option<DefectKind> {
    let kind = entry.defect.as_ref()?.kind;
    let inbox_in_tree = entry.path.is_inbox()
        && kind == DefectKind::Missing
        && matches!(store.layout(), spool::Layout::Mbox { folders: Some(_), .. });
    // Half of a mailbox is listed, and what is missing of it said.
    let listed = matches!(
        kind,
        DefectKind::OddName | DefectKind::MissingDirectory | DefectKind::NotPermitted
    );
    (!listed && !inbox_in_tree).then_some(kind)
}
