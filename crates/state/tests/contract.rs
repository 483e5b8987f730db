//! What every database behind the state must do.

use state::{Opened, SessionRow, State, StateError};
use std::path::PathBuf;
use tempfile::TempDir;

struct Place {
    _dir: TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data/state.sqlite");
    Place { _dir: dir, path }
}

fn session(number: u8, account: &str, seen: i64) -> SessionRow {
    SessionRow {
        id: [number; 16],
        account: Some(account.to_owned()),
        data: vec![number],
        created: 1,
        seen,
        expires: 1_000,
    }
}

#[tokio::test]
async fn the_key_is_made_once_and_survives() {
    let place = place();
    let state = State::open(&place.path).await.unwrap();
    assert_eq!(state.id_key([1; 32]).await.unwrap(), [1; 32]);
    assert_eq!(state.id_key([2; 32]).await.unwrap(), [1; 32]);
    state.close().await;
    let state = State::open(&place.path).await.unwrap();
    assert_eq!(state.id_key([3; 32]).await.unwrap(), [1; 32]);
}

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_at_its_time() {
    let place = place();
    let state = State::open(&place.path).await.unwrap();
    let mut row = session(1, "tanaka", 5);
    assert!(state.create_session(&row).await.unwrap());
    state.close().await;

    let state = State::open(&place.path).await.unwrap();
    assert_eq!(state.load_session(&row.id, 999).await.unwrap(), Some(row.clone()));
    assert_eq!(state.load_session(&row.id, 1_000).await.unwrap(), None);
    row.expires = 2_000;
    row.data = vec![9];
    state
        .save_session(&SessionRow {
            created: 77,
            ..row.clone()
        })
        .await
        .unwrap();
    assert_eq!(
        state.load_session(&row.id, 1_500).await.unwrap(),
        Some(row.clone()),
        "created stays"
    );
    assert_eq!(state.delete_expired_sessions(1_999).await.unwrap(), 0);
    assert_eq!(state.delete_expired_sessions(2_000).await.unwrap(), 1);
    state.delete_session(&row.id).await.unwrap();
}

#[tokio::test]
async fn an_id_that_exists_is_not_taken_over() {
    let place = place();
    let state = State::open(&place.path).await.unwrap();
    assert!(state.create_session(&session(1, "tanaka", 5)).await.unwrap());
    assert!(!state.create_session(&session(1, "sato", 5)).await.unwrap());
    let kept = state.load_session(&[1; 16], 0).await.unwrap().unwrap();
    assert_eq!(kept.account.as_deref(), Some("tanaka"));
}

#[tokio::test]
async fn a_person_has_at_most_twenty_sessions() {
    let place = place();
    let state = State::open(&place.path).await.unwrap();
    state.create_session(&session(200, "sato", 0)).await.unwrap();
    for number in 0..25 {
        assert!(
            state
                .create_session(&session(number, "tanaka", i64::from(number)))
                .await
                .unwrap()
        );
    }
    let sessions = state.sessions_of("tanaka", 0).await.unwrap();
    assert_eq!(sessions.len(), 20);
    assert_eq!((sessions[0].id, sessions[19].id), ([24; 16], [5; 16]));
    assert_eq!(state.sessions_of("sato", 0).await.unwrap().len(), 1);
    assert_eq!(state.delete_sessions_of("tanaka").await.unwrap(), 20);
    assert_eq!(state.sessions_of("sato", 0).await.unwrap().len(), 1);
}

#[tokio::test]
async fn sessions_without_an_account_are_not_each_others() {
    let place = place();
    let state = State::open(&place.path).await.unwrap();
    for number in 0..30 {
        let row = SessionRow {
            account: None,
            ..session(number, "", 1)
        };
        assert!(state.create_session(&row).await.unwrap());
    }
    assert!(state.load_session(&[0; 16], 0).await.unwrap().is_some());
}

#[tokio::test]
async fn what_was_opened_here_is_remembered_once() {
    let place = place();
    let state = State::open(&place.path).await.unwrap();
    state.mark_opened("tanaka", b".A", "m1", 10).await.unwrap();
    state.mark_opened("tanaka", b".B", "m1", 20).await.unwrap();
    state.mark_opened("sato", b".A", "m2", 30).await.unwrap();
    let opened = Opened {
        mailbox: b".B".to_vec(),
        message: "m1".into(),
        at: 10,
    };
    assert_eq!(state.opened("tanaka").await.unwrap(), [opened]);
    state.unmark_opened("tanaka", "m1").await.unwrap();
    state.unmark_opened("tanaka", "m1").await.unwrap();
    assert!(state.opened("tanaka").await.unwrap().is_empty());
    assert_eq!(state.opened("sato").await.unwrap().len(), 1);
}

#[tokio::test]
async fn preferences_are_kept_apart_by_account() {
    let place = place();
    let state = State::open(&place.path).await.unwrap();
    state.set_preference("tanaka", "lang", Some("ja")).await.unwrap();
    state.set_preference("tanaka", "lang", Some("en")).await.unwrap();
    assert_eq!(state.preference("tanaka", "lang").await.unwrap().as_deref(), Some("en"));
    assert_eq!(state.preference("sato", "lang").await.unwrap(), None);
    state.set_preference("tanaka", "lang", None).await.unwrap();
    assert_eq!(state.preference("tanaka", "lang").await.unwrap(), None);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let place = place();
    State::open(&place.path).await.unwrap().close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&place.path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::raw_sql("PRAGMA user_version = 99").execute(&pool).await.unwrap();
    pool.close().await;
    for opened in [
        State::open(&place.path).await,
        State::open_and_migrate(&place.path).await,
    ] {
        assert!(
            matches!(opened, Err(StateError::UnknownSchema { found: 99, .. })),
            "{opened:?}"
        );
    }
}
