//! `forget`: deletes what is kept of accounts whose person has left. A portal that runs reads of it in the database (`forgetting.rs`).

mod gone;

use super::break_glass::note;
use crate::{
    cli::Forget,
    clock::SystemClock,
    setup::{self, Plan, SetupError},
    state::AppState,
};
use mailroom::Clock;
use serde::Serialize;
use std::process::ExitCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Forgotten,
    /// It was only asked what would be.
    WouldBeForgotten,
    NothingKept,
    Failed,
}

#[derive(Serialize)]
struct Line {
    account: String,
    outcome: Outcome,
    /// Sessions that have ended.
    sessions: u64,
    /// The mail is still there, so the account stays whose it is at the portal.
    mail_is_there: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(super) async fn run(asked: Forget) -> Result<ExitCode, SetupError> {
    let plan = Plan::new(&asked.source)?;
    let app = plan.build_for_commands().await?;
    let known = app.state().accounts().await?;
    let names = if asked.gone {
        match gone::of(plan.accounts.as_ref(), &known) {
            Ok(gone) => gone,
            Err(doubt) => {
                eprintln!("{doubt}");
                app.state().close().await;
                return Ok(ExitCode::from(1));
            }
        }
    } else {
        asked.account
    };
    let mut lines = Vec::new();
    for name in names {
        let is_known = known.contains(&name) || app.mailroom().keeps(&name);
        let account = app.accounts().find(&name);
        let mail_is_there = account.is_some_and(|account| !account.has_gone());
        let mut line = Line {
            account: name,
            outcome: Outcome::NothingKept,
            sessions: 0,
            mail_is_there,
            error: None,
        };
        if is_known {
            line.outcome = Outcome::WouldBeForgotten;
            if asked.yes {
                forget(&app, &mut line).await;
            }
        }
        if !asked.json {
            tell(&line);
        }
        lines.push(line);
    }
    app.state().close().await;
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&lines).unwrap_or_default());
    } else if lines.is_empty() {
        eprintln!("Nothing is kept of anybody whose mail is certainly gone.");
    }
    let is_fine = |line: &Line| matches!(line.outcome, Outcome::Forgotten | Outcome::WouldBeForgotten);
    Ok(ExitCode::from(u8::from(!lines.iter().all(is_fine))))
}

async fn forget(app: &AppState, line: &mut Line) {
    match try_forget(app, &line.account, !line.mail_is_there).await {
        Ok(sessions) => (line.outcome, line.sessions) = (Outcome::Forgotten, sessions),
        Err(error) => (line.outcome, line.error) = (Outcome::Failed, Some(error.to_string())),
    }
}

/// Says how many sessions have ended.
async fn try_forget(app: &AppState, account: &str, unpin: bool) -> Result<u64, SetupError> {
    let state = app.state();
    // Nobody looks at it while it goes. What the database knows of the account goes last: by that it is found again if something fails.
    let ended = state.delete_sessions_of(account).await?;
    app.mailroom().erase(account).await?;
    let forgotten = state.forget_account(account, unpin, SystemClock.now()).await?;
    note(state, "forgotten", Some(account), &format!("by {}", setup::operator())).await?;
    Ok(ended + forgotten.sessions)
}

fn tell(line: &Line) {
    let account = &line.account;
    match line.outcome {
        Outcome::NothingKept => {
            eprintln!("{account}: nothing is kept here; `fumibako accounts` shows whose mail there is")
        }
        Outcome::WouldBeForgotten => println!("{account}: would be forgotten"),
        Outcome::Forgotten => println!("{account}: forgotten; {} sessions have ended", line.sessions),
        Outcome::Failed => {
            let error = line.error.as_deref().unwrap_or_default();
            eprintln!("{account}: {error}; say it again once that is mended");
        }
    }
    if line.mail_is_there && line.outcome != Outcome::NothingKept {
        eprintln!(
            "{account}: its mail may be there still, so it stays whose it is at the portal; `fumibako unpin {account}` lets go"
        );
    }
}
