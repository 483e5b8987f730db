//! What is true of the SQLite backend alone: the file, its form, and what a killed process leaves behind.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use state::{SESSION_ACCOUNT, Sessions, State, StateError};
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use time::OffsetDateTime;
use tower_sessions_core::{
    session::{Id, Record},
    session_store::SessionStore,
};

const NOON: i64 = 1_700_000_000;

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// The form of the file stands at byte 60, whose it is at 68 (SQLite file format §1.3).
fn overwrite(path: &Path, at: u64, value: u32) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&value.to_be_bytes()).unwrap();
}

#[tokio::test]
async fn nobody_else_may_read_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data/state.sqlite");
    State::migrate(&path).await.unwrap();
    let state = State::open(&path).await.unwrap();
    state.id_key(|| [1; 32]).await.unwrap();
    assert_eq!(
        fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777,
        0o700
    );
    for suffix in ["", "-wal", "-shm"] {
        let mode = fs::metadata(beside(&path, suffix)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{suffix}");
    }
}

#[tokio::test]
async fn a_database_of_no_or_another_form_is_not_opened() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.sqlite");
    assert!(matches!(State::open(&path).await, Err(StateError::Absent(_))));
    assert!(!path.exists());
    fs::write(&path, b"").unwrap();
    assert!(matches!(State::open(&path).await, Err(StateError::Absent(_))));

    State::migrate(&path).await.unwrap();
    let state = State::open(&path).await.unwrap();
    state.id_key(|| [1; 32]).await.unwrap();
    state.close().await;
    overwrite(&path, 60, 999);
    assert!(matches!(
        State::open(&path).await,
        Err(StateError::Unknown { found: 999, .. })
    ));
    assert!(matches!(
        State::migrate(&path).await,
        Err(StateError::Unknown { found: 999, .. })
    ));
    overwrite(&path, 60, 5);
    overwrite(&path, 68, 7);
    assert!(matches!(State::open(&path).await, Err(StateError::Unknown { .. })));
    overwrite(&path, 68, 0x6675_6d53);
    let state = State::open(&path).await.unwrap();
    assert_eq!(state.id_key(|| [2; 32]).await.unwrap(), [1; 32]);
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.sqlite");
    for key in 1..4 {
        State::migrate(&path).await.unwrap();
        let state = State::open(&path).await.unwrap();
        assert_eq!(state.id_key(|| [key; 32]).await.unwrap(), [1; 32]);
        state.close().await;
    }
}

/// The files as they are at this moment are what a killed process leaves behind.
#[tokio::test]
async fn a_killed_process_loses_nothing_that_was_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.sqlite");
    State::migrate(&path).await.unwrap();
    let state = State::open(&path).await.unwrap();
    state.mark_opened("taro", b"", "message", 1).await.unwrap();
    let copy = directory.path().join("copy.sqlite");
    for suffix in ["", "-wal"] {
        fs::copy(beside(&path, suffix), beside(&copy, suffix)).unwrap();
    }
    assert_eq!(State::open(&copy).await.unwrap().opened("taro").await.unwrap().len(), 1);
}

/// Unlike an index, it is never set aside: what is in it cannot be found again.
#[tokio::test]
async fn what_is_no_database_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.sqlite");
    let content = b"No database at all, but longer than the header of one: ".repeat(20);
    fs::write(&path, &content).unwrap();
    assert!(matches!(State::open(&path).await, Err(StateError::Database(_))));
    assert!(matches!(State::migrate(&path).await, Err(StateError::Database(_))));
    assert_eq!(fs::read(&path).unwrap(), content);
}

/// Refuses every change of a session, or no longer: what a full disk does.
async fn refuse_writes(path: &Path, refuse: bool) {
    let mut database = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    for change in ["INSERT", "UPDATE", "DELETE"] {
        let sql = if refuse {
            format!("CREATE TRIGGER no_{change} BEFORE {change} ON session BEGIN SELECT RAISE(ABORT, 'full'); END")
        } else {
            format!("DROP TRIGGER no_{change}")
        };
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
    }
    database.close().await.unwrap();
}

async fn with_session(path: &Path) -> (State, Sessions, Record) {
    State::migrate(path).await.unwrap();
    let state = State::open(path).await.unwrap();
    let sessions = state.sessions(|| NOON);
    let mut record = Record {
        id: Id(1),
        data: [(SESSION_ACCOUNT.to_owned(), "taro".into())].into(),
        expiry_date: OffsetDateTime::from_unix_timestamp(NOON + 100).unwrap(),
    };
    sessions.create(&mut record).await.unwrap();
    (state, sessions, record)
}

#[tokio::test]
async fn a_session_ends_although_the_disk_is_full_and_leaves_the_file_when_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.sqlite");
    let (state, sessions, record) = with_session(&path).await;
    refuse_writes(&path, true).await;
    sessions.delete(&record.id).await.unwrap();
    assert_eq!(sessions.load(&record.id).await.unwrap(), None);
    assert!(state.list_sessions("taro", NOON).await.unwrap().is_empty());
    assert!(state.delete_expired(NOON).await.is_err(), "still full");
    assert_eq!(sessions.load(&record.id).await.unwrap(), None);
    refuse_writes(&path, false).await;
    // The next change that can be written takes it along.
    let mut other = record.clone();
    other.id = Id(2);
    other.data = [(SESSION_ACCOUNT.to_owned(), "hanako".into())].into();
    sessions.create(&mut other).await.unwrap();
    state.close().await;
    let restarted = State::open(&path).await.unwrap();
    assert!(restarted.list_sessions("taro", NOON).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_that_ended_on_a_full_disk_leaves_the_file_when_the_process_stops() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.sqlite");
    let (state, sessions, record) = with_session(&path).await;
    refuse_writes(&path, true).await;
    sessions.delete(&record.id).await.unwrap();
    refuse_writes(&path, false).await;
    state.close().await;
    let restarted = State::open(&path).await.unwrap();
    assert!(restarted.list_sessions("taro", NOON).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_that_cannot_be_prolonged_goes_on_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.sqlite");
    let (_state, sessions, record) = with_session(&path).await;
    refuse_writes(&path, true).await;
    let mut later = record.clone();
    later.data.insert("seen".to_owned(), NOON.into());
    sessions.save(&later).await.unwrap();
    assert_eq!(sessions.load(&record.id).await.unwrap(), Some(record));
    assert!(sessions.create(&mut later).await.is_err(), "a new one must be kept");
}

/// As the version before left it.
#[tokio::test]
async fn what_older_forms_held_is_there_after_migrating() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.sqlite");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut database = options.connect().await.unwrap();
    for sql in [
        include_str!("../src/sqlite/0001_first.sql"),
        include_str!("../src/sqlite/0002_sign_in.sql"),
        include_str!("../src/sqlite/0003_owners.sql"),
        "INSERT INTO opened VALUES ('taro', 'message', x'', 5); INSERT INTO owner VALUES ('taro', 1000);
         INSERT INTO preference VALUES ('taro', 'lang', 'en'); INSERT INTO pin VALUES ('i', 's', 'taro', 1);
         INSERT INTO audit (at, event, detail) VALUES (1, 'sign-in', '')",
        "PRAGMA application_id = 0x66756d53; PRAGMA user_version = 3",
    ] {
        sqlx::raw_sql(sql).execute(&mut database).await.unwrap();
    }
    database.close().await.unwrap();
    assert!(matches!(
        State::open(&path).await,
        Err(StateError::Older { found: 3, needed: 5 })
    ));
    State::migrate(&path).await.unwrap();
    let state = State::open(&path).await.unwrap();
    assert_eq!(state.opened("taro").await.unwrap().len(), 1);
    assert_eq!(state.owners().await.unwrap(), [("taro".to_owned(), 1000)]);
    assert_eq!(state.preference("taro", "lang").await.unwrap().as_deref(), Some("en"));
    assert_eq!(
        state.pin("i", "other", "taro", 2).await.unwrap(),
        state::Pinned::ToAnother
    );
    assert_eq!(state.audit(9).await.unwrap().len(), 1);
    assert!(state.incidents(0).await.unwrap().is_empty());
    assert!(state.days(0).await.unwrap().is_empty());
    assert!(state.drills(0).await.unwrap().is_empty());
}
