//! Outages that are rehearsed: read of in the database, handed to the mailroom, and told to whom they are rehearsed with. They are known in
//! memory, each with its end: a database that is away keeps none going.

use super::{Board, Service, ServiceKind, Status, keeping::KeepingError};
use ::state::{Drill, DrillKind, State};
use mailroom::{Drilled, Mailroom, Rehearsed};

impl Status {
    /// Reads which drills go on, and has the mailroom play along. If that fails, those that are known go on to their end.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn read_drills(&self, state: &State, mailroom: &Mailroom, now: i64) -> Result<(), KeepingError> {
        let drills = super::keeping::in_time(state.drills(now)).await?;
        let mut kept = self.kept();
        if kept.drills != drills {
            let names: Vec<&str> = drills.iter().map(|drill| drill.id.as_str()).collect();
            tracing::warn!(?names, "other drills go on than before");
            mailroom.rehearse(drills.iter().flat_map(drilled).collect());
            kept.drills = drills;
        }
        Ok(())
    }

    /// When the last drill ends that goes on with an account at `now`, in seconds.
    pub fn drill_until(&self, account: &str, now: i64) -> Option<i64> {
        let kept = self.kept();
        going_on(&kept.drills, account, now).map(|drill| drill.ends).max()
    }

    /// Since when IMAP is said not to answer, if that is rehearsed with an account at `now`.
    pub fn imap_is_said_down(&self, account: &str, now: i64) -> Option<i64> {
        let kept = self.kept();
        let of_imap = going_on(&kept.drills, account, now).filter(|drill| drill.kind == DrillKind::ImapDown);
        of_imap.map(|drill| drill.began).min()
    }
}

impl Board {
    /// As it looks to whom it is said that IMAP does not answer since then.
    #[must_use]
    pub fn with_imap_down(mut self, since: i64) -> Self {
        let is_imap = |service: &&mut Service| service.kind == ServiceKind::Imap;
        if !self.services.iter_mut().any(|service| is_imap(&service)) {
            self.services.push(Service {
                name: "imap".to_owned(),
                kind: ServiceKind::Imap,
                state: probe::State::Unknown,
                since: None,
                p50: None,
                p99: None,
                count: 0,
                failures: 0,
                last_failure_cause: None,
                strip: Vec::new(),
            });
        }
        for service in self.services.iter_mut().filter(is_imap) {
            service.state = probe::State::Failing;
            service.since = Some(since);
        }
        self
    }
}

fn going_on<'a>(drills: &'a [Drill], account: &'a str, now: i64) -> impl Iterator<Item = &'a Drill> {
    let concerns = move |drill: &&Drill| drill.ends > now && drill.accounts.contains(account);
    drills.iter().filter(concerns)
}

fn drilled(drill: &Drill) -> impl Iterator<Item = Drilled> + '_ {
    let how = match drill.kind {
        DrillKind::SpoolGone => Rehearsed::Gone,
        DrillKind::SpoolSlow => Rehearsed::Slow,
        DrillKind::ImapDown => Rehearsed::Elsewhere,
    };
    drill.accounts.iter().map(move |account| Drilled {
        account: account.clone(),
        how,
        ends: drill.ends,
    })
}
