//! `compare`: two copies of a spool, of one person or of everybody. One line a message that is missing, changed, new or cannot be read,
//! the totals in a sentence at the end.

mod json;
mod lines;
mod places;

use super::progress::Report;
use crate::{cli::Compare, setup::SetupError};
use mailroom::{CompareOptions, Finding, Side, Totals};
use places::{Pair, Pairs};
use std::{process::ExitCode, sync::Mutex};

/// What goes beyond one pair of stores.
#[derive(Default)]
struct Outcome {
    totals: Totals,
    /// Accounts compared, and accounts that one side alone has.
    accounts: u64,
    only_old: u64,
    only_new: u64,
}

/// Where findings go.
trait Output {
    /// Of an account, where there are several.
    fn finding(&mut self, account: Option<&str>, finding: &Finding);
    /// An account that one side alone has, with its messages.
    fn lonely(&mut self, account: &str, side: Side, messages: Option<u64>);
    /// All of it.
    fn end(&mut self, outcome: &Outcome);
}

pub(super) fn run(asked: &Compare) -> Result<ExitCode, SetupError> {
    let mut outcome = Outcome::default();
    let pairs = Pairs::of(asked)?;
    let mut output: Box<dyn Output> = match asked.json {
        true => Box::new(json::Json::begin(&asked.old, &asked.new)),
        false => Box::new(lines::Lines),
    };
    for finding in pairs.troubles() {
        outcome.totals.unreadable += 1;
        output.finding(None, finding);
    }
    let options = CompareOptions {
        flags: asked.flags,
        moved: asked.moved,
    };
    let many = pairs.all.len() as u64;
    let report = Mutex::new(Report::new("compare"));
    for (at, pair) in (0_u64..).zip(&pairs.all) {
        compare(pair, options, &mut outcome, &mut *output, &report, many - at);
    }
    if let Ok(report) = report.into_inner() {
        report.finish();
    }
    output.end(&outcome);
    Ok(match outcome.is_fine() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    })
}

/// `left`: accounts to come, this one included.
fn compare(
    pair: &Pair,
    options: CompareOptions,
    outcome: &mut Outcome,
    output: &mut dyn Output,
    report: &Mutex<Report>,
    left: u64,
) {
    let Pair { account, old, new } = pair;
    let account = account.as_deref();
    let aside = |print: &mut dyn FnMut()| match report.lock() {
        Ok(report) => report.aside(print),
        Err(_) => print(),
    };
    let mut say = |finding: Finding| aside(&mut || output.finding(account, &finding));
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => (old, new),
        (lonely, other) => {
            let Some((store, side)) = lonely
                .as_ref()
                .map(|store| (store, Side::Old))
                .or(other.as_ref().map(|store| (store, Side::New)))
            else {
                return;
            };
            let messages = mailroom::count(side, store, &mut say);
            outcome.alone(side, messages);
            aside(&mut || output.lonely(account.unwrap_or_default(), side, messages));
            return;
        }
    };
    let read = outcome.totals.old + outcome.totals.new;
    let accounts = outcome.accounts;
    let progress = |done: u64, total: u64| {
        // Of accounts to come nothing is known but how large those were that have been read.
        let known = read + total;
        let to_come = known / (accounts + 1) * (left - 1);
        if let Ok(mut report) = report.lock() {
            report.show(read + done, known + to_come);
        }
    };
    match mailroom::compare(old, new, options, &progress, &mut say) {
        Ok(totals) => {
            outcome.totals.add(&totals);
            outcome.accounts += 1;
        }
        // It was there when the accounts were listed.
        Err((side, error)) => {
            outcome.totals.unreadable += 1;
            say(Finding::Unreadable {
                side,
                mailbox: None,
                file: None,
                cause: error.to_string(),
            });
        }
    }
}

impl Outcome {
    fn alone(&mut self, side: Side, messages: Option<u64>) {
        match side {
            Side::Old => {
                self.only_old += 1;
                self.totals.old += messages.unwrap_or_default();
                self.totals.missing += messages.unwrap_or_default();
            }
            Side::New => {
                self.only_new += 1;
                self.totals.new += messages.unwrap_or_default();
                self.totals.extra += messages.unwrap_or_default();
            }
        }
        self.totals.unreadable += u64::from(messages.is_none());
    }

    fn is_fine(&self) -> bool {
        self.totals.is_fine()
    }
}
