//! Every message of a mailbox as it lies there, for whoever goes through all of them once: the operator's commands. A [`crate::Listing`]
//! shows one of several files with the same base name; here each of them is an item, and no more is kept of it than opens it again.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use crate::{BaseName, Defect, DefectKind, Flags, Location};

/// A mailbox full of oddities needs no more examples than these; that there are more is one of them.
const MOST_DEFECTS: usize = 10_000;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where it lies.
    pub location: Location,
    /// What was set on it.
    pub marks: Marks,
    /// Of its headers, in an mbox.
    pub(crate) hash: [u8; 16],
    /// No other message of the mailbox had its base name, so it may be looked for by that.
    pub(crate) alone: bool,
}

impl Item {
    /// Its lasting name; see [`BaseName`].
    pub fn base(&self) -> BaseName {
        match &self.location {
            Location::Maildir { name, .. } => BaseName::from_bytes(crate::maildir::filename::parse(name).base),
            Location::Mbox { .. } => crate::mbox::key(&self.hash, 0),
        }
    }

    /// No other message of the mailbox has its base name.
    pub fn is_alone(&self) -> bool {
        self.alone
    }

    /// The size that its name tells (`,S=`).
    pub fn named_size(&self) -> Option<u64> {
        match &self.location {
            Location::Maildir { name, .. } => {
                crate::maildir::filename::size(crate::maildir::filename::parse(name).base)
            }
            Location::Mbox { .. } => None,
        }
    }
}

/// The flags that people set, and miss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks {
    /// \Seen
    pub seen: bool,
    /// \Answered
    pub answered: bool,
    /// \Flagged
    pub flagged: bool,
}

impl From<&Flags> for Marks {
    fn from(flags: &Flags) -> Self {
        Marks {
            seen: flags.seen,
            answered: flags.answered,
            flagged: flags.flagged,
        }
    }
}

/// All of a mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Everything {
    /// Its messages, in no order.
    pub items: Vec<Item>,
    /// What is there and is no message, or only part of one.
    pub defects: Vec<Defect>,
    /// Nothing changed meanwhile, so this is all there was at one moment.
    pub at_rest: bool,
}

impl Everything {
    /// Finds out which messages share their base name.
    pub(crate) fn look_for_namesakes(&mut self) {
        // Eight bytes of each; two names that happen to have the same are taken for namesakes, which is safe.
        let hash = RandomState::new();
        let of = |item: &Item| hash.hash_one(item.base().as_bytes());
        let mut often: HashMap<u64, bool> = HashMap::with_capacity(self.items.len());
        for item in &self.items {
            often.entry(of(item)).and_modify(|alone| *alone = false).or_insert(true);
        }
        for item in &mut self.items {
            item.alone = often.get(&of(item)).copied().unwrap_or_default();
        }
    }

    pub(crate) fn note(&mut self, kind: DefectKind, name: &[u8]) {
        match self.defects.len() {
            MOST_DEFECTS => self.defects.push(Defect::new(DefectKind::TooManyEntries, name)),
            many if many > MOST_DEFECTS => {}
            _ => self.defects.push(Defect::new(kind, name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{Layout, MailboxPath, Store, StoreConfig};

    #[test]
    fn a_message_that_was_renamed_is_found_and_its_namesake_is_not_taken_for_it() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [("cur/a:2,", "a"), ("cur/b:2,", "one"), ("new/b", "other")] {
            fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
            fs::write(dir.path().join(name), text).unwrap();
        }
        let root = dir.path().to_owned();
        let store = Store::open(&StoreConfig::new(Layout::Maildir { root })).unwrap();
        let inbox = MailboxPath::inbox();
        let mut items = store.everything(&inbox).unwrap().items;
        items.sort_by_key(|item| (item.base(), item.location.to_bytes()));
        let text = |at: usize| {
            let file = store.open_item(&inbox, &items[at]).unwrap()?;
            Some(String::from_utf8(file.read_all(9).unwrap()).unwrap())
        };
        let all = || [0, 1, 2].map(text);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(all(), [some("a"), some("other"), some("one")]);
        fs::rename(dir.path().join("cur/a:2,"), dir.path().join("cur/a:2,S")).unwrap();
        fs::rename(dir.path().join("cur/b:2,"), dir.path().join("cur/b:2,S")).unwrap();
        assert_eq!(all(), [some("a"), some("other"), None]);
    }
}
