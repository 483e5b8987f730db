use crate::{
    gate::Gate,
    peer::MAX,
    pools::{LONG, answer, ask, lost, pool, settings, text, until},
};
use std::time::Duration;
use workers::{Lost, Miss, Pool, Refused, Settings, StartError, Urgency};

#[tokio::test]
async fn what_is_asked_is_answered() {
    let pool = pool(1);
    assert_eq!(text(ask(&pool, "echo hello")).await, "hello");
    let mut ticket = ask(&pool, "echo");
    assert!(ticket.wait(crate::pools::LONG).await.unwrap().bytes.is_empty());
    assert_eq!(ticket.wait(crate::pools::LONG).await, Err(Miss::Lost(Lost::Told)));
    let counts = pool.counts();
    assert_eq!((counts.served, counts.busy, counts.queued, counts.ready), (2, 0, 0, 1));
}

#[tokio::test]
async fn an_answer_may_be_as_long_as_a_frame_and_no_longer() {
    let pool = pool(1);
    for length in [10_240, 65_519, 65_520, 65_521, 300_000, MAX - 5] {
        let mut request = b"echo ".to_vec();
        request.extend((0..length).map(|byte| byte as u8));
        let wanted = request[5..].to_vec();
        assert!(answer(ask(&pool, request)).await.unwrap() == wanted);
    }
    assert_eq!(lost(ask(&pool, "long")).await, Lost::TooLong);
    assert_eq!(
        pool.submit(Urgency::Waiting, 0, vec![0; MAX + 1]).err(),
        Some(Refused::TooLong)
    );
    assert_eq!(text(ask(&pool, "count")).await, "8", "the helper lives");
}

#[tokio::test]
async fn many_at_once_are_served_by_few() {
    let pool = pool(3);
    let tickets: Vec<_> = (0..500).map(|number| ask(&pool, format!("echo {number}"))).collect();
    for (number, ticket) in tickets.into_iter().enumerate() {
        assert_eq!(text(ticket).await, number.to_string());
    }
    assert_eq!(pool.counts().served, 500);
}

#[tokio::test]
async fn a_late_answer_is_there_for_who_kept_the_ticket() {
    let (pool, gate) = (pool(1), Gate::new());
    let mut ticket = ask(&pool, gate.request());
    let held = gate.begun().await;
    assert_eq!(ticket.wait(Duration::ZERO).await, Err(Miss::Deadline));
    assert_eq!(ticket.wait(Duration::ZERO).await, Err(Miss::Deadline));
    drop(held);
    assert_eq!(text(ticket).await, "passed");
}

#[tokio::test]
async fn a_ticket_knows_whether_a_helper_has_it() {
    let (pool, gate) = (pool(1), Gate::new());
    let first = ask(&pool, gate.request());
    let held = gate.begun().await;
    let mut second = ask(&pool, "echo after");
    assert!(first.is_begun() && !second.is_begun());
    assert_eq!(second.wait(Duration::ZERO).await, Err(Miss::Deadline));
    assert!(!second.is_begun(), "it waits for the other");
    drop(held);
    assert_eq!(second.wait(LONG).await.unwrap().bytes, b"after");
    assert!(second.is_begun());
}

#[tokio::test]
async fn what_is_given_ahead_is_there_before_the_answer() {
    let (pool, gate) = (pool(1), Gate::new());
    let mut ticket = ask(&pool, gate.request_after("ahead"));
    let held = gate.begun().await;
    assert_eq!(ticket.ahead(LONG).await.unwrap().unwrap(), b"first");
    assert_eq!(ticket.ahead(LONG).await, Ok(None), "it is given once");
    assert_eq!(ticket.wait(Duration::ZERO).await, Err(Miss::Deadline));
    drop(held);
    assert_eq!(text(ticket).await, "passed");
    for (request, answer) in [("echo x", "x"), ("long-ahead", "all")] {
        let mut ticket = ask(&pool, request);
        assert_eq!(ticket.ahead(LONG).await, Ok(None), "{request}");
        assert_eq!(text(ticket).await, answer);
    }
}

#[tokio::test]
async fn what_nobody_wants_any_more_is_not_begun_and_its_answer_goes_to_nobody_else() {
    let (pool, gate) = (pool(1), Gate::new());
    let given_up = ask(&pool, gate.request());
    let held = gate.begun().await;
    drop(given_up);
    drop(ask(&pool, "count"));
    let kept = ask(&pool, "count");
    assert_eq!(pool.counts().queued, 1);
    drop(held);
    assert_eq!(text(kept).await, "2", "the gate was the first, and this the second");
}

#[tokio::test]
async fn a_full_queue_is_said_at_once() {
    let gate = Gate::new();
    let pool = Pool::new(Settings {
        queue: 2,
        per_key_queued_at_most: 1,
        ..settings(1)
    })
    .unwrap();
    let held_up = ask(&pool, gate.request());
    let held = gate.begun().await;
    let submit = |key| pool.submit(Urgency::Waiting, key, b"echo x".to_vec());
    let one = submit(1).unwrap();
    assert_eq!(submit(1).err(), Some(Refused::FullForKey), "one key has one place");
    let two = submit(2).unwrap();
    assert_eq!(submit(3).err(), Some(Refused::Full));
    let behind = pool.submit(Urgency::Behind, 3, b"echo x".to_vec()).unwrap();
    drop(two);
    let three = submit(3).unwrap();
    drop(held);
    for ticket in [held_up, one, three, behind] {
        answer(ticket).await.unwrap();
    }
}

#[tokio::test]
async fn a_helper_has_nothing_of_our_environment() {
    let env = vec![("ONE".into(), "1".into())];
    let pool = Pool::new(Settings { env, ..settings(1) }).unwrap();
    assert_eq!(text(ask(&pool, "environment")).await, r#"[("ONE", "1")]"#);
    assert_eq!(text(ask(&pool, "directory")).await, "/");
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let nonsense = [
        Settings {
            workers: 0,
            ..settings(1)
        },
        Settings {
            queue: 0,
            ..settings(1)
        },
        Settings {
            per_key_queued_at_most: 0,
            ..settings(1)
        },
        Settings {
            behind_at_most: 0,
            ..settings(1)
        },
        Settings {
            per_key_at_most: 0,
            ..settings(1)
        },
        Settings {
            lost_at_most: 0,
            ..settings(1)
        },
        Settings {
            hung_after: Duration::ZERO,
            ..settings(1)
        },
        Settings {
            max_frame: 1 << 32,
            ..settings(1)
        },
    ];
    for settings in nonsense {
        assert!(matches!(Pool::new(settings), Err(StartError::Setting(_))));
    }
}

#[test]
fn any_runtime_may_wait() {
    let pool = pool(2);
    std::thread::scope(|threads| {
        for number in 0..4 {
            let pool = &pool;
            threads.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .unwrap();
                for turn in 0..50 {
                    let said = format!("{number}.{turn}");
                    let answered = runtime.block_on(text(ask(pool, format!("echo {said}"))));
                    assert_eq!(answered, said);
                }
            });
        }
    });
    until(&pool, |counts| counts.served == 200 && counts.busy == 0);
}
