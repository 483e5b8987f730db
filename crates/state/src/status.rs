//! The service status: what is left of the days of each service, and what the staff told about incidents.

use crate::{Result, State};
use std::collections::BTreeSet;

/// Days for which the days of services are kept: a year, and what makes two of them comparable.
pub const STATUS_DAYS: i64 = 400;
/// Days for which an incident is shown after it was closed.
pub const INCIDENT_DAYS: i64 = 14;

/// Seconds of a service in each state on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceDay {
    /// Which service.
    pub target: String,
    /// Calendar days since 1970-01-01, in the zone of whoever wrote it.
    pub day: i64,
    /// Seconds in which it answered.
    pub good: u32,
    /// Seconds in which it was slow.
    pub slow: u32,
    /// Seconds in which it failed.
    pub failed: u32,
    /// Seconds of which it is not known.
    pub unknown: u32,
}

/// How bad an incident is, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// To be known; nothing is wrong, or not yet.
    Notice,
    /// Slow, or not complete.
    Degraded,
    /// Something does not work.
    Outage,
}

impl Severity {
    /// All, the least first.
    pub const ALL: [Self; 3] = [Self::Notice, Self::Degraded, Self::Outage];

    /// A word for it that never changes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Degraded => "degraded",
            Self::Outage => "outage",
        }
    }

    /// What [`word`](Self::word) gave.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

/// What was told about an incident at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentUpdate {
    /// When, in seconds.
    pub at: i64,
    /// In Japanese.
    pub text_ja: String,
    /// In English.
    pub text_en: String,
    /// Who wrote it; for the staff.
    pub by: String,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Names it.
    pub id: String,
    /// When it was told first, in seconds.
    pub opened: i64,
    /// When it was over, in seconds.
    pub closed: Option<i64>,
    /// How bad it is.
    pub severity: Severity,
    /// The services that it is about, by their names.
    pub affects: BTreeSet<String>,
    /// When it will begin, in seconds, if it was planned.
    pub scheduled_from: Option<i64>,
    /// When it will be over, in seconds, if that was said.
    pub scheduled_until: Option<i64>,
    /// What was told, oldest first; never empty of one that was read.
    pub updates: Vec<IncidentUpdate>,
}

/// What an update changes of an incident; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentChange {
    /// How bad it is.
    pub severity: Option<Severity>,
    /// The services that it is about.
    pub affects: Option<BTreeSet<String>>,
    /// When it will begin, in seconds.
    pub scheduled_from: Option<i64>,
    /// When it will be over, in seconds.
    pub scheduled_until: Option<i64>,
}

/// What is told of an incident from now on: all of it, as somebody left it who saw it before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// How bad it is.
    pub severity: Severity,
    /// The services that it is about.
    pub affects: BTreeSet<String>,
    /// When it begins, in seconds, if it is planned.
    pub scheduled_from: Option<i64>,
    /// When it will be over, in seconds, if that can be said.
    pub scheduled_until: Option<i64>,
    /// That it is over, since when in seconds; one that was over before is so since then.
    pub closed: Option<i64>,
    /// What is told besides.
    pub told: Option<IncidentUpdate>,
}

/// What became of a [`Revision`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revised {
    /// It is told.
    Done,
    /// Somebody else told more in the meantime: nothing is changed.
    Meanwhile,
    /// There is no incident of that id.
    Absent,
}

/// How far somebody has read who changes an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenIncident {
    /// What was told.
    pub updates: u32,
    /// It was over.
    pub closed: bool,
}

impl Incident {
    /// How far somebody has read who sees this.
    #[must_use]
    pub fn seen(&self) -> SeenIncident {
        SeenIncident {
            updates: u32::try_from(self.updates.len()).unwrap_or(u32::MAX),
            closed: self.closed.is_some(),
        }
    }
}

impl State {
    /// Adds seconds to the days of services, all of them or none.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn add_days(&self, days: &[ServiceDay]) -> Result<()> {
        on!(self, database => database.add_days(days))
    }

    /// The days of all services from `since` on, by service, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn days(&self, since: i64) -> Result<Vec<ServiceDay>> {
        on!(self, database => database.days(since))
    }

    /// Keeps a new incident with what was told of it so far. `false`, and nothing changed, if there is one of that id.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn open_incident(&self, incident: &Incident) -> Result<bool> {
        on!(self, database => database.open_incident(incident))
    }

    /// Tells more of an incident, also after it was closed. `false` if there is none of that id.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn update_incident(&self, id: &str, change: &IncidentChange, update: &IncidentUpdate) -> Result<bool> {
        on!(self, database => database.update_incident(id, change, update))
    }

    /// Says that an incident is over at `now`, with a last word or without. `false`, and nothing changed, if there is none of that id
    /// that is open.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn close_incident(&self, id: &str, now: i64, last: Option<&IncidentUpdate>) -> Result<bool> {
        on!(self, database => database.close_incident(id, now, last))
    }

    /// Changes an incident as somebody wants it who saw that of it.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn revise_incident(&self, id: &str, seen: SeenIncident, revision: &Revision) -> Result<Revised> {
        on!(self, database => database.revise_incident(id, seen, revision))
    }

    /// The incidents that are open or planned, and those closed within [`INCIDENT_DAYS`] before `now`; the one opened last first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn incidents(&self, now: i64) -> Result<Vec<Incident>> {
        let since = now.saturating_sub(INCIDENT_DAYS * 24 * 3600);
        on!(self, database => database.incidents(since))
    }
}
