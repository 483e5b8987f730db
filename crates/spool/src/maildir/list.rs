//! A listing of one mailbox, from names alone.
//!
//! Read `new`, then `cur`, then `new` again: mail moves from `new` to `cur` only, so that movement hides nothing.
//! A rename inside `cur` still can hide a name from a reader, on every common filesystem. Hence the stamps before and
//! after: only if they are equal may anything be taken for gone.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::fs::File;
use std::io::{BufReader, Read as _};

use rustix::fs::FileType;

use super::courier::{self, Courier};
use super::keywords::Keywords as Letters;
use super::memory::{ArrivalMemory, NameHash, UidsRead, UidsUntil, most, name_hash};
use super::uidlist::{self, UidList};
use super::{Maildir, again_when_stale, filename, is_hidden};
use crate::open::{defect_of, read_dir};
use crate::{BaseName, Defect, DefectKind, Entry, Flags, Listing, Location, MailboxPath, SpoolError, Subdir};

/// A mailbox full of oddities needs no more examples than these.
const MOST_DEFECTS: usize = 1000;

/// Files of keywords changed since Courier wrote its list; it writes it anew before there are many.
const MOST_UPDATES: usize = 1000;

type ReadUids = fn(SideFile) -> std::io::Result<(UidList, Option<UidsRead>)>;

/// Who gives UIDs, and where they are written: the first that is there.
const UID_FILES: [(&[u8], ReadUids); 3] = [
    (b"dovecot-uidlist", read_uids),
    (b"courierimapuiddb", read_uids),
    (b".uidvalidity", |file| {
        let list = uidlist::read_mbsync(file)?;
        let read = list.in_names.then_some(UidsRead::InNames);
        Ok((list, read))
    }),
];

/// All of a list of UIDs, and how far that was.
fn read_uids(mut file: SideFile) -> std::io::Result<(UidList, Option<UidsRead>)> {
    let list = uidlist::read(&mut file)?;
    let until = UidsUntil::of(file.into_inner().into_inner(), &list);
    Ok((list, until.map(UidsRead::Until)))
}

/// A small file beside the messages, up to the limit on it.
pub(super) type SideFile = BufReader<std::io::Take<File>>;

/// All of it.
pub(super) fn whole(mut file: SideFile) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(text)
}

/// Keywords of whichever server wrote them.
pub(super) enum Keywords {
    /// Dovecot's: letters in the name of the message.
    Letters(Box<Letters>),
    /// Courier's: by base name.
    Courier(Courier),
}

/// What one pass over the directories found.
#[derive(Default)]
struct Found {
    names: HashMap<Vec<u8>, Place>,
    defects: Vec<Defect>,
    full: bool,
    /// All names in `new`, of whatever kind; past the most that are remembered it is not the whole of them.
    in_new: Vec<NameHash>,
}

/// What one pass over the files beside them found.
struct Beside {
    uids: UidList,
    /// `None`: they could not be read.
    uids_read: Option<UidsRead>,
    keywords: Keywords,
    defects: Vec<Defect>,
}

pub(super) struct Place {
    pub(super) subdir: Subdir,
    pub(super) name: Vec<u8>,
}

impl Maildir {
    /// Tries to see the mailbox at rest; when it never is, the last pass counts, with `consistent` false.
    pub(crate) fn list(&self, mailbox: &MailboxPath) -> Result<Listing, SpoolError> {
        self.may_read(mailbox)?;
        let mut tries = 1;
        loop {
            let stamp = self.stamp(mailbox)?;
            let found = again_when_stale(|| self.pass(mailbox))?;
            let beside = again_when_stale(|| self.side_files(mailbox))?;
            let after = self.stamp(mailbox)?;
            // UIDs and keywords are hints; only the directories decide what is there.
            let at_rest = stamp.files.get(..2) == after.files.get(..2);
            if at_rest || tries >= self.limits.attempts {
                let mut defects = found.defects;
                let Beside {
                    uids,
                    uids_read,
                    keywords,
                    defects: defects_beside,
                } = beside;
                defects.extend(defects_beside);
                if !at_rest {
                    // Both names of a message renamed meanwhile may have been met.
                    defects.retain(|defect| defect.kind != DefectKind::DuplicateBaseName);
                }
                // A mailbox without its directories is not an empty one.
                let is_whole = !defects.iter().any(|defect| defect.kind == DefectKind::MissingDirectory);
                let consistent = at_rest && !found.full && is_whole;
                let expected = uids
                    .uidvalidity
                    .filter(|_| !uids.in_names)
                    .map(|_| uids.uids.len() as u64);
                let arrival_memory = match uids_read {
                    Some(read) if consistent => {
                        let names = found.names.len() as u64;
                        let waiting = uids.uids.iter().filter(|(base, _)| !found.names.contains_key(*base));
                        ArrivalMemory::new(stamp.clone(), found.in_new, names, read.waiting(waiting))
                    }
                    _ => None,
                };
                let entries = found
                    .names
                    .into_iter()
                    .map(|(base, place)| entry(base, place, &uids, &keywords))
                    .collect();
                let uidvalidity = uids.uidvalidity;
                return Ok(Listing {
                    stamp,
                    consistent,
                    at_rest: at_rest && !found.full,
                    entries,
                    defects,
                    uidvalidity,
                    expected,
                    mbox_memory: None,
                    arrival_memory,
                });
            }
            tries += 1;
        }
    }

    fn pass(&self, mailbox: &MailboxPath) -> Result<Found, SpoolError> {
        let mut found = Found::default();
        self.scan(mailbox, Subdir::New, &mut found)?;
        let first = std::mem::take(&mut found.names);
        // The second look at `new` tells these again.
        found.defects.clear();
        found.in_new.clear();
        found.full = false;
        self.scan(mailbox, Subdir::Cur, &mut found)?;
        self.scan(mailbox, Subdir::New, &mut found)?;
        // Gone from `new` and not yet met in `cur`: it may have been moved behind the reader.
        for (base, place) in first {
            if found.names.len() < self.limits.entries {
                found.names.entry(base).or_insert(place);
            }
        }
        Ok(found)
    }

    fn scan(&self, mailbox: &MailboxPath, subdir: Subdir, found: &mut Found) -> Result<(), SpoolError> {
        let Some(dir) = self.subdir(mailbox, subdir)? else {
            found.note(DefectKind::MissingDirectory, subdir.name());
            return Ok(());
        };
        let limit = self.limits.entries;
        read_dir(&dir.fd, |name, kind| {
            if !is_hidden(name) {
                if subdir == Subdir::New && found.in_new.len() <= most() {
                    found.in_new.push(name_hash(name));
                }
                found.add(subdir, name, kind, limit);
            }
            !found.full
        })
    }

    fn side_files(&self, mailbox: &MailboxPath) -> Result<Beside, SpoolError> {
        let mut defects = Vec::new();
        let (mut uids, mut uids_read) = (UidList::default(), Some(UidsRead::Nowhere));
        for (name, read) in UID_FILES {
            match self.read_side(mailbox, name, read)? {
                None => continue,
                Some(Ok(found)) => {
                    (uids, uids_read) = found;
                    if uids.bad_lines > 0 {
                        defects.push(Defect::new(DefectKind::BadSideFile, name));
                    }
                }
                Some(Err(defect)) => {
                    uids_read = None;
                    defects.push(defect);
                }
            }
            break;
        }
        let keywords = self.keywords(mailbox, &mut defects)?;
        Ok(Beside {
            uids,
            uids_read,
            keywords,
            defects,
        })
    }

    pub(super) fn keywords(&self, mailbox: &MailboxPath, defects: &mut Vec<Defect>) -> Result<Keywords, SpoolError> {
        Ok(match self.read_side(mailbox, b"dovecot-keywords", whole)? {
            Some(Ok(text)) => {
                let (keywords, bad) = Letters::parse(&text);
                if bad > 0 {
                    defects.push(Defect::new(DefectKind::BadSideFile, *b"dovecot-keywords"));
                }
                Keywords::Letters(Box::new(keywords))
            }
            Some(Err(defect)) => {
                defects.push(defect);
                Keywords::Letters(Box::default())
            }
            None => Keywords::Courier(self.courier_keywords(mailbox, defects)?),
        })
    }

    fn courier_keywords(&self, mailbox: &MailboxPath, defects: &mut Vec<Defect>) -> Result<Courier, SpoolError> {
        let path = |name: &[u8]| [courier::DIRECTORY, b"/", name].concat();
        let mut keywords = match self.read_side(mailbox, &path(courier::LIST), whole)? {
            None => return Ok(Courier::default()),
            Some(Ok(text)) => {
                let (keywords, bad) = Courier::parse(&text);
                if bad > 0 {
                    defects.push(Defect::new(DefectKind::BadSideFile, courier::DIRECTORY));
                }
                keywords
            }
            Some(Err(defect)) => {
                defects.push(defect);
                return Ok(Courier::default());
            }
        };
        let mut updates: Vec<(u64, Vec<u8>, Vec<u8>)> = Vec::new();
        let directory = Self::path(mailbox, courier::DIRECTORY)?;
        if let Ok(directory) = self.root.dir(&directory) {
            read_dir(&directory.fd, |name, _| {
                let update = Courier::update(name).map(|(base, at)| (at, base.to_vec(), name.to_vec()));
                updates.extend(update);
                updates.len() < MOST_UPDATES
            })?;
        }
        updates.sort();
        for (_, base, name) in updates {
            // Taken into the list meanwhile.
            if let Some(Ok(text)) = self.read_side(mailbox, &path(&name), whole)? {
                keywords.replace(&base, &text);
            }
        }
        Ok(keywords)
    }

    /// A side file that cannot be read is a defect, not an error; ESTALE alone goes up, to be tried again.
    pub(super) fn read_side<T>(
        &self,
        mailbox: &MailboxPath,
        name: &[u8],
        read: impl FnOnce(SideFile) -> std::io::Result<T>,
    ) -> Result<Option<Result<T, Defect>>, SpoolError> {
        let opened = match self.side_file(mailbox, name) {
            Ok(Some(opened)) => opened,
            Ok(None) => return Ok(None),
            Err(SpoolError::Stale) => return Err(SpoolError::Stale),
            Err(error) => return Ok(Some(Err(error.into_defect(name)))),
        };
        let file = BufReader::new(File::from(opened.fd).take(self.limits.side_file));
        match read(file) {
            Ok(value) => Ok(Some(Ok(value))),
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::STALE.raw_os_error()) => {
                Err(SpoolError::Stale)
            }
            Err(error) => {
                let kind = DefectKind::Unreadable(error.raw_os_error().unwrap_or(0));
                Ok(Some(Err(Defect::new(kind, name))))
            }
        }
    }
}

impl Found {
    fn note(&mut self, kind: DefectKind, name: &[u8]) {
        if self.defects.len() < MOST_DEFECTS {
            self.defects.push(Defect::new(kind, name));
        }
    }

    fn add(&mut self, subdir: Subdir, name: &[u8], kind: FileType, limit: usize) {
        // An unknown kind is judged when it is opened.
        if kind != FileType::Unknown
            && let Some(kind) = defect_of(kind)
        {
            self.note(kind, name);
            return;
        }
        let base = filename::parse(name).base;
        if base.is_empty() {
            self.note(DefectKind::OddName, name);
            return;
        }
        if self.names.len() >= limit && !self.names.contains_key(base) {
            self.full = true;
            self.defects
                .push(Defect::new(DefectKind::TooManyEntries, subdir.name()));
            return;
        }
        match self.names.entry(base.to_vec()) {
            Slot::Vacant(slot) => {
                _ = slot.insert(Place {
                    subdir,
                    name: name.to_vec(),
                })
            }
            Slot::Occupied(mut slot) => {
                let known = slot.get_mut();
                if known.subdir == subdir && known.name == name {
                    return; // met twice by one reader
                }
                let duplicate = Defect::new(DefectKind::DuplicateBaseName, name);
                // One is shown, always the same: `cur` before `new`, then the greatest name.
                if (subdir, name) > (known.subdir, known.name.as_slice()) {
                    *known = Place {
                        subdir,
                        name: name.to_vec(),
                    };
                }
                if self.defects.len() < MOST_DEFECTS {
                    self.defects.push(duplicate);
                }
            }
        }
    }
}

pub(super) fn entry(base: Vec<u8>, place: Place, uids: &UidList, keywords: &Keywords) -> Entry {
    let mut flags = Flags::from_maildir(filename::parse(&place.name).letters);
    let names = match keywords {
        Keywords::Letters(letters) => {
            let mut names = Vec::new();
            flags.unknown.retain(|letter| match letters.name(*letter) {
                Some(name) => {
                    names.push(name.to_owned());
                    false
                }
                None => true,
            });
            names
        }
        Keywords::Courier(courier) => courier.of(&base).to_vec(),
    };
    let uid = match uids.in_names {
        true => filename::uid(&base),
        false => uids.uids.get(&base).copied(),
    };
    Entry {
        flags,
        keywords: names,
        recent: place.subdir == Subdir::New,
        uid,
        size: filename::size(&base),
        delivered_hint: filename::delivered(&base),
        location: Location::Maildir {
            subdir: place.subdir,
            name: place.name,
        },
        base: BaseName(base),
    }
}
