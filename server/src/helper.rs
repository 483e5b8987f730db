//! The binary as its own helper: `fumibako helper spool`, started by `serve` and by nobody else.

use mailroom::{HelperSettings, serve_spool};
use std::{ffi::OsString, io::IsTerminal, process::ExitCode, time::Duration};
use workers::{Files, Limits, confine};

const WORD: &str = "helper";
const SPOOL: &str = "spool";
/// Where a directory service may be asked whose a file must be.
const ASKS_NAMES: &str = "--asks-names";
/// A helper has its socket, standard error, and one message with the directories above it.
const OPEN_FILES: u64 = 256;
/// A disk that was asleep needs longer than nothing.
const SHORTEST: Duration = Duration::from_secs(2);

/// Runs this process as the helper that the words ask for; `None` if they ask for none.
pub fn run(mut words: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if words.next()? != WORD {
        return None;
    }
    let outcome = match words.next() {
        Some(what) if what == SPOOL && !std::io::stdin().is_terminal() => spool(words.collect()),
        _ => Err("helpers are started by `fumibako serve`".to_owned()),
    };
    Some(match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fumibako: {error}");
            ExitCode::from(2)
        }
    })
}

/// Reads, and can do nothing else: whatever a message does to it, nothing is written anywhere.
fn spool(words: Vec<OsString>) -> Result<(), String> {
    let limits = Limits {
        memory_bytes: None,
        cpu_seconds: None,
        open_files: Some(OPEN_FILES),
        // Not the spool alone: to name a folder of a mount that hangs would hang, and each open is checked to stay below its root.
        files: Files::ReadBeneath(vec!["/".into()]),
        network: words.first().is_some_and(|word| word == ASKS_NAMES),
        processes: false,
    };
    // A kernel that cannot hold it reads all the same: the spool's own rights are what keeps people apart.
    confine(&limits).map_err(|error| error.to_string())?;
    serve_spool().map_err(|error| error.to_string())
}

/// How helpers are started that read the spool for those who wait no longer than `deadline`.
pub fn settings(asks_names: bool, workers: usize, deadline: Duration) -> HelperSettings {
    let mut args: Vec<OsString> = vec![WORD.into(), SPOOL.into()];
    if asks_names {
        args.push(ASKS_NAMES.into());
    }
    HelperSettings {
        // Stays the one that runs now when the file is replaced.
        program: "/proc/self/exe".into(),
        args,
        env: Vec::new(),
        workers,
        hung_after: (2 * deadline).max(SHORTEST),
    }
}
