use crate::{MailroomError, Reader, Wording, convert, desk::Desk, reader::freshness};
use api_types::{Cause, Freshness, MailboxId, Rail, Role};
use index::MailboxRow;
use std::{sync::Arc, time::Duration};

/// The mailboxes of a person.
pub(crate) struct Overview {
    pub(crate) rows: Arc<Vec<MailboxRow>>,
    /// Of the list of them; what is pending are headers of all.
    pub(crate) freshness: Freshness,
    /// Why they could not be looked at.
    pub(crate) trouble: Option<Cause>,
}

impl Reader {
    /// The person's mailboxes with their counts: inbox first, then by use, then by name.
    ///
    /// # Errors
    /// [`MailroomError::Unavailable`] when nothing is known yet and the spool cannot be read.
    pub async fn rail(&self, words: &dyn Wording) -> Result<Rail, MailroomError> {
        self.rail_of(None, words).await
    }

    /// The mailboxes of the dated copy of that key, or of the live mail.
    ///
    /// # Errors
    /// As [`Reader::rail`]; [`MailroomError::NotFound`] for a copy that is not this account's.
    pub async fn rail_of(&self, snapshot: Option<&str>, words: &dyn Wording) -> Result<Rail, MailroomError> {
        self.with_desk(snapshot, |desk| self.rail_at(desk, words)).await
    }

    async fn rail_at(&self, desk: Arc<Desk>, words: &dyn Wording) -> Result<Rail, MailroomError> {
        let Overview { rows, freshness, .. } = self.overview(&desk, words).await?;
        let mut lines: Vec<_> = rows.iter().map(|row| convert::mailbox_line(row, &rows)).collect();
        lines.sort_by_cached_key(|line| (rank(line.mailbox.role), line.path.to_lowercase()));
        Ok(Rail {
            person: desk.account.display_name.clone(),
            mailboxes: lines,
            freshness: desk.dated(freshness, words),
            copies: desk.neighbours(words),
        })
    }

    /// Every mailbox, looked at no longer ago than others are told of; on the first visit when each has been counted.
    pub(crate) async fn overview(&self, desk: &Arc<Desk>, words: &dyn Wording) -> Result<Overview, MailroomError> {
        let looked = desk.fresh_mailboxes(self.shared().deadlines.list).await;
        let mut rows = desk.mailboxes().await?;
        if rows.is_empty() {
            return Err(looked
                .trouble
                .map_or(MailroomError::NotFound, MailroomError::Unavailable));
        }
        desk.sweep_behind(&rows);
        if rows.iter().any(|row| row.as_of.is_none()) {
            // The first visit: counts that are all nought would be a lie.
            wait_for_counts(desk, &rows, self.shared().deadlines.list).await;
            rows = desk.mailboxes().await?;
        }
        self.took().note_spool(looked.spool_us, looked.queued_us);
        let mailboxes_seen = desk.work().mailboxes_seen;
        let oldest_known = rows.iter().filter_map(|row| row.as_of).min();
        let pending = rows.iter().map(|row| row.pending_headers).sum();
        let freshness = freshness(
            desk.now_ns(),
            mailboxes_seen.filter(|_| looked.trouble.is_none()).or(oldest_known),
            looked.spool_us,
            pending,
            |at| words.moment(at),
        );
        Ok(Overview {
            rows,
            freshness,
            trouble: looked.trouble,
        })
    }

    /// The mailbox that mail arrives in.
    ///
    /// # Errors
    /// As [`Reader::rail`].
    pub async fn inbox(&self) -> Result<MailboxId, MailroomError> {
        let desk = self.desk().await?;
        let find = |rows: &[MailboxRow]| {
            let inbox = rows.iter().find(|row| convert::role(row.special_use) == Role::Inbox);
            inbox.map(|row| MailboxId(row.public_id.clone()))
        };
        if let Some(inbox) = find(&desk.mailboxes().await?) {
            return Ok(inbox);
        }
        let looked = desk.look_at_mailboxes_within(self.shared().deadlines.list).await;
        find(&desk.mailboxes().await?).ok_or(
            looked
                .trouble
                .map_or(MailroomError::NotFound, MailroomError::Unavailable),
        )
    }
}

async fn wait_for_counts(desk: &Arc<Desk>, mailboxes: &[MailboxRow], patience: Duration) {
    let mut progress = desk.progress.subscribe();
    let is_going_on = || {
        let work = desk.work();
        work.sweeping && mailboxes.iter().any(|row| !work.seen.contains_key(&row.id))
    };
    let counted = async { while is_going_on() && progress.changed().await.is_ok() {} };
    // Past the deadline the rail is shown as far as it goes.
    let _ = tokio::time::timeout(patience, counted).await;
}

pub(crate) fn rank(role: Role) -> u8 {
    match role {
        Role::Inbox => 0,
        Role::Drafts => 1,
        Role::Sent => 2,
        Role::Archive => 3,
        Role::Junk => 4,
        Role::Trash => 5,
        Role::Plain => 6,
    }
}
