use crate::{
    MailroomError, Reader, Wording, convert,
    desk::{Desk, Looked},
    sync::LastLook,
};
use api_types::{MailboxId, Rail, Role};
use index::MailboxRow;
use std::{sync::Arc, time::Duration};

/// The mailboxes of a person, and how the look at the list of them went.
pub(crate) struct Overview {
    pub(crate) rows: Arc<Vec<MailboxRow>>,
    pub(crate) looked: Looked,
    /// What is left of the time that somebody may be kept waiting.
    pub(crate) patience: Duration,
    /// What is told of all of them together, as they were read.
    pub(crate) told: LastLook,
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
        self.with_desk(snapshot, |desk| async move {
            let overview = self.overview(&desk).await?;
            Ok(self.rail_at(&desk, &overview, words))
        })
        .await
    }

    /// The same, for whoever is told how old it is: each mailbox has been looked at lately, as far as the spool answers in time.
    ///
    /// # Errors
    /// As [`Reader::rail_of`].
    pub async fn fresh_rail_of(&self, snapshot: Option<&str>, words: &dyn Wording) -> Result<Rail, MailroomError> {
        self.with_desk(snapshot, |desk| async move {
            let mut overview = self.overview(&desk).await?;
            desk.wait_for_looks(overview.rows.iter(), overview.patience).await;
            overview.told = desk.told_of(overview.rows.iter(), &overview.looked);
            overview.rows = desk.mailboxes().await?;
            Ok(self.rail_at(&desk, &overview, words))
        })
        .await
    }

    fn rail_at(&self, desk: &Desk, overview: &Overview, words: &dyn Wording) -> Rail {
        let Overview { rows, looked, told, .. } = overview;
        let mut lines: Vec<_> = rows.iter().map(|row| convert::mailbox_line(row, rows)).collect();
        lines.sort_by_cached_key(|line| (rank(line.mailbox.role), line.path.to_lowercase()));
        let pending = rows.iter().map(|row| row.pending_headers).sum();
        Rail {
            person: desk.account.display_name.clone(),
            mailboxes: lines,
            freshness: desk.told(*told, looked.spool_us, pending, words),
            copies: desk.neighbours(words),
        }
    }

    /// Every mailbox, looked at no longer ago than others are told of; on the first visit when each has been counted.
    pub(crate) async fn overview(&self, desk: &Arc<Desk>) -> Result<Overview, MailroomError> {
        let (deadline, began) = (self.shared().deadlines.list, self.shared().clock.ticks_us());
        let looked = desk.fresh_mailboxes(deadline).await;
        let mut rows = desk.mailboxes().await?;
        if rows.is_empty() {
            return Err(looked
                .trouble
                .map_or(MailroomError::NotFound, MailroomError::Unavailable));
        }
        desk.sweep_behind(&rows);
        let left = || deadline.saturating_sub(Duration::from_micros(self.shared().clock.ticks_us() - began));
        if rows.iter().any(|row| row.stamp.is_none()) {
            // The first visit: counts that are all nought would be a lie.
            desk.wait_for_looks(rows.iter(), left()).await;
        }
        // First: what is read may come to be younger than it is told to be, and not older.
        let told = desk.told_of(rows.iter(), &looked);
        rows = desk.mailboxes().await?;
        self.took().note_spool(looked.spool_us, looked.queued_us);
        let patience = left();
        Ok(Overview {
            rows,
            looked,
            patience,
            told,
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

impl Desk {
    /// What is told of these mailboxes together and of the list of them.
    pub(crate) fn told_of<'a>(&self, rows: impl IntoIterator<Item = &'a MailboxRow>, looked: &Looked) -> LastLook {
        let list = self.work().mailboxes_seen;
        let list = LastLook {
            seen: list,
            as_of: list,
            trouble: looked.trouble,
            is_doubted: false,
        };
        let each: Vec<LastLook> = rows.into_iter().map(|row| self.last_look(row)).collect();
        let none_may_be_read = each.iter().all(LastLook::may_not_be_read);
        let counts = |last: &LastLook| none_may_be_read || !last.may_not_be_read();
        each.into_iter().filter(counts).fold(list, LastLook::and)
    }

    /// Waits until those of the mailboxes that are due to be looked at have been, or could not be. Past the deadline what is known is told.
    pub(crate) async fn wait_for_looks(&self, rows: impl IntoIterator<Item = &MailboxRow>, patience: Duration) {
        let wanted: Vec<i64> = rows.into_iter().map(|row| row.id).collect();
        let mut progress = self.progress.subscribe();
        let is_going_on = || {
            let work = self.work();
            wanted.iter().any(|id| work.due.contains(id))
        };
        let looked = async { while is_going_on() && progress.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(patience, looked).await;
    }
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
