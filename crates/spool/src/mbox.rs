//! mbox, not read yet.
use std::os::fd::OwnedFd;
use std::path::Path;

use crate::config::{Limits, MboxQuoting};
use crate::message::MessageFile;
use crate::{BaseName, Listing, Location, MailboxEntry, MailboxPath, MailboxStamp, SpoolError};

/// What is remembered of an mbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MboxMemory {}
pub(crate) struct MboxView {}
impl MboxView {
    pub(crate) fn len(&self) -> u64 {
        0
    }
    pub(crate) fn read_at(&self, _: &OwnedFd, _: u64, _: &mut [u8]) -> Result<usize, SpoolError> {
        Ok(0)
    }
}
pub(crate) struct Mbox {}
const LATER: SpoolError = SpoolError::Unsupported {
    what: "mbox",
    advice: "use Maildir",
};
impl Mbox {
    pub(crate) fn open(
        _: &Path,
        _: Option<&Path>,
        _: MboxQuoting,
        _: Option<u32>,
        _: Limits,
    ) -> Result<Self, SpoolError> {
        Err(LATER)
    }
    pub(crate) fn mailboxes(&self) -> Result<Vec<MailboxEntry>, SpoolError> {
        Err(LATER)
    }
    pub(crate) fn stamp(&self, _: &MailboxPath) -> Result<MailboxStamp, SpoolError> {
        Err(LATER)
    }
    pub(crate) fn list(&self, _: &MailboxPath, _: Option<&MboxMemory>) -> Result<Listing, SpoolError> {
        Err(LATER)
    }
    pub(crate) fn open_message(&self, _: &MailboxPath, _: &BaseName) -> Result<Option<MessageFile>, SpoolError> {
        Err(LATER)
    }
    pub(crate) fn open_at(
        &self,
        _: &MailboxPath,
        _: &BaseName,
        _: &Location,
    ) -> Result<Option<MessageFile>, SpoolError> {
        Err(LATER)
    }
}
