//! Threads of this process that may block, for those who wait and for what goes on behind, each with a queue that has an end.

use super::ask::{Ask, Failed, Reply};
use api_types::Cause;
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

/// Places in the queue of those who wait, beyond what is being served.
pub(super) const QUEUE: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

/// See the module.
#[derive(Clone)]
pub(super) struct Threads {
    waiting: SyncSender<Job>,
    behind: SyncSender<Job>,
}

impl Threads {
    pub(super) fn new(threads: usize) -> io::Result<Self> {
        let behind = threads.div_ceil(2);
        Ok(Self {
            waiting: start("spool", threads, QUEUE)?,
            behind: start("spool-behind", behind, behind)?,
        })
    }

    /// Queues the question, or says at once that there is no place.
    pub(super) fn submit(&self, behind: bool, ask: Ask) -> Option<Pending> {
        self.run(behind, move || ask.answer())
    }

    fn run(&self, behind: bool, job: impl FnOnce() -> Reply + Send + 'static) -> Option<Pending> {
        let (tell, told) = oneshot::channel();
        let begun = Arc::new(AtomicBool::new(false));
        let begins = Arc::clone(&begun);
        let job = Box::new(move || {
            // Nobody waits any more: the spool is spared the work.
            if !tell.is_closed() {
                begins.store(true, Ordering::Relaxed);
                let _ = tell.send(job());
            }
        });
        let queue = if behind { &self.behind } else { &self.waiting };
        queue.try_send(job).ok()?;
        Some(Pending {
            told: Some(told),
            begun,
        })
    }
}

/// A question on its way.
pub(super) struct Pending {
    told: Option<oneshot::Receiver<Reply>>,
    begun: Arc<AtomicBool>,
}

impl Pending {
    /// Whether a thread is at it, or was.
    pub(super) fn is_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }

    /// The reply; `None` if there is none in time.
    pub(super) async fn wait(&mut self, deadline: Duration) -> Option<Reply> {
        let told = self.told.as_mut()?;
        let told = tokio::time::timeout(deadline, told).await.ok()?;
        self.told = None;
        Some(told.unwrap_or_else(|_| Err(Failed::of(Cause::Broken, "the work panicked"))))
    }
}

fn start(name: &str, threads: usize, queue: usize) -> io::Result<SyncSender<Job>> {
    let (jobs, queued) = sync_channel::<Job>(queue);
    let queued = Arc::new(Mutex::new(queued));
    for number in 0..threads {
        let queued = Arc::clone(&queued);
        thread::Builder::new()
            .name(format!("{name}-{number}"))
            .spawn(move || serve(&queued))?;
    }
    Ok(jobs)
}

fn serve(queued: &Mutex<Receiver<Job>>) {
    loop {
        let job = queued.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            // A job that panics drops its answer, which its caller sees; the thread goes on.
            Ok(job) => drop(catch_unwind(AssertUnwindSafe(job))),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{super::ask::Answer, *};
    use std::sync::mpsc::{Sender, channel};

    /// Takes a thread, as a hung mount does, until the answer is dropped.
    pub(in super::super) fn hold(threads: &Threads, behind: bool) -> (Pending, Sender<()>) {
        let (release, held) = channel::<()>();
        let (started, start) = channel();
        let pending = threads.run(behind, move || {
            let _ = started.send(());
            let _ = held.recv();
            Ok(Answer::Probed)
        });
        start.recv().unwrap();
        (pending.unwrap(), release)
    }

    #[tokio::test]
    async fn a_hung_spool_holds_a_thread_and_nobody_who_waits() {
        let threads = Threads::new(2).unwrap();
        let (mut hung, release) = hold(&threads, false);
        assert!(hung.wait(Duration::ZERO).await.is_none());
        let mut other = threads.run(false, || Ok(Answer::Lacks(true))).unwrap();
        let answer = other.wait(Duration::from_secs(60)).await;
        assert!(
            matches!(answer, Some(Ok(Answer::Lacks(true)))),
            "the other thread serves on"
        );
        drop(release);
        assert!(
            hung.wait(Duration::from_secs(60)).await.unwrap().is_ok(),
            "late, and it comes"
        );
    }

    #[tokio::test]
    async fn a_full_queue_is_said_at_once_and_a_panic_costs_no_thread() {
        let threads = Threads::new(1).unwrap();
        let (_hung, release) = hold(&threads, false);
        let mut queued: Vec<Pending> = (1..QUEUE)
            .map(|_| threads.run(false, || panic!("on purpose")).unwrap())
            .collect();
        let mut last = threads.run(false, || Ok(Answer::Probed)).unwrap();
        assert!(threads.run(false, || Ok(Answer::Probed)).is_none());
        drop(release);
        assert!(last.wait(Duration::from_secs(60)).await.unwrap().is_ok());
        let panicked = queued.remove(0).wait(Duration::from_secs(60)).await.unwrap();
        assert_eq!(panicked.unwrap_err().cause, Cause::Broken);
    }
}
