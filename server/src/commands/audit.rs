//! `audit`: what was done about access.

use crate::{
    cli::Source,
    clock::rfc3339,
    setup::{Plan, SetupError},
};
use serde::Serialize;
use std::process::ExitCode;

#[derive(Serialize)]
struct Line {
    at: String,
    event: String,
    account: Option<String>,
    detail: String,
}

pub(super) async fn run(most: u32, source: Source, json: bool) -> Result<ExitCode, SetupError> {
    let state = Plan::new(&source)?.open_state().await?;
    let lines = state.audit(most).await?.into_iter().map(|line| Line {
        at: rfc3339(line.at),
        event: line.event,
        account: line.account,
        detail: line.detail,
    });
    let lines: Vec<Line> = lines.collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&lines).unwrap_or_default());
    } else {
        for Line {
            at,
            event,
            account,
            detail,
        } in &lines
        {
            println!("{at}  {event}  {}  {detail}", account.as_deref().unwrap_or("-"));
        }
    }
    state.close().await;
    Ok(ExitCode::SUCCESS)
}
