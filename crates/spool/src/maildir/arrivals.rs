//! What arrived since a listing. Delivery only renames into `new`, so while `cur` is as it was, `new` tells all.
//!
//! Nothing is concluded from a name that is not met: one that left `new` calls for a listing, as everything does that is not
//! simply an arrival. UIDs are read before names, because a message is there before its UID is written.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};

use rustix::fs::FileType;

use super::list::{Place, entry};
use super::memory::{ArrivalMemory, NameHash, UidsRead, UidsUntil, most, name_hash, rest};
use super::uidlist::{self, UidList};
use super::{Maildir, again_when_stale, filename, is_hidden};
use crate::open::{defect_of, read_dir};
use crate::{Arrivals, FileStamp, MailboxPath, SpoolError, Subdir};

/// A name in `new`.
struct Name {
    name: Vec<u8>,
    hash: NameHash,
    /// It is no message.
    odd: bool,
}

impl Maildir {
    pub(crate) fn arrivals(
        &self,
        mailbox: &MailboxPath,
        known: &ArrivalMemory,
    ) -> Result<Option<Arrivals>, SpoolError> {
        self.may_read(mailbox)?;
        let stamp = self.stamp(mailbox)?;
        if rest(&stamp) != rest(&known.stamp) {
            return Ok(None);
        }
        let Some((mut uids, uids_read)) = again_when_stale(|| self.uids_since(mailbox, &known.uids))? else {
            return Ok(None);
        };
        let Some(names) = again_when_stale(|| self.names_in_new(mailbox))? else {
            return Ok(None);
        };
        let Some(changed) = changed(&names, known, &mut uids) else {
            return Ok(None);
        };
        let mut entries = Vec::with_capacity(changed.len());
        if !changed.is_empty() {
            let keywords = again_when_stale(|| self.keywords(mailbox, &mut Vec::new()))?;
            let of = |name: &Name| {
                let place = Place {
                    subdir: Subdir::New,
                    name: name.name.clone(),
                };
                entry(name.base().to_vec(), place, &uids, &keywords)
            };
            entries.extend(changed.into_iter().map(of));
        }
        let after = self.stamp(mailbox)?;
        // What left for `cur` while `new` was read is neither lost nor doubled: the whole is read again.
        if rest(&after) != rest(&stamp) {
            return Ok(None);
        }
        let consistent = after.files.first() == stamp.files.first();
        let hashes: Vec<NameHash> = names.iter().map(|name| name.hash).collect();
        let messages = known.messages + (hashes.len() - known.in_new.len()) as u64;
        if messages > self.limits.entries as u64 {
            return Ok(None);
        }
        let memory = ArrivalMemory::new(stamp.clone(), hashes, messages, uids_read);
        Ok(memory.map(|memory| Arrivals {
            stamp,
            consistent,
            entries,
            memory,
        }))
    }

    /// All names in `new`; `None` if there are too many, or it is missing.
    fn names_in_new(&self, mailbox: &MailboxPath) -> Result<Option<Vec<Name>>, SpoolError> {
        let Some(dir) = self.subdir(mailbox, Subdir::New)? else {
            return Ok(None);
        };
        let mut names: Vec<Name> = Vec::new();
        read_dir(&dir.fd, |name, kind| {
            if !is_hidden(name) {
                names.push(Name {
                    name: name.to_vec(),
                    hash: name_hash(name),
                    odd: is_odd(kind) || filename::parse(name).base.is_empty(),
                });
            }
            names.len() <= most()
        })?;
        // One reader may meet a name twice.
        names.sort_unstable_by_key(|name| name.hash);
        names.dedup_by(|a, b| a.hash == b.hash);
        Ok((names.len() <= most()).then_some(names))
    }

    /// UIDs given since, with those that waited for their message; `None` if the list is not the one that was read, or says
    /// something odd.
    fn uids_since(&self, mailbox: &MailboxPath, known: &UidsRead) -> Result<Option<(UidList, UidsRead)>, SpoolError> {
        let mut opened = None;
        for name in [&b"dovecot-uidlist"[..], b"courierimapuiddb"] {
            match self.side_file(mailbox, name) {
                Ok(None) => {}
                Ok(found) => {
                    opened = found;
                    break;
                }
                Err(SpoolError::Stale) => return Err(SpoolError::Stale),
                Err(_) => return Ok(None),
            }
        }
        let mut uids = UidList::default();
        match (known, opened) {
            (UidsRead::Nowhere, None) => {}
            (UidsRead::InNames, None) => uids.in_names = true,
            (UidsRead::Until(until), Some(opened)) => {
                if !until.holds(&opened.fd, &FileStamp::of(&opened.stat)) {
                    return Ok(None);
                }
                return Ok(self.read_on(File::from(opened.fd), until));
            }
            _ => return Ok(None),
        }
        Ok(Some((uids, known.clone())))
    }

    fn read_on(&self, mut file: File, until: &UidsUntil) -> Option<(UidList, UidsRead)> {
        file.seek(SeekFrom::Start(until.size)).ok()?;
        let begun = UidList {
            read_to: until.size,
            ..UidList::default()
        };
        let mut rest = BufReader::new(file.take(self.limits.side_file.saturating_sub(until.size)));
        let uids = uidlist::read_on(&mut rest, until.version, begun).ok()?;
        if uids.bad_lines > 0 {
            return None;
        }
        let mut read = UidsUntil::of(rest.into_inner().into_inner(), &uids)?;
        read.waiting.clone_from(&until.waiting);
        Some((uids, UidsRead::Until(read)))
    }
}

/// The names that are new, and those with a new UID; `None` if anything else happened. A UID that waited for one of them joins
/// the others.
fn changed<'a>(names: &'a [Name], known: &ArrivalMemory, uids: &mut UidList) -> Option<Vec<&'a Name>> {
    let is_known = |name: &&Name| known.in_new.binary_search(&name.hash).is_ok();
    let (still, mut changed): (Vec<&Name>, Vec<&Name>) = names.iter().partition(is_known);
    if still.len() < known.in_new.len() {
        return None;
    }
    if changed.is_empty() && uids.uids.is_empty() {
        return Some(changed);
    }
    // Where several have one base name, a listing decides which is shown.
    let mut by_base: HashMap<&[u8], Option<&Name>> = HashMap::with_capacity(names.len());
    for name in names {
        let several = by_base.insert(name.base(), Some(name)).is_some();
        if several {
            by_base.insert(name.base(), None);
        }
    }
    let alone = |base: &[u8]| by_base.get(base).copied().flatten().filter(|name| !name.odd);
    let mut given = Vec::new();
    for base in uids.uids.keys() {
        given.push(alone(base)?);
    }
    for name in &changed {
        alone(name.base())?;
        if let UidsRead::Until(until) = &known.uids
            && !uids.uids.contains_key(name.base())
        {
            let hash = name_hash(name.base());
            let waiting = until.waiting.iter().find(|(waiting, _)| *waiting == hash);
            uids.uids.extend(waiting.map(|(_, uid)| (name.base().to_vec(), *uid)));
        }
    }
    changed.extend(given.into_iter().filter(is_known));
    Some(changed)
}

/// An unknown kind is judged when it is opened.
fn is_odd(kind: FileType) -> bool {
    kind != FileType::Unknown && defect_of(kind).is_some()
}

impl Name {
    fn base(&self) -> &[u8] {
        filename::parse(&self.name).base
    }
}
