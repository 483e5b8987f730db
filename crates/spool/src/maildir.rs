//! Maildir: one file for each message, `new` and `cur`. Further mailboxes are `.A.B` beside them (Maildir++) or `A/B` below
//! (Dovecot's `LAYOUT=fs`); a store may hold both, as one that was moved from one to the other does.

mod acl;
mod arrivals;
pub(crate) mod courier;
mod every;
pub(crate) mod filename;
mod inspect;
pub(crate) mod keywords;
mod list;
mod mailboxes;
mod memory;
mod quota;
mod recognise;
pub(crate) mod subscriptions;
pub(crate) mod uidlist;

use std::path::Path;

use self::acl::Rights;
pub use self::memory::ArrivalMemory;

use crate::config::{Limits, StoreConfig};
use crate::message::MessageFile;
use crate::open::{Opened, Root, read_dir};
use crate::{BaseName, FileStamp, MailboxPath, MailboxStamp, Quota, SpoolError, Subdir};

/// How often a message is looked for in a listing when its name keeps changing.
const FIND_TRIES: u32 = 3;
const ESTALE_TRIES: u32 = 10;

/// An open Maildir.
pub(crate) struct Maildir {
    root: Root,
    account: Option<String>,
    /// Lists of rights do not count.
    whole: bool,
    limits: Limits,
}

impl Maildir {
    /// Opens the root; refuses what is not a Maildir, an empty directory (an unmounted one, perhaps) too.
    pub(crate) fn open(path: &Path, owner: Option<u32>, config: &StoreConfig) -> Result<Self, SpoolError> {
        let maildir = Maildir {
            root: Root::open(path, config.beneath.as_deref(), owner)?,
            account: config.account.clone(),
            whole: config.whole,
            limits: config.limits,
        };
        maildir.recognise()?;
        Ok(maildir)
    }

    /// The directory of `mailbox`, for paths beneath the root: empty, `.A.B/` or `A/B/`.
    fn prefix(mailbox: &MailboxPath) -> Result<Vec<u8>, SpoolError> {
        let mut prefix = mailbox.maildir()?.to_vec();
        if !prefix.is_empty() {
            prefix.push(b'/');
        }
        Ok(prefix)
    }

    fn path(mailbox: &MailboxPath, rest: &[u8]) -> Result<Vec<u8>, SpoolError> {
        Ok([Self::prefix(mailbox)?.as_slice(), rest].concat())
    }

    /// `new` or `cur`, freshly opened: over NFS that is what asks the server. `None` if it is missing.
    fn subdir(&self, mailbox: &MailboxPath, subdir: Subdir) -> Result<Option<Opened>, SpoolError> {
        absent_is_none(self.root.dir(&Self::path(mailbox, subdir.name())?))
    }

    fn side_file(&self, mailbox: &MailboxPath, name: &[u8]) -> Result<Option<Opened>, SpoolError> {
        absent_is_none(self.root.file(&Self::path(mailbox, name)?))
    }

    /// What `maildirsize` says; nothing if there is none, or it cannot be read.
    pub(crate) fn quota(&self) -> Result<Option<Quota>, SpoolError> {
        let text = again_when_stale(|| self.read_side(&MailboxPath::inbox(), b"maildirsize", list::whole))?;
        Ok(text.and_then(Result::ok).and_then(|text| quota::parse(&text)))
    }

    /// What the account's owner may do with the mailbox. A list of rights that cannot be read gives none.
    fn rights(&self, mailbox: &MailboxPath) -> Result<Rights, SpoolError> {
        if self.whole {
            return Ok(acl::ALL);
        }
        let list = again_when_stale(|| self.read_side(mailbox, b"dovecot-acl", list::whole))?;
        Ok(match list {
            None => acl::of_owner(b"", None),
            Some(Ok(text)) => acl::of_owner(&text, self.account.as_deref()),
            Some(Err(_)) => {
                // It may be the mailbox that cannot be opened: then that is what is wrong.
                self.subdir(mailbox, Subdir::Cur)?;
                acl::NONE
            }
        })
    }

    fn may_read(&self, mailbox: &MailboxPath) -> Result<(), SpoolError> {
        match self.rights(mailbox)?.read {
            true => Ok(()),
            false => Err(SpoolError::Denied("the mailbox, by its dovecot-acl")),
        }
    }

    /// The four files that decide what a listing shows.
    pub(crate) fn stamp(&self, mailbox: &MailboxPath) -> Result<MailboxStamp, SpoolError> {
        let new = self.subdir(mailbox, Subdir::New)?;
        let cur = self.subdir(mailbox, Subdir::Cur)?;
        if new.is_none() && cur.is_none() {
            return Err(SpoolError::NotFound("the mailbox"));
        }
        let of = |opened: Option<Opened>| opened.map(|opened| FileStamp::of(&opened.stat));
        // A side file that cannot be read takes nothing from the messages; the listing says what is wrong with it.
        let side = |name: &[u8]| of(self.side_file(mailbox, name).ok().flatten());
        let courier = || {
            let directory = Self::path(mailbox, courier::DIRECTORY).ok()?;
            of(self.root.dir(&directory).ok())
        };
        Ok(MailboxStamp {
            files: vec![
                of(new),
                of(cur),
                side(b"dovecot-uidlist").or_else(|| side(b"courierimapuiddb")),
                side(b"dovecot-keywords").or_else(courier),
            ],
        })
    }

    /// Opens a message under exactly this name. `None` if it is not there; that proves nothing, the name may be old.
    pub(crate) fn open_at(
        &self,
        mailbox: &MailboxPath,
        key: &BaseName,
        subdir: Subdir,
        name: &[u8],
    ) -> Result<Option<MessageFile>, SpoolError> {
        if filename::parse(name).base != key.as_bytes() || name.contains(&b'/') || name.contains(&0) {
            return Ok(None);
        }
        self.may_read(mailbox)?;
        let path = Self::path(mailbox, &[subdir.name(), b"/", name].concat())?;
        absent_is_none(self.root.file(&path))?
            .map(MessageFile::whole)
            .transpose()
    }

    /// Lists `cur`, then `new`, for the base name. No name is guessed: over NFS a name looked up too early may stay
    /// "not there" for long. A message moved from `new` to `cur` meanwhile is found in the next round.
    pub(crate) fn open_message(
        &self,
        mailbox: &MailboxPath,
        key: &BaseName,
    ) -> Result<Option<MessageFile>, SpoolError> {
        for _ in 0..FIND_TRIES {
            let mut seen = false;
            for subdir in [Subdir::Cur, Subdir::New] {
                if let Some(name) = self.find(mailbox, key, subdir)? {
                    seen = true;
                    if let Some(file) = self.open_at(mailbox, key, subdir, &name)? {
                        return Ok(Some(file));
                    }
                }
            }
            if !seen && self.find(mailbox, key, Subdir::Cur)?.is_none() {
                return Ok(None);
            }
        }
        Ok(None)
    }

    fn find(&self, mailbox: &MailboxPath, key: &BaseName, subdir: Subdir) -> Result<Option<Vec<u8>>, SpoolError> {
        let Some(dir) = self.subdir(mailbox, subdir)? else {
            return Ok(None);
        };
        let mut found: Option<Vec<u8>> = None;
        read_dir(&dir.fd, |name, _| {
            // Of several the same one as in a listing: the greatest.
            if filename::parse(name).base == key.as_bytes() && found.as_deref().is_none_or(|known| known < name) {
                found = Some(name.to_vec());
            }
            true
        })?;
        Ok(found)
    }
}

/// ENOENT is an answer here, not an error.
fn absent_is_none<T>(result: Result<T, SpoolError>) -> Result<Option<T>, SpoolError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(SpoolError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Repeats what met ESTALE in the middle of reading; opening again is part of `attempt`.
fn again_when_stale<T>(mut attempt: impl FnMut() -> Result<T, SpoolError>) -> Result<T, SpoolError> {
    for _ in 1..ESTALE_TRIES {
        match attempt() {
            Err(SpoolError::Stale) => {}
            other => return other,
        }
    }
    attempt()
}

/// Names in `new` and `cur` that are no messages: dot names, among them what an NFS client leaves of a file deleted
/// while open (`.nfs…`).
fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estale_is_tried_ten_times_and_no_more() {
        let mut calls = 0;
        let result: Result<(), _> = again_when_stale(|| {
            calls += 1;
            Err(SpoolError::Stale)
        });
        assert_eq!((result, calls), (Err(SpoolError::Stale), 10));
        let mut calls = 0;
        let result = again_when_stale(|| {
            calls += 1;
            if calls < 3 { Err(SpoolError::Stale) } else { Ok(calls) }
        });
        assert_eq!(result, Ok(3));
    }
}
