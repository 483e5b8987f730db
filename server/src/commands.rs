//! What the command line can do, one file a command.

mod check;
mod index;
mod migrate;
mod serve;

use crate::cli::{Cli, Command};
use std::process::ExitCode;

/// Carries out the command. 0: fine, 1: findings, 2: wrong use.
pub async fn run(cli: Cli) -> Result<ExitCode, crate::setup::SetupError> {
    match cli.command {
        Command::Serve(source) => serve::run(source).await,
        Command::Index { account, all, source } => index::run(account, all, source).await,
        Command::Check { source, json } => check::run(source, json).await,
        Command::Migrate(source) => migrate::run(source).await,
    }
}
