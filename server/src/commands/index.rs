//! `index`: build or refresh indexes. A bar with rate and time left on a terminal, plain lines elsewhere.

use crate::{
    cli::Source,
    clock::SystemClock,
    setup::{Plan, SetupError},
};
use indicatif::{ProgressBar, ProgressStyle};
use mailroom::{Clock, IndexProgress};
use std::{io::IsTerminal, process::ExitCode, time::Duration};

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
            .index_account(name, &mut |progress| report.show(&progress))
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

/// How far one account is.
struct Report {
    name: String,
    bar: Option<ProgressBar>,
    started_us: u64,
    said_us: u64,
    done: u64,
}

/// Between two plain lines.
const LINE_EVERY_US: u64 = 2_000_000;

impl Report {
    fn new(name: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            let form = "{prefix} [{bar:32}] {pos}/{len} · {per_sec} · {eta} left";
            if let Ok(style) = ProgressStyle::with_template(form) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        let now = SystemClock.ticks_us();
        Self {
            name: name.to_owned(),
            bar,
            started_us: now,
            said_us: now,
            done: 0,
        }
    }

    fn show(&mut self, progress: &IndexProgress) {
        self.done = progress.done;
        if let Some(bar) = &self.bar {
            bar.set_length(progress.total);
            bar.set_position(progress.done);
            return;
        }
        let now = SystemClock.ticks_us();
        if now - self.said_us >= LINE_EVERY_US {
            self.said_us = now;
            let rate = self.rate(now);
            let left = progress.total.saturating_sub(progress.done) as f64 / rate.max(1.0);
            eprintln!(
                "{}: {}/{} · {rate:.0}/s · {left:.0} s left",
                self.name, progress.done, progress.total
            );
        }
    }

    fn rate(&self, now: u64) -> f64 {
        self.done as f64 / ((now - self.started_us).max(1) as f64 / 1e6)
    }

    fn finish(self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let now = SystemClock.ticks_us();
        let seconds = (now - self.started_us) as f64 / 1e6;
        eprintln!(
            "{}: {} messages in {seconds:.1} s ({:.0}/s)",
            self.name,
            self.done,
            self.rate(now)
        );
    }
}
