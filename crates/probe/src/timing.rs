//! Deadlines, and the stopwatch that keeps them.

use crate::{Cause, Failure, Report, Step, trouble::Trouble};
use std::{future::Future, time::Duration};

/// Tells how much time has passed since any fixed moment; it must not go back.
pub type Clock<'a> = &'a (dyn Fn() -> Duration + Sync);

/// How long is waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// For one step.
    pub step: Duration,
    /// For all of them together, without the goodbye, which has no more than a step and no more than two seconds.
    pub total: Duration,
}

impl Default for Deadlines {
    /// Ten seconds a step, thirty together: mail programs give up after thirty to sixty.
    fn default() -> Self {
        Self {
            step: Duration::from_secs(10),
            total: Duration::from_secs(30),
        }
    }
}

/// A server has answered by then; whether it hears the farewell is no question.
const LONGEST_GOODBYE: Duration = Duration::from_secs(2);

/// Times the steps of one look.
pub struct Stopwatch<'a> {
    clock: Clock<'a>,
    deadlines: Deadlines,
    started: Duration,
    steps: Vec<(Step, Duration)>,
}

impl<'a> Stopwatch<'a> {
    pub fn start(deadlines: Deadlines, clock: Clock<'a>) -> Self {
        Self {
            clock,
            deadlines,
            started: clock(),
            steps: Vec::new(),
        }
    }

    fn since(&self, moment: Duration) -> Duration {
        (self.clock)().saturating_sub(moment)
    }

    /// Takes a step within its deadline and within what is left of the whole.
    pub async fn step<T>(&mut self, step: Step, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Failure> {
        let began = (self.clock)();
        let left = self.deadlines.total.saturating_sub(self.since(self.started));
        let done = tokio::time::timeout(self.deadlines.step.min(left), work).await;
        self.steps.push((step, self.since(began)));
        match done {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(Trouble { cause, detail })) => Err(Failure { step, cause, detail }),
            Err(_) => Err(Failure {
                step,
                cause: Cause::Timeout,
                detail: String::new(),
            }),
        }
    }

    /// Says goodbye; that it is not answered is no failure.
    pub async fn goodbye(&mut self, work: impl Future<Output = Result<(), Trouble>>) {
        let began = (self.clock)();
        let patience = self.deadlines.step.min(LONGEST_GOODBYE);
        if let Ok(Ok(())) = tokio::time::timeout(patience, work).await {
            self.steps.push((Step::Goodbye, self.since(began)));
        }
    }

    /// The time since the beginning.
    pub fn total(&self) -> Duration {
        self.since(self.started)
    }

    pub fn report(self, total: Duration, result: Result<(), Failure>) -> Report {
        let steps = self.steps;
        Report { steps, total, result }
    }
}
