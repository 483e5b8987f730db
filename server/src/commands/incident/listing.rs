//! `incident list`.

use crate::{
    clock::{SystemClock, rfc3339},
    setup::{Plan, SetupError},
};
use ::state::Incident;
use mailroom::Clock;
use serde::Serialize;
use std::{collections::BTreeSet, process::ExitCode};

#[derive(Serialize)]
struct Line {
    id: String,
    severity: &'static str,
    opened: String,
    closed: Option<String>,
    from: Option<String>,
    until: Option<String>,
    affects: BTreeSet<String>,
    updates: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    at: String,
    ja: String,
    en: String,
    by: String,
}

pub async fn list(plan: &Plan, json: bool) -> Result<ExitCode, SetupError> {
    let state = plan.open_state().await?;
    let incidents = state.incidents(SystemClock.now()).await?;
    let lines: Vec<Line> = incidents.into_iter().map(line).collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&lines).unwrap_or_default());
    } else {
        for line in &lines {
            print(line);
        }
    }
    state.close().await;
    Ok(ExitCode::SUCCESS)
}

fn line(incident: Incident) -> Line {
    let told = incident.updates.into_iter().map(|update| Told {
        at: rfc3339(update.at),
        ja: update.text_ja,
        en: update.text_en,
        by: update.by,
    });
    Line {
        id: incident.id,
        severity: incident.severity.word(),
        opened: rfc3339(incident.opened),
        closed: incident.closed.map(rfc3339),
        from: incident.scheduled_from.map(rfc3339),
        until: incident.scheduled_until.map(rfc3339),
        affects: incident.affects,
        updates: told.collect(),
    }
}

fn print(line: &Line) {
    let affects: Vec<&str> = line.affects.iter().map(String::as_str).collect();
    let stands = match (&line.closed, &line.from) {
        (Some(closed), _) => format!("closed {closed}"),
        (None, Some(from)) => format!("planned from {from}"),
        (None, None) => "open".to_owned(),
    };
    let until = line.until.as_ref().map(|until| format!(" until {until}"));
    println!(
        "{}  {}  {}  opened {}  {stands}{}",
        line.id,
        line.severity,
        affects.join(","),
        line.opened,
        until.unwrap_or_default()
    );
    for told in &line.updates {
        println!("  {}  {}", told.at, told.by);
        for text in [&told.ja, &told.en] {
            for line in text.lines() {
                println!("    {line}");
            }
        }
    }
}
