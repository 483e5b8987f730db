//! What the command line can do, one file a command.

mod accounts;
mod audit;
mod break_glass;
mod check;
mod compare;
mod doctor;
mod drill;
mod forget;
mod incident;
mod index;
mod migrate;
mod progress;
mod serve;
mod snapshots;
mod unpin;

use crate::cli::{Cli, Command};
use std::process::ExitCode;
use tokio::runtime::Builder;

/// What the command runs on. `serve` has its lanes, and here only what is due now and then; an index is built on all cores.
pub fn runtime(cli: &Cli) -> Builder {
    match cli.command {
        Command::Serve(_) => Builder::new_current_thread(),
        Command::Index { .. }
        | Command::Accounts(_)
        | Command::Check { .. }
        | Command::Doctor { .. }
        | Command::Compare(_)
        | Command::Migrate(_)
        | Command::BreakGlass { .. }
        | Command::Unpin { .. }
        | Command::Incident { .. }
        | Command::Drill { .. }
        | Command::Forget(_)
        | Command::Snapshots { .. }
        | Command::Audit { .. } => Builder::new_multi_thread(),
    }
}

/// Carries out the command. 0: fine, 1: findings, 2: wrong use.
pub async fn run(cli: Cli) -> Result<ExitCode, crate::setup::SetupError> {
    match cli.command {
        Command::Serve(source) => serve::run(source).await,
        Command::Accounts(source) => accounts::run(&source),
        Command::Index { account, all, source } => index::run(account, all, source).await,
        Command::Check { account, source, json } => check::run(account, source, json).await,
        Command::Doctor {
            account,
            source,
            all,
            json,
        } => doctor::run(account.as_deref(), source, all, json).await,
        Command::Compare(asked) => compare::run(&asked),
        Command::Migrate(source) => migrate::run(source).await,
        Command::BreakGlass { what } => break_glass::run(what).await,
        Command::Unpin { account, source } => unpin::run(&account, source).await,
        Command::Incident { what } => incident::run(what).await,
        Command::Drill { what } => drill::run(what).await,
        Command::Forget(asked) => forget::run(asked).await,
        Command::Snapshots { what } => snapshots::run(what),
        Command::Audit { most, source, json } => audit::run(most, source, json).await,
    }
}
