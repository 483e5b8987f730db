//! `incident open/update/close/list`: what everybody reads of the service status.

mod listing;
mod reading;

use super::break_glass::note;
use crate::{
    cli::{
        Source,
        incident::{Incident, Severity, Words},
    },
    clock::SystemClock,
    random,
    setup::{self, Plan, SetupError},
};
use ::state::{IncidentChange, IncidentUpdate, State};
use mailroom::Clock;
use reading::Given;
use std::process::ExitCode;

pub(super) async fn run(what: Incident) -> Result<ExitCode, SetupError> {
    match what {
        Incident::Open {
            words,
            severity,
            about,
            source,
            json,
        } => {
            let plan = Plan::new(&source)?;
            let given = Given::read(&about, &plan.config)?;
            open(&plan, &words, severity, given, json).await
        }
        Incident::Update {
            id,
            words,
            severity,
            about,
            source,
        } => {
            let plan = Plan::new(&source)?;
            let given = Given::read(&about, &plan.config)?;
            update(&plan, &id, &words, severity, given).await
        }
        Incident::Close { id, ja, en, source } => {
            let last = ja.zip(en).map(|(ja, en)| Words { ja, en });
            close(&id, last.as_ref(), source).await
        }
        Incident::List { source, json } => listing::list(&Plan::new(&source)?, json).await,
    }
}

async fn open(
    plan: &Plan,
    words: &Words,
    severity: Severity,
    given: Given,
    json: bool,
) -> Result<ExitCode, SetupError> {
    let now = SystemClock.now();
    let told = told(words, now)?;
    let state = plan.open_state().await?;
    let mut incident = ::state::Incident {
        id: random::short_id(),
        opened: now,
        closed: None,
        severity: severity.into(),
        affects: given.affects.unwrap_or_default(),
        scheduled_from: given.from,
        scheduled_until: given.until,
        updates: vec![told],
    };
    while !state.open_incident(&incident).await? {
        incident.id = random::short_id();
    }
    let detail = format!("{} {}", incident.id, incident.severity.word());
    noted(&state, "incident opened", &detail).await?;
    if json {
        let id = serde_json::json!({ "id": incident.id });
        println!("{id}");
    } else {
        println!("{}", incident.id);
    }
    state.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn update(
    plan: &Plan,
    id: &str,
    words: &Words,
    severity: Option<Severity>,
    given: Given,
) -> Result<ExitCode, SetupError> {
    let told = told(words, SystemClock.now())?;
    let change = IncidentChange {
        severity: severity.map(Into::into),
        affects: given.affects,
        scheduled_from: given.from,
        scheduled_until: given.until,
    };
    let state = plan.open_state().await?;
    let found = state.update_incident(id, &change, &told).await?;
    let detail = match change.severity {
        Some(severity) => format!("{id} {}", severity.word()),
        None => id.to_owned(),
    };
    done(&state, found, "incident updated", &detail, id).await
}

async fn close(id: &str, last: Option<&Words>, source: Source) -> Result<ExitCode, SetupError> {
    let now = SystemClock.now();
    let last = last.map(|words| told(words, now)).transpose()?;
    let state = Plan::new(&source)?.open_state().await?;
    let found = state.close_incident(id, now, last.as_ref()).await?;
    done(&state, found, "incident closed", id, id).await
}

async fn done(state: &State, found: bool, event: &str, detail: &str, id: &str) -> Result<ExitCode, SetupError> {
    if found {
        noted(state, event, detail).await?;
    } else {
        eprintln!("There is no open incident {id}; `incident list` shows their names.");
    }
    state.close().await;
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// In the audit log, with who did it.
async fn noted(state: &State, event: &str, detail: &str) -> Result<(), SetupError> {
    note(state, event, None, &format!("{detail} by {}", setup::operator())).await
}

fn told(words: &Words, at: i64) -> Result<IncidentUpdate, SetupError> {
    Ok(IncidentUpdate {
        at,
        text_ja: reading::text(&words.ja, "--ja")?,
        text_en: reading::text(&words.en, "--en")?,
        by: setup::operator(),
    })
}
