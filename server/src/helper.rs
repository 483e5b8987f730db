//! The binary as its own helper: `fumibako helper spool` and `fumibako helper render`, started by `serve` and by nobody else.

use mailroom::{HelperSettings, confine_renderer, serve_renderer, serve_spool};
use std::{ffi::OsString, io::IsTerminal, process::ExitCode, thread, time::Duration};

const WORD: &str = "helper";
const SPOOL: &str = "spool";
const RENDER: &str = "render";
/// Where a directory service may be asked whose a file must be.
const ASKS_NAMES: &str = "--asks-names";
/// Address space that is not used any more is no longer taken: there is an end to it.
const HEAP: [&str; 2] = ["MALLOC_CONF", "retain:false"];
/// A disk that was asleep needs longer than nothing.
const SHORTEST: Duration = Duration::from_secs(2);
/// No message needs longer to be rendered (security.md 8).
const RENDERED: Duration = Duration::from_millis(1500);

/// Runs this process as the helper that the words ask for; `None` if they ask for none.
pub fn run(mut words: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if words.next()? != WORD {
        return None;
    }
    let outcome = match words.next() {
        Some(what) if what == SPOOL && !std::io::stdin().is_terminal() => {
            serve_spool(words.next().is_some_and(|word| word == ASKS_NAMES))
        }
        Some(what) if what == RENDER && !std::io::stdin().is_terminal() => render(),
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

fn render() -> Result<(), String> {
    if !confine_renderer()? {
        eprintln!("fumibako: this system does not take all rights from what renders messages");
    }
    serve_renderer()
}

/// How helpers are started that read the spool for those who wait no longer than `deadline`.
pub fn settings(asks_names: bool, workers: usize, deadline: Duration) -> HelperSettings {
    let mut args: Vec<OsString> = vec![WORD.into(), SPOOL.into()];
    if asks_names {
        args.push(ASKS_NAMES.into());
    }
    ours(args, Vec::new(), workers, (2 * deadline).max(SHORTEST))
}

/// How helpers are started that render: as many as are ever at work at once, and one for whoever comes while the others are being killed.
pub fn renderers() -> HelperSettings {
    let cores = thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    let env = vec![HEAP.map(Into::into).into()];
    ours(vec![WORD.into(), RENDER.into()], env, cores + 1, RENDERED)
}

fn ours(args: Vec<OsString>, env: Vec<(OsString, OsString)>, workers: usize, hung_after: Duration) -> HelperSettings {
    HelperSettings {
        // Stays the one that runs now when the file is replaced.
        program: "/proc/self/exe".into(),
        args,
        env,
        workers,
        hung_after,
    }
}
