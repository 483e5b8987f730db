use crate::SnapshotRoot;
use spool::StoreConfig;
use std::path::PathBuf;

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
    /// With what it is read, and left alone when that does not answer.
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
}

/// Who has mail here, and where it lies.
pub trait Accounts: Send + Sync {
    /// The account of that name.
    fn find(&self, name: &str) -> Option<Account>;
    /// Every account, where they can be listed.
    fn all(&self) -> Vec<Account>;
    /// Where accounts stand ([`Account::mount`]), each once; known without asking the spool.
    fn mounts(&self) -> Vec<MountKey> {
        let mut mounts: Vec<_> = self.all().into_iter().map(|account| account.mount).collect();
        mounts.sort();
        mounts.dedup();
        mounts
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
