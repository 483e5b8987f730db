//! What a store is made of: where it lies, whose it is, how much of it is read.

use serde::{Deserialize, Serialize};

use std::path::{Path, PathBuf};

use crate::SpecialUse;

/// Where one person's mail lies, and in which format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// Maildir: the root is INBOX; `.A.B` beside it (Maildir++) and `A/B` below it are further mailboxes.
    Maildir {
        /// The directory that holds `cur` and `new`.
        root: PathBuf,
    },
    /// One mbox file for INBOX and, if given, a tree of mbox files.
    Mbox {
        /// The file deliveries go to, such as `/var/mail/alice`.
        inbox: PathBuf,
        /// The directory of further mbox files, such as `~/mail`.
        folders: Option<PathBuf>,
        /// How the site quotes lines that begin with `From `.
        quoting: MboxQuoting,
    },
    /// Whatever lies in the first of the places that is there: what [`crate::Store::layout`] says then.
    Detect {
        /// Where to look, in order: accounts are moved from one spool to another.
        places: Vec<Place>,
        /// How the site quotes, should it be an mbox.
        quoting: MboxQuoting,
    },
}

impl Layout {
    /// Every path that the mail may lie at.
    pub fn places(&self) -> Vec<&Path> {
        match self {
            Layout::Maildir { root } => vec![root],
            Layout::Mbox { inbox, folders, .. } => [Some(inbox), folders.as_ref()]
                .into_iter()
                .flatten()
                .map(PathBuf::as_path)
                .collect(),
            Layout::Detect { places, .. } => {
                let roots = places.iter().map(|place| place.root.as_path());
                roots
                    .chain(places.iter().filter_map(|place| place.folders.as_deref()))
                    .collect()
            }
        }
    }
}

/// Where one person's mail may lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// A Maildir, an mbox, or a directory of mboxes.
    pub root: PathBuf,
    /// The directory of further mbox files, should the root be one.
    pub folders: Option<PathBuf>,
}

/// What to do with lines that begin with `>From `. A wrong unquote damages signatures, so it must be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MboxQuoting {
    /// Show as it is: quoting in mboxo cannot be undone.
    #[default]
    Mboxo,
    /// Take one `>` away from `>From `, `>>From ` and so on.
    Mboxrd,
}

/// Whose the files must be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Owner {
    /// Anybody's.
    #[default]
    Any,
    /// Of this uid.
    Uid(u32),
    /// Of the user that the system knows by this name. Looked up where the store is opened, since a directory service may be asked;
    /// nothing is opened for a name that it does not know.
    Named(String),
    /// Nobody can say, so nothing is opened.
    Unknown,
}

impl Owner {
    /// The uid that files must have; `None` if any will do.
    pub fn uid(&self) -> Result<Option<u32>, crate::SpoolError> {
        crate::owner::uid(self)
    }
}

/// Everything [`crate::Store::open`] needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreConfig {
    /// Where the mail lies.
    pub layout: Layout,
    /// The folder of the administrator that this is below: from there on the way leads over no symbolic link. Without one the whole
    /// path is his, and may be links.
    pub beneath: Option<PathBuf>,
    /// Files of the administrator that say that a store is there: below the folder of one nothing is read while it is missing. Where
    /// nothing is mounted, or something else, there may be folders of the same names.
    pub markers: Vec<PathBuf>,
    /// Whose files are shown.
    pub owner: Owner,
    /// The account's name at the mail server, for its lists of rights.
    pub account: Option<String>,
    /// What mailboxes are for by the names that this site gives them, levels joined by `/`; before the names that are common.
    pub special_use: Vec<(SpecialUse, String)>,
    /// What the mail server's lists of rights hide or lock is read all the same: for an operator, who may read the files anyway and
    /// has to know of all of them.
    pub whole: bool,
    /// Upper bounds on what is read.
    pub limits: Limits,
}

impl StoreConfig {
    /// A store with the usual limits and no owner check.
    pub fn new(layout: Layout) -> Self {
        StoreConfig {
            layout,
            beneath: None,
            markers: Vec::new(),
            owner: Owner::Any,
            account: None,
            special_use: Vec::new(),
            whole: false,
            limits: Limits::default(),
        }
    }
}

/// Upper bounds; what lies beyond is reported as a defect, never dropped in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Messages read from one mailbox.
    pub entries: usize,
    /// Mailboxes shown of one store.
    pub mailboxes: usize,
    /// Depth of the mbox tree.
    pub depth: usize,
    /// Bytes read of `dovecot-uidlist` and the like.
    pub side_file: u64,
    /// Tries to see a mailbox at rest before a listing is called inconsistent.
    pub attempts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            entries: 1_000_000,
            mailboxes: 10_000,
            depth: 16,
            side_file: 256 << 20,
            attempts: 3,
        }
    }
}
