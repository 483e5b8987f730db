//! `accounts`: whose mail is found, a line each.

use crate::{
    cli::Source,
    setup::{Plan, SetupError},
};
use std::{
    env,
    io::{self, Write},
    process::{ExitCode, Stdio},
    time::Duration,
};
use tokio::{process::Command, time::timeout};

/// A spool that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn run(source: &Source) -> Result<ExitCode, SetupError> {
    let plan = Plan::new(source)?;
    let mut out = io::stdout().lock();
    for account in plan.accounts.all() {
        if writeln!(out, "{}", account.name).is_err() {
            // Nobody reads on.
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The names that this command tells, for `serve`, which may not touch the spool itself: the other process hangs in its place, and is
/// killed then.
///
/// # Errors
/// When it cannot be started, does not answer in time, or fails; it has said why on stderr.
pub(super) async fn elsewhere() -> io::Result<Vec<String>> {
    // What runs here, whatever its file is called by now.
    let asked = Command::new("/proc/self/exe")
        .arg("accounts")
        // What `serve` was told, which is where mail lies.
        .args(env::args_os().skip(2))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output();
    let told = timeout(PATIENCE, asked).await.map_err(|_| io::ErrorKind::TimedOut)??;
    if !told.status.success() {
        return Err(io::Error::other(told.status.to_string()));
    }
    let names = String::from_utf8_lossy(&told.stdout);
    Ok(names.lines().map(str::to_owned).collect())
}
