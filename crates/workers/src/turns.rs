//! What the thread of a helper does: keeps one, and gives it one job after the other.

use crate::{
    clock,
    error::Lost,
    helper::Helper,
    job::{Job, Urgency},
    shared::Shared,
};
use std::time::Duration;

/// Waited before the second start in a row that came to nothing; doubled before each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Helpers that die of what they are asked count for no more than so many.
const IN_VAIN_BY_REQUESTS: u32 = 4;

/// Until the pool is closed. The helper dies with the thread that started it, so this thread stays while its helper does.
pub(crate) fn run(shared: &Shared, thread: usize) {
    let _ended = Ended(shared);
    // Helpers in a row that were of no use.
    let mut in_vain = 0;
    while let Some(mut helper) = next_helper(shared, thread, &mut in_vain) {
        shared.count_ready(1);
        let end = serve(shared, &mut helper);
        shared.count_ready(-1);
        in_vain = match &end {
            _ if helper.has_served => 0,
            // It may have been what it was asked: who asks that again and again does not stop the pool for everybody.
            Some(Some(_)) => (in_vain + 1).min(IN_VAIN_BY_REQUESTS),
            _ => in_vain + 1,
        };
        let (still_there, job) = match end {
            None => (helper.finish(shared.killer), None),
            Some(job) => (helper.kill(shared.killer), job),
        };
        shared.holds(thread, None);
        shared.killed(still_there, job.as_ref());
    }
}

/// Whom a helper worked for when it failed.
type For = Option<(Urgency, u64)>;

/// Gives the helper jobs until it is of no use any more (`Some`), or the pool is closed.
fn serve(shared: &Shared, helper: &mut Helper) -> Option<For> {
    loop {
        let mut job = shared.take()?;
        if !helper.is_quiet() {
            // It died while nobody asked it anything: the job is not why.
            shared.failed(Lost::Died, None);
            shared.put_back(job);
            return Some(None);
        }
        let taken = clock::now();
        let ahead = job.ahead();
        match helper.serve(&job.request, &shared.settings, Some(ahead)) {
            Ok(bytes) => {
                shared.done(&job, true);
                job.answer(bytes, taken);
            }
            Err(Lost::TooLong) => {
                shared.done(&job, false);
                job.lose(Lost::TooLong);
            }
            Err(lost) => return Some(Some(failed(shared, job, lost))),
        }
    }
}

fn failed(shared: &Shared, job: Job, lost: Lost) -> (Urgency, u64) {
    let whose = (job.urgency, job.key);
    let lost = shared.failed(lost, Some(job.key));
    tracing::warn!(pool = shared.settings.name, reason = %lost, "a helper is replaced");
    job.lose(lost);
    whose
}

/// A helper that takes requests; `None` when the pool is closed.
fn next_helper(shared: &Shared, thread: usize, in_vain: &mut u32) -> Option<Helper> {
    loop {
        shared.pause(pause(*in_vain));
        if !shared.room() {
            return None;
        }
        match Helper::start(&shared.settings) {
            Ok(mut helper) => {
                shared.holds(thread, Some(helper.stream()));
                match helper.ready(&shared.settings) {
                    Ok(()) => return Some(helper),
                    Err(lost) => {
                        let reason = shared.failed(lost, None);
                        tracing::warn!(pool = shared.settings.name, %reason, "a helper does not begin");
                        let still_there = helper.kill(shared.killer);
                        shared.holds(thread, None);
                        shared.killed(still_there, None);
                    }
                }
            }
            Err(error) => {
                shared.failed(Lost::Died, None);
                tracing::warn!(pool = shared.settings.name, %error, "a helper cannot be started");
            }
        }
        *in_vain += 1;
    }
}

/// A program that cannot start is not started as fast as the machine can.
fn pause(in_vain: u32) -> Duration {
    match in_vain {
        0 | 1 => Duration::ZERO,
        more => (FIRST_PAUSE * (1 << (more - 2).min(10))).min(LONGEST_PAUSE),
    }
}

/// However a thread ends, it is not waited for any more.
struct Ended<'a>(&'a Shared);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.thread_ends();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_fails_waits_longer_each_time_and_not_for_ever() {
        let pauses: Vec<_> = (0..40).map(pause).collect();
        assert!(pauses.is_sorted() && pauses[1].is_zero() && pauses[2] == FIRST_PAUSE && pauses[39] == LONGEST_PAUSE);
    }
}
