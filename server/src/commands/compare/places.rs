//! From what stands on the command line to pairs of stores.

use crate::{cli::Compare, setup::SetupError, template::Template};
use mailroom::{Finding, Layout, MboxQuoting, Place, Side, StoreConfig, printable};
use std::{collections::BTreeSet, path::PathBuf};

/// The two stores of an account; one of them may not be there.
pub(super) struct Pair {
    pub(super) account: Option<String>,
    pub(super) old: Option<StoreConfig>,
    pub(super) new: Option<StoreConfig>,
}

/// All that is to be compared.
pub(super) struct Pairs {
    pub(super) all: Vec<Pair>,
    troubles: Vec<Finding>,
}

impl Pairs {
    pub(super) fn of(asked: &Compare) -> Result<Self, SetupError> {
        let folders = (asked.old_mail.as_deref(), asked.new_mail.as_deref());
        let is_template = |text: &str| text.contains('{');
        match (is_template(&asked.old), is_template(&asked.new)) {
            (false, false) => {
                let old = one(Side::Old, &asked.old, folders.0)?;
                let new = one(Side::New, &asked.new, folders.1)?;
                Ok(Self {
                    all: vec![Pair {
                        account: None,
                        old: Some(old),
                        new: Some(new),
                    }],
                    troubles: Vec::new(),
                })
            }
            (true, true) => Self::of_everybody(&Places::new(&asked.old, folders.0)?, &Places::new(&asked.new, folders.1)?),
            _ => Err(SetupError::Text(
                "one of the two spools has {account} in it and the other has not: give both for one person, or both for everybody"
                    .to_owned(),
            )),
        }
    }

    fn of_everybody(old: &Places, new: &Places) -> Result<Self, SetupError> {
        let mut troubles = Vec::new();
        let before = old.accounts(Side::Old, &mut troubles)?;
        let after = new.accounts(Side::New, &mut troubles)?;
        let all = before.union(&after).map(|name| Pair {
            account: Some(name.clone()),
            old: before.contains(name).then(|| old.store(name)),
            new: after.contains(name).then(|| new.store(name)),
        });
        Ok(Self {
            all: all.collect(),
            troubles,
        })
    }

    /// Folders that cannot be looked into, and so may hold accounts.
    pub(super) fn troubles(&self) -> impl Iterator<Item = &Finding> {
        self.troubles.iter()
    }
}

/// Where everybody's mail lies.
struct Places {
    root: Template,
    folders: Option<Template>,
}

impl Places {
    fn new(root: &str, folders: Option<&str>) -> Result<Self, SetupError> {
        let parse = |text: &str| Template::parse(text).map_err(SetupError::Text);
        Ok(Self {
            root: parse(root)?,
            folders: folders.map(parse).transpose()?,
        })
    }

    /// A spool with nobody in it is one that is not mounted, or not where it is said to be.
    fn accounts(&self, side: Side, troubles: &mut Vec<Finding>) -> Result<BTreeSet<String>, SetupError> {
        let (mut names, mut unread) = self.root.accounts_and_troubles();
        if let Some(folders) = &self.folders {
            let (more, unread_too) = folders.accounts_and_troubles();
            names.extend(more);
            unread.extend(unread_too);
        }
        if names.is_empty() && unread.is_empty() {
            return Err(SetupError::Text(format!(
                "the {} spool: nobody has mail below {}; is it mounted?",
                super::lines::name(side),
                self.root.folder()
            )));
        }
        troubles.extend(unread.into_iter().map(|(path, error)| Finding::Unreadable {
            side,
            mailbox: None,
            file: Some(printable(&path.to_string_lossy())),
            cause: error,
        }));
        let names: BTreeSet<String> = names.into_iter().collect();
        // Beside an mbox lies its lock, and hidden files are nobody's.
        let is_lock = |name: &str| name.strip_suffix(".lock").is_some_and(|of| names.contains(of));
        Ok(names
            .iter()
            .filter(|name| !name.starts_with('.') && !is_lock(name))
            .cloned()
            .collect())
    }

    fn store(&self, account: &str) -> StoreConfig {
        store(
            self.root.of(account),
            self.folders.as_ref().map(|folders| folders.of(account)),
        )
    }
}

/// The place of one person, which has to be there.
fn one(side: Side, root: &str, folders: Option<&str>) -> Result<StoreConfig, SetupError> {
    for place in [Some(root), folders].into_iter().flatten() {
        std::fs::metadata(place)
            .map_err(|error| SetupError::Text(format!("the {} spool: {place}: {error}", super::lines::name(side))))?;
    }
    Ok(store(root.to_owned(), folders.map(str::to_owned)))
}

fn store(root: String, folders: Option<String>) -> StoreConfig {
    let root = PathBuf::from(root);
    // An account without further mailboxes has no folder for them; one whose inbox is empty may have no file for that.
    let folders = folders
        .map(PathBuf::from)
        .filter(|folder| folder.symlink_metadata().is_ok());
    let quoting = MboxQuoting::Mboxo;
    StoreConfig::new(match folders {
        Some(folders) if !root.is_dir() => Layout::Mbox {
            inbox: root,
            folders: Some(folders),
            quoting,
        },
        folders => Layout::Detect {
            places: vec![Place { root, folders }],
            quoting,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn asked(old: &str, new: &str) -> Compare {
        Compare {
            old: old.to_owned(),
            new: new.to_owned(),
            ..Compare::default()
        }
    }

    #[test]
    fn accounts_are_paired_by_name() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["old/a", "old/b", "new/b/Maildir", "new/c/Maildir"] {
            fs::create_dir_all(dir.path().join(path)).unwrap();
        }
        for file in ["old/b.lock", "old/.hidden"] {
            fs::write(dir.path().join(file), "").unwrap();
        }
        let root = |text: &str| format!("{}/{text}", dir.path().display());
        let pairs = Pairs::of(&asked(&root("old/{account}"), &root("new/{account}/Maildir"))).unwrap();
        let found = pairs
            .all
            .iter()
            .map(|pair| (pair.account.as_deref().unwrap(), pair.old.is_some(), pair.new.is_some()));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [("a", true, false), ("b", true, true), ("c", false, true)]
        );
        assert_eq!(pairs.troubles().count(), 0);
    }

    #[test]
    fn a_spool_without_accounts_is_not_compared() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("old/a")).unwrap();
        fs::create_dir_all(dir.path().join("new")).unwrap();
        let root = |text: &str| format!("{}/{text}", dir.path().display());
        assert!(Pairs::of(&asked(&root("old/{account}"), &root("new/{account}"))).is_err());
        // A folder that is not there cannot be looked into.
        let gone = Pairs::of(&asked(&root("old/{account}"), &root("gone/{account}"))).unwrap();
        assert_eq!(gone.troubles().count(), 1);
        assert!(
            Pairs::of(&asked(&root("old/{account}"), &root("new"))).is_err(),
            "one person and everybody"
        );
    }
}
