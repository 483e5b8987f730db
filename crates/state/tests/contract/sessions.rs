use crate::World;
use state::{MOST_SESSIONS, SESSION_ACCOUNT, SESSION_ENDS, SESSION_USER_AGENT, Sessions, State};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use time::OffsetDateTime;
use tower_sessions_core::{
    session::{Id, Record},
    session_store::SessionStore,
};

const NOON: i64 = 1_700_000_000;

/// A store with hands to its clock.
fn store(state: &State) -> (Sessions, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(NOON));
    let hands = Arc::clone(&clock);
    (state.sessions(move || clock.load(Ordering::Relaxed)), hands)
}

fn record(id: i128, account: Option<&str>, expires: i64) -> Record {
    let mut data = std::collections::HashMap::new();
    if let Some(account) = account {
        data.insert(SESSION_ACCOUNT.to_owned(), account.into());
        data.insert(SESSION_USER_AGENT.to_owned(), "Firefox".into());
    }
    data.insert("number".to_owned(), 5.into());
    data.insert("text".to_owned(), "日本".into());
    Record {
        id: Id(id),
        data,
        expiry_date: OffsetDateTime::from_unix_timestamp(expires).unwrap(),
    }
}

#[tokio::test]
async fn a_session_comes_back_as_it_was_even_after_a_restart() {
    for world in World::all() {
        let state = world.open().await;
        let mut made = record(1, Some("taro"), NOON + 100);
        store(&state).0.create(&mut made).await.unwrap();
        assert_eq!(made.id, Id(1));
        state.close().await;
        let (sessions, _) = store(&world.open().await);
        assert_eq!(sessions.load(&Id(1)).await.unwrap(), Some(made), "{}", world.name);
        assert_eq!(sessions.load(&Id(2)).await.unwrap(), None, "{}", world.name);
        sessions.delete(&Id(1)).await.unwrap();
        assert_eq!(sessions.load(&Id(1)).await.unwrap(), None, "{}", world.name);
    }
}

#[tokio::test]
async fn a_session_is_over_when_it_says_so_itself() {
    for world in World::all() {
        let state = world.open().await;
        let (sessions, hands) = store(&state);
        let mut short = record(1, Some("taro"), NOON + 1000);
        short.data.insert(SESSION_ENDS.to_owned(), (NOON + 100).into());
        let mut late = record(2, Some("taro"), NOON + 50);
        late.data.insert(SESSION_ENDS.to_owned(), (NOON + 100).into());
        for one in [&mut short, &mut late] {
            sessions.create(one).await.unwrap();
        }
        let there = async |at: i64| {
            let listed = state.list_sessions("taro", at).await.unwrap();
            listed.iter().map(|row| row.expires - NOON).collect::<Vec<_>>()
        };
        assert_eq!(there(NOON + 49).await.len(), 2, "{}", world.name);
        assert_eq!(there(NOON + 99).await, [100], "{}", world.name);
        assert!(there(NOON + 100).await.is_empty(), "{}", world.name);
        hands.store(NOON + 100, Ordering::Relaxed);
        assert_eq!(sessions.load(&Id(1)).await.unwrap(), None, "{}", world.name);
    }
}

#[tokio::test]
async fn a_new_session_never_takes_the_place_of_another() {
    for world in World::all() {
        let (sessions, _) = store(&world.open().await);
        sessions.create(&mut record(1, Some("taro"), NOON + 100)).await.unwrap();
        let mut second = record(1, Some("hanako"), NOON + 100);
        sessions.create(&mut second).await.unwrap();
        assert_ne!(second.id, Id(1), "{}", world.name);
        let first = sessions.load(&Id(1)).await.unwrap().unwrap();
        assert_eq!(first.data[SESSION_ACCOUNT], "taro", "{}", world.name);
        let second = sessions.load(&second.id).await.unwrap().unwrap();
        assert_eq!(second.data[SESSION_ACCOUNT], "hanako", "{}", world.name);
    }
}

#[tokio::test]
async fn an_expired_session_is_none() {
    for world in World::all() {
        let state = world.open().await;
        let (sessions, clock) = store(&state);
        sessions.create(&mut record(1, Some("taro"), NOON + 100)).await.unwrap();
        sessions.create(&mut record(2, Some("taro"), NOON + 200)).await.unwrap();
        clock.store(NOON + 99, Ordering::Relaxed);
        assert!(sessions.load(&Id(1)).await.unwrap().is_some(), "{}", world.name);
        clock.store(NOON + 100, Ordering::Relaxed);
        assert!(sessions.load(&Id(1)).await.unwrap().is_none(), "{}", world.name);
        assert_eq!(
            state.list_sessions("taro", NOON + 100).await.unwrap().len(),
            1,
            "{}",
            world.name
        );
        assert_eq!(state.delete_expired(NOON + 100).await.unwrap(), 1, "{}", world.name);
        assert_eq!(state.delete_expired(NOON + 100).await.unwrap(), 0, "{}", world.name);
        // Gone for good, even if the clock is set back.
        clock.store(NOON, Ordering::Relaxed);
        assert!(sessions.load(&Id(1)).await.unwrap().is_none(), "{}", world.name);
        assert!(sessions.load(&Id(2)).await.unwrap().is_some(), "{}", world.name);
    }
}

#[tokio::test]
async fn a_session_is_written_only_when_it_changed() {
    for world in World::all() {
        let state = world.open().await;
        let (sessions, clock) = store(&state);
        let last_seen = async || state.list_sessions("taro", 0).await.unwrap()[0].last_seen;
        let mut session = record(1, Some("taro"), NOON + 1_000);
        sessions.create(&mut session).await.unwrap();
        clock.store(NOON + 30, Ordering::Relaxed);
        session.expiry_date = OffsetDateTime::from_unix_timestamp(NOON + 1_030).unwrap();
        sessions.save(&session).await.unwrap();
        assert_eq!(last_seen().await, NOON, "{}", world.name);

        clock.store(NOON + 70, Ordering::Relaxed);
        session.expiry_date = OffsetDateTime::from_unix_timestamp(NOON + 1_070).unwrap();
        sessions.save(&session).await.unwrap();
        assert_eq!(last_seen().await, NOON + 70, "{}", world.name);

        clock.store(NOON + 71, Ordering::Relaxed);
        session.data.insert("number".into(), 6.into());
        sessions.save(&session).await.unwrap();
        assert_eq!(last_seen().await, NOON + 71, "{}", world.name);
        assert_eq!(
            sessions.load(&Id(1)).await.unwrap(),
            Some(session.clone()),
            "{}",
            world.name
        );

        // An end that comes sooner is never put off.
        session.expiry_date = OffsetDateTime::from_unix_timestamp(NOON + 1_069).unwrap();
        sessions.save(&session).await.unwrap();
        assert_eq!(sessions.load(&Id(1)).await.unwrap(), Some(session), "{}", world.name);
    }
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_brought_back() {
    for world in World::all() {
        let state = world.open().await;
        let (sessions, _) = store(&state);
        let mut session = record(1, Some("taro"), NOON + 100);
        sessions.create(&mut session).await.unwrap();
        sessions
            .create(&mut record(2, Some("hanako"), NOON + 100))
            .await
            .unwrap();
        assert_eq!(state.delete_sessions_of("taro").await.unwrap(), 1, "{}", world.name);
        session.data.insert("number".into(), 6.into());
        sessions.save(&session).await.unwrap();
        assert_eq!(sessions.load(&Id(1)).await.unwrap(), None, "{}", world.name);
        assert!(sessions.load(&Id(2)).await.unwrap().is_some(), "{}", world.name);
    }
}

#[tokio::test]
async fn the_sessions_of_a_person_can_be_listed() {
    for world in World::all() {
        let state = world.open().await;
        let (sessions, clock) = store(&state);
        sessions
            .create(&mut record(1, Some("taro"), NOON + 1_000))
            .await
            .unwrap();
        // The account may be known only later.
        let mut second = record(2, None, NOON + 1_000);
        sessions.create(&mut second).await.unwrap();
        assert_eq!(
            state.list_sessions("taro", NOON).await.unwrap().len(),
            1,
            "{}",
            world.name
        );
        clock.store(NOON + 5, Ordering::Relaxed);
        second = record(2, Some("taro"), NOON + 2_000);
        sessions.save(&second).await.unwrap();
        let listed = state.list_sessions("taro", NOON).await.unwrap();
        let [late, early] = listed.as_slice() else {
            panic!("{listed:?}")
        };
        assert_eq!(
            (late.created, late.last_seen, late.expires),
            (NOON, NOON + 5, NOON + 2_000),
            "{}",
            world.name
        );
        assert_eq!((early.created, early.last_seen), (NOON, NOON), "{}", world.name);
        assert_eq!(late.user_agent.as_deref(), Some("Firefox"), "{}", world.name);
        assert_ne!(late.handle, early.handle, "{}", world.name);
        assert!(!late.handle.contains(&Id(2).to_string()), "{}", world.name);
    }
}

#[tokio::test]
async fn a_session_too_many_ends_the_oldest() {
    for world in World::all() {
        let state = world.open().await;
        let (sessions, clock) = store(&state);
        sessions
            .create(&mut record(999, Some("hanako"), NOON + 1_000))
            .await
            .unwrap();
        for number in 0..i64::from(MOST_SESSIONS) + 2 {
            clock.store(NOON + number, Ordering::Relaxed);
            sessions
                .create(&mut record(number.into(), Some("taro"), NOON + 1_000))
                .await
                .unwrap();
        }
        let listed = state.list_sessions("taro", NOON).await.unwrap();
        assert_eq!(listed.len(), MOST_SESSIONS as usize, "{}", world.name);
        for (id, there) in [(0, false), (1, false), (2, true), (21, true), (999, true)] {
            assert_eq!(
                sessions.load(&Id(id)).await.unwrap().is_some(),
                there,
                "{} {id}",
                world.name
            );
        }
    }
}

#[tokio::test]
async fn a_session_that_ends_is_gone_at_once_though_it_was_just_loaded() {
    for world in World::all() {
        let state = world.open().await;
        let (sessions, _) = store(&state);
        for number in [1, 2] {
            sessions
                .create(&mut record(number, Some("taro"), NOON + 100))
                .await
                .unwrap();
        }
        for number in [1, 2] {
            assert!(sessions.load(&Id(number)).await.unwrap().is_some(), "{}", world.name);
        }
        sessions.delete(&Id(1)).await.unwrap();
        assert_eq!(sessions.load(&Id(1)).await.unwrap(), None, "{}", world.name);
        assert!(sessions.load(&Id(2)).await.unwrap().is_some(), "{}", world.name);
        let mut changed = record(2, Some("taro"), NOON + 100);
        changed.data.insert("number".to_owned(), 6.into());
        sessions.save(&changed).await.unwrap();
        assert_eq!(sessions.load(&Id(2)).await.unwrap(), Some(changed), "{}", world.name);
        state.delete_sessions_of("taro").await.unwrap();
        assert_eq!(sessions.load(&Id(2)).await.unwrap(), None, "{}", world.name);
    }
}
