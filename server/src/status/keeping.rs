//! What the status keeps in the database, and remembers of it while that is away.

use super::{Status, board::STRIP, days, watched::Watched};
use ::state::{Drill, Incident, ServiceDay, State, StateError};
use probe::DayFold;
use std::{collections::HashMap, future::Future, time::Duration};

/// A page never waits for the database, but a task may.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was read or written last.
#[derive(Default)]
pub struct Kept {
    /// Days of services that are in the database.
    pub days: HashMap<String, Vec<DayFold>>,
    days_read: bool,
    /// Drills that went on when they were read.
    pub drills: Vec<Drill>,
    pub incidents: Vec<Incident>,
    /// When, in seconds.
    pub incidents_read: Option<i64>,
}

/// Why nothing was read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeepingError {
    /// What the database says.
    #[error(transparent)]
    State(#[from] StateError),
    /// It says nothing.
    #[error("the state database does not answer")]
    Late,
}

pub(super) async fn in_time<T>(work: impl Future<Output = ::state::Result<T>>) -> Result<T, KeepingError> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(KeepingError::Late),
    }
}

impl Status {
    /// Reads what was told of incidents. If that fails, what was read before is shown with its age.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn read_incidents(&self, state: &State, now: i64) -> Result<(), KeepingError> {
        let incidents = in_time(state.incidents(now)).await?;
        let mut kept = self.kept();
        kept.incidents = incidents;
        kept.incidents_read = Some(now);
        Ok(())
    }

    /// Writes the days up to `now`, in seconds, after those of before this start were read. What cannot be written is
    /// tried again the next time. A database that was only late may then have it twice: seconds of one day.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub async fn keep_days(&self, state: &State, now: i64) -> Result<(), KeepingError> {
        self.read_days(state, now).await?;
        let unwritten = |service: &Watched| {
            service.settle(now, &self.zone);
            service.now(now).unwritten
        };
        let days: Vec<_> = self
            .services
            .iter()
            .map(|service| (service, unwritten(service)))
            .collect();
        let rows = days
            .iter()
            .flat_map(|(service, days)| days.iter().map(|day| row(service.name(), day)));
        let rows: Vec<ServiceDay> = rows.collect();
        if rows.is_empty() {
            return Ok(());
        }
        in_time(state.add_days(&rows)).await?;
        // Both under one lock, so that no board counts a second twice.
        let mut kept = self.kept();
        for (service, days) in days {
            let known = kept.days.entry(service.name().to_owned()).or_default();
            add(known, &days, self.first_day(now));
            service.written(&days);
        }
        Ok(())
    }

    async fn read_days(&self, state: &State, now: i64) -> Result<(), KeepingError> {
        if self.kept().days_read {
            return Ok(());
        }
        let rows = in_time(state.days(self.first_day(now))).await?;
        let mut kept = self.kept();
        for ServiceDay {
            target,
            day,
            good,
            slow,
            failed,
            unknown,
        } in rows
        {
            let fold = DayFold {
                day,
                good,
                slow,
                failed,
                unknown,
            };
            kept.days.entry(target).or_default().push(fold);
        }
        kept.days_read = true;
        Ok(())
    }

    fn first_day(&self, now: i64) -> i64 {
        days::day_of(now, &self.zone) - i64::from(STRIP)
    }
}

/// Adds to what is remembered, and forgets what no strip shows any more.
fn add(known: &mut Vec<DayFold>, new: &[DayFold], first: i64) {
    for day in new {
        match known.iter_mut().find(|known| known.day == day.day) {
            Some(known) => *known = known.merge(*day).unwrap_or(*known),
            None => known.push(*day),
        }
    }
    known.retain(|day| day.day >= first);
}

fn row(target: &str, day: &DayFold) -> ServiceDay {
    ServiceDay {
        target: target.to_owned(),
        day: day.day,
        good: day.good,
        slow: day.slow,
        failed: day.failed,
        unknown: day.unknown,
    }
}
