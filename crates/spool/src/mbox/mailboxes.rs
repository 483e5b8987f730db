//! Which mailboxes there are: the INBOX file, and every regular file of the tree.

use std::collections::HashSet;
use std::io::Read as _;

use rustix::fs::FileType;

use super::Mbox;
use crate::maildir::subscriptions;
use crate::names::display;
use crate::open::{Root, defect_of, read_dir};
use crate::{Defect, DefectKind, FileStamp, MailboxEntry, MailboxPath, SpecialUse, SpoolError};

/// Files programs keep beside mailboxes.
const NOT_MAIL: [&[u8]; 2] = [b"subscriptions", b"maildirfolder"];

impl Mbox {
    pub(crate) fn mailboxes(&self) -> Result<Vec<MailboxEntry>, SpoolError> {
        let (stamp, defect) = match self.open_file(&MailboxPath::inbox()) {
            Ok(opened) => (Some(FileStamp::of(&opened.stat)), sniff(&opened.fd)?),
            Err(error) => (None, Some(error.into_defect(&self.inbox_name).kind)),
        };
        let subscribed = self.folders.as_ref().and_then(|root| self.subscribed(root));
        let mut list = vec![MailboxEntry {
            path: MailboxPath::inbox(),
            segments: vec!["INBOX".to_owned()],
            special_use: Some(SpecialUse::Inbox),
            subscribed: subscribed.is_some().then_some(true),
            defect: defect.map(|kind| Defect::new(kind, self.inbox_name.clone())),
        }];
        if let Some(root) = &self.folders {
            let mut tree = Tree {
                mbox: self,
                root,
                inbox: stamp,
                subscribed,
                list: &mut list,
                full: false,
            };
            tree.walk(b"", 0)?;
        }
        Ok(list)
    }

    fn subscribed(&self, root: &Root) -> Option<HashSet<Vec<u8>>> {
        [&b"subscriptions"[..], b".subscriptions", b".mailboxlist"]
            .into_iter()
            .find_map(|name| {
                let mut text = Vec::new();
                let file = std::fs::File::from(root.file(name).ok()?.fd);
                file.take(self.limits.side_file).read_to_end(&mut text).ok()?;
                Some(subscriptions::parse(&text, b'/'))
            })
    }
}

struct Tree<'a> {
    mbox: &'a Mbox,
    root: &'a Root,
    inbox: Option<FileStamp>,
    subscribed: Option<HashSet<Vec<u8>>>,
    list: &'a mut Vec<MailboxEntry>,
    full: bool,
}

impl Tree<'_> {
    fn walk(&mut self, at: &[u8], depth: usize) -> Result<(), SpoolError> {
        let mut names: Vec<(Vec<u8>, FileType)> = Vec::new();
        read_dir(&self.root.dir(at)?.fd, |name, kind| {
            let side_file = name.starts_with(b".") || name.ends_with(b".lock") || NOT_MAIL.contains(&name);
            if !side_file {
                names.push((name.to_vec(), kind));
            }
            true
        })?;
        names.sort_by(|a, b| a.0.cmp(&b.0));
        let has = |wanted: &[u8]| {
            names
                .iter()
                .any(|(name, kind)| name == wanted && *kind == FileType::Directory)
        };
        if has(b"cur") && has(b"new") {
            self.add(at, Some(DefectKind::Directory)); // a Maildir within an mbox tree
            return Ok(());
        }
        for (name, kind) in names {
            let path = if at.is_empty() {
                name
            } else {
                [at, b"/", &name].concat()
            };
            self.look(path, kind, depth);
            if self.full {
                break;
            }
        }
        Ok(())
    }

    fn look(&mut self, path: Vec<u8>, kind: FileType, depth: usize) {
        match kind {
            FileType::Directory if depth >= self.mbox.limits.depth => self.add(&path, Some(DefectKind::TooManyEntries)),
            FileType::Directory => {
                if let Err(error) = self.walk(&path, depth + 1) {
                    self.add(&path, Some(error.into_defect(&path).kind));
                }
            }
            FileType::RegularFile | FileType::Unknown => match self.root.file(&path) {
                Ok(opened) => {
                    let stamp = FileStamp::of(&opened.stat);
                    let is_inbox = self
                        .inbox
                        .is_some_and(|i| (i.device, i.inode) == (stamp.device, stamp.inode));
                    if !is_inbox {
                        let defect = sniff(&opened.fd).unwrap_or_else(|error| Some(error.into_defect(&path).kind));
                        self.add(&path, defect);
                    }
                }
                Err(SpoolError::NotFound(_)) => {}
                Err(error) => self.add(&path, Some(error.into_defect(&path).kind)),
            },
            other => self.add(&path, defect_of(other)),
        }
    }

    fn add(&mut self, path: &[u8], defect: Option<DefectKind>) {
        if self.list.len() >= self.mbox.limits.mailboxes {
            if let Some(last) = self.list.last_mut() {
                last.defect = Some(Defect::new(DefectKind::TooManyEntries, path));
            }
            self.full = true;
            return;
        }
        let shown: Vec<(String, bool)> = path.split(|b| *b == b'/').map(display).collect();
        let odd = shown.iter().any(|(_, odd)| *odd).then_some(DefectKind::OddName);
        self.list.push(MailboxEntry {
            path: MailboxPath::from_bytes(path),
            segments: shown.into_iter().map(|(name, _)| name).collect(),
            special_use: None,
            subscribed: self.subscribed.as_ref().map(|names| names.contains(path)),
            defect: defect.or(odd).map(|kind| Defect::new(kind, path)),
        });
    }
}

/// Whether it holds mail: an empty file says nothing.
pub(crate) fn begins_like_mbox(fd: &std::os::fd::OwnedFd) -> bool {
    let mut head = [0; 5];
    super::lines::fill(fd, 0, u64::MAX, &mut head) == Ok(head.len()) && head == *b"From "
}

/// Whether it begins like an mbox; an empty file is one.
fn sniff(fd: &std::os::fd::OwnedFd) -> Result<Option<DefectKind>, SpoolError> {
    let mut head = [0; 64];
    let got = super::lines::fill(fd, 0, u64::MAX, &mut head)?;
    let text = head.get(..got).unwrap_or_default().trim_ascii_start();
    Ok((!text.is_empty() && !text.starts_with(b"From ")).then_some(DefectKind::NotMbox))
}
