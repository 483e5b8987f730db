//! `drill spool-gone/spool-slow/imap-down/list/stop`: an outage rehearsed with some accounts. The running portal reads of it in the
//! database (`status/drills.rs`).

use super::break_glass::note;
use crate::{
    cli::{
        Source,
        drill::{Drill, Start},
    },
    clock::{SystemClock, rfc3339},
    random,
    setup::{self, Plan, SetupError},
};
use ::state::{DrillKind, LONGEST_DRILL};
use mailroom::Clock;
use serde::Serialize;
use std::{collections::BTreeSet, path::Path, process::ExitCode};

pub(super) async fn run(what: Drill) -> Result<ExitCode, SetupError> {
    match what {
        Drill::SpoolGone(asked) => start(DrillKind::SpoolGone, asked).await,
        Drill::SpoolSlow(asked) => start(DrillKind::SpoolSlow, asked).await,
        Drill::ImapDown(asked) => start(DrillKind::ImapDown, asked).await,
        Drill::List { source, json } => list(source, json).await,
        Drill::Stop { id, source, .. } => stop(id.as_deref(), source).await,
    }
}

async fn start(kind: DrillKind, asked: Start) -> Result<ExitCode, SetupError> {
    let lasts = seconds(&asked.lasts)?;
    let plan = Plan::new(&asked.source)?;
    if let Some(unknown) = asked.accounts.iter().find(|name| !has_mail(&plan, name)) {
        return Err(SetupError::Text(format!("{unknown:?} is no account here")));
    }
    let state = plan.open_state().await?;
    let now = SystemClock.now();
    let mut drill = ::state::Drill {
        id: random::short_id(),
        kind,
        accounts: asked.accounts.into_iter().collect(),
        began: now,
        ends: now + lasts,
        by: setup::operator(),
    };
    while !state.start_drill(&drill).await? {
        drill.id = random::short_id();
    }
    let (with, until) = (joined(&drill.accounts), rfc3339(drill.ends));
    let detail = format!("{} {} with {with} until {until} by {}", drill.id, kind.word(), drill.by);
    note(&state, "drill started", None, &detail).await?;
    if asked.json {
        let said = serde_json::json!({ "id": drill.id, "ends": until });
        println!("{said}");
    } else {
        println!("{}", drill.id);
        eprintln!(
            "A running portal follows within seconds; it ends at {until}, or by `drill stop {}`.",
            drill.id
        );
    }
    state.close().await;
    Ok(ExitCode::SUCCESS)
}

/// A name that is mistaken would leave somebody out without a word.
fn has_mail(plan: &Plan, name: &str) -> bool {
    let account = plan.accounts.find(name);
    account.is_some_and(|account| account.store.layout.places().into_iter().any(Path::exists))
}

#[derive(Serialize)]
struct Line {
    id: String,
    kind: &'static str,
    accounts: BTreeSet<String>,
    began: String,
    ends: String,
    by: String,
}

async fn list(source: Source, json: bool) -> Result<ExitCode, SetupError> {
    let state = Plan::new(&source)?.open_state().await?;
    let drills = state.drills(SystemClock.now()).await?;
    let lines: Vec<Line> = drills
        .into_iter()
        .map(|drill| Line {
            id: drill.id,
            kind: drill.kind.word(),
            accounts: drill.accounts,
            began: rfc3339(drill.began),
            ends: rfc3339(drill.ends),
            by: drill.by,
        })
        .collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&lines).unwrap_or_default());
    } else {
        for Line {
            id,
            kind,
            accounts,
            began,
            ends,
            by,
        } in &lines
        {
            println!(
                "{id}  {kind}  {}  began {began}  ends {ends}  by {by}",
                joined(accounts)
            );
        }
    }
    state.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn stop(id: Option<&str>, source: Source) -> Result<ExitCode, SetupError> {
    let state = Plan::new(&source)?.open_state().await?;
    let stopped = state.stop_drills(id, SystemClock.now()).await?;
    for id in &stopped {
        note(&state, "drill stopped", None, &format!("{id} by {}", setup::operator())).await?;
    }
    state.close().await;
    match (stopped.is_empty(), id) {
        (true, Some(id)) => {
            eprintln!("No drill {id} goes on; `drill list` shows those that do.");
            Ok(ExitCode::from(1))
        }
        (true, None) => {
            eprintln!("No drill goes on.");
            Ok(ExitCode::SUCCESS)
        }
        (false, _) => {
            eprintln!("Over: {}.", stopped.join(", "));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn joined(accounts: &BTreeSet<String>) -> String {
    accounts.iter().map(String::as_str).collect::<Vec<_>>().join(",")
}

/// `90s`, `15m`, `1h`.
fn seconds(text: &str) -> Result<i64, SetupError> {
    let number = |unit: char| text.strip_suffix(unit)?.parse::<u16>().ok().map(i64::from);
    let seconds = number('s')
        .or_else(|| Some(number('m')? * 60))
        .or_else(|| Some(number('h')? * 3600));
    match seconds {
        Some(seconds) if (1..=LONGEST_DRILL).contains(&seconds) => Ok(seconds),
        Some(_) => Err(SetupError::Text(format!(
            "a drill lasts from 1s to {}h",
            LONGEST_DRILL / 3600
        ))),
        None => Err(SetupError::Text(format!("{text:?} is no time, as 90s, 15m and 1h are"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_and_an_end() {
        let of = |text| seconds(text).ok();
        assert_eq!(
            [of("90s"), of("15m"), of("4h")],
            [Some(90), Some(900), Some(LONGEST_DRILL)]
        );
        for bad in ["", "15", "m", "0m", "-1m", "241m", "5h", "1d", "1.5h", "99999h", "1 m"] {
            assert!(seconds(bad).is_err(), "{bad:?}");
        }
    }
}
