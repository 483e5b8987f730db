use crate::SnapshotRoot;
use spool::{Layout, StoreConfig};
use std::path::{Path, PathBuf};

/// What is read, and left alone when it does not answer, together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MountKey {
    /// What of it is read.
    pub kind: MountKind,
    /// The folders that accounts stand in, one for each place that the mail may lie at.
    pub folders: Vec<PathBuf>,
}

/// What is read of a mount. Each has readers of its own, also in one folder: what hangs of the one costs the other nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MountKind {
    /// The mail as it is now.
    Live,
    /// Dated copies of it.
    Copies,
}

impl MountKey {
    /// Of the mail as it is now.
    pub fn live(folders: Vec<PathBuf>) -> Self {
        Self {
            kind: MountKind::Live,
            folders,
        }
    }

    /// The mounts of the single folders, each once: one that does not answer leaves the others as they are.
    pub fn each(&self) -> Vec<Self> {
        let mut folders: Vec<&PathBuf> = Vec::new();
        for folder in &self.folders {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        let of = |folder: &PathBuf| Self {
            kind: self.kind,
            folders: vec![folder.clone()],
        };
        folders.into_iter().map(of).collect()
    }
}

/// One of the roots that an account's mail may lie below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountRoot {
    /// With what it is read there.
    pub(crate) mount: MountKey,
    /// Where it lies, should it lie there.
    pub(crate) store: StoreConfig,
}

/// A person whose mail can be read here.
#[derive(Clone, Debug)]
pub struct Account {
    /// Stable name; the key of everything kept for this person.
    pub name: String,
    /// As shown.
    pub display_name: String,
    /// The person's own addresses.
    pub addresses: Vec<String>,
    /// Where their mail lies.
    pub store: StoreConfig,
    /// With what it is read, and left alone when that does not answer: of several folders each by itself, if the mail may lie at as many
    /// places.
    pub mount: MountKey,
    /// Where dated copies of their mail stand.
    pub snapshots: Vec<SnapshotRoot>,
}

impl Account {
    /// Whether it is certain that nothing lies where the account's mail would. Asks the spool here and now, and so may wait for it: for
    /// commands; a portal asks [`Mailroom::lacks_mail`](crate::Mailroom::lacks_mail).
    pub fn lacks_mail(&self) -> bool {
        crate::spool_client::lacks(&self.store, &self.mount.folders)
    }

    /// Whether it is certain enough to delete what is kept of the account: as [`lacks_mail`](Self::lacks_mail), and in no place does the
    /// way to its mail end in an empty folder, as where a part of the store is not mounted. Asks the spool as that does.
    pub fn has_gone(&self) -> bool {
        let ends_well = |place: &Path| {
            let there = place.ancestors().find(|folder| !spool::is_missing(folder));
            there.is_some_and(spool::has_entries)
        };
        self.lacks_mail() && self.store.layout.places().into_iter().all(ends_well)
    }

    /// The roots that the mail may lie below, the first that it is found below counts. Places in one folder are one root: they are looked
    /// for together.
    pub(crate) fn roots(&self) -> Vec<AccountRoot> {
        let (folders, store) = (&self.mount.folders, &self.store);
        let whole = |mount: MountKey| AccountRoot {
            mount,
            store: store.clone(),
        };
        let Layout::Detect { places, quoting } = &store.layout else {
            return vec![whole(self.mount.clone())];
        };
        if places.len() < 2 || places.len() != folders.len() {
            return vec![whole(self.mount.clone())];
        }
        let numbers: Vec<usize> = (0..places.len()).collect();
        let in_one_folder = numbers.chunk_by(|a, b| folders[*a] == folders[*b]);
        let root = |together: &[usize]| AccountRoot {
            mount: MountKey {
                kind: self.mount.kind,
                folders: together.iter().take(1).map(|at| folders[*at].clone()).collect(),
            },
            store: StoreConfig {
                layout: Layout::Detect {
                    places: together.iter().map(|at| places[*at].clone()).collect(),
                    quoting: *quoting,
                },
                ..store.clone()
            },
        };
        in_one_folder.map(root).collect()
    }
}

/// Who has mail here, and where it lies.
pub trait Accounts: Send + Sync {
    /// The account of that name.
    fn find(&self, name: &str) -> Option<Account>;
    /// Every account, where they can be listed.
    fn all(&self) -> Vec<Account>;
    /// Where accounts stand ([`Account::mount`]), each folder by itself ([`MountKey::each`]) and once; known without asking the spool.
    fn mounts(&self) -> Vec<MountKey> {
        let mut mounts: Vec<_> = self
            .all()
            .into_iter()
            .flat_map(|account| account.mount.each())
            .collect();
        mounts.sort();
        mounts.dedup();
        mounts
    }
    /// The files that say that the stores are there (`StoreConfig::markers`), each once; known as the mounts are.
    fn markers(&self) -> Vec<PathBuf> {
        let mut markers: Vec<_> = self
            .all()
            .into_iter()
            .flat_map(|account| account.store.markers)
            .collect();
        markers.sort();
        markers.dedup();
        markers
    }
    /// The campus portal says that this uid owns the account's files; what it said before.
    fn is_owned_by(&self, _name: &str, uid: u32) -> Option<u32> {
        Some(uid)
    }
}

impl Accounts for Vec<Account> {
    fn find(&self, name: &str) -> Option<Account> {
        self.iter().find(|account| account.name == name).cloned()
    }

    fn all(&self) -> Vec<Account> {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spool::{MboxQuoting, Place};

    fn account(roots: &[(&str, &str)]) -> Account {
        let place = |(_, root): &(&str, &str)| Place {
            root: root.into(),
            folders: None,
        };
        Account {
            name: "tanaka".to_owned(),
            display_name: "tanaka".to_owned(),
            addresses: Vec::new(),
            store: StoreConfig {
                account: Some("tanaka".to_owned()),
                ..StoreConfig::new(Layout::Detect {
                    places: roots.iter().map(place).collect(),
                    quoting: MboxQuoting::Mboxrd,
                })
            },
            mount: MountKey::live(roots.iter().map(|(folder, _)| folder.into()).collect()),
            snapshots: Vec::new(),
        }
    }

    #[test]
    fn each_root_is_read_by_itself_under_the_rules_of_all() {
        let account = account(&[("/b", "/b/tanaka"), ("/a", "/a/tanaka/mbox"), ("/a", "/a/tanaka")]);
        let roots = account.roots();
        let places: Vec<_> = roots.iter().map(|root| root.store.layout.places()).collect();
        let path = std::path::Path::new;
        assert_eq!(
            places,
            [vec![path("/b/tanaka")], vec![path("/a/tanaka/mbox"), path("/a/tanaka")]],
            "in order, and what is in one folder together"
        );
        let mounts: Vec<_> = roots.iter().map(|root| root.mount.clone()).collect();
        assert_eq!(mounts, account.mount.each());
        assert_eq!(vec![account.clone()].mounts().len(), 2);
        for root in roots {
            let whole = StoreConfig {
                layout: account.store.layout.clone(),
                ..root.store
            };
            assert_eq!(whole, account.store);
        }
    }

    #[test]
    fn a_single_root_is_the_account_as_it_is() {
        let account = account(&[("/a", "/a/tanaka")]);
        let [root] = &account.roots()[..] else { panic!("one") };
        assert_eq!((&root.mount, &root.store), (&account.mount, &account.store));
        assert_eq!(account.mount.each(), [account.mount]);
    }
}
