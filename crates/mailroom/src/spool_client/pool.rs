use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

pub(super) type Job = Box<dyn FnOnce() + Send>;

/// Threads that may block, and a queue with an end.
#[derive(Clone)]
pub(super) struct Pool {
    jobs: SyncSender<Job>,
}

impl Pool {
    pub(super) fn new(name: &str, threads: usize, queue: usize) -> io::Result<Self> {
        let (jobs, queued) = sync_channel::<Job>(queue);
        let queued = Arc::new(Mutex::new(queued));
        for number in 0..threads {
            let queued = Arc::clone(&queued);
            thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || serve(&queued))?;
        }
        Ok(Self { jobs })
    }

    /// Queues the job, or says at once that there is no place.
    pub(super) fn submit(&self, job: Job) -> bool {
        self.jobs.try_send(job).is_ok()
    }
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
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn a_full_queue_is_said_at_once_and_a_panic_costs_no_thread() {
        let pool = Pool::new("test", 1, 1).unwrap();
        let (release, held) = channel::<()>();
        let (started, start) = channel();
        assert!(pool.submit(Box::new(move || {
            started.send(()).unwrap();
            held.recv().unwrap();
            panic!("on purpose");
        })));
        start.recv().unwrap();
        let (done, finished) = channel();
        assert!(pool.submit(Box::new(move || done.send(7).unwrap())));
        assert!(!pool.submit(Box::new(|| ())));
        release.send(()).unwrap();
        assert_eq!(finished.recv().unwrap(), 7);
    }
}
