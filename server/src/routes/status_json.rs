//! `/status.json`: how the services are, for programs. Its fields stay; new ones may come. It names no host, and of a failure nothing
//! but a closed word.

use crate::{
    clock::rfc3339,
    state::AppState,
    status::{Board, Day, IncidentView, Incidents, Service, Told},
};
use axum::{Json, extract::State, response::IntoResponse};
use mailroom::Clock;
use serde::Serialize;
use std::{collections::BTreeSet, time::Duration};

/// From memory: nothing of it waits for the database.
pub async fn get(State(app): State<AppState>) -> impl IntoResponse {
    Json(Page::from(app.status().snapshot(app.clock().now())))
}

#[derive(Serialize)]
struct Page {
    at: String,
    services: Vec<OneService>,
    incidents: AllIncidents,
}

#[derive(Serialize)]
struct OneService {
    name: String,
    kind: &'static str,
    state: &'static str,
    since: Option<String>,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
    looks: usize,
    failures: usize,
    cause: Option<&'static str>,
    days: Vec<OneDay>,
}

#[derive(Serialize)]
struct OneDay {
    date: String,
    state: &'static str,
    answering: u32,
    slow: u32,
    failing: u32,
    unknown: u32,
}

#[derive(Serialize)]
struct AllIncidents {
    as_of: Option<String>,
    old: bool,
    list: Vec<OneIncident>,
}

#[derive(Serialize)]
struct OneIncident {
    id: String,
    severity: &'static str,
    phase: &'static str,
    opened: String,
    closed: Option<String>,
    from: Option<String>,
    until: Option<String>,
    affects: BTreeSet<String>,
    updates: Vec<OneUpdate>,
}

#[derive(Serialize)]
struct OneUpdate {
    at: String,
    ja: String,
    en: String,
}

impl From<Board> for Page {
    fn from(board: Board) -> Self {
        Self {
            at: rfc3339(board.at),
            services: board.services.into_iter().map(OneService::from).collect(),
            incidents: board.incidents.into(),
        }
    }
}

impl From<Service> for OneService {
    fn from(service: Service) -> Self {
        Self {
            name: service.name,
            kind: service.kind.word(),
            state: service.state.word(),
            since: service.since.map(rfc3339),
            p50_ms: service.p50.map(milliseconds),
            p99_ms: service.p99.map(milliseconds),
            looks: service.count,
            failures: service.failures,
            cause: service.last_failure_cause,
            days: service.strip.iter().map(OneDay::from).collect(),
        }
    }
}

impl From<&Day> for OneDay {
    fn from(day: &Day) -> Self {
        Self {
            date: day.date.to_string(),
            state: day.worst().word(),
            answering: day.seconds.good,
            slow: day.seconds.slow,
            failing: day.seconds.failed,
            unknown: day.seconds.unknown,
        }
    }
}

impl From<Incidents> for AllIncidents {
    fn from(incidents: Incidents) -> Self {
        Self {
            as_of: incidents.as_of.map(rfc3339),
            old: incidents.old,
            list: incidents.list.into_iter().map(OneIncident::from).collect(),
        }
    }
}

impl From<IncidentView> for OneIncident {
    fn from(incident: IncidentView) -> Self {
        let updates = incident.updates.into_iter().map(|Told { at, ja, en }| OneUpdate {
            at: rfc3339(at),
            ja,
            en,
        });
        Self {
            id: incident.id,
            severity: incident.severity.word(),
            phase: incident.phase.word(),
            opened: rfc3339(incident.opened),
            closed: incident.closed.map(rfc3339),
            from: incident.from.map(rfc3339),
            until: incident.until.map(rfc3339),
            affects: incident.affects,
            updates: updates.collect(),
        }
    }
}

/// To a tenth.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}
