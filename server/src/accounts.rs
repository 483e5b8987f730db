//! Whose mail lies where, from `[spool]`.

use crate::config::{Format, SpecialUseNames, Spool};
use mailroom::{Account, Accounts, Layout, MboxQuoting, Place, SpecialUse, StoreConfig};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

const MARK: &str = "{account}";

/// The accounts of a spool: whoever has a folder or file where `[spool] root` says.
#[derive(Clone, Debug)]
pub struct SpoolAccounts {
    spool: Spool,
}

impl SpoolAccounts {
    /// `None` when `[spool] root` is not set.
    pub fn new(spool: &Spool) -> Option<Self> {
        (!spool.root.is_empty()).then(|| Self { spool: spool.clone() })
    }

    fn account(&self, name: &str) -> Account {
        let path = |template: &str| PathBuf::from(template.replace(MARK, name));
        let folders = self.spool.folders.as_deref().map(path);
        let quoting = match self.spool.format {
            Format::Mboxrd => MboxQuoting::Mboxrd,
            Format::Auto | Format::Maildir | Format::Mboxo => MboxQuoting::Mboxo,
        };
        let layout = match (self.spool.root.as_slice(), self.spool.format) {
            ([root], Format::Maildir) => Layout::Maildir { root: path(root) },
            ([root], Format::Mboxo | Format::Mboxrd) => Layout::Mbox {
                inbox: path(root),
                folders,
                quoting,
            },
            (roots, _) => {
                let place = |root: &String| Place {
                    root: path(root),
                    folders: folders.clone(),
                };
                Layout::Detect {
                    places: roots.iter().map(place).collect(),
                    quoting,
                }
            }
        };
        let mut store = StoreConfig::new(layout);
        store.owner_uid = self.spool.owner;
        store.account = Some(name.to_owned());
        store.special_use = special_use(&self.spool.special_use);
        Account {
            name: name.to_owned(),
            display_name: name.to_owned(),
            addresses: Vec::new(),
            store,
        }
    }
}

fn special_use(names: &SpecialUseNames) -> Vec<(SpecialUse, String)> {
    [
        (SpecialUse::Drafts, &names.drafts),
        (SpecialUse::Sent, &names.sent),
        (SpecialUse::Archive, &names.archive),
        (SpecialUse::Junk, &names.junk),
        (SpecialUse::Trash, &names.trash),
    ]
    .into_iter()
    .flat_map(|(of, names)| names.iter().map(move |name| (of, name.clone())))
    .collect()
}

impl Accounts for SpoolAccounts {
    fn find(&self, name: &str) -> Option<Account> {
        is_name(name).then(|| self.account(name))
    }

    fn all(&self) -> Vec<Account> {
        let names: BTreeSet<String> = self.spool.root.iter().flat_map(|root| names_in(root)).collect();
        names.iter().map(|name| self.account(name)).collect()
    }

    fn lacks(&self, name: &str) -> bool {
        let is_missing = |place: &String| {
            let missing = |error: std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
            std::fs::symlink_metadata(place.replace(MARK, name)).is_err_and(missing)
        };
        // Where nothing is mounted there is an empty folder, or none.
        let is_mounted =
            |root: &String| std::fs::read_dir(folder_of(root).0).is_ok_and(|mut entries| entries.next().is_some());
        self.spool.root.iter().all(|root| is_missing(root) && is_mounted(root))
            && self.spool.folders.iter().all(is_missing)
    }
}

/// The folder that the accounts of a place stand in, what their names begin with there, and what follows.
/// `/spool/u-{account}/Maildir`: `/spool`, `u-`, `/Maildir`.
fn folder_of(root: &str) -> (&str, &str, &str) {
    let (before, after) = root.split_once(MARK).unwrap_or((root, ""));
    let (folder, prefix) = before.rsplit_once('/').unwrap_or((".", before));
    (if folder.is_empty() { "/" } else { folder }, prefix, after)
}

/// Whoever has something where `root` says.
fn names_in(root: &str) -> Vec<String> {
    let (folder, prefix, after) = folder_of(root);
    let (suffix, rest) = after.split_once('/').unwrap_or((after, ""));
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| rest.is_empty() || Path::new(&entry.path()).join(rest).exists())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_prefix(prefix)?.strip_suffix(suffix)?.to_owned()))
        .filter(|name| is_name(name))
        .collect()
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
            root: vec![root],
            ..Spool::default()
        })
        .unwrap();
        let names: Vec<String> = accounts.all().into_iter().map(|account| account.name).collect();
        assert_eq!(names, ["sato", "tanaka"]);
        assert!(accounts.find("tanaka").is_some());
    }

    #[test]
    fn who_has_nothing_in_a_spool_that_is_there_has_no_mail() {
        let dir = tempfile::tempdir().unwrap();
        let root = |place: &str| format!("{}/{place}/{MARK}/Maildir", dir.path().display());
        let accounts = |places: &[&str]| {
            SpoolAccounts::new(&Spool {
                root: places.iter().map(|place| root(place)).collect(),
                ..Spool::default()
            })
            .unwrap()
        };
        std::fs::create_dir_all(dir.path().join("here/tanaka/Maildir")).unwrap();
        std::fs::create_dir_all(dir.path().join("unmounted")).unwrap();
        assert!(!accounts(&["here"]).lacks("tanaka"));
        assert!(accounts(&["here"]).lacks("nobody"));
        // Nobody can say.
        for gone in ["unmounted", "absent"] {
            assert!(!accounts(&[gone]).lacks("nobody"), "{gone}");
            assert!(!accounts(&["here", gone]).lacks("nobody"), "{gone}");
        }
    }

    #[test]
    fn an_account_may_lie_in_any_of_several_places() {
        let dir = tempfile::tempdir().unwrap();
        for place in ["old/tanaka", "new/sato", "new/tanaka"] {
            std::fs::create_dir_all(dir.path().join(place)).unwrap();
        }
        let root = |place: &str| format!("{}/{place}/{MARK}", dir.path().display());
        let accounts = SpoolAccounts::new(&Spool {
            root: vec![root("new"), root("old")],
            ..Spool::default()
        })
        .unwrap();
        let names: Vec<String> = accounts.all().into_iter().map(|account| account.name).collect();
        assert_eq!(names, ["sato", "tanaka"]);
        let Layout::Detect { places, .. } = accounts.find("tanaka").unwrap().store.layout else {
            panic!("it is told by nobody")
        };
        assert_eq!(places.len(), 2);
        assert!(places[0].root.ends_with("new/tanaka"));
    }

    #[test]
    fn a_site_says_what_its_mailboxes_are_for() {
        let config: crate::config::Config =
            "[spool]\nroot = '/mail/{account}'\n[spool.special_use]\nsent = ['送信控え']"
                .parse::<toml::Table>()
                .unwrap()
                .try_into()
                .unwrap();
        let account = SpoolAccounts::new(&config.spool).unwrap().find("tanaka").unwrap();
        assert_eq!(account.store.special_use, [(SpecialUse::Sent, "送信控え".to_owned())]);
    }

    #[test]
    fn no_name_leads_out_of_the_spool() {
        let spool = Spool {
            root: vec!["/mail/{account}".to_owned()],
            ..Spool::default()
        };
        let accounts = SpoolAccounts::new(&spool).unwrap();
        for bad in ["", "..", ".", "a/b", "/etc", "A", "a\0", "-x", "a b"] {
            assert!(accounts.find(bad).is_none(), "{bad:?}");
        }
    }
}
