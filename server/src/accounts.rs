//! Whose mail lies where, from `[spool]`.

use crate::config::{Format, Spool};
use mailroom::{Account, Accounts, Layout, MboxQuoting, StoreConfig};
use std::path::{Path, PathBuf};

const MARK: &str = "{account}";

/// The accounts of a spool: whoever has a folder or file where `[spool] root` says.
#[derive(Clone, Debug)]
pub struct SpoolAccounts {
    spool: Spool,
    root: String,
}

impl SpoolAccounts {
    /// `None` when `[spool] root` is not set.
    pub fn new(spool: &Spool) -> Option<Self> {
        Some(Self {
            root: spool.root.clone()?,
            spool: spool.clone(),
        })
    }

    fn account(&self, name: &str) -> Account {
        let path = |template: &str| PathBuf::from(template.replace(MARK, name));
        let mbox = |quoting| Layout::Mbox {
            inbox: path(&self.root),
            folders: self.spool.folders.as_deref().map(path),
            quoting,
        };
        let layout = match self.spool.format {
            Format::Maildir => Layout::Maildir { root: path(&self.root) },
            Format::Mboxo => mbox(MboxQuoting::Mboxo),
            Format::Mboxrd => mbox(MboxQuoting::Mboxrd),
        };
        let mut store = StoreConfig::new(layout);
        store.owner_uid = self.spool.owner;
        Account {
            name: name.to_owned(),
            display_name: name.to_owned(),
            addresses: Vec::new(),
            store,
        }
    }
}

impl Accounts for SpoolAccounts {
    fn find(&self, name: &str) -> Option<Account> {
        is_name(name).then(|| self.account(name))
    }

    fn all(&self) -> Vec<Account> {
        let (before, after) = self.root.split_once(MARK).unwrap_or((&self.root, ""));
        // `/spool/u-{account}`: the folder to list is `/spool`, and names begin with `u-`.
        let (folder, prefix) = before.rsplit_once('/').unwrap_or((".", before));
        let folder = if folder.is_empty() { "/" } else { folder };
        let (suffix, rest) = after.split_once('/').unwrap_or((after, ""));
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter(|entry| rest.is_empty() || Path::new(&entry.path()).join(rest).exists())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter_map(|name| Some(name.strip_prefix(prefix)?.strip_suffix(suffix)?.to_owned()))
            .filter(|name| is_name(name))
            .collect();
        names.sort_unstable();
        names.iter().map(|name| self.account(name)).collect()
    }
}

/// A name that cannot lead out of the spool.
fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first.is_ascii_digit() || first == b'_')
        && name.len() <= 64
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_what_lies_in_the_spool() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["tanaka", "sato", "Not.A.Name"] {
            std::fs::create_dir_all(dir.path().join(name).join("Maildir")).unwrap();
        }
        std::fs::create_dir_all(dir.path().join("empty")).unwrap();
        let root = format!("{}/{MARK}/Maildir", dir.path().display());
        let accounts = SpoolAccounts::new(&Spool {
            root: Some(root),
            ..Spool::default()
        })
        .unwrap();
        let names: Vec<String> = accounts.all().into_iter().map(|account| account.name).collect();
        assert_eq!(names, ["sato", "tanaka"]);
        assert!(accounts.find("tanaka").is_some());
    }

    #[test]
    fn no_name_leads_out_of_the_spool() {
        let spool = Spool {
            root: Some("/mail/{account}".to_owned()),
            ..Spool::default()
        };
        let accounts = SpoolAccounts::new(&spool).unwrap();
        for bad in ["", "..", ".", "a/b", "/etc", "A", "a\0", "-x", "a b"] {
            assert!(accounts.find(bad).is_none(), "{bad:?}");
        }
    }
}
