//! `migrate`: bring the state database to the form this version needs.

use crate::{
    cli::Source,
    setup::{Plan, SetupError},
};
use std::process::ExitCode;

pub(super) async fn run(source: Source) -> Result<ExitCode, SetupError> {
    let plan = Plan::new(&source)?;
    plan.migrate_state().await?;
    println!("The state database is up to date.");
    Ok(ExitCode::SUCCESS)
}
