//! What lies in a mailbox besides messages, and what its list of UIDs names that is not there.

use std::collections::{HashMap, HashSet};

use super::{Maildir, absent_is_none, again_when_stale, filename, list::SideFile, uidlist};
use crate::inspect::{Corner, Facts, facts_in};
use crate::open::read_dir;
use crate::{BaseName, MailboxPath, SpoolError, Subdir};

impl Maildir {
    pub(crate) fn corner(
        &self,
        mailbox: &MailboxPath,
        corner: Corner,
        each: &mut dyn FnMut(Facts),
    ) -> Result<(), SpoolError> {
        let below: &[u8] = match corner {
            Corner::Itself => {
                for name in [&b""[..], b"cur", b"new", b"tmp"] {
                    if let Some(dir) = absent_is_none(self.root.dir(&Self::within(mailbox, name)?))? {
                        each(Facts::of_opened(name, &dir));
                    }
                }
                return Ok(());
            }
            Corner::Beside => b"",
            Corner::Tmp => b"tmp",
            Corner::New => b"new",
            Corner::Cur => b"cur",
        };
        match absent_is_none(self.root.dir(&Self::within(mailbox, below)?))? {
            Some(dir) => facts_in(&dir.fd, each),
            None => Ok(()),
        }
    }

    /// Without a slash at the end, which would be followed where it is a link.
    fn within(mailbox: &MailboxPath, name: &[u8]) -> Result<Vec<u8>, SpoolError> {
        let path = Self::path(mailbox, name)?;
        Ok(path.strip_suffix(b"/").map(<[u8]>::to_vec).unwrap_or(path))
    }

    /// By the list that the mail server keeps; what was delivered since it last looked is not in it, and is not asked for.
    pub(crate) fn uids_without_messages(&self, mailbox: &MailboxPath) -> Result<Vec<(u32, BaseName)>, SpoolError> {
        let Some(mut named) = again_when_stale(|| self.named_by_uids(mailbox))? else {
            return Ok(Vec::new());
        };
        // As in a listing: mail moves from `new` to `cur` only.
        let mut there: HashSet<Vec<u8>> = HashSet::new();
        for subdir in [Subdir::New, Subdir::Cur, Subdir::New] {
            if let Some(dir) = self.subdir(mailbox, subdir)? {
                read_dir(&dir.fd, |name, _| {
                    there.insert(filename::parse(name).base.to_vec());
                    true
                })?;
            }
        }
        named.retain(|base, _| !there.contains(base));
        let named = named.into_iter();
        let mut named: Vec<_> = named.map(|(base, uid)| (uid, BaseName::from_bytes(base))).collect();
        named.sort();
        Ok(named)
    }

    fn named_by_uids(&self, mailbox: &MailboxPath) -> Result<Option<HashMap<Vec<u8>, u32>>, SpoolError> {
        for name in [&b"dovecot-uidlist"[..], b"courierimapuiddb"] {
            if let Some(Ok(list)) = self.read_side(mailbox, name, |file: SideFile| uidlist::read(file))? {
                return Ok(Some(list.uids));
            }
        }
        Ok(None)
    }
}
