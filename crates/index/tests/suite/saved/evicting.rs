use super::{Store, bytes};
use index::{Evicted, SavedMeta};

const FILE: u64 = 4096;

async fn put(store: &Store, message: &str, delivered: i64, pinned: bool, opened: bool) {
    let meta = SavedMeta {
        delivered,
        pinned,
        opened,
    };
    store
        .saved
        .put(message, meta, message.as_bytes(), delivered)
        .await
        .unwrap();
}

async fn left(store: &Store, of: &[&str]) -> String {
    let has = store.saved.has(of).await.unwrap();
    let left: Vec<_> = of.iter().zip(has).filter(|(_, has)| *has).map(|(id, _)| *id).collect();
    left.join(" ")
}

#[tokio::test]
async fn the_least_wanted_goes_first() {
    let store = Store::new().await;
    put(&store, "opened-old", 1, false, true).await;
    put(&store, "pinned", 2, true, false).await;
    put(&store, "opened-late", 3, false, true).await;
    put(&store, "older", 10, false, false).await;
    put(&store, "old", 11, false, false).await;
    put(&store, "new", 20, false, false).await;
    put(&store, "newer", 21, false, false).await;
    let all = ["opened-old", "pinned", "opened-late", "older", "old", "new", "newer"];
    let before = store.saved.evict(7 * FILE, 15, 100).await.unwrap();
    assert_eq!((before.messages, before.left), (0, 7 * FILE));
    for (budget, expected) in [
        (6, "opened-old pinned opened-late old new newer"),
        (5, "opened-old pinned opened-late new newer"),
        (4, "opened-old pinned opened-late newer"),
        (3, "opened-old pinned opened-late"),
        (2, "opened-old opened-late"),
        (1, "opened-late"),
        (0, ""),
    ] {
        let evicted = store.saved.evict(budget * FILE, 15, 100).await.unwrap();
        let one = Evicted {
            messages: 1,
            freed: FILE,
            left: budget * FILE,
        };
        assert_eq!((evicted, left(&store, &all).await.as_str()), (one, expected));
    }
}

#[tokio::test]
async fn what_is_opened_or_pinned_later_counts_and_a_clock_ahead_does_not() {
    let store = Store::new().await;
    for (number, message) in ["a", "b", "c", "d"].into_iter().enumerate() {
        put(&store, message, number as i64, false, false).await;
    }
    store.saved.touch(&["a"], 1_000_000).await.unwrap();
    store.saved.touch(&["c", "unknown"], 50).await.unwrap();
    store.saved.set_pinned(&["b", "d"], true).await.unwrap();
    store.saved.set_pinned(&["d"], false).await.unwrap();
    let all = ["a", "b", "c", "d"];
    store.saved.evict(3 * FILE, 100, 40).await.unwrap();
    assert_eq!(left(&store, &all).await, "a b c");
    store.saved.evict(2 * FILE, 100, 40).await.unwrap();
    assert_eq!(left(&store, &all).await, "a c");
    // Both were last used now, so far as that can be: the older one goes.
    store.saved.evict(FILE, 100, 40).await.unwrap();
    assert_eq!(left(&store, &all).await, "c");
}

#[tokio::test]
async fn a_content_of_several_counts_as_the_best_of_them_and_once() {
    let store = Store::new().await;
    let meta = |opened| SavedMeta {
        delivered: 1,
        pinned: false,
        opened,
    };
    store.saved.put("a", meta(false), b"same", 1).await.unwrap();
    store.saved.put("b", meta(true), b"same", 1).await.unwrap();
    put(&store, "c", 90, false, false).await;
    assert_eq!(store.saved.bytes().await.unwrap(), 2 * FILE);
    store.saved.evict(FILE, 0, 100).await.unwrap();
    assert_eq!(left(&store, &["a", "b", "c"]).await, "a b");
    let evicted = store.saved.evict(0, 0, 100).await.unwrap();
    assert_eq!((evicted.messages, evicted.left), (2, 0));
}

#[tokio::test]
async fn many_are_evicted_in_one_call() {
    let store = Store::new().await;
    for number in 0..250 {
        put(&store, &format!("m{number}"), number, false, false).await;
    }
    let evicted = store.saved.evict(20 * FILE, 0, 1_000).await.unwrap();
    assert_eq!((evicted.messages, evicted.left), (230, 20 * FILE));
    assert_eq!(super::files(&store.path()).len(), 20);
}

#[tokio::test]
async fn what_is_wanted_is_new_and_has_room_and_then_stays() {
    let store = Store::new().await;
    put(&store, "opened", 1, false, true).await;
    put(&store, "third", 30, false, false).await;
    let candidates = [
        ("fifth", 10, 100),
        ("first", 50, 100),
        ("second", 40, 5_000),
        ("huge", 60, 1 << 40),
        ("third", 30, 100),
        ("first", 50, 100),
    ];
    // The opened one is not displaced; the third is saved; the second may take two blocks.
    let wanted = |budget: u64| store.saved.wanted(&candidates, budget * FILE);
    assert_eq!(wanted(0).await.unwrap(), [""; 0]);
    assert_eq!(wanted(2).await.unwrap(), ["first"]);
    assert_eq!(wanted(4).await.unwrap(), ["first", "second"]);
    assert_eq!(wanted(6).await.unwrap(), ["first", "second", "fifth"]);
    for (id, delivered, _) in candidates {
        if wanted(4).await.unwrap().contains(&id.to_owned()) {
            let meta = SavedMeta {
                delivered,
                ..SavedMeta::default()
            };
            let raw = if id == "second" { bytes(1, 5_000) } else { id.into() };
            store.saved.put(id, meta, &raw, 100).await.unwrap();
        }
    }
    // Compressed, the second takes one block, so the third need not go.
    store.saved.evict(4 * FILE, 0, 100).await.unwrap();
    assert_eq!(wanted(4).await.unwrap(), [""; 0]);
    assert_eq!(
        left(&store, &["opened", "first", "second", "third"]).await,
        "opened first second third"
    );
}
