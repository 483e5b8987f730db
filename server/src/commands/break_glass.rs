//! `break-glass add/list/revoke`: codes for the hours when the portal itself is the outage.

use crate::{
    cli::{BreakGlass, Source},
    clock::{SystemClock, rfc3339},
    random,
    setup::{Plan, SetupError},
};
use ::state::{AuditLine, State};
use mailroom::Clock;
use serde::Serialize;
use std::process::ExitCode;

const DAY: i64 = 24 * 3600;

pub(super) async fn run(what: BreakGlass) -> Result<ExitCode, SetupError> {
    match what {
        BreakGlass::Add { account, days, source } => add(&account, days, source).await,
        BreakGlass::List { account, source, json } => list(account.as_deref(), source, json).await,
        BreakGlass::Revoke { id, source } => revoke(&id, source).await,
    }
}

async fn add(account: &str, days: u32, source: Source) -> Result<ExitCode, SetupError> {
    let plan = Plan::new(&source)?;
    if plan.accounts.find(account).is_none() {
        return Err(SetupError::Text(format!("{account:?} is no account here")));
    }
    let state = plan.open_state().await?;
    let code = sso::break_glass::code(&random::bytes());
    let hash = sso::break_glass::hash(&code, &random::bytes()).map_err(|error| SetupError::Text(error.to_string()))?;
    let (id, now) = (random::short_id(), SystemClock.now());
    let made = ::state::BreakGlass {
        id: id.clone(),
        account: account.to_owned(),
        hash,
        made: now,
        expires: now + i64::from(days) * DAY,
        used: None,
    };
    state.add_break_glass(&made).await?;
    note(&state, "emergency code made", Some(account), &id).await?;
    println!("{code}");
    eprintln!(
        "Opens the mail of {account} once, to be read, until {}. Its name is {id}; the code is not shown again.",
        rfc3339(made.expires)
    );
    if !plan.config.auth.break_glass.enabled {
        eprintln!("Codes are not taken yet: set enabled = true in [auth.break_glass].");
    }
    state.close().await;
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct Line {
    id: String,
    account: String,
    made: String,
    expires: String,
    used: Option<String>,
    good: bool,
}

async fn list(account: Option<&str>, source: Source, json: bool) -> Result<ExitCode, SetupError> {
    let state = Plan::new(&source)?.open_state().await?;
    let now = SystemClock.now();
    let codes = state.break_glass(account).await?;
    let lines: Vec<Line> = codes
        .into_iter()
        .map(|code| Line {
            good: code.used.is_none() && code.expires > now,
            id: code.id,
            account: code.account,
            made: rfc3339(code.made),
            expires: rfc3339(code.expires),
            used: code.used.map(rfc3339),
        })
        .collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&lines).unwrap_or_default());
    } else {
        for line in &lines {
            let end = match (&line.used, line.good) {
                (Some(used), _) => format!("used {used}"),
                (None, true) => format!("good until {}", line.expires),
                (None, false) => format!("over since {}", line.expires),
            };
            println!("{}  {}  made {}  {end}", line.id, line.account, line.made);
        }
    }
    state.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn revoke(id: &str, source: Source) -> Result<ExitCode, SetupError> {
    let state = Plan::new(&source)?.open_state().await?;
    let found = state.revoke_break_glass(id).await?;
    if found {
        note(&state, "emergency code revoked", None, id).await?;
        eprintln!("{id} opens nothing any more.");
    } else {
        eprintln!("There is no code {id}; `break-glass list` shows their names.");
    }
    state.close().await;
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

pub(super) async fn note(state: &State, event: &str, account: Option<&str>, detail: &str) -> Result<(), SetupError> {
    let line = AuditLine {
        at: SystemClock.now(),
        event: event.to_owned(),
        account: account.map(str::to_owned),
        detail: detail.to_owned(),
    };
    Ok(state.note(&line).await?)
}
