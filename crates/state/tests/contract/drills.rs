use crate::World;
use state::{Drill, DrillKind, LONGEST_DRILL, State};

const NOON: i64 = 1_700_000_000;

fn drill(id: &str, began: i64, ends: i64) -> Drill {
    Drill {
        id: id.to_owned(),
        kind: DrillKind::SpoolGone,
        accounts: ["tanaka", "suzuki"].map(str::to_owned).into(),
        began,
        ends,
        by: "aoki".to_owned(),
    }
}

async fn ids(state: &State, now: i64) -> Vec<String> {
    let drills = state.drills(now).await.unwrap();
    drills.into_iter().map(|drill| drill.id).collect()
}

#[tokio::test]
async fn a_drill_goes_on_over_restarts_and_ends_by_itself() {
    for world in World::all() {
        let state = world.open().await;
        let mut slow = drill("slow", NOON + 1, NOON + 50);
        slow.kind = DrillKind::SpoolSlow;
        for drill in [&slow, &drill("gone", NOON, NOON + 100)] {
            assert!(state.start_drill(drill).await.unwrap(), "{}", world.name);
        }
        assert!(
            !state.start_drill(&drill("gone", NOON, NOON + 9)).await.unwrap(),
            "{}",
            world.name
        );
        state.close().await;
        let state = world.open().await;
        let wanted = [drill("gone", NOON, NOON + 100), slow];
        assert_eq!(state.drills(NOON + 49).await.unwrap(), wanted, "{}", world.name);
        assert_eq!(ids(&state, NOON + 50).await, ["gone"], "{}", world.name);
        assert!(ids(&state, NOON + 100).await.is_empty(), "{}", world.name);
    }
}

#[tokio::test]
async fn a_drill_is_stopped_once_by_its_name_or_with_all_others() {
    for world in World::all() {
        let state = world.open().await;
        for id in ["a", "b", "c"] {
            assert!(state.start_drill(&drill(id, NOON, NOON + 100)).await.unwrap());
        }
        assert_eq!(
            state.stop_drills(Some("b"), NOON + 5).await.unwrap(),
            ["b"],
            "{}",
            world.name
        );
        assert!(
            state.stop_drills(Some("b"), NOON + 6).await.unwrap().is_empty(),
            "{}",
            world.name
        );
        assert!(
            state.stop_drills(Some("none"), NOON + 6).await.unwrap().is_empty(),
            "{}",
            world.name
        );
        assert_eq!(ids(&state, NOON + 6).await, ["a", "c"], "{}", world.name);
        let mut stopped = state.stop_drills(None, NOON + 7).await.unwrap();
        stopped.sort();
        assert_eq!(stopped, ["a", "c"], "{}", world.name);
        assert!(ids(&state, NOON + 7).await.is_empty(), "{}", world.name);
    }
}

#[tokio::test]
async fn no_drill_lasts_longer_than_it_may() {
    for world in World::all() {
        let state = world.open().await;
        assert!(state.start_drill(&drill("long", NOON, i64::MAX)).await.unwrap());
        assert_eq!(ids(&state, NOON + LONGEST_DRILL - 1).await, ["long"], "{}", world.name);
        assert!(ids(&state, NOON + LONGEST_DRILL).await.is_empty(), "{}", world.name);
        // Those that are over are forgotten some day, and keep nothing else from being so.
        state.forget_old(NOON + 400 * 24 * 3600).await.unwrap();
        assert!(ids(&state, NOON).await.is_empty(), "{}", world.name);
    }
}

#[test]
fn what_is_rehearsed_has_one_word() {
    for kind in DrillKind::ALL {
        assert_eq!(DrillKind::of_word(kind.word()), Some(kind));
    }
    assert_eq!(DrillKind::of_word("fire"), None);
}
