//! Which mailboxes a Maildir++ has, and whether it is one.

use std::collections::HashSet;
use std::io::Read as _;

use rustix::fs::FileType;

use super::{Maildir, subscriptions};
use crate::names::{assign_special_use, display};
use crate::open::{defect_of, read_dir};
use crate::{Defect, DefectKind, MailboxEntry, MailboxPath, SpecialUse, SpoolError};

/// Any of these in a dot directory makes it a mailbox, if perhaps a broken one.
const MARKS: [&[u8]; 7] = [
    b"cur",
    b"new",
    b"tmp",
    b"maildirfolder",
    b"dovecot-uidlist",
    b"dovecot.index.log",
    b"courierimapuiddb",
];

impl Maildir {
    /// Says what is wrong with a root that is no Maildir.
    pub(super) fn recognise(&self) -> Result<(), SpoolError> {
        let mut names: HashSet<Vec<u8>> = HashSet::new();
        let mut dot_directory = false;
        read_dir(&self.root.dir(b"")?.fd, |name, kind| {
            dot_directory |= name.starts_with(b".") && kind == FileType::Directory;
            if MARKS.contains(&name) || matches!(name, b"mailboxes" | b"storage") {
                names.insert(name.to_vec());
            }
            true
        })?;
        let has = |name: &[u8]| names.contains(name);
        if has(b"cur") || has(b"new") {
            return Ok(());
        }
        if has(b"mailboxes") || has(b"storage") {
            return Err(SpoolError::Unsupported {
                what: "Dovecot's dbox format or LAYOUT=index",
                advice: "let the portal read this mail through IMAP",
            });
        }
        if dot_directory {
            return Ok(()); // mailboxes without an INBOX: `mailboxes` says so
        }
        Err(SpoolError::WrongStore(
            "the directory holds neither cur nor new; is the filesystem mounted?",
        ))
    }

    /// INBOX and every dot directory that looks like a mailbox; one level deep, as Maildir++ is.
    pub(crate) fn mailboxes(&self) -> Result<Vec<MailboxEntry>, SpoolError> {
        let mut found: Vec<(Vec<u8>, FileType)> = Vec::new();
        let mut inbox = HashSet::new();
        read_dir(&self.root.dir(b"")?.fd, |name, kind| {
            match name {
                b"cur" | b"new" => _ = inbox.insert(name.to_vec()),
                _ if name.starts_with(b".nfs") => {}
                _ if name.starts_with(b".") && kind != FileType::RegularFile => found.push((name.to_vec(), kind)),
                _ => {}
            }
            true
        })?;
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let subscribed = self.subscribed();
        let mut list = vec![MailboxEntry {
            path: MailboxPath::inbox(),
            segments: vec!["INBOX".to_owned()],
            special_use: Some(SpecialUse::Inbox),
            subscribed: subscribed.is_some().then_some(true),
            defect: missing(inbox.contains(&b"cur"[..]), inbox.contains(&b"new"[..])),
        }];
        for (name, kind) in found {
            let Some(defect) = self.look(&name, kind) else { continue };
            if list.len() >= self.limits.mailboxes {
                if let Some(last) = list.last_mut() {
                    last.defect = Some(Defect::new(DefectKind::TooManyEntries, name));
                }
                break;
            }
            let levels = name.get(1..).unwrap_or_default();
            let (segments, odd) = segments(levels);
            list.push(MailboxEntry {
                segments,
                special_use: None,
                subscribed: subscribed.as_ref().map(|names| names.contains(levels)),
                defect: defect.or_else(|| odd.then(|| Defect::new(DefectKind::OddName, name.clone()))),
                path: MailboxPath::from_bytes(name),
            });
        }
        assign_special_use(&mut list);
        Ok(list)
    }

    /// `None`: no mailbox. `Some(None)`: a good one.
    fn look(&self, name: &[u8], kind: FileType) -> Option<Option<Defect>> {
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

    fn subscribed(&self) -> Option<HashSet<Vec<u8>>> {
        let inbox = MailboxPath::inbox();
        [&b"subscriptions"[..], b"courierimapsubscribed"]
            .into_iter()
            .find_map(|name| {
                let text = self.read_side(&inbox, name, |mut file| {
                    let mut text = Vec::new();
                    file.read_to_end(&mut text).map(|_| text)
                });
                Some(subscriptions::parse(&text.ok()??.ok()?, b'.'))
            })
    }
}

fn missing(cur: bool, new: bool) -> Option<Defect> {
    match (cur, new) {
        (true, true) => None,
        (false, _) => Some(Defect::new(DefectKind::MissingDirectory, *b"cur")),
        (true, false) => Some(Defect::new(DefectKind::MissingDirectory, *b"new")),
    }
}

/// The levels of `A.B`. A name with an empty level is shown as one.
fn segments(levels: &[u8]) -> (Vec<String>, bool) {
    let parts: Vec<&[u8]> = levels.split(|b| *b == b'.').collect();
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
            segments(b"&eBR6dluk-.A"),
            (vec!["研究室".to_owned(), "A".to_owned()], false)
        );
        assert_eq!(segments(b"A..B"), (vec!["A..B".to_owned()], true));
        assert_eq!(segments("研究室".as_bytes()), (vec!["研究室".to_owned()], false));
    }
}
