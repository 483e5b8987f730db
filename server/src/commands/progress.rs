//! How far a command is that reads much mail: a bar with rate and time left on a terminal, plain lines elsewhere.

use crate::clock::SystemClock;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use mailroom::Clock;
use std::{
    fmt,
    io::IsTerminal,
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};

/// How far one account is, or one pair of stores.
pub(super) struct Report {
    name: String,
    bar: Option<ProgressBar>,
    started_us: u64,
    said_us: u64,
    done: u64,
}

/// Without anything read for so long it is said that the spool may not answer.
const QUIET: Duration = Duration::from_secs(5);

/// Says whenever nothing is read, until it is dropped: what hangs cannot be told from what takes long, so nothing is given up.
pub(super) struct Watch {
    /// Its end is what counts.
    _working: mpsc::Sender<()>,
}

impl Watch {
    pub(super) fn of(report: &Arc<Mutex<Report>>) -> Self {
        let (working, ended) = mpsc::channel();
        let report = Arc::clone(report);
        std::thread::spawn(move || {
            let (mut before, mut quiet) = (0, Duration::ZERO);
            while ended.recv_timeout(QUIET) == Err(mpsc::RecvTimeoutError::Timeout) {
                let report = report.lock().unwrap_or_else(PoisonError::into_inner);
                quiet = match report.done == before {
                    true => quiet + QUIET,
                    false => Duration::ZERO,
                };
                before = report.done;
                if !quiet.is_zero() {
                    let (name, quiet) = (&report.name, quiet.as_secs());
                    report.aside(|| {
                        eprintln!("{name}: nothing read for {quiet} s: the spool is slow, or does not answer")
                    });
                }
            }
        });
        Self { _working: working }
    }
}

/// Between two plain lines.
const LINE_EVERY_US: u64 = 2_000_000;

impl Report {
    pub(super) fn new(name: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            let form = "{prefix} [{bar:32}] {pos}/{len} · {rate} · {eta} left";
            if let Ok(style) = ProgressStyle::with_template(form) {
                let rate = |state: &ProgressState, into: &mut dyn fmt::Write| {
                    // A bar that cannot be drawn is no failure of what it tells of.
                    let _ = write!(into, "{:.0}/s", state.per_sec());
                };
                bar.set_style(style.with_key("rate", rate).progress_chars("=> "));
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

    /// It is of somebody else than was thought.
    pub(super) fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        if let Some(bar) = &self.bar {
            bar.set_prefix(self.name.clone());
        }
    }

    pub(super) fn show(&mut self, done: u64, total: u64) {
        // Threads tell it in any order.
        self.done = self.done.max(done);
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(self.done);
            return;
        }
        let now = SystemClock.ticks_us();
        if now - self.said_us >= LINE_EVERY_US {
            self.said_us = now;
            let rate = self.rate(now);
            let left = total.saturating_sub(self.done) as f64 / rate.max(1.0);
            eprintln!("{}: {}/{total} · {rate:.0}/s · {left:.0} s left", self.name, self.done);
        }
    }

    /// Prints a line without disturbing the bar.
    pub(super) fn aside(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn rate(&self, now: u64) -> f64 {
        self.done as f64 / ((now - self.started_us).max(1) as f64 / 1e6)
    }

    pub(super) fn finish(&self) {
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
