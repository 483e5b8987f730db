use super::{Store, bytes, files, read};
use crate::world::Dice;
use index::SavedMeta;
use std::collections::{BTreeMap, BTreeSet};

/// Anything in any order, beside a map that does the same.
#[tokio::test]
async fn a_store_is_a_map() {
    for seed in 1..=4 {
        let mut dice = Dice(seed);
        let mut store = Store::new().await;
        let mut model: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for step in 0..120 {
            let id = format!("m{}", dice.below(12));
            match dice.below(10) {
                0..5 => {
                    let lengths = [0, 10, 3_000, 70_000];
                    let raw = bytes(dice.below(6), lengths[dice.below(4) as usize]);
                    let meta = SavedMeta {
                        delivered: step,
                        pinned: dice.below(2) == 0,
                        opened: dice.below(4) == 0,
                    };
                    let new = store.saved.put(&id, meta, &raw, step).await.unwrap();
                    assert_eq!(new, model.insert(id, raw.clone()) != Some(raw));
                }
                5 | 6 => {
                    store.saved.forget(&[&id]).await.unwrap();
                    model.remove(&id);
                }
                7 => {
                    store.saved.touch(&[&id], step).await.unwrap();
                    store.saved.set_pinned(&[&id], dice.below(2) == 0).await.unwrap();
                }
                8 => {
                    let budget = store.saved.bytes().await.unwrap() * dice.below(4) / 3;
                    let evicted = store.saved.evict(budget, step / 2, step).await.unwrap();
                    assert!(evicted.left <= budget);
                    let ids: Vec<_> = model.keys().map(String::as_str).collect();
                    let has = store.saved.has(&ids).await.unwrap();
                    let before = model.len();
                    let mut has = has.into_iter();
                    model.retain(|_, _| has.next().unwrap());
                    assert_eq!(evicted.messages, (before - model.len()) as u64);
                }
                _ => {
                    if dice.below(2) == 0 {
                        std::fs::remove_file(store.path().join("saved.sqlite")).unwrap();
                    }
                    store.reopened().await;
                }
            }
            let id = format!("m{}", dice.below(12));
            assert_eq!(read(&store.saved, &id).await.as_ref(), model.get(&id), "{seed}/{step}");
            let contents: BTreeSet<_> = model.values().collect();
            assert_eq!(files(&store.path()).len(), contents.len());
        }
    }
}
