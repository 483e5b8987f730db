use crate::peer::MAX;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, pidfd_open},
};
use std::{os::fd::OwnedFd, thread, time::Duration};
use workers::{Answer, Counts, Lost, Miss, Pool, Settings, Ticket, Urgency};

/// Longer than anything takes; a test that waits so long has failed.
pub const LONG: Duration = Duration::from_secs(60);

/// This program as a helper, in a pool with room for everything.
pub fn settings(workers: usize) -> Settings {
    let words = ["helper", "--exact", "--ignored", "--nocapture", "--test-threads=1"];
    Settings {
        name: "test",
        program: std::env::current_exe().unwrap(),
        args: words.map(Into::into).into(),
        env: Vec::new(),
        workers,
        queue: 1000,
        per_key_queued_at_most: 1000,
        behind_at_most: workers,
        per_key_at_most: workers,
        lost_at_most: 1,
        hung_after: LONG,
        longest: LONG,
        max_frame: MAX,
    }
}

pub fn pool(workers: usize) -> Pool {
    Pool::new(settings(workers)).unwrap()
}

/// A pool that soon takes a helper for hung; not so soon that a busy machine makes it so.
pub fn hasty(workers: usize) -> Pool {
    let hung_after = Duration::from_secs(1);
    Pool::new(Settings {
        hung_after,
        ..settings(workers)
    })
    .unwrap()
}

pub fn ask(pool: &Pool, request: impl Into<Vec<u8>>) -> Ticket {
    ask_for(pool, 0, request)
}

pub fn ask_for(pool: &Pool, key: u64, request: impl Into<Vec<u8>>) -> Ticket {
    pool.submit(Urgency::Waiting, key, request.into()).unwrap()
}

pub async fn answer(mut ticket: Ticket) -> Result<Vec<u8>, Miss> {
    ticket.wait(LONG).await.map(|Answer { bytes, .. }| bytes)
}

pub async fn text(ticket: Ticket) -> String {
    String::from_utf8(answer(ticket).await.unwrap()).unwrap()
}

pub async fn lost(ticket: Ticket) -> Lost {
    match answer(ticket).await {
        Err(Miss::Lost(lost)) => lost,
        other => panic!("{other:?}"),
    }
}

/// Waits until the pool counts so.
pub fn until(pool: &Pool, what: impl Fn(&Counts) -> bool) -> Counts {
    for _ in 0..LONG.as_millis() {
        let counts = pool.counts();
        if what(&counts) {
            return counts;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("{:?}", pool.counts());
}

/// To know that this very process has ended, whatever gets its number.
pub fn process(pid: &str) -> OwnedFd {
    pidfd_open(Pid::from_raw(pid.parse().unwrap()).unwrap(), PidfdFlags::empty()).unwrap()
}

/// Waits until it has: whatever it had open is closed then.
pub fn has_ended(process: &OwnedFd) -> bool {
    let long = Timespec::try_from(LONG).unwrap();
    poll(&mut [PollFd::new(process, PollFlags::IN)], Some(&long)).unwrap() == 1
}
