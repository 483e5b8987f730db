//! What can be shown: a picture of one moment.

use super::{IncidentView, Incidents, Phase, Status, days, watched::Watched};
use app::prefs::Lang;
use jiff::civil::Date;
use probe::{DayFold, State, strip};
use std::time::Duration;

/// Days of a strip.
pub const STRIP: u16 = 60;
/// Seconds after which what was read of incidents is old.
const OLD: i64 = 60;

/// How everything is at one moment.
#[derive(Clone, Debug)]
pub struct Board {
    /// The moment, in seconds.
    pub at: i64,
    /// In the order in which they are shown.
    pub services: Vec<Service>,
    /// What was told.
    pub incidents: Incidents,
}

/// What a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// Mail at rest.
    Spool,
    /// An IMAP server.
    Imap,
    /// A POP3 server.
    Pop3,
    /// An SMTP or submission server.
    Smtp,
    /// The campus portal.
    Portal,
    /// Our own database.
    State,
}

impl ServiceKind {
    /// What mail programs speak to.
    pub fn is_mail(self) -> bool {
        matches!(self, Self::Imap | Self::Pop3 | Self::Smtp)
    }

    /// A word for it that never changes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Spool => "spool",
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Smtp => "smtp",
            Self::Portal => "portal",
            Self::State => "state",
        }
    }
}

/// How a service is.
#[derive(Clone, Debug)]
pub struct Service {
    /// Names it; the catalogues have words for some (`Words::service`).
    pub name: String,
    /// What it is.
    pub kind: ServiceKind,
    /// How it is.
    pub state: State,
    /// Since when it answers (slow or not) or fails, in seconds.
    pub since: Option<i64>,
    /// The median of the last ten minutes.
    pub p50: Option<Duration>,
    /// What 99 of 100 looks of the last ten minutes stayed within.
    pub p99: Option<Duration>,
    /// Looks of the last ten minutes.
    pub count: usize,
    /// How many of them failed.
    pub failures: usize,
    /// Why the last of those failed: one of the words of [`probe::Cause`].
    pub last_failure_cause: Option<&'static str>,
    /// The last [`STRIP`] days, oldest first.
    pub strip: Vec<Day>,
}

/// A day of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which, where the site is.
    pub date: Date,
    /// Seconds in each state.
    pub seconds: DayFold,
}

impl Day {
    /// The worst state of which there was a second.
    pub fn worst(&self) -> State {
        self.seconds.worst()
    }
}

/// Characters of what is said on every page; the status page has all of it.
const MOST_SAID: usize = 300;

impl Status {
    /// What was said last of the worst incident that goes on at `now`; empty if none does.
    pub fn news(&self, now: i64, lang: Lang) -> String {
        let kept = self.kept();
        let open = kept
            .incidents
            .iter()
            .filter(|incident| Phase::of(incident, now) == Phase::Open);
        let worst = open.max_by_key(|incident| (incident.severity, incident.opened));
        let told = worst.and_then(|incident| incident.updates.last());
        let text = told.map(|told| if lang == Lang::Ja { &told.text_ja } else { &told.text_en });
        text.map(|text| text.chars().take(MOST_SAID).collect())
            .unwrap_or_default()
    }

    /// Mail servers that fail at `now`, each with since when.
    pub fn failing_mail(&self, now: i64) -> Vec<(&str, Option<i64>)> {
        let failing = |watched: &&Watched| watched.now(now).figures.state == State::Failing;
        let since = |watched: &Watched| {
            watched
                .now(now)
                .figures
                .since
                .and_then(|since| i64::try_from(since).ok())
        };
        self.services
            .iter()
            .filter(|watched| watched.kind().is_mail())
            .filter(failing)
            .map(|watched| (watched.name(), since(watched)))
            .collect()
    }

    /// How everything is at `now`, in seconds; from memory.
    pub fn snapshot(&self, now: i64) -> Board {
        let today = days::day_of(now, &self.zone);
        let kept = self.kept();
        let services = self.services.iter().map(|watched| {
            let is = watched.now(now);
            let written = kept.days.get(watched.name()).into_iter().flatten();
            let rows: Vec<DayFold> = written.copied().chain(is.unwritten).collect();
            let days = strip(&rows, today, STRIP).into_iter().map(|seconds| Day {
                date: days::date_of(seconds.day),
                seconds,
            });
            Service {
                name: watched.name().to_owned(),
                kind: watched.kind(),
                state: is.figures.state,
                since: is.figures.since.and_then(|since| i64::try_from(since).ok()),
                p50: is.figures.p50,
                p99: is.figures.p99,
                count: is.figures.count,
                failures: is.figures.failures,
                last_failure_cause: is.cause.map(probe::Cause::word),
                strip: days.collect(),
            }
        });
        let list = kept.incidents.iter().map(|incident| IncidentView::new(incident, now));
        Board {
            at: now,
            services: services.collect(),
            incidents: Incidents {
                list: list.collect(),
                as_of: kept.incidents_read,
                old: kept.incidents_read.is_none_or(|read| now.saturating_sub(read) > OLD),
            },
        }
    }
}
