//! The file of a mailbox, and its lock.

use super::Mbox;
use crate::inspect::{Corner, Facts};
use crate::open::Opened;
use crate::{MailboxPath, SpoolError};

impl Mbox {
    pub(crate) fn corner(
        &self,
        mailbox: &MailboxPath,
        corner: Corner,
        each: &mut dyn FnMut(Facts),
    ) -> Result<(), SpoolError> {
        let (found, ending): (_, &[u8]) = match corner {
            Corner::Itself => (self.open_file(mailbox), b""),
            Corner::Beside => (self.lock(mailbox), b".lock"),
            Corner::Tmp | Corner::New | Corner::Cur => return Ok(()),
        };
        let name = match mailbox.is_inbox() {
            true => self.inbox_name.as_slice(),
            false => mailbox.as_bytes(),
        };
        match found {
            Ok(opened) => each(Facts::of_opened(&[name, ending].concat(), &opened)),
            Err(SpoolError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn lock(&self, mailbox: &MailboxPath) -> Result<Opened, SpoolError> {
        let lock = |name: &[u8]| [name, &b".lock"[..]].concat();
        if mailbox.is_inbox() {
            return self.inbox.file(&lock(&self.inbox_name));
        }
        let folders = self.folders.as_ref().ok_or(SpoolError::NotFound("the mailbox"))?;
        folders.file(&lock(mailbox.mbox_file()?))
    }
}
