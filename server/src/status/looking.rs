//! The tasks of `serve` that look, and that keep what was seen.

use super::{Status, watched::Watched};
use crate::{clock::SystemClock, random, state::AppState};
use mailroom::Clock;
use probe::{Deadlines, Report, Sample, State, first, next, probe};
use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};

/// How often the database is asked what the staff told: that is how late an incident is shown.
const NEWS: Duration = Duration::from_secs(10);
/// How often the database is asked which drills go on: that is how late one begins, or is stopped.
const DRILLS: Duration = Duration::from_secs(4);
/// How often days are written. Those since then are lost with a process that is killed.
const DAYS: Duration = Duration::from_secs(300);

/// Begins to look, and goes on until what it gives is dropped or [stopped](stop). What the database knows is read before it returns.
pub async fn start(app: &AppState) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    read_news(app, &mut true).await;
    read_drills(app, &mut true).await;
    keep_days(app, &mut true).await;
    for place in 0..app.status().asked.len() {
        tasks.spawn(look_now_and_then(app.clone(), place));
    }
    tasks.spawn(look_at_own(app.clone()));
    tasks.spawn(look_at_spool(app.clone()));
    tasks.spawn(keep_reading_news(app.clone()));
    tasks.spawn(keep_reading_drills(app.clone()));
    tasks.spawn(keep_writing_days(app.clone()));
    tasks
}

/// Ends the looks, and writes the days up to now.
pub async fn stop(app: &AppState, mut tasks: JoinSet<()>) {
    tasks.shutdown().await;
    keep_days(app, &mut true).await;
}

async fn look_now_and_then(app: AppState, place: usize) {
    let interval = app.status().interval;
    sleep(first(interval, chance())).await;
    loop {
        app.status().look_at(place).await;
        sleep(next(interval, chance())).await;
    }
}

async fn look_at_own(app: AppState) {
    loop {
        let status = app.status();
        status.look_at_state(app.state(), &ticks, || SystemClock.now()).await;
        sleep(next(status.interval, chance())).await;
    }
}

/// Apart from the others: nothing waits for a spool that hangs.
async fn look_at_spool(app: AppState) {
    loop {
        let status = app.status();
        if let Some(answer) = app.mailroom().look_at_spool().await {
            status.note_spool(SystemClock.now(), answer);
        }
        sleep(next(status.interval, chance())).await;
    }
}

async fn keep_reading_news(app: AppState) {
    let mut well = true;
    loop {
        sleep(next(NEWS, chance())).await;
        read_news(&app, &mut well).await;
    }
}

async fn keep_reading_drills(app: AppState) {
    let mut well = true;
    loop {
        sleep(next(DRILLS, chance())).await;
        read_drills(&app, &mut well).await;
    }
}

async fn keep_writing_days(app: AppState) {
    let mut well = true;
    loop {
        sleep(next(DAYS, chance())).await;
        keep_days(&app, &mut well).await;
    }
}

/// `well`: whether it went well the last time. It is said once that it does not.
async fn read_news(app: &AppState, well: &mut bool) {
    let read = app.status().read_incidents(app.state(), SystemClock.now()).await;
    if let (Err(error), true) = (&read, *well) {
        tracing::error!(%error, "incidents cannot be read; those that are known are shown with their age");
    }
    *well = read.is_ok();
}

async fn read_drills(app: &AppState, well: &mut bool) {
    let read = app
        .status()
        .read_drills(app.state(), app.mailroom(), SystemClock.now())
        .await;
    if let (Err(error), true) = (&read, *well) {
        tracing::error!(%error, "drills cannot be read; those that are known go on to their end");
    }
    *well = read.is_ok();
}

async fn keep_days(app: &AppState, well: &mut bool) {
    let kept = app.status().keep_days(app.state(), SystemClock.now()).await;
    if let (Err(error), true) = (&kept, *well) {
        tracing::error!(%error, "the days of the services cannot be written");
    }
    *well = kept.is_ok();
}

impl Status {
    /// Looks at every mail server once, one after the other; gives its name and what was found.
    pub async fn look_at_all(&self) -> Vec<(String, Report)> {
        let mut found = Vec::new();
        for place in 0..self.asked.len() {
            found.extend(self.look_at(place).await);
        }
        found
    }

    /// Looks at a mail server, unless somebody does already.
    async fn look_at(&self, place: usize) -> Option<(String, Report)> {
        let (asked, service) = self.asked(place)?;
        let _turn = service.turn()?;
        let report = probe(&asked.target, Deadlines::default(), &ticks).await;
        let sample = Sample::of(&report, SystemClock.now().unsigned_abs());
        self.take_in(service, sample, || match &report.result {
            Ok(()) => String::new(),
            Err(failure) => format!("{failure}: {}", failure.detail()),
        });
        Some((service.name().to_owned(), report))
    }

    fn asked(&self, place: usize) -> Option<(&super::targets::Asked, &Watched)> {
        let asked = self.asked.get(place)?;
        Some((asked, self.services.get(asked.service)?))
    }

    /// Takes a look in. If the service is in another state by it, the log says so; `why` it fails, for the staff.
    pub(super) fn take_in(&self, service: &Watched, sample: Sample, why: impl FnOnce() -> String) {
        let (before, after) = service.note(sample, &self.zone);
        let (name, state) = (service.name(), after.word());
        match after {
            _ if before == after => {}
            State::Failing => tracing::warn!(service = name, state, why = why(), "a service does not answer"),
            _ => tracing::info!(service = name, state, "a service is in another state"),
        }
    }
}

fn ticks() -> Duration {
    Duration::from_micros(SystemClock.ticks_us())
}

fn chance() -> u64 {
    u64::from_ne_bytes(random::bytes())
}
