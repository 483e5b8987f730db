//! Whose mail lies where, from `[spool]`.

use crate::{
    config::{Config, Format, OwnerRule, SpecialUseNames, Spool, snapshots::SnapshotRule},
    template::Template,
};
use mailroom::{Account, Accounts, Layout, MboxQuoting, MountKey, Owner, Place, SpecialUse, StoreConfig};
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

/// The accounts of a spool: whoever has a folder or file where `[spool] root` says.
#[derive(Debug)]
pub struct SpoolAccounts {
    spool: Spool,
    roots: Vec<Template>,
    folders: Option<Template>,
    /// One in the folder of each root, if there are any.
    markers: Vec<PathBuf>,
    snapshots: Vec<SnapshotRule>,
    /// What the portal has said of owners.
    claimed: RwLock<HashMap<String, u32>>,
}

impl SpoolAccounts {
    /// `None` when `[spool] root` is not set.
    pub fn of(config: &Config) -> Option<Self> {
        let mut accounts = Self::new(&config.spool)?;
        accounts.snapshots = config.snapshots().unwrap_or_default();
        Some(accounts)
    }

    /// The same without dated copies.
    pub fn new(spool: &Spool) -> Option<Self> {
        // The configuration was checked.
        let roots: Vec<Template> = spool.templates().flatten().collect();
        let of = |root: &Template| Some(Path::new(root.folder()).join(spool.marker.as_deref()?));
        let mut markers: Vec<PathBuf> = roots.iter().filter_map(of).collect();
        markers.dedup();
        (!roots.is_empty()).then(|| Self {
            roots,
            markers,
            folders: spool
                .folders
                .as_deref()
                .and_then(|folders| Template::parse(folders).ok()),
            spool: spool.clone(),
            snapshots: Vec::new(),
            claimed: RwLock::default(),
        })
    }

    fn account(&self, name: &str) -> Account {
        let path = |template: &Template| PathBuf::from(template.of(name));
        let folders = self.folders.as_ref().map(path);
        let quoting = match self.spool.format {
            Format::Mboxrd => MboxQuoting::Mboxrd,
            Format::Auto | Format::Maildir | Format::Mboxo => MboxQuoting::Mboxo,
        };
        let layout = match (self.roots.as_slice(), self.spool.format) {
            ([root], Format::Maildir) => Layout::Maildir { root: path(root) },
            ([root], Format::Mboxo | Format::Mboxrd) => Layout::Mbox {
                inbox: path(root),
                folders,
                quoting,
            },
            (roots, _) => {
                let place = |root: &Template| Place {
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
        store.markers = self.markers.clone();
        store.owner = self.owner(name);
        store.account = Some(name.to_owned());
        store.special_use = special_use(&self.spool.special_use);
        Account {
            name: name.to_owned(),
            display_name: name.to_owned(),
            addresses: Vec::new(),
            store,
            mount: MountKey::live(self.folders()),
            snapshots: self.snapshots.iter().map(|rule| rule.of(name)).collect(),
        }
    }

    fn folders(&self) -> Vec<PathBuf> {
        self.roots.iter().map(|root| root.folder().into()).collect()
    }

    /// Not the marker, which lies where accounts do.
    fn may_be(&self, name: &str) -> bool {
        let is_marker = |marker: &PathBuf| self.roots.iter().any(|root| Path::new(&root.of(name)) == marker);
        is_name(name) && !self.markers.iter().any(is_marker)
    }

    fn owner(&self, name: &str) -> Owner {
        match &self.spool.owner {
            OwnerRule::Any => Owner::Any,
            OwnerRule::Fixed(uid) => Owner::Uid(*uid),
            OwnerRule::Passwd => Owner::Named(name.to_owned()),
            OwnerRule::Claim(_) => {
                let claimed = self.claimed.read().unwrap_or_else(PoisonError::into_inner);
                claimed.get(name).map_or(Owner::Unknown, |uid| Owner::Uid(*uid))
            }
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
        self.may_be(name).then(|| self.account(name))
    }

    fn all(&self) -> Vec<Account> {
        let names: BTreeSet<String> = self.roots.iter().flat_map(Template::accounts).collect();
        let names = names.iter().filter(|name| self.may_be(name));
        names.map(|name| self.account(name)).collect()
    }

    fn mounts(&self) -> Vec<MountKey> {
        MountKey::live(self.folders()).each()
    }

    fn markers(&self) -> Vec<PathBuf> {
        self.markers.clone()
    }

    fn is_owned_by(&self, name: &str, uid: u32) -> Option<u32> {
        let mut claimed = self.claimed.write().unwrap_or_else(PoisonError::into_inner);
        claimed.insert(name.to_owned(), uid)
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

    const MARK: &str = "{account}";

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
        let mounts: Vec<_> = ["new", "old"]
            .map(|place| MountKey::live(vec![dir.path().join(place)]))
            .into();
        assert_eq!(accounts.mounts(), mounts, "each is left alone by itself");
    }

    #[test]
    fn each_root_has_its_marker_and_the_marker_is_nobody() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["mounted", "tanaka"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let accounts = SpoolAccounts::new(&Spool {
            root: vec![format!("{}/{MARK}", dir.path().display()), format!("/b/{MARK}/mail")],
            marker: Some("mounted".to_owned()),
            ..Spool::default()
        })
        .unwrap();
        let names: Vec<String> = accounts.all().into_iter().map(|account| account.name).collect();
        assert_eq!(names, ["tanaka"]);
        assert!(accounts.find("mounted").is_none());
        let markers = vec![dir.path().join("mounted"), "/b/mounted".into()];
        assert_eq!(accounts.find("tanaka").unwrap().store.markers, markers);
        assert_eq!(accounts.markers(), markers);
    }

    #[test]
    fn places_in_one_folder_have_one_mount() {
        let root = |path: &str| format!("/home/{MARK}/{path}");
        let accounts = SpoolAccounts::new(&Spool {
            root: vec![root("Maildir"), root("mbox")],
            ..Spool::default()
        })
        .unwrap();
        assert_eq!(accounts.mounts(), [MountKey::live(vec!["/home".into()])]);
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
    fn a_root_and_a_path_make_a_place() {
        let spool = Spool {
            root: vec!["/var/vmail/".to_owned()],
            path: Some("{account:1}/{account}/Maildir".to_owned()),
            ..Spool::default()
        };
        let accounts = SpoolAccounts::new(&spool).unwrap();
        let Layout::Detect { places, .. } = accounts.find("tanaka").unwrap().store.layout else {
            panic!("it is told by nobody")
        };
        assert_eq!(places[0].root, PathBuf::from("/var/vmail/t/tanaka/Maildir"));
    }

    #[test]
    fn files_are_whose_the_rule_says() {
        let of = |owner: OwnerRule| {
            let accounts = SpoolAccounts::new(&Spool {
                root: vec!["/mail/{account}".to_owned()],
                owner,
                ..Spool::default()
            });
            accounts.unwrap()
        };
        let owner = |accounts: &SpoolAccounts| accounts.find("tanaka").unwrap().store.owner;
        assert_eq!(owner(&of(OwnerRule::Any)), Owner::Any);
        assert_eq!(owner(&of(OwnerRule::Fixed(7))), Owner::Uid(7));
        assert_eq!(owner(&of(OwnerRule::Passwd)), Owner::Named("tanaka".to_owned()));
        let claimed = of(OwnerRule::Claim("uidNumber".to_owned()));
        assert_eq!(owner(&claimed), Owner::Unknown, "nobody is not anybody");
        assert_eq!(claimed.is_owned_by("tanaka", 4320), None);
        assert_eq!(claimed.is_owned_by("tanaka", 4321), Some(4320));
        claimed.is_owned_by("sato", 1);
        assert_eq!(owner(&claimed), Owner::Uid(4321));
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
