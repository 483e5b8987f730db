use crate::SnapshotRoot;
use spool::StoreConfig;
use std::path::PathBuf;

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
    /// The folders that accounts stand in, one for each place that the mail may lie at: those of one list are read, and left alone when
    /// they do not answer, together.
    pub folders: Vec<PathBuf>,
    /// Where dated copies of their mail stand.
    pub snapshots: Vec<SnapshotRoot>,
}

impl Account {
    /// Whether it is certain that nothing lies where the account's mail would. Asks the spool here and now, and so may wait for it: for
    /// commands; a portal asks [`Mailroom::lacks_mail`](crate::Mailroom::lacks_mail).
    pub fn lacks_mail(&self) -> bool {
        crate::spool_client::lacks(&self.store, &self.folders)
    }
}

/// Who has mail here, and where it lies.
pub trait Accounts: Send + Sync {
    /// The account of that name.
    fn find(&self, name: &str) -> Option<Account>;
    /// Every account, where they can be listed.
    fn all(&self) -> Vec<Account>;
    /// The folders that accounts stand in, list by list ([`Account::folders`]); known without asking the spool.
    fn mounts(&self) -> Vec<Vec<PathBuf>> {
        let mut mounts: Vec<_> = self.all().into_iter().map(|account| account.folders).collect();
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
