//! The binary as its own helper: `fumibako helper spool`, started by `serve` and by nobody else.

use mailroom::{HelperSettings, serve_spool};
use std::{ffi::OsString, io::IsTerminal, process::ExitCode, time::Duration};

const WORD: &str = "helper";
const SPOOL: &str = "spool";
/// Where a directory service may be asked whose a file must be.
const ASKS_NAMES: &str = "--asks-names";
/// A disk that was asleep needs longer than nothing.
const SHORTEST: Duration = Duration::from_secs(2);

/// Runs this process as the helper that the words ask for; `None` if they ask for none.
pub fn run(mut words: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if words.next()? != WORD {
        return None;
    }
    let outcome = match words.next() {
        Some(what) if what == SPOOL && !std::io::stdin().is_terminal() => {
            serve_spool(words.next().is_some_and(|word| word == ASKS_NAMES))
        }
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
