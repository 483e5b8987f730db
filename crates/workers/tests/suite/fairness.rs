use crate::{
    gate::Gate,
    pools::{answer, ask, ask_for, pool, settings, text},
};
use workers::{Pool, Settings, Urgency};

#[tokio::test]
async fn those_who_wait_come_first() {
    let (pool, gate) = (pool(1), Gate::new());
    let first = ask(&pool, gate.request());
    let held = gate.begun().await;
    let behind: Vec<_> = (0..2)
        .map(|_| pool.submit(Urgency::Behind, 0, b"count".to_vec()).unwrap())
        .collect();
    let waiting = ask(&pool, "count");
    drop(held);
    assert_eq!(text(waiting).await, "2");
    let mut turns = Vec::new();
    for ticket in behind {
        turns.push(text(ticket).await);
    }
    assert_eq!(turns, ["3", "4"]);
    answer(first).await.unwrap();
}

#[tokio::test]
async fn what_goes_on_behind_leaves_helpers_to_those_who_wait() {
    let gates = [Gate::new(), Gate::new()];
    let pool = Pool::new(Settings {
        behind_at_most: 1,
        ..settings(3)
    })
    .unwrap();
    let behind = gates
        .each_ref()
        .map(|gate| pool.submit(Urgency::Behind, 0, gate.request()).unwrap());
    let held = gates[0].begun().await;
    for _ in 0..20 {
        assert_eq!(text(ask(&pool, "echo x")).await, "x");
    }
    let counts = pool.counts();
    assert_eq!((counts.busy, counts.queued), (1, 1), "the second has not begun");
    drop(held);
    drop(gates[1].begun().await);
    for ticket in behind {
        assert_eq!(text(ticket).await, "passed");
    }
}

#[tokio::test]
async fn one_key_has_its_share_and_others_pass() {
    let gates = [Gate::new(), Gate::new(), Gate::new()];
    let pool = Pool::new(Settings {
        per_key_at_most: 2,
        ..settings(3)
    })
    .unwrap();
    let hung = gates.each_ref().map(|gate| ask_for(&pool, 7, gate.request()));
    let held = [gates[0].begun().await, gates[1].begun().await];
    for key in 0..7 {
        assert_eq!(text(ask_for(&pool, key, "echo x")).await, "x");
    }
    let counts = pool.counts();
    assert_eq!((counts.busy, counts.queued), (2, 1), "the third waits for its own kind");
    drop(held);
    drop(gates[2].begun().await);
    for ticket in hung {
        assert_eq!(text(ticket).await, "passed");
    }
}
