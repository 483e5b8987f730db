//! Every file of `new` and `cur`, whatever its name.

use super::{Maildir, again_when_stale, filename, is_hidden};
use crate::every::{Everything, Item, Marks};
use crate::message::MessageFile;
use crate::open::{defect_of, read_dir};
use crate::{DefectKind, Flags, Location, MailboxPath, SpoolError, Subdir};

use rustix::fs::FileType;

impl Maildir {
    /// Tries to see the mailbox at rest; a name that moves meanwhile may be met twice or not at all.
    pub(crate) fn everything(&self, mailbox: &MailboxPath) -> Result<Everything, SpoolError> {
        self.may_read(mailbox)?;
        let mut tries = 1;
        loop {
            let before = self.stamp(mailbox)?;
            let mut found = again_when_stale(|| {
                let mut found = Everything::default();
                for subdir in [Subdir::New, Subdir::Cur] {
                    self.files(mailbox, subdir, &mut found)?;
                }
                Ok(found)
            })?;
            found.at_rest = before.files.get(..2) == self.stamp(mailbox)?.files.get(..2);
            if found.at_rest || tries >= self.limits.attempts {
                found.look_for_namesakes();
                return Ok(found);
            }
            tries += 1;
        }
    }

    fn files(&self, mailbox: &MailboxPath, subdir: Subdir, found: &mut Everything) -> Result<(), SpoolError> {
        let Some(dir) = self.subdir(mailbox, subdir)? else {
            found.note(DefectKind::MissingDirectory, subdir.name());
            return Ok(());
        };
        let mut full = false;
        read_dir(&dir.fd, |name, kind| {
            if is_hidden(name) {
                return true;
            }
            match defect_of(kind).filter(|_| kind != FileType::Unknown) {
                Some(defect) => found.note(defect, &[subdir.name(), b"/", name].concat()),
                None if found.items.len() >= self.limits.entries => full = true,
                None => found.items.push(Item {
                    marks: Marks::from(&Flags::from_maildir(filename::parse(name).letters)),
                    location: Location::Maildir {
                        subdir,
                        name: name.to_vec(),
                    },
                    hash: [0; 16],
                    alone: false,
                }),
            }
            !full
        })?;
        if full {
            found.note(DefectKind::TooManyEntries, subdir.name());
        }
        Ok(())
    }

    /// The file of exactly this name; `None` if it has another by now, or is gone.
    pub(crate) fn open_item(&self, mailbox: &MailboxPath, item: &Item) -> Result<Option<MessageFile>, SpoolError> {
        match &item.location {
            Location::Maildir { subdir, name } => self.open_at(mailbox, &item.base(), *subdir, name),
            Location::Mbox { .. } => Ok(None),
        }
    }
}
