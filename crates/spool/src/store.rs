//! One person's mail in one format.

use crate::config::{Layout, StoreConfig};
use crate::detect::{Way, open_first};
use crate::maildir::Maildir;
use crate::marker;
use crate::mbox::Mbox;
use crate::names::assign_special_use;
use crate::owner;
use crate::{
    ArrivalMemory, Arrivals, BaseName, Corner, Everything, Facts, Item, Listing, Location, MailboxEntry, MailboxPath,
    MailboxStamp, MboxMemory, MessageFile, Quota, SpecialUse, SpoolError,
};

/// An open store. It keeps descriptors of its roots and nothing else; calls may come from several threads.
pub struct Store {
    layout: Layout,
    special_use: Vec<(SpecialUse, String)>,
    backend: Backend,
}

enum Backend {
    Maildir(Maildir),
    Mbox(Mbox),
}

impl Store {
    /// Opens the roots and looks whether this is the format it should be.
    pub fn open(config: &StoreConfig) -> Result<Store, SpoolError> {
        // Of several places one is taken after the other: each is believed by itself.
        if !matches!(config.layout, Layout::Detect { .. }) {
            marker::check_all(config)?;
        }
        Self::open_as(config, &config.layout, owner::uid(&config.owner)?)
    }

    fn open_as(config: &StoreConfig, layout: &Layout, owner: Option<u32>) -> Result<Store, SpoolError> {
        let backend = match layout {
            Layout::Detect { places, quoting } => {
                let way = Way {
                    beneath: config.beneath.as_deref(),
                    owner,
                    markers: &config.markers,
                };
                return open_first(places, *quoting, way, |found| Self::open_as(config, found, owner));
            }
            Layout::Maildir { root } => Backend::Maildir(Maildir::open(root, owner, config)?),
            Layout::Mbox {
                inbox,
                folders,
                quoting,
            } => Backend::Mbox(Mbox::open(inbox, folders.as_deref(), *quoting, owner, config)?),
        };
        Ok(Store {
            layout: layout.clone(),
            special_use: config.special_use.clone(),
            backend,
        })
    }

    /// What was opened; never [`Layout::Detect`].
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// All mailboxes, INBOX first, the rest in the order of their names on disk. What cannot be read is listed with
    /// its defect.
    pub fn mailboxes(&self) -> Result<Vec<MailboxEntry>, SpoolError> {
        let mut list = match &self.backend {
            Backend::Maildir(maildir) => maildir.mailboxes()?,
            Backend::Mbox(mbox) => mbox.mailboxes()?,
        };
        assign_special_use(&mut list, &self.special_use);
        Ok(list)
    }

    /// How full it is, where the mail server writes that down (`maildirsize`).
    pub fn quota(&self) -> Result<Option<Quota>, SpoolError> {
        match &self.backend {
            Backend::Maildir(maildir) => maildir.quota(),
            Backend::Mbox(_) => Ok(None),
        }
    }

    /// Whether anything may have changed, in a few system calls. Directories are opened, because over NFS only that
    /// asks the server.
    pub fn stamp(&self, mailbox: &MailboxPath) -> Result<MailboxStamp, SpoolError> {
        match &self.backend {
            Backend::Maildir(maildir) => maildir.stamp(mailbox),
            Backend::Mbox(mbox) => mbox.stamp(mailbox),
        }
    }

    /// What a mailbox holds. `known` is the memory of the last listing of an mbox; `None` reads it all, which should
    /// happen once a day, because a program that changes flags in place and appends looks like one that appends.
    pub fn list(&self, mailbox: &MailboxPath, known: Option<&MboxMemory>) -> Result<Listing, SpoolError> {
        match &self.backend {
            Backend::Maildir(maildir) => maildir.list(mailbox),
            Backend::Mbox(mbox) => mbox.list(mailbox, known),
        }
    }

    /// What arrived in a Maildir since the listing that `known` is of, at the cost of what arrived. `None` unless that is all that
    /// happened, as far as can be seen without reading `cur`: then it has to be listed. `known` must have been
    /// [trusted](ArrivalMemory::trusted) when it was made. Nothing may be taken for gone by this.
    pub fn arrivals(&self, mailbox: &MailboxPath, known: &ArrivalMemory) -> Result<Option<Arrivals>, SpoolError> {
        match &self.backend {
            Backend::Maildir(maildir) => maildir.arrivals(mailbox, known),
            // The memory of an mbox does the same for `list`.
            Backend::Mbox(_) => Ok(None),
        }
    }

    /// Every message of a mailbox, several files of one base name too: for commands that go through all of them.
    pub fn everything(&self, mailbox: &MailboxPath) -> Result<Everything, SpoolError> {
        match &self.backend {
            Backend::Maildir(maildir) => maildir.everything(mailbox),
            Backend::Mbox(mbox) => mbox.everything(mailbox),
        }
    }

    /// Opens what [`Store::everything`] found. If it does not lie there any more it is looked for by its base name, unless others had
    /// that too: one of those must not be taken for it. `None`: it is not there.
    pub fn open_item(&self, mailbox: &MailboxPath, item: &Item) -> Result<Option<MessageFile>, SpoolError> {
        let hit = match &self.backend {
            Backend::Maildir(maildir) => maildir.open_item(mailbox, item)?,
            Backend::Mbox(mbox) => mbox.open_item(mailbox, item)?,
        };
        match hit {
            None if item.alone => self.open_message(mailbox, &item.base()),
            hit => Ok(hit),
        }
    }

    /// Tells what the system says of the files in a part of a mailbox.
    pub fn corner(&self, mailbox: &MailboxPath, corner: Corner, each: &mut dyn FnMut(Facts)) -> Result<(), SpoolError> {
        match &self.backend {
            Backend::Maildir(maildir) => maildir.corner(mailbox, corner, each),
            Backend::Mbox(mbox) => mbox.corner(mailbox, corner, each),
        }
    }

    /// Messages that the mail server's list of UIDs names and that are not there. A few are usual where something was removed since
    /// that server last looked.
    pub fn uids_without_messages(&self, mailbox: &MailboxPath) -> Result<Vec<(u32, BaseName)>, SpoolError> {
        match &self.backend {
            Backend::Maildir(maildir) => maildir.uids_without_messages(mailbox),
            Backend::Mbox(_) => Ok(Vec::new()),
        }
    }

    /// Finds a message by its lasting name and opens it. `None`: it is not there (any more).
    pub fn open_message(&self, mailbox: &MailboxPath, key: &BaseName) -> Result<Option<MessageFile>, SpoolError> {
        match &self.backend {
            Backend::Maildir(maildir) => maildir.open_message(mailbox, key),
            Backend::Mbox(mbox) => mbox.open_message(mailbox, key),
        }
    }

    /// As [`Store::open_message`], but looks first where the message was seen last, which is one system call.
    pub fn open_entry(
        &self,
        mailbox: &MailboxPath,
        key: &BaseName,
        location: &Location,
    ) -> Result<Option<MessageFile>, SpoolError> {
        let hit = match (&self.backend, location) {
            (Backend::Maildir(maildir), Location::Maildir { subdir, name }) => {
                maildir.open_at(mailbox, key, *subdir, name)?
            }
            (Backend::Mbox(mbox), Location::Mbox { .. }) => mbox.open_at(mailbox, key, location)?,
            _ => None,
        };
        match hit {
            Some(file) => Ok(Some(file)),
            None => self.open_message(mailbox, key),
        }
    }
}
