//! Dated copies of a person's mail, each read like the live mail: a snapshot is a further desk, with an index of its own.
//!
//! - Which copies there are is asked of who reads the spool (`seen`), kept for a minute (`known`), and told with their dates (`named`).
//! - The id of a mailbox in a copy is the key of the copy, `~`, and the id of the mailbox in the live mail. So every URL is as it always
//!   is, [`Reader`] chooses the desk by it, and the same message has the same id in all copies.
//! - Nothing of a copy meets the live index, no letter of it is kept, and nothing in it is marked as read. One that is complete is listed
//!   once; whatever is told of it bears its date.
//! - A marker may count the messages of each account. A copy that is found to have another number of them is none that is complete
//!   (`counted`), also after a restart (`judged`).
//! - Its index is on local disk, as any: those of copies that nobody opens any more go (`shelf`).
//!
//! Bringing a message back from a copy belongs here too, when there is a way to write: it will take the message by [`Reader::source`] of
//! the copy and give it to whatever appends to a live mailbox.

mod counted;
mod judged;
mod known;
pub(crate) mod named;
mod place;
mod seen;
mod shelf;
mod survey;
#[cfg(test)]
mod tests;

pub(crate) use known::Known;
pub use place::{SnapshotKind, SnapshotRoot};
pub(crate) use seen::{MarkerAsk, SnapshotSeen, SnapshotsAsk};
pub use survey::{SurveyedSnapshots, count_in_copy, marked_at, survey_snapshots};

use crate::{Account, MailroomError, Reader, Wording, desk::Desk, room::Shared};
use api_types::{Cause, Freshness, MailboxId, Moment, SnapshotLine, SnapshotList, Source};
use jiff::{Timestamp, civil::Date};
use named::Named;
use spool::MailboxPath;
use std::{sync::Arc, time::Duration};

/// In an outage a page waits so long to hear which copy is the newest.
const IN_PASSING: Duration = Duration::from_millis(200);

/// Copies beside the mailboxes: more are on a page of their own.
const IN_RAIL: usize = 5;

/// One copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// Names it in ids.
    pub(crate) key: String,
    /// Which of the account's places it stands in.
    pub(crate) root: usize,
    /// Its own part of the name of its directory.
    pub(crate) name: String,
    /// When it was made, in seconds.
    pub(crate) at: Option<i64>,
    /// The day, if only that is known.
    pub(crate) day: Option<Date>,
    /// It says that it is complete, or is so by its nature.
    pub(crate) marked: bool,
    /// It is complete, as far as is known.
    pub(crate) whole: bool,
    /// How often that turned out to be otherwise than it seemed.
    turn: u32,
    /// What it is called in the names of files: `2026-11-27_0300`.
    label: String,
}

impl Snapshot {
    fn new(key: String, (root, place): (usize, &SnapshotRoot), seen: SnapshotSeen) -> Self {
        let said = seen.marker.and_then(|line| line.parse::<Timestamp>().ok());
        let named = Named::of(&seen.name);
        let at = match said {
            Some(said) => Some(said.as_second()),
            None => named.and_then(|named| named.seconds(&place.zone)),
        };
        let day = match said {
            Some(_) => None,
            None => named.filter(|named| named.time.is_none()).map(|named| named.date),
        };
        let form = if day.is_some() { "%Y-%m-%d" } else { "%Y-%m-%d_%H%M" };
        let dated = at.and_then(|at| Timestamp::from_second(at).ok());
        let dated = dated.map(|at| at.to_zoned(place.zone.clone()).strftime(form).to_string());
        let marked = place.kind == SnapshotKind::Atomic || said.is_some();
        Self {
            key,
            root,
            at,
            day,
            marked,
            whole: marked,
            turn: 0,
            label: dated.unwrap_or_else(|| seen.name.clone()),
            name: seen.name,
        }
    }

    /// What is told to come from it.
    pub(crate) fn source(&self) -> Source {
        if self.whole { Source::Snapshot } else { Source::Unmarked }
    }

    fn moment(&self, words: &dyn Wording) -> Option<Moment> {
        Some(words.of_copy(self.at?, self.day))
    }

    fn line(&self, shared: &Shared, account: &str, words: &dyn Wording) -> SnapshotLine {
        let inbox = MailboxId(shared.ids.mailbox(account, MailboxPath::inbox().as_bytes()));
        SnapshotLine {
            inbox: inbox.of_snapshot(&self.key),
            name: self.name.clone(),
            as_of: self.moment(words),
            whole: self.whole,
        }
    }
}

impl Desk {
    /// Nothing changes there any more: what was listed once is so.
    pub(crate) fn is_frozen(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|snapshot| snapshot.whole)
    }

    /// Whatever is told of a copy has the date of the copy, however lately it was read.
    pub(crate) fn dated(&self, freshness: Freshness, words: &dyn Wording) -> Freshness {
        let Some(snapshot) = &self.snapshot else {
            return freshness;
        };
        Freshness {
            source: snapshot.source(),
            as_of: snapshot.moment(words),
            ..freshness
        }
    }

    /// What a file made of a mailbox is called: one of a copy has its date.
    pub(crate) fn file_name(&self, mailbox: &str) -> String {
        match &self.snapshot {
            Some(snapshot) => [mailbox, "@", &snapshot.label].concat(),
            None => mailbox.to_owned(),
        }
    }

    /// The newest copies, and the one that is read, as far as they are known: nobody is asked for them, since every page shows them.
    pub(crate) fn neighbours(&self, words: &dyn Wording) -> Vec<SnapshotLine> {
        let known = self.shared.known.remembered(&self.account.name);
        let read = self.snapshot.as_ref().map(|read| &read.key);
        let shown = known
            .iter()
            .enumerate()
            .filter(|(at, copy)| *at < IN_RAIL || Some(&copy.key) == read);
        shown
            .map(|(_, copy)| copy.line(&self.shared, &self.account.name, words))
            .collect()
    }

    /// The newest complete copy, for when the live mail cannot be had; only if that is soon known.
    pub(crate) async fn earlier(&self, trouble: Option<Cause>, words: &dyn Wording) -> Option<SnapshotLine> {
        // Not where rights may have been taken away, nor where it is the portal that cannot write.
        let lacks = matches!(
            trouble?,
            Cause::Slow | Cause::Missing | Cause::Broken | Cause::WrongStore
        );
        if !lacks || self.snapshot.is_some() || self.account.snapshots.is_empty() {
            return None;
        }
        let copies = self.shared.known.of(&self.shared, &self.account, IN_PASSING).await;
        let newest = copies.list.iter().find(|copy| copy.whole && copy.at.is_some())?;
        Some(newest.line(&self.shared, &self.account.name, words))
    }
}

impl Reader {
    /// The dated copies of the person's mail, the newest first.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for an account that is none any more. Copies that cannot be looked for are no error: the answer says so.
    pub async fn snapshots(&self, words: &dyn Wording) -> Result<SnapshotList, MailroomError> {
        let shared = self.shared();
        let account = shared.accounts.find(self.account()).ok_or(MailroomError::NotFound)?;
        let copies = shared.known.of(shared, &account, shared.deadlines.list).await;
        Ok(SnapshotList {
            lines: copies
                .list
                .iter()
                .map(|copy| copy.line(shared, &account.name, words))
                .collect(),
            trouble: copies.trouble,
        })
    }
}

impl Shared {
    /// The desk of a copy, opened at the first need. An unknown key and somebody else's are alike.
    pub(crate) async fn snapshot_desk(
        shared: &Arc<Self>,
        account: &str,
        key: &str,
    ) -> Result<Arc<Desk>, MailroomError> {
        let account = shared.accounts.find(account).ok_or(MailroomError::NotFound)?;
        let snapshot = shared.known.find(shared, &account, key).await?;
        let place = account.snapshots.get(snapshot.root).ok_or(MailroomError::NotFound)?;
        let file = shared.snapshot_file(&account.name, &snapshot);
        let cell = shared.desks.copy(&account.name, &file, shared.clock.now_ns());
        let desk = cell
            .get_or_try_init(|| async {
                shared.make_room(&account.name, &file).await?;
                let path = shared.snapshot_path(&account.name, &file);
                let copied: Account = place.account(&account, &snapshot.name);
                let desk = Desk::open_at(shared, copied, &path, Some(Arc::clone(&snapshot))).await?;
                shelf::note_opened(path, shared.clock.now()).await;
                shared.weigh_behind();
                Ok::<_, MailroomError>(desk)
            })
            .await?;
        Ok(Arc::clone(desk))
    }
}
