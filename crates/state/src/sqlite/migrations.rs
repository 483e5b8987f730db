use crate::{Result, StateError};
use sqlx::{Row, SqliteConnection, raw_sql};
use std::path::Path;

/// Each brings the file from the form before it to its own. A released one is never edited.
const MIGRATIONS: [&str; 5] = [
    include_str!("0001_first.sql"),
    include_str!("0002_sign_in.sql"),
    include_str!("0003_owners.sql"),
    include_str!("0004_status.sql"),
    include_str!("0005_drills.sql"),
];
const NEWEST: i64 = MIGRATIONS.len() as i64;
/// "fumS": the file is ours.
const APPLICATION: i64 = 0x6675_6d53;

/// Brings the file to the newest form, in one transaction.
pub(super) async fn run(connection: &mut SqliteConnection) -> Result<()> {
    raw_sql("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let done = run_inside(connection).await;
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    raw_sql(end).execute(connection).await?;
    done
}

async fn run_inside(connection: &mut SqliteConnection) -> Result<()> {
    let found = form(connection).await?;
    for (form, migration) in (1..).zip(MIGRATIONS) {
        if form > found {
            raw_sql(migration).execute(&mut *connection).await?;
        }
    }
    raw_sql("PRAGMA application_id = 0x66756d53")
        .execute(&mut *connection)
        .await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {NEWEST}")))
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the file has the newest form.
pub(super) async fn check(connection: &mut SqliteConnection, path: &Path) -> Result<()> {
    match form(connection).await? {
        0 => Err(StateError::Absent(path.to_owned())),
        found if found < NEWEST => Err(StateError::Older { found, needed: NEWEST }),
        _ => Ok(()),
    }
}

/// The form of the file, 0 of an empty one.
async fn form(connection: &mut SqliteConnection) -> Result<i64> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM sqlite_schema), (SELECT user_version FROM pragma_user_version), \
         (SELECT application_id FROM pragma_application_id)",
    );
    let row = row.fetch_one(connection).await?;
    let (tables, found, application): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let ours = application == APPLICATION && (1..=NEWEST).contains(&found);
    let empty = tables == 0 && found == 0 && application == 0;
    if ours || empty {
        Ok(found)
    } else {
        Err(StateError::Unknown { found, known: NEWEST })
    }
}
