//! What is asked of a spool and what it answers: plain data, so that a thread here or a helper process may do the work.

use super::work::{self, Fetched, HeaderRead, Met, PreviewRead, ReadRequest, Sized};
use crate::snapshots::{MarkerAsk, SnapshotSeen, SnapshotsAsk};
use api_types::Cause;
use serde::{Deserialize, Serialize};
use spool::{
    ArrivalMemory, Arrivals, Listing, MailboxEntry, MailboxPath, MailboxStamp, MarkerCount, MboxMemory, SpoolError,
    StoreConfig,
};
use std::path::PathBuf;

/// A question about one account's mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ask {
    /// Where it lies.
    pub(crate) store: StoreConfig,
    pub(crate) what: What,
}

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum What {
    Mailboxes,
    Stamp(MailboxPath),
    List(MailboxPath, Option<MboxMemory>),
    Arrivals(MailboxPath, ArrivalMemory),
    Met(MailboxPath, Vec<ReadRequest>),
    Headers(MailboxPath, Vec<ReadRequest>),
    Previews(MailboxPath, Vec<ReadRequest>),
    Fetch(MailboxPath, ReadRequest),
    Size(MailboxPath, ReadRequest),
    ReadAt(MailboxPath, ReadRequest, u64, u64),
    /// The dated copies in one directory.
    Snapshots(SnapshotsAsk),
    /// What a copy says of how many messages it has of an account.
    MarkerCount(MarkerAsk),
    /// Whether the mail lies there.
    IsThere,
    /// Whether it is certain that the account has no place in these folders.
    Lacks(Vec<PathBuf>),
    /// Whether these folders answer.
    Probe(Vec<PathBuf>),
    /// Whether the mail of all that lies in these folders can be had, as far as they and these markers say.
    Look(Vec<PathBuf>, Vec<PathBuf>),
}

/// The answer to each, in the same order.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Mailboxes(Vec<MailboxEntry>),
    Stamp(MailboxStamp),
    Listing(Listing),
    Arrivals(Option<Arrivals>),
    Met(Met),
    Headers(Vec<HeaderRead>),
    Previews(Vec<PreviewRead>),
    Fetched(Option<Fetched>),
    Size(Option<Sized>),
    Bytes(#[serde(with = "serde_bytes")] Option<Vec<u8>>),
    Snapshots(Vec<SnapshotSeen>),
    MarkerCount(MarkerCount),
    IsThere(bool),
    Lacks(bool),
    Probed,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failed {
    /// What a person may know.
    pub(crate) cause: Cause,
    /// For the log.
    pub(crate) detail: String,
    /// It was begun, and no answer came: what was asked for may be all that hangs.
    #[serde(skip)]
    pub(crate) is_stalled: bool,
    /// It is of the message that was asked for: its mailbox answers.
    pub(crate) is_of_one: bool,
}

/// Most who ask want to know no more.
impl From<Failed> for Cause {
    fn from(failed: Failed) -> Self {
        failed.cause
    }
}

/// What comes back.
pub(crate) type Reply = Result<Answer, Failed>;

impl Ask {
    /// Does it, blocking.
    pub(crate) fn answer(&self) -> Reply {
        let Self { store, what } = self;
        let answer = match what {
            What::Mailboxes => work::mailboxes(store).map(Answer::Mailboxes),
            What::Stamp(mailbox) => work::stamp(store, mailbox).map(Answer::Stamp),
            What::List(mailbox, known) => work::list(store, mailbox, known.as_ref()).map(Answer::Listing),
            What::Arrivals(mailbox, known) => work::arrivals(store, mailbox, known).map(Answer::Arrivals),
            What::Met(mailbox, wanted) => work::met(store, mailbox, wanted).map(Answer::Met),
            What::Headers(mailbox, wanted) => work::headers(store, mailbox, wanted).map(Answer::Headers),
            What::Previews(mailbox, wanted) => work::previews(store, mailbox, wanted).map(Answer::Previews),
            What::Fetch(mailbox, wanted) => return work::fetch(store, mailbox, wanted).map(Answer::Fetched),
            What::Size(mailbox, wanted) => work::size(store, mailbox, wanted).map(Answer::Size),
            What::ReadAt(mailbox, wanted, offset, len) => {
                work::read_at(store, mailbox, wanted, *offset, *len).map(Answer::Bytes)
            }
            What::Snapshots(asked) => asked.look().map(Answer::Snapshots),
            What::MarkerCount(asked) => asked.read().map(Answer::MarkerCount),
            What::IsThere => work::is_there(store).map(Answer::IsThere),
            What::Lacks(folders) => Ok(Answer::Lacks(work::lacks(store, folders))),
            What::Probe(folders) => work::probe(folders).map(|()| Answer::Probed),
            What::Look(folders, markers) => work::look(folders, markers).map(|()| Answer::Probed),
        };
        answer.map_err(|error| Failed::from(&error))
    }

    /// How many files it opens at least: what one of them took tells how the spool is. Nothing of what takes as long as it is large.
    pub(crate) fn files(&self) -> Option<u32> {
        let many = |wanted: &Vec<ReadRequest>| u32::try_from(wanted.len()).ok().filter(|count| *count > 0);
        match &self.what {
            What::Stamp(_) | What::Size(..) | What::Probe(_) => Some(1),
            What::Met(_, wanted) | What::Headers(_, wanted) | What::Previews(_, wanted) => many(wanted),
            _ => None,
        }
    }
}

impl What {
    /// Whether files of messages are read: one may hang where its directory answers.
    pub(super) fn is_of_messages(&self) -> bool {
        matches!(
            self,
            What::Met(..)
                | What::Headers(..)
                | What::Previews(..)
                | What::Fetch(..)
                | What::Size(..)
                | What::ReadAt(..)
        )
    }
}

impl Failed {
    /// Of whatever was asked.
    pub(crate) fn of(cause: Cause, detail: impl Into<String>) -> Self {
        Self {
            cause,
            detail: detail.into(),
            is_stalled: false,
            is_of_one: false,
        }
    }
}

impl From<&SpoolError> for Failed {
    fn from(error: &SpoolError) -> Self {
        Failed::of(cause_of(error), error.to_string())
    }
}

/// What a person may know of an error.
pub(super) fn cause_of(error: &SpoolError) -> Cause {
    match error {
        SpoolError::NotFound(_) => Cause::Missing,
        SpoolError::Denied(_) | SpoolError::Refused(_) => Cause::Denied,
        SpoolError::WrongStore(_) => Cause::WrongStore,
        SpoolError::Unsupported { .. } => Cause::Unsupported,
        _ => Cause::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_has_a_cause() {
        for (error, cause) in [
            (SpoolError::NotFound("root"), Cause::Missing),
            (SpoolError::Denied("root"), Cause::Denied),
            (SpoolError::WrongStore("x"), Cause::WrongStore),
            (SpoolError::Stale, Cause::Broken),
        ] {
            assert_eq!(Failed::from(&error).cause, cause);
        }
    }

    #[test]
    fn questions_and_answers_go_between_processes() {
        let dir = tempfile::tempdir().unwrap();
        for sub in ["cur", "new", "tmp"] {
            std::fs::create_dir(dir.path().join(sub)).unwrap();
        }
        let text = "Subject: \u{4f1a}\u{8b70}\nFrom: a@example.org\n\ntext\n";
        std::fs::write(dir.path().join("cur/1795000001.M1P1.h:2,S"), text).unwrap();
        let store = StoreConfig::new(spool::Layout::Maildir {
            root: dir.path().to_owned(),
        });
        let through = |what: What| -> Reply {
            let ask = Ask {
                store: store.clone(),
                what,
            };
            let ask: Ask = postcard::from_bytes(&postcard::to_allocvec(&ask).unwrap()).unwrap();
            postcard::from_bytes(&postcard::to_allocvec(&ask.answer()).unwrap()).unwrap()
        };
        let inbox = MailboxPath::inbox();
        let Ok(Answer::Listing(listing)) = through(What::List(inbox.clone(), None)) else {
            panic!("no listing")
        };
        let [entry] = &listing.entries[..] else {
            panic!("{listing:?}")
        };
        let wanted = ReadRequest {
            row: 7,
            base: entry.base.clone(),
            location: entry.location.clone(),
            file: None,
        };
        let Ok(Answer::Headers(heads)) = through(What::Headers(inbox.clone(), vec![wanted.clone()])) else {
            panic!("no headers")
        };
        assert_eq!(heads[0].read.as_ref().unwrap().envelope.subject, "\u{4f1a}\u{8b70}");
        let Ok(Answer::Fetched(Some(fetched))) = through(What::Fetch(inbox.clone(), wanted.clone())) else {
            panic!("no message")
        };
        assert_eq!((fetched.size, fetched.skeleton.held()), (text.len() as u64, text.len()));
        let Ok(Answer::Bytes(Some(bytes))) = through(What::ReadAt(inbox, wanted, 9, 3)) else {
            panic!("no bytes")
        };
        assert_eq!(bytes, "\u{4f1a}".as_bytes());
        let gone = through(What::Stamp(MailboxPath::from_bytes(*b".Gone")));
        assert_eq!(gone.unwrap_err().cause, Cause::Missing);
    }
}
