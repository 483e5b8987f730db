//! `index`: build or refresh indexes.

use super::progress::Report;
use crate::{
    cli::Source,
    setup::{Plan, SetupError},
};
use std::process::ExitCode;

pub(super) async fn run(names: Vec<String>, all: bool, source: Source) -> Result<ExitCode, SetupError> {
    let plan = Plan::new(&source)?;
    let app = plan.build_for_commands().await?;
    let names = if all {
        plan.accounts.all().into_iter().map(|account| account.name).collect()
    } else {
        names
    };
    let mut failed = 0;
    for name in &names {
        let mut report = Report::new(name);
        let outcome = app
            .mailroom()
            .index_account(name, &mut |progress| report.show(progress.done, progress.total))
            .await;
        match outcome {
            Ok(()) => report.finish(),
            Err(error) => {
                eprintln!("{name}: {error}");
                failed += 1;
            }
        }
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
