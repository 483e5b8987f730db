//! Which mailboxes a Maildir has.

use std::collections::HashSet;

use rustix::fs::FileType;

use super::{Maildir, list::whole, subscriptions};
use crate::names::display;
use crate::open::{defect_of, read_dir};
use crate::path::is_level;
use crate::{Defect, DefectKind, MailboxEntry, MailboxPath, SpecialUse, SpoolError};

/// Any of these in a dot directory makes it a mailbox, if perhaps a broken one.
pub(super) const MARKS: [&[u8]; 7] = [
    b"cur",
    b"new",
    b"tmp",
    b"maildirfolder",
    b"dovecot-uidlist",
    b"dovecot.index.log",
    b"courierimapuiddb",
];

impl Maildir {
    /// INBOX, every dot directory that looks like a mailbox, and every directory below that is one.
    pub(crate) fn mailboxes(&self) -> Result<Vec<MailboxEntry>, SpoolError> {
        let mut dotted: Vec<(Vec<u8>, FileType)> = Vec::new();
        let mut levels: Vec<(Vec<u8>, FileType)> = Vec::new();
        let mut inbox = HashSet::new();
        read_dir(&self.root.dir(b"")?.fd, |name, kind| {
            match name {
                b"cur" | b"new" => _ = inbox.insert(name.to_vec()),
                _ if name.starts_with(b".nfs") => {}
                _ if name.starts_with(b".") && kind != FileType::RegularFile => dotted.push((name.to_vec(), kind)),
                _ if may_be_level(name, kind) => levels.push((name.to_vec(), kind)),
                _ => {}
            }
            true
        })?;
        dotted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut list = List {
            subscribed: self.subscribed(b'.'),
            entries: Vec::new(),
            most: self.limits.mailboxes,
        };
        list.entries.push(MailboxEntry {
            path: MailboxPath::inbox(),
            segments: vec!["INBOX".to_owned()],
            special_use: Some(SpecialUse::Inbox),
            subscribed: list.subscribed.is_some().then_some(true),
            defect: missing(inbox.contains(&b"cur"[..]), inbox.contains(&b"new"[..])),
        });
        for (name, kind) in dotted {
            let Some(defect) = self.look(&name, kind) else { continue };
            if !list.add(&name, name.get(1..).unwrap_or_default(), b'.', defect) {
                break;
            }
        }
        if !levels.is_empty() {
            list.subscribed = list.subscribed.is_some().then(|| self.subscribed(b'/')).flatten();
            self.nested(levels, &mut list);
        }
        self.permitted(list.entries)
    }

    /// Without the mailboxes that the owner may not see; those that may not be read say so.
    fn permitted(&self, entries: Vec<MailboxEntry>) -> Result<Vec<MailboxEntry>, SpoolError> {
        let mut permitted = Vec::with_capacity(entries.len());
        for mut entry in entries {
            let rights = match self.rights(&entry.path) {
                // What is wrong with it is said already, and nothing of it can be read.
                Err(_) if entry.defect.is_some() => {
                    permitted.push(entry);
                    continue;
                }
                rights => rights?,
            };
            if !rights.lookup && !entry.path.is_inbox() {
                continue;
            }
            if !rights.read {
                entry.defect = Some(Defect::new(DefectKind::NotPermitted, *b"dovecot-acl"));
            }
            permitted.push(entry);
        }
        Ok(permitted)
    }

    /// Mailboxes as directories in directories. What is none itself may hold some.
    fn nested(&self, levels: Vec<(Vec<u8>, FileType)>, list: &mut List) {
        // Names in order, each before what is below it.
        let mut waiting = levels;
        waiting.sort_by(|a, b| b.0.cmp(&a.0));
        let mut looked_at = 0;
        while let Some((name, kind)) = waiting.pop() {
            looked_at += 1;
            if looked_at > list.most {
                list.is_full(&name);
                return;
            }
            let (mut cur, mut new, mut marked) = (false, false, false);
            let mut below: Vec<(Vec<u8>, FileType)> = Vec::new();
            let opened = match kind {
                FileType::Symlink => Err(SpoolError::Refused(Defect::new(DefectKind::Symlink, name.as_slice()))),
                _ => self.root.dir(&name),
            };
            let read = opened.and_then(|dir| {
                read_dir(&dir.fd, |child, kind| {
                    cur |= child == b"cur";
                    new |= child == b"new";
                    marked |= MARKS.contains(&child);
                    if may_be_level(child, kind) {
                        below.push(([&name, &b"/"[..], child].concat(), kind));
                    }
                    true
                })
            });
            let defect = match read {
                Ok(()) if marked => missing(cur, new),
                Ok(()) => None,
                // Gone meanwhile, or a file of someone's.
                Err(SpoolError::NotFound(_)) => continue,
                Err(SpoolError::Refused(defect)) if defect.kind == DefectKind::NotADirectory => continue,
                Err(error) => Some(error.into_defect(&name)),
            };
            let shown = marked || defect.is_some();
            if shown && !list.add(&name, &name, b'/', defect) {
                return;
            }
            if name.split(|b| *b == b'/').count() < self.limits.depth {
                below.sort_by(|a, b| b.0.cmp(&a.0));
                waiting.append(&mut below);
            }
        }
    }

    /// `None`: no mailbox. `Some(None)`: a good one.
    pub(super) fn look(&self, name: &[u8], kind: FileType) -> Option<Option<Defect>> {
        match kind {
            FileType::Directory | FileType::Unknown => {}
            // Only a link can have been meant as a mailbox; other things with a dot are someone's private files.
            FileType::Symlink => return Some(defect_of(kind).map(|kind| Defect::new(kind, name))),
            _ => return None,
        }
        let dir = match self.root.dir(name) {
            Ok(dir) => dir,
            Err(SpoolError::NotFound(_)) => return None,
            Err(error) => return Some(Some(error.into_defect(name))),
        };
        let (mut cur, mut new, mut marked, mut empty) = (false, false, false, true);
        let read = read_dir(&dir.fd, |child, _| {
            cur |= child == b"cur";
            new |= child == b"new";
            marked |= MARKS.contains(&child);
            empty = false;
            true
        });
        match read {
            Err(error) => Some(Some(error.into_defect(name))),
            Ok(()) if marked || empty => Some(missing(cur, new)),
            Ok(()) => None,
        }
    }

    fn subscribed(&self, separator: u8) -> Option<HashSet<Vec<u8>>> {
        let inbox = MailboxPath::inbox();
        [&b"subscriptions"[..], b"courierimapsubscribed"]
            .into_iter()
            .find_map(|name| {
                let text = self.read_side(&inbox, name, whole);
                Some(subscriptions::parse(&text.ok()??.ok()?, separator))
            })
    }
}

/// A list of mailboxes being made.
struct List {
    subscribed: Option<HashSet<Vec<u8>>>,
    entries: Vec<MailboxEntry>,
    most: usize,
}

impl List {
    /// `false` if there are too many.
    fn add(&mut self, path: &[u8], name: &[u8], separator: u8, defect: Option<Defect>) -> bool {
        if self.entries.len() >= self.most {
            self.is_full(path);
            return false;
        }
        let (segments, odd) = segments(name, separator);
        self.entries.push(MailboxEntry {
            segments,
            special_use: None,
            subscribed: self.subscribed.as_ref().map(|names| names.contains(name)),
            defect: defect.or_else(|| odd.then(|| Defect::new(DefectKind::OddName, path))),
            path: MailboxPath::from_bytes(path),
        });
        true
    }

    fn is_full(&mut self, path: &[u8]) {
        if let Some(last) = self.entries.last_mut() {
            last.defect = Some(Defect::new(DefectKind::TooManyEntries, path));
        }
    }
}

/// What lies beside the mailboxes of mail servers, and is none.
const PRIVATE: [&[u8]; 5] = [
    b"courierimapkeywords",
    b"courierimaphieracl",
    b"sieve",
    b"control",
    b"dbox-Mails",
];

fn may_be_level(name: &[u8], kind: FileType) -> bool {
    matches!(kind, FileType::Directory | FileType::Symlink | FileType::Unknown)
        && is_level(name)
        && !PRIVATE.contains(&name)
}

fn missing(cur: bool, new: bool) -> Option<Defect> {
    match (cur, new) {
        (true, true) => None,
        (false, _) => Some(Defect::new(DefectKind::MissingDirectory, *b"cur")),
        (true, false) => Some(Defect::new(DefectKind::MissingDirectory, *b"new")),
    }
}

/// The levels of `A.B`. A name with an empty level is shown as one.
fn segments(levels: &[u8], separator: u8) -> (Vec<String>, bool) {
    let parts: Vec<&[u8]> = levels.split(|b| *b == separator).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return (vec![display(levels).0], true);
    }
    let shown: Vec<(String, bool)> = parts.into_iter().map(display).collect();
    let odd = shown.iter().any(|(_, odd)| *odd);
    (shown.into_iter().map(|(name, _)| name).collect(), odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_decoded_one_by_one() {
        assert_eq!(
            segments(b"&eBR6dluk-.A", b'.'),
            (vec!["研究室".to_owned(), "A".to_owned()], false)
        );
        assert_eq!(segments(b"A..B", b'.'), (vec!["A..B".to_owned()], true));
        assert_eq!(segments("研究室".as_bytes(), b'.'), (vec!["研究室".to_owned()], false));
    }
}
