//! What is wrong with the file system just now.

use crate::counts::{Counts, Op};
use std::{
    os::unix::ffi::OsStrExt,
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// Some of all questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Questions {
    /// Only of these kinds; none named: of all.
    pub(crate) ops: Vec<Op>,
    /// Only about paths with this in them.
    pub(crate) within: Vec<u8>,
}

/// Answers with an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failing {
    pub(crate) errno: i32,
    /// So many more.
    pub(crate) left: u64,
    pub(crate) of: Questions,
}

#[derive(Debug, Default)]
struct State {
    delay: Duration,
    /// These get no answer.
    hung: Option<Questions>,
    failing: Vec<Failing>,
    /// How long the kernel may believe what it was told, also that there is nothing.
    remembered: Duration,
    times: Times,
}

/// How the clock of the file server differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// Times are multiples of so many milliseconds; nought: exact.
    pub(crate) grain_ms: u64,
    /// And so many milliseconds ahead.
    pub(crate) ahead_ms: i64,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    state: Mutex<State>,
    changed: Condvar,
    pub(crate) counts: Counts,
}

impl Faults {
    /// Counts a question about a path (below the folder) and lets it through when it may be answered.
    ///
    /// # Errors
    /// With the errno that it is to be answered with.
    pub(crate) fn pass(&self, op: Op, path: &Path) -> Result<(), i32> {
        self.counts.note(op);
        let path = path.as_os_str().as_bytes();
        let delay = self.state().delay;
        if !delay.is_zero() {
            thread::sleep(delay);
        }
        let is_hung = |state: &mut State| state.hung.as_ref().is_some_and(|hung| hung.concern(op, path));
        let waited = self.changed.wait_while(self.state(), is_hung);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let concerned = |failing: &&mut Failing| failing.left > 0 && failing.of.concern(op, path);
        match state.failing.iter_mut().find(concerned) {
            Some(failing) => {
                failing.left -= 1;
                Err(failing.errno)
            }
            None => Ok(()),
        }
    }

    /// From now on each answer takes so much longer.
    pub(crate) fn delay(&self, delay: Duration) {
        self.state().delay = delay;
    }

    /// From now on these are not answered.
    pub(crate) fn hang(&self, hung: Questions) {
        self.state().hung = Some(hung);
    }

    /// What hangs is answered.
    pub(crate) fn release(&self) {
        self.state().hung = None;
        self.changed.notify_all();
    }

    pub(crate) fn fail(&self, failing: Failing) {
        self.state().failing.push(failing);
    }

    /// How many answers with errors are still to come.
    pub(crate) fn left(&self) -> u64 {
        self.state().failing.iter().map(|failing| failing.left).sum()
    }

    /// Nothing is wrong any more.
    pub(crate) fn heal(&self) {
        let mut state = self.state();
        state.failing.clear();
        state.delay = Duration::ZERO;
        state.hung = None;
        drop(state);
        self.changed.notify_all();
    }

    pub(crate) fn remember(&self, remembered: Duration) {
        self.state().remembered = remembered;
    }

    pub(crate) fn tell_times(&self, times: Times) {
        self.state().times = times;
    }

    pub(crate) fn times(&self) -> Times {
        self.state().times
    }

    pub(crate) fn remembered(&self) -> Duration {
        self.state().remembered
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Questions {
    fn concern(&self, op: Op, path: &[u8]) -> bool {
        let within = &self.within;
        let is_within = || within.is_empty() || path.windows(within.len()).any(|piece| piece == within);
        (self.ops.is_empty() || self.ops.contains(&op)) && is_within()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, mpsc};

    #[test]
    fn so_many_answers_are_errors_and_only_of_what_is_named() {
        let faults = Faults::default();
        faults.fail(Failing {
            errno: 116,
            left: 2,
            of: Questions {
                ops: vec![Op::Open],
                within: b"cur/".to_vec(),
            },
        });
        let cur = Path::new("tanaka/cur/1.M1");
        assert_eq!(faults.pass(Op::Open, Path::new("tanaka/new/1.M1")), Ok(()));
        assert_eq!(faults.pass(Op::Read, cur), Ok(()));
        assert_eq!(faults.pass(Op::Open, cur), Err(116));
        assert_eq!(faults.left(), 1);
        assert_eq!(faults.pass(Op::Open, cur), Err(116));
        assert_eq!(faults.pass(Op::Open, cur), Ok(()));
    }

    #[test]
    fn one_path_hangs_and_others_do_not() {
        let faults = Arc::new(Faults::default());
        faults.hang(Questions {
            ops: vec![],
            within: b"tanaka".to_vec(),
        });
        assert_eq!(faults.pass(Op::Open, Path::new("sato/cur")), Ok(()));
        let (sender, answered) = mpsc::channel();
        let hung = Arc::clone(&faults);
        thread::spawn(move || sender.send(hung.pass(Op::Open, Path::new("tanaka/cur"))));
        assert!(answered.recv_timeout(Duration::from_millis(50)).is_err());
        faults.release();
        assert_eq!(answered.recv(), Ok(Ok(())));
    }
}
