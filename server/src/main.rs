//! `fumibako`, the one binary.
#![recursion_limit = "512"]

use clap::Parser;
use server::{cli::Cli, commands, helper};
use std::{process::ExitCode, time::Duration};

// A page is many small allocations: a third more pages a second than with that of the system. What a long listing took is given back
// to the system within seconds, whichever thread it was for, SQLite's share too (`.cargo/config.toml`): with mimalloc each reader of
// 100,000 messages kept 19 MiB.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How long threads that nobody waits for may hold up the end.
const LAST_THREADS: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    // Before anything else is done: helpers are started often, and some of them when nothing else works.
    if let Some(outcome) = helper::run(std::env::args_os().skip(1)) {
        return outcome;
    }
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| "info,sqlx=warn,tower_sessions=warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let runtime = commands::runtime(&cli).enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => {
            let outcome = runtime.block_on(commands::run(cli));
            // A name that is looked up for a look at a service has a thread until the system gives up.
            runtime.shutdown_timeout(LAST_THREADS);
            outcome
        }
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("fumibako: {error}");
            ExitCode::from(2)
        }
    }
}
