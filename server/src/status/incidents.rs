//! What was told of incidents, as everybody may read it.

use ::state::{Incident, Severity};
use std::collections::BTreeSet;

/// What was told of incidents.
#[derive(Clone, Debug, Default)]
pub struct Incidents {
    /// The one opened last first: open, planned, and closed some days ago.
    pub list: Vec<IncidentView>,
    /// When they were read from the database, in seconds; never, if it was away since the start.
    pub as_of: Option<i64>,
    /// That is so long ago that there may be others.
    pub old: bool,
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It will begin.
    Planned,
    /// It goes on. A planned one does so until it is closed: what was announced may take longer.
    Open,
    /// It is over.
    Closed,
}

impl Phase {
    /// Where it stands at `now`, in seconds.
    pub fn of(incident: &Incident, now: i64) -> Self {
        match (incident.closed, incident.scheduled_from) {
            (Some(_), _) => Self::Closed,
            (None, Some(from)) if from > now => Self::Planned,
            (None, _) => Self::Open,
        }
    }

    /// A word for it that never changes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// An incident, without what is for the staff alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentView {
    /// Names it.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands.
    pub phase: Phase,
    /// When it was told first, in seconds.
    pub opened: i64,
    /// When it was over, in seconds.
    pub closed: Option<i64>,
    /// When it begins, in seconds, if it was planned.
    pub from: Option<i64>,
    /// When it will be over, in seconds, if that was said.
    pub until: Option<i64>,
    /// The names of services.
    pub affects: BTreeSet<String>,
    /// What was told, oldest first.
    pub updates: Vec<Told>,
}

/// What was told at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When, in seconds.
    pub at: i64,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl IncidentView {
    /// As everybody may read it at `now`, in seconds.
    pub fn new(incident: &Incident, now: i64) -> Self {
        let updates = incident.updates.iter().map(|update| Told {
            at: update.at,
            ja: update.text_ja.clone(),
            en: update.text_en.clone(),
        });
        Self {
            id: incident.id.clone(),
            severity: incident.severity,
            phase: Phase::of(incident, now),
            opened: incident.opened,
            closed: incident.closed,
            from: incident.scheduled_from,
            until: incident.scheduled_until,
            affects: incident.affects.clone(),
            updates: updates.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_announced_goes_on_until_it_is_closed() {
        let mut incident = Incident {
            id: "a".to_owned(),
            opened: 10,
            closed: None,
            severity: Severity::Notice,
            affects: BTreeSet::new(),
            scheduled_from: Some(100),
            scheduled_until: Some(200),
            updates: Vec::new(),
        };
        let phase = Phase::of;
        assert_eq!(phase(&incident, 99), Phase::Planned);
        assert_eq!(phase(&incident, 100), Phase::Open);
        assert_eq!(phase(&incident, 300), Phase::Open, "it takes longer");
        incident.closed = Some(50);
        assert_eq!(phase(&incident, 60), Phase::Closed, "called off");
    }
}
