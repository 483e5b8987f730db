//! Every message, read from its beginning to its end: what cannot be, what is there twice, and what its name says of it.

use super::{Severity, ill::Ills, name};
use crate::{
    compare::{normal::digest, read::in_threads},
    convert::why,
};
use spool::{BaseName, DefectKind, Item, Location, MailboxEntry, MailboxPath, SpoolError, Store, Subdir};
use std::collections::HashSet;

/// Places of equal messages that are named.
const NAMED: usize = 3;

/// What the account holds.
#[derive(Default)]
pub(super) struct Held {
    pub(super) mailboxes: Vec<Mailbox>,
    /// Bytes, as far as they could be read.
    pub(super) bytes: u64,
    pub(super) messages: u64,
}

/// A mailbox that was listed.
pub(super) struct Mailbox {
    pub(super) path: MailboxPath,
    pub(super) name: String,
    pub(super) items: Vec<Item>,
}

/// What a thread found.
#[derive(Default)]
struct Read {
    digests: Vec<([u8; 32], u32, u32)>,
    bytes: u64,
    ills: Ills,
}

pub(super) fn look(
    mailboxes: &[MailboxEntry],
    store: &Store,
    progress: &(dyn Fn(u64, u64) + Sync),
    ills: &mut Ills,
) -> Held {
    let mut held = Held::default();
    for mailbox in mailboxes {
        held.mailboxes.extend(list(mailbox, store, ills));
    }
    let all: Vec<(u32, u32)> = (0_u32..)
        .zip(&held.mailboxes)
        .flat_map(|(at, mailbox)| (0_u32..).zip(&mailbox.items).map(move |(item, _)| (at, item)))
        .collect();
    let read = in_threads(all.len(), progress, &|read: &mut Read, at, buffer| {
        if let Some((mailbox, item)) = all.get(at)
            && let Some((mailbox, item, place)) = held.at(*mailbox, *item).map(|(m, i)| (m, i, (*mailbox, *item)))
        {
            read.message(store, mailbox, item, place, buffer);
        }
    });
    held.messages = all.len() as u64;
    let mut digests = Vec::with_capacity(all.len());
    for part in read {
        digests.extend(part.digests);
        held.bytes += part.bytes;
        ills.extend(part.ills);
    }
    digests.sort_unstable();
    for equal in digests.chunk_by(|a, b| a.0 == b.0).filter(|equal| equal.len() > 1) {
        say_equal(&held, equal, ills);
    }
    held
}

/// The messages of a mailbox, and what lies there and is none.
fn list(mailbox: &MailboxEntry, store: &Store, ills: &mut Ills) -> Option<Mailbox> {
    let name = name(mailbox);
    let everything = match store.everything(&mailbox.path) {
        Ok(everything) => everything,
        Err(error) => {
            if mailbox.defect.is_none() {
                let advice = "see who may read it, and the system's log";
                ills.add(Severity::Error, "unreadable", Some(&name), None, why(&error), advice);
            }
            return None;
        }
    };
    let mut add = |kind: DefectKind, file: &[u8]| {
        ills.defect(kind, &name, file);
    };
    for defect in &everything.defects {
        add(defect.kind, &defect.name);
    }
    // Only a listing reads the files beside the messages.
    let beside = store
        .list(&mailbox.path, None)
        .map(|listing| listing.defects)
        .unwrap_or_default();
    for defect in beside.iter().filter(|defect| defect.kind == DefectKind::BadSideFile) {
        add(defect.kind, &defect.name);
    }
    let mut namesakes: HashSet<BaseName> = HashSet::new();
    let in_files = |item: &&Item| matches!(item.location, Location::Maildir { .. });
    for item in everything.items.iter().filter(in_files).filter(|item| !item.is_alone()) {
        if !namesakes.insert(item.base()) {
            add(DefectKind::DuplicateBaseName, &file(item));
        }
    }
    match store.uids_without_messages(&mailbox.path) {
        Ok(lost) => {
            for (uid, base) in lost {
                let cause = format!("the mail server's list of UIDs names it (UID {uid}), and it is not there");
                let advice = "if nobody removed it by hand, restore it from a backup before the mail server looks again and forgets its UID";
                ills.add(
                    Severity::Warning,
                    "uid-without-message",
                    Some(&name),
                    Some(base.as_bytes()),
                    cause,
                    advice,
                );
            }
        }
        Err(error) => ills.add(
            Severity::Warning,
            "unreadable",
            Some(&name),
            None,
            why(&error),
            "see who may read it",
        ),
    }
    Some(Mailbox {
        path: mailbox.path.clone(),
        name,
        items: everything.items,
    })
}

impl Held {
    fn at(&self, mailbox: u32, item: u32) -> Option<(&Mailbox, &Item)> {
        let mailbox = self.mailboxes.get(mailbox as usize)?;
        Some((mailbox, mailbox.items.get(item as usize)?))
    }
}

impl Read {
    fn message(&mut self, store: &Store, mailbox: &Mailbox, item: &Item, place: (u32, u32), buffer: &mut [u8]) {
        let path = file(item);
        let outcome = store.open_item(&mailbox.path, item).and_then(|file| {
            let Some(file) = file else { return Ok(None) };
            Ok(Some((file.len(), file.defect(), digest(&file, false, buffer)?)))
        });
        let (name, ills) = (Some(mailbox.name.as_str()), &mut self.ills);
        match outcome {
            // Somebody removed it meanwhile, which is no fault.
            Ok(None) => {}
            Ok(Some((len, defect, digest))) => {
                self.bytes += len;
                match defect {
                    Some(defect) => {
                        ills.defect(defect.kind, &mailbox.name, &path);
                    }
                    None => self.digests.push((digest.whole, place.0, place.1)),
                }
                if let Some(named) = item.named_size().filter(|named| *named != len) {
                    let cause = format!("its name says {named} bytes (,S=) and it has {len}");
                    let advice = "the file was cut or changed after it was delivered: compare it with a backup; quota and IMAP sizes are wrong";
                    ills.add(Severity::Warning, "wrong-size", name, Some(&path), cause, advice);
                }
            }
            Err(SpoolError::Refused(defect)) => {
                ills.defect(defect.kind, &mailbox.name, &path);
            }
            Err(error) => {
                let advice = "see the system's log and the file server; restore it from a backup if it is lost";
                ills.add(Severity::Error, "unreadable", name, Some(&path), why(&error), advice);
            }
        }
    }
}

fn say_equal(held: &Held, equal: &[([u8; 32], u32, u32)], ills: &mut Ills) {
    let places: Vec<(&str, Vec<u8>)> = equal
        .iter()
        .filter_map(|(_, mailbox, item)| held.at(*mailbox, *item))
        .map(|(mailbox, item)| (mailbox.name.as_str(), file(item)))
        .collect();
    let Some((mailbox, first)) = places.first() else {
        return;
    };
    let others = places
        .iter()
        .skip(1)
        .take(NAMED)
        .map(|(mailbox, file)| spool::printable(&format!("{mailbox} {}", String::from_utf8_lossy(file))));
    let others: Vec<String> = others.collect();
    let more = if places.len() > NAMED + 1 { " and more" } else { "" };
    let cause = format!(
        "the same message is there {} times: also {}{more}",
        places.len(),
        others.join(", ")
    );
    let advice = "nothing, if somebody copied it; many of them were delivered or restored twice";
    ills.add(
        Severity::Note,
        "same-content",
        Some(mailbox),
        Some(first),
        cause,
        advice,
    );
}

/// Within its mailbox.
fn file(item: &Item) -> Vec<u8> {
    match &item.location {
        Location::Maildir { subdir, name } => {
            let subdir: &[u8] = if *subdir == Subdir::New { b"new/" } else { b"cur/" };
            [subdir, name].concat()
        }
        Location::Mbox { offset, .. } => format!("at byte {offset}").into_bytes(),
    }
}
