use crate::{
    gate::Gate,
    pools::{LONG, ask, has_ended, hasty, lost, pool, process, settings, text, until},
};
use std::{sync::Arc, time::Duration};
use workers::{Lost, Miss, Pool, Refused, Settings, Urgency};

#[tokio::test]
async fn a_program_that_cannot_start_is_tried_ever_more_seldom() {
    for program in ["/nowhere/at/all", "/bin/false"] {
        let pool = Pool::new(Settings {
            program: program.into(),
            ..settings(2)
        })
        .unwrap();
        let mut ticket = ask(&pool, "echo x");
        until(&pool, |counts| counts.died >= 6);
        assert_eq!(ticket.wait(Duration::ZERO).await, Err(Miss::Deadline));
        let counts = pool.counts();
        assert_eq!((counts.ready, counts.busy, counts.queued, counts.served), (0, 0, 1, 0));
        pool.close(Duration::ZERO);
        assert_eq!(lost(ticket).await, Lost::Closed);
    }
}

#[tokio::test]
async fn a_program_that_never_begins_is_killed() {
    let silent = Settings {
        program: "/bin/sleep".into(),
        args: vec!["1000".into()],
        hung_after: Duration::from_millis(100),
        ..settings(1)
    };
    let pool = Pool::new(silent).unwrap();
    until(&pool, |counts| counts.hung >= 2);
    pool.close(Duration::ZERO);
}

#[tokio::test]
async fn when_a_process_dies_what_it_started_dies() {
    let pool = pool(1);
    let middle = process(&text(ask(&pool, "pid")).await);
    let inner = process(&text(ask(&pool, "own-pool")).await);
    assert_eq!(lost(ask(&pool, "die")).await, Lost::Died);
    assert!(has_ended(&middle));
    assert!(has_ended(&inner), "although it hangs");
}

#[tokio::test]
async fn a_pool_that_is_closed_has_answered_what_was_begun_and_leaves_nobody() {
    let (pool, gate) = (pool(2), Gate::new());
    let begun = ask(&pool, gate.request());
    let held = gate.begun().await;
    let helper = process(&text(ask(&pool, "pid")).await);
    let pool = Arc::new(pool);
    let closing = Arc::clone(&pool);
    let closed = tokio::task::spawn_blocking(move || closing.close(LONG));
    let submit = || pool.submit(Urgency::Waiting, 0, b"echo x".to_vec()).err();
    while submit() != Some(Refused::Closed) {
        std::thread::yield_now();
    }
    drop(held);
    assert_eq!(text(begun).await, "passed");
    closed.await.unwrap();
    assert!(has_ended(&helper));
    assert_eq!((pool.counts().ready, pool.counts().busy), (0, 0));
}

#[tokio::test]
async fn closing_and_dropping_wait_for_nobody_who_hangs() {
    for is_dropped in [true, false] {
        let pool = pool(1);
        let helper = process(&text(ask(&pool, "pid")).await);
        let (hung, queued) = (ask(&pool, "hang"), ask(&pool, "echo x"));
        until(&pool, |counts| counts.busy == 1);
        if is_dropped {
            drop(pool);
        } else {
            pool.close(Duration::ZERO);
        }
        assert_eq!(lost(queued).await, Lost::Closed);
        assert_eq!(lost(hung).await, Lost::Closed);
        assert!(has_ended(&helper));
    }
}

#[tokio::test]
async fn a_pool_whose_helpers_hang_can_be_closed_while_they_are_replaced() {
    let pool = hasty(2);
    let hung = ask(&pool, "hang");
    assert_eq!(lost(hung).await, Lost::Hung);
    pool.close(LONG);
    assert_eq!((pool.counts().ready, pool.counts().lost), (0, 0));
}
