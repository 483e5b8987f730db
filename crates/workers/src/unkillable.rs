//! Tests with helpers that nothing ends: a hung device makes such processes, and tests cannot. Here killing does nothing.

use crate::{Counts, Lost, Miss, Pool, Settings, Ticket, Urgency};
use std::{thread, time::Duration};

const LONG: Duration = Duration::from_secs(60);
/// Says that it takes requests, and never answers one.
const NEVER_ANSWERS: &str =
    r"printf '\002\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000' >&0; exec sleep 1000";

fn pool(workers: usize, lost_at_most: usize) -> Pool {
    let settings = Settings {
        name: "unkillable",
        program: "/bin/sh".into(),
        args: vec!["-c".into(), NEVER_ANSWERS.into()],
        env: vec![("PATH".into(), "/usr/bin:/bin".into())],
        workers,
        queue: 10,
        per_key_queued_at_most: 10,
        behind_at_most: workers,
        per_key_at_most: 1,
        lost_at_most,
        hung_after: Duration::from_secs(2),
        longest: LONG,
        max_frame: 100,
    };
    Pool::with_killer(settings, |_| Ok(())).unwrap()
}

fn ask(pool: &Pool, key: u64) -> Ticket {
    pool.submit(Urgency::Waiting, key, b"x".to_vec()).unwrap()
}

fn until(pool: &Pool, what: impl Fn(&Counts) -> bool) {
    for _ in 0..LONG.as_millis() {
        if what(&pool.counts()) {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("{:?}", pool.counts());
}

/// Leaves no process behind.
fn end(pool: &Pool) {
    pool.close(Duration::ZERO);
    until(pool, |counts| counts.ready == 0 && counts.busy == 0);
    pool.shared.kill_left();
    until(pool, |counts| counts.lost == 0);
}

const HUNG: Miss = Miss::Lost(Lost::Hung);

#[tokio::test]
async fn with_as_many_lost_as_may_be_nothing_is_served_until_one_is_gone() {
    let pool = pool(1, 1);
    assert_eq!(ask(&pool, 1).wait(LONG).await, Err(HUNG));
    until(&pool, |counts| counts.lost == 1);
    let mut waiting = ask(&pool, 2);
    assert_eq!(waiting.wait(Duration::ZERO).await, Err(Miss::Deadline));
    let counts = pool.counts();
    assert_eq!((counts.ready, counts.busy, counts.queued, counts.lost), (0, 0, 1, 1));
    pool.shared.kill_left();
    assert_eq!(waiting.wait(LONG).await, Err(HUNG), "another was given it");
    until(&pool, |counts| counts.hung == 2 && counts.lost == 1);
    end(&pool);
}

#[tokio::test]
async fn with_fewer_lost_it_goes_on_but_not_for_the_key_that_lost_one() {
    let pool = pool(1, 2);
    assert_eq!(ask(&pool, 1).wait(LONG).await, Err(HUNG));
    until(&pool, |counts| counts.lost == 1 && counts.ready == 1);
    let mut same = ask(&pool, 1);
    assert_eq!(ask(&pool, 2).wait(LONG).await, Err(HUNG), "taken, and before the other");
    assert_eq!(same.wait(Duration::ZERO).await, Err(Miss::Deadline));
    until(&pool, |counts| counts.lost == 2 && counts.queued == 1);
    pool.shared.kill_left();
    assert_eq!(same.wait(LONG).await, Err(HUNG), "its turn has come");
    until(&pool, |counts| counts.lost == 1);
    end(&pool);
}

#[tokio::test]
async fn closing_leaves_behind_what_cannot_be_ended() {
    let pool = pool(2, 1);
    let mut ticket = ask(&pool, 1);
    until(&pool, |counts| (counts.busy, counts.ready) == (1, 2));
    pool.close(Duration::ZERO);
    assert_eq!(ticket.wait(LONG).await, Err(Miss::Lost(Lost::Closed)));
    until(&pool, |counts| counts.lost == 2);
    end(&pool);
}
