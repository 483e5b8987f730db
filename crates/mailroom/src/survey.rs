//! What lies in an account's spool, asked directly and without an index: for the operator's commands, which may wait.

use crate::{Account, Layout, convert::defect_code};
use spool::{DefectKind, Entry, MailboxEntry, MailboxPath, Quota, Store};
use std::collections::BTreeMap;

/// Messages of a mailbox opened to see whether their server encrypts them.
const OPENED: usize = 3;

/// An account's spool.
#[derive(Clone, Debug)]
pub struct Survey {
    /// What it is, in words: `Maildir++`.
    pub format: &'static str,
    /// Where it was found.
    pub root: String,
    /// How full it is, if the mail server writes that down.
    pub quota: Option<Quota>,
    /// Its mailboxes, inbox first.
    pub mailboxes: Vec<SurveyedMailbox>,
}

/// One mailbox.
#[derive(Clone, Debug)]
pub struct SurveyedMailbox {
    /// Its name, levels joined by `/`.
    pub name: String,
    /// Its messages; empty if they were not asked for.
    pub messages: Vec<SurveyedMessage>,
    /// UIDVALIDITY, as the mail server's files have it.
    pub uidvalidity: Option<u32>,
    /// Defects: what, how often.
    pub defects: BTreeMap<String, u32>,
    /// Why it cannot be read.
    pub trouble: Option<String>,
    /// The server encrypts its messages (Dovecot's mail_crypt).
    pub encrypted: bool,
}

/// One message, by its name alone.
#[derive(Clone, Debug)]
pub struct SurveyedMessage {
    /// Its lasting name; bytes that are no text are replaced.
    pub base: String,
    /// IMAP UID, as the mail server's files have it.
    pub uid: Option<u32>,
    /// Flags as IMAP names them, without backslash, and keywords.
    pub flags: Vec<String>,
}

/// Looks at an account's spool; with `messages` also at every name in it.
///
/// # Errors
/// In words, when there is nothing that can be read: what was found and what to do.
pub fn survey(account: &Account, messages: bool) -> Result<Survey, String> {
    let store = Store::open(&account.store).map_err(|error| error.to_string())?;
    let mailboxes = store.mailboxes().map_err(|error| error.to_string())?;
    let (format, root) = format(&store, &mailboxes);
    let mailboxes = mailboxes.into_iter().map(|mailbox| look(&store, mailbox, messages));
    Ok(Survey {
        format,
        root,
        quota: store.quota().map_err(|error| error.to_string())?,
        mailboxes: mailboxes.collect(),
    })
}

fn format(store: &Store, mailboxes: &[MailboxEntry]) -> (&'static str, String) {
    let any = |kind: fn(&[u8]) -> bool| mailboxes.iter().any(|mailbox| kind(mailbox.path.as_bytes()));
    let (format, root) = match store.layout() {
        Layout::Maildir { root } => {
            let dotted = any(|path| path.starts_with(b"."));
            let nested = any(|path| !path.is_empty() && !path.starts_with(b"."));
            let format = match (dotted, nested) {
                (false, false) => "Maildir",
                (true, false) => "Maildir++",
                (false, true) => "nested Maildir (LAYOUT=fs)",
                (true, true) => "Maildir++ and nested Maildir",
            };
            (format, root)
        }
        Layout::Mbox {
            inbox, folders: None, ..
        } => ("mbox", inbox),
        Layout::Mbox { inbox, .. } => ("mbox and a folder of mboxes", inbox),
        Layout::Detect { .. } => return ("unknown", String::new()),
    };
    (format, root.display().to_string())
}

fn look(store: &Store, mailbox: MailboxEntry, messages: bool) -> SurveyedMailbox {
    let mut found = SurveyedMailbox {
        name: mailbox.segments.join("/"),
        messages: Vec::new(),
        uidvalidity: None,
        defects: BTreeMap::new(),
        trouble: None,
        encrypted: false,
    };
    let mut note = |kind: DefectKind| *found.defects.entry(defect_code(kind).to_owned()).or_default() += 1;
    if let Some(defect) = &mailbox.defect {
        note(defect.kind);
    }
    if !messages {
        return found;
    }
    match store.list(&mailbox.path, None) {
        Err(error) => found.trouble = Some(error.to_string()),
        Ok(listing) => {
            listing.defects.iter().for_each(|defect| note(defect.kind));
            found.uidvalidity = listing.uidvalidity;
            found.encrypted = listing
                .entries
                .iter()
                .take(OPENED)
                .any(|entry| is_encrypted(store, &mailbox.path, entry));
            found.messages = listing.entries.iter().map(message).collect();
        }
    }
    found
}

fn is_encrypted(store: &Store, mailbox: &MailboxPath, entry: &Entry) -> bool {
    let file = store.open_entry(mailbox, &entry.base, &entry.location).ok().flatten();
    let defect = file.and_then(|file| file.defect());
    defect.is_some_and(|defect| defect.kind == DefectKind::Encrypted)
}

fn message(entry: &Entry) -> SurveyedMessage {
    let flags = &entry.flags;
    let set = [
        (flags.seen, "Seen"),
        (flags.answered, "Answered"),
        (flags.flagged, "Flagged"),
        (flags.deleted, "Deleted"),
        (flags.draft, "Draft"),
    ];
    let set = set.into_iter().filter(|(on, _)| *on).map(|(_, name)| name.to_owned());
    SurveyedMessage {
        base: String::from_utf8_lossy(entry.base.as_bytes()).into_owned(),
        uid: entry.uid,
        flags: set.chain(entry.keywords.iter().cloned()).collect(),
    }
}
