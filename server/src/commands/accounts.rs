//! `accounts`: whose mail is found, a line each.

use crate::{
    cli::Source,
    setup::{Plan, SetupError},
};
use std::{
    env,
    io::{self, BufRead, BufReader},
    process::{Command, ExitCode, Stdio},
};

pub(super) fn run(source: &Source) -> Result<ExitCode, SetupError> {
    let plan = Plan::new(source)?;
    for account in plan.accounts.all() {
        println!("{}", account.name);
    }
    Ok(ExitCode::SUCCESS)
}

/// The names that this command tells, for `serve`, which may not touch the spool itself: the other process may hang in its place.
/// Blocks, and is for a thread that nobody waits for.
///
/// # Errors
/// When this program cannot be started once more.
pub(super) fn elsewhere() -> io::Result<Vec<String>> {
    let mut child = Command::new(env::current_exe()?)
        .arg("accounts")
        // What `serve` was told, which is where mail lies.
        .args(env::args_os().skip(2))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let told = child.stdout.take().map(BufReader::new);
    let names = told.into_iter().flat_map(BufRead::lines).collect();
    child.wait()?;
    names
}
