//! What the threads of a pool and its callers share.

mod closing;

use crate::{
    error::{Lost, Refused},
    helper::Killer,
    job::{Job, Urgency},
    left::Left,
    pool::Counts,
    queue::Queue,
    settings::Settings,
};
use std::{
    os::unix::net::UnixStream,
    process::Child,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// While there are processes that could not be killed, it is looked so often whether they have gone.
const LOOK: Duration = Duration::from_millis(250);

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) killer: Killer,
    state: Mutex<State>,
    /// There may be a job to take.
    work: Condvar,
    /// A thread has ended, the pool is closed, or there may be room for a process.
    turn: Condvar,
}

struct State {
    queue: Queue,
    counts: Counts,
    left: Left,
    /// Whom helpers worked for that are being killed.
    dying: Vec<u64>,
    /// By the number of the thread.
    streams: Vec<Option<Arc<UnixStream>>>,
    threads: usize,
    is_closed: bool,
}

impl Shared {
    pub(crate) fn new(settings: Settings, killer: Killer) -> Self {
        let state = State {
            queue: Queue::new(&settings),
            counts: Counts::default(),
            left: Left::default(),
            dying: Vec::new(),
            streams: vec![None; settings.workers],
            threads: 0,
            is_closed: false,
        };
        Self {
            settings,
            killer,
            state: Mutex::new(state),
            work: Condvar::new(),
            turn: Condvar::new(),
        }
    }

    /// Nothing that is done with the lock held can leave it half done.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn offer(&self, job: Job) -> Result<(), Refused> {
        let mut state = self.state();
        if state.is_closed {
            return Err(Refused::Closed);
        }
        state.queue.offer(job)?;
        drop(state);
        self.work.notify_one();
        Ok(())
    }

    /// Waits for a job; `None` when the pool is closed.
    pub(crate) fn take(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if state.is_closed {
                return None;
            }
            self.reap(&mut state);
            if let Some(job) = state.queue.take() {
                state.counts.busy += 1;
                // Its end, or what it made way for, may be the turn of more than one job.
                if !state.queue.is_empty() {
                    self.work.notify_one();
                }
                return Some(job);
            }
            state = if state.left.is_empty() {
                self.work.wait(state).unwrap_or_else(PoisonError::into_inner)
            } else {
                let waited = self.work.wait_timeout(state, LOOK);
                waited.unwrap_or_else(PoisonError::into_inner).0
            };
        }
    }

    /// A job that was not begun goes back to where it was.
    pub(crate) fn put_back(&self, job: Job) {
        let mut state = self.state();
        state.counts.busy -= 1;
        if !state.is_closed {
            state.queue.put_back(job);
        }
        drop(state);
        self.work.notify_one();
    }

    /// A job has its end, and its helper goes on.
    pub(crate) fn done(&self, job: &Job, is_answered: bool) {
        let mut state = self.state();
        state.counts.busy -= 1;
        state.counts.served += u64::from(is_answered);
        state.queue.release_line(job.urgency);
        state.queue.release_key(job.key);
    }

    /// Counts why a helper is of no use any more that worked for somebody, or for nobody yet; says what its caller is told.
    pub(crate) fn failed(&self, lost: Lost, key: Option<u64>) -> Lost {
        let mut state = self.state();
        state.dying.extend(key);
        match lost {
            _ if state.is_closed => return Lost::Closed,
            Lost::Hung | Lost::Endless => state.counts.hung += 1,
            Lost::Nonsense => state.counts.nonsense += 1,
            _ => state.counts.died += 1,
        }
        lost
    }

    /// What came of killing a helper, and whom it worked for. One that is still there keeps its place among those of its key,
    /// so that the same hung file does not take one helper after the other.
    pub(crate) fn killed(&self, still_there: Option<Child>, job: Option<&(Urgency, u64)>) {
        let mut state = self.state();
        if let Some((urgency, key)) = job {
            let at = state.dying.iter().position(|dying| dying == key);
            at.map(|at| state.dying.swap_remove(at));
            state.counts.busy -= 1;
            state.queue.release_line(*urgency);
            if still_there.is_none() {
                state.queue.release_key(*key);
            }
        }
        if let Some(child) = still_there {
            tracing::error!(pool = self.settings.name, pid = child.id(), "a helper cannot be killed");
            state.left.push(child, job.map(|(_, key)| *key));
        }
        drop(state);
        self.work.notify_one();
    }

    /// Waits until another process may be started; `false` when the pool is closed.
    pub(crate) fn room(&self) -> bool {
        let mut state = self.state();
        loop {
            if state.is_closed {
                return false;
            }
            self.reap(&mut state);
            if state.left.len() < self.settings.lost_at_most {
                return true;
            }
            let waited = self.turn.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for so long, or until the pool is closed.
    pub(crate) fn pause(&self, pause: Duration) {
        let going_on = |state: &mut State| !state.is_closed;
        // Whether it is closed is asked again by whoever goes on.
        drop(self.turn.wait_timeout_while(self.state(), pause, going_on));
    }

    pub(crate) fn count_ready(&self, change: isize) {
        let mut state = self.state();
        state.counts.ready = state.counts.ready.saturating_add_signed(change);
    }

    pub(crate) fn counts(&self) -> Counts {
        let mut state = self.state();
        self.reap(&mut state);
        Counts {
            queued: state.queue.len(),
            lost: state.left.len(),
            ..state.counts
        }
    }

    pub(crate) fn left_of(&self, key: u64) -> usize {
        let mut state = self.state();
        self.reap(&mut state);
        state.left.len_of(key) + state.dying.iter().filter(|dying| **dying == key).count()
    }

    pub(crate) fn serving(&self, key: u64) -> usize {
        let mut state = self.state();
        self.reap(&mut state);
        state.queue.serving(key)
    }

    #[cfg(test)]
    pub(crate) fn kill_left(&self) {
        self.state().left.kill();
    }

    fn reap(&self, state: &mut State) {
        let State { left, queue, .. } = state;
        if left.reap(|key| queue.release_key(key)) {
            self.turn.notify_all();
            self.work.notify_one();
        }
    }
}
