//! Whether a root is a Maildir, and what else it is.

use std::collections::HashSet;

use rustix::fs::FileType;

use super::Maildir;
use super::mailboxes::MARKS;
use crate::SpoolError;
use crate::open::read_dir;

/// What other formats have in their root.
const OTHER_FORMATS: [&[u8]; 4] = [b"mailboxes", b"storage", b".mh_sequences", b".xmhcache"];
/// Mailboxes looked into to tell two formats apart.
const LOOKED_AT: usize = 20;

const DBOX: SpoolError = SpoolError::Unsupported {
    what: "Dovecot's dbox format",
    advice: "let the portal read this mail through IMAP: its flags are in files that only Dovecot can read",
};
const LAYOUT_INDEX: SpoolError = SpoolError::Unsupported {
    what: "Dovecot's LAYOUT=index",
    advice: "let the portal read this mail through IMAP: the names of its mailboxes are in files that only Dovecot can read",
};
const MH: SpoolError = SpoolError::Unsupported {
    what: "the MH format",
    advice: "convert it to Maildir",
};

impl Maildir {
    /// Says what is wrong with a root that is no Maildir.
    pub(super) fn recognise(&self) -> Result<(), SpoolError> {
        let mut names: HashSet<Vec<u8>> = HashSet::new();
        let mut dotted: Vec<(Vec<u8>, FileType)> = Vec::new();
        read_dir(&self.root.dir(b"")?.fd, |name, kind| {
            if name.starts_with(b".") && kind == FileType::Directory {
                dotted.push((name.to_vec(), kind));
            }
            if MARKS.contains(&name) || OTHER_FORMATS.contains(&name) {
                names.insert(name.to_vec());
            }
            true
        })?;
        let has = |name: &[u8]| names.contains(name);
        if has(b"cur") || has(b"new") {
            return Ok(());
        }
        if has(b"storage") {
            return Err(DBOX);
        }
        if has(b"mailboxes") {
            return Err(if self.is_layout_index()? { LAYOUT_INDEX } else { DBOX });
        }
        if has(b".mh_sequences") || has(b".xmhcache") {
            return Err(MH);
        }
        // Not every such directory is one: Dovecot keeps `.imap` beside mboxes.
        if dotted.iter().any(|(name, kind)| self.look(name, *kind).is_some()) {
            return Ok(()); // mailboxes without an INBOX: `mailboxes` says so
        }
        Err(SpoolError::WrongStore(
            "the directory holds neither cur nor new; is the filesystem mounted?",
        ))
    }

    /// Both keep mailboxes below `mailboxes`; with `LAYOUT=index` those are Maildirs.
    fn is_layout_index(&self) -> Result<bool, SpoolError> {
        let mut names: Vec<Vec<u8>> = Vec::new();
        read_dir(&self.root.dir(b"mailboxes")?.fd, |name, _| {
            names.push([&b"mailboxes/"[..], name, b"/cur"].concat());
            names.len() < LOOKED_AT
        })?;
        Ok(names.iter().any(|name| self.root.dir(name).is_ok()))
    }
}
