use super::named::Named;
use crate::{Account, MountKey, MountKind};
use jiff::tz::TimeZone;
use spool::{Layout, MboxQuoting, Place, StoreConfig};
use std::path::{Path, PathBuf};

/// Where dated copies of one account's mail stand.
#[derive(Clone, Debug)]
pub struct SnapshotRoot {
    /// The folder that this is below for every account: what is read there is read, and left alone when it does not answer, together. No
    /// link is followed below it.
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
    /// Copied file by file. It is complete when this file is there, at its top; the first line of it is the time (RFC 3339). Lines behind
    /// it may say of accounts how many messages the copy has (`ACCOUNT<TAB>MESSAGES`).
    Copy {
        /// The file's path within the copy.
        marker: String,
    },
}

impl SnapshotRoot {
    /// With what all copies there are read.
    pub(crate) fn mount(&self) -> MountKey {
        MountKey {
            kind: MountKind::Copies,
            folders: vec![self.folder.clone()],
        }
    }

    /// The directory of the copy of that name.
    pub fn copy(&self, name: &str) -> PathBuf {
        self.dir.join([&self.before, name, &self.after].concat())
    }

    /// The name of the copy whose directory that is, if it is one of these.
    pub fn name_of<'a>(&self, copy: &'a Path) -> Option<&'a str> {
        let entry = copy.strip_prefix(&self.dir).ok()?.to_str()?;
        let own = entry.strip_prefix(self.before.as_str())?;
        let own = own.strip_suffix(self.after.as_str())?;
        (!own.is_empty() && !own.contains('/')).then_some(own)
    }

    /// When the copy of that name was made, in seconds, by its name; of a day without a time, when it began.
    pub fn time_in(&self, name: &str) -> Option<i64> {
        Named::of(name)?.seconds(&self.zone)
    }

    /// The same, where the name tells a time of day.
    pub fn moment_in(&self, name: &str) -> Option<i64> {
        let named = Named::of(name)?;
        named.time?;
        named.seconds(&self.zone)
    }

    /// The account's mail in the copy of that name: the same rules as for the live mail, at another place.
    pub(crate) fn account(&self, live: &Account, name: &str) -> Account {
        let copy = self.copy(name);
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
                // Below it lies what people have made themselves.
                beneath: Some(self.folder.clone()),
                ..live.store.clone()
            },
            mount: self.mount(),
            snapshots: Vec::new(),
            ..live.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spool::Owner;

    #[test]
    fn the_mail_in_a_copy_is_of_the_kind_and_under_the_rules_of_the_live_mail() {
        let root = SnapshotRoot {
            folder: "/b".into(),
            dir: "/b".into(),
            before: "mail-".to_owned(),
            after: ".d".to_owned(),
            within: "t/tanaka".into(),
            folders: Some("home/tanaka/mail".into()),
            kind: SnapshotKind::Atomic,
            zone: TimeZone::UTC,
        };
        let live = |layout| Account {
            name: "tanaka".to_owned(),
            display_name: String::new(),
            addresses: Vec::new(),
            store: StoreConfig {
                owner: Owner::Uid(7),
                ..StoreConfig::new(layout)
            },
            mount: MountKey::live(vec!["/var/mail".into()]),
            snapshots: vec![root.clone()],
        };
        let (inbox, quoting) = (Path::new("/b/mail-x.d/t/tanaka"), MboxQuoting::Mboxrd);
        let folders = Some(PathBuf::from("/b/mail-x.d/home/tanaka/mail"));
        for (layout, copied) in [
            (
                Layout::Maildir {
                    root: "/var/mail".into(),
                },
                Layout::Maildir { root: inbox.into() },
            ),
            (
                Layout::Mbox {
                    inbox: "/var/mail/tanaka".into(),
                    folders: None,
                    quoting,
                },
                Layout::Mbox {
                    inbox: inbox.into(),
                    folders: folders.clone(),
                    quoting,
                },
            ),
            (
                Layout::Detect {
                    places: Vec::new(),
                    quoting,
                },
                Layout::Detect {
                    places: vec![Place {
                        root: inbox.into(),
                        folders: folders.clone(),
                    }],
                    quoting,
                },
            ),
        ] {
            let account = root.account(&live(layout), "x");
            assert_eq!(root.name_of(&root.copy("x")), Some("x"));
            assert_eq!((account.store.layout, account.store.owner), (copied, Owner::Uid(7)));
            assert_eq!((account.mount, account.snapshots.len()), (root.mount(), 0));
        }
        for none in ["/b/mail-.d", "/b/mail-x", "/b/mail-x.d/y.d", "/c/mail-x.d", "/b"] {
            assert_eq!(root.name_of(Path::new(none)), None, "{none}");
        }
    }
}
