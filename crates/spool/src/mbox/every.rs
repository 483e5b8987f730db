//! Every message of the file, without the table that a listing makes of it.

use super::{Mbox, NOT_MBOX, Scanned, key, scan};
use crate::every::{Everything, Item, Marks};
use crate::message::MessageFile;
use crate::{DefectKind, FileStamp, Flags, MailboxPath, SpoolError};

impl Mbox {
    /// As long as the file is now; `at_rest` says whether it stayed so.
    pub(crate) fn everything(&self, mailbox: &MailboxPath) -> Result<Everything, SpoolError> {
        let mut tries = 1;
        loop {
            let read = self.all_messages(mailbox);
            match read {
                Ok(found) if found.at_rest || tries >= self.limits.attempts => return Ok(found),
                Err(error) if tries >= self.limits.attempts => return Err(error),
                _ => tries += 1,
            }
        }
    }

    fn all_messages(&self, mailbox: &MailboxPath) -> Result<Everything, SpoolError> {
        let opened = self.open_file(mailbox)?;
        let before = FileStamp::of(&opened.stat);
        let mut found = Everything::default();
        let (mut first, mut full) = (true, false);
        let end = scan(&opened.fd, 0, before.size, |message| {
            if std::mem::take(&mut first) && message.head.internal {
                return true;
            }
            if found.items.len() >= self.limits.entries {
                full = true;
                return false;
            }
            if message.truncated {
                found.note(DefectKind::TruncatedMbox, key(&message.head.hash, 0).as_bytes());
            }
            found.items.push(Item {
                location: message.location(),
                marks: Marks::from(&Flags::from_mbox(&message.head.status, &message.head.x_status)),
                hash: message.head.hash,
                alone: false,
            });
            true
        })?;
        if end == Scanned::NotMbox {
            return Err(NOT_MBOX);
        }
        if full {
            found.note(DefectKind::TooManyEntries, b"");
        }
        found.look_for_namesakes();
        found.at_rest = FileStamp::of(&self.open_file(mailbox)?.stat) == before;
        Ok(found)
    }

    /// The message at exactly this place; `None` if another or none is there by now.
    pub(crate) fn open_item(&self, mailbox: &MailboxPath, item: &Item) -> Result<Option<MessageFile>, SpoolError> {
        match self.open_existing(mailbox)? {
            Some(opened) => self.view(opened, &item.location, item.hash),
            None => Ok(None),
        }
    }
}
