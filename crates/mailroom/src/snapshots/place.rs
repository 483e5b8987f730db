use crate::Account;
use jiff::tz::TimeZone;
use spool::{Layout, MboxQuoting, Place, StoreConfig};
use std::path::PathBuf;

/// Where dated copies of one account's mail stand.
#[derive(Clone, Debug)]
pub struct SnapshotRoot {
    /// The folder that this is below for every account: what is read there is read, and left alone when it does not answer, together.
    pub folder: PathBuf,
    /// The directory that has one entry for each copy.
    pub dir: PathBuf,
    /// What the names of the entries begin with.
    pub before: String,
    /// What they end with.
    pub after: String,
    /// Where the account's mail lies within a copy.
    pub within: PathBuf,
    /// Where further mbox files lie within a copy.
    pub folders: Option<PathBuf>,
    /// How it is known that a copy is complete.
    pub kind: SnapshotKind,
    /// Where the clock was that the names are made by.
    pub zone: TimeZone,
}

/// How it is known that a copy is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotKind {
    /// A file system's snapshot: of one moment by its nature, which its name tells.
    Atomic,
    /// Copied file by file. It is complete when this file is there, at its top; the first line of it is the time (RFC 3339).
    Copy {
        /// The file's path within the copy.
        marker: String,
    },
}

impl SnapshotRoot {
    /// The account's mail in the copy of that name: the same rules as for the live mail, at another place.
    pub(crate) fn account(&self, live: &Account, name: &str) -> Account {
        let copy = self.dir.join([&self.before, name, &self.after].concat());
        let quoting = match &live.store.layout {
            Layout::Mbox { quoting, .. } | Layout::Detect { quoting, .. } => *quoting,
            Layout::Maildir { .. } => MboxQuoting::default(),
        };
        let place = Place {
            root: copy.join(&self.within),
            folders: self.folders.as_ref().map(|folders| copy.join(folders)),
        };
        let layout = match &live.store.layout {
            Layout::Maildir { .. } => Layout::Maildir { root: place.root },
            Layout::Mbox { .. } => Layout::Mbox {
                inbox: place.root,
                folders: place.folders,
                quoting,
            },
            Layout::Detect { .. } => Layout::Detect {
                places: vec![place],
                quoting,
            },
        };
        Account {
            store: StoreConfig {
                layout,
                ..live.store.clone()
            },
            folders: vec![self.folder.clone()],
            snapshots: Vec::new(),
            ..live.clone()
        }
    }
}
