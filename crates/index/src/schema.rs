use crate::{IndexError, Result};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, raw_sql};

/// The tables of one kind of file of ours.
pub(crate) struct Schema {
    pub(crate) version: i64,
    pub(crate) application: i64,
    pub(crate) sql: &'static str,
}

/// An account's index.
pub(crate) const INDEX: Schema = Schema {
    version: VERSION,
    // "fumi": the file is ours.
    application: 0x6675_6d69,
    sql: include_str!("schema.sql"),
};

/// Raised with every change of `schema.sql`.
pub(crate) const VERSION: i64 = 7;

/// Makes the tables in an empty file, and says whether it was one. A file of another version counts as damaged.
pub(crate) async fn ensure(connection: &mut SqliteConnection, schema: &Schema) -> Result<bool> {
    if made(connection, schema).await? {
        return Ok(false);
    }
    // Another process may be at it: look again once the file is ours alone.
    raw_sql("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let done = match made(connection, schema).await {
        Ok(false) => make(connection, schema).await.map(|()| true),
        Ok(true) => Ok(false),
        Err(error) => Err(error),
    };
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    raw_sql(end).execute(&mut *connection).await?;
    done
}

async fn make(connection: &mut SqliteConnection, schema: &Schema) -> Result<()> {
    let Schema {
        version,
        application,
        sql,
    } = schema;
    let marks = format!("PRAGMA user_version = {version}; PRAGMA application_id = {application};");
    raw_sql(*sql).execute(&mut *connection).await?;
    raw_sql(AssertSqlSafe(marks)).execute(&mut *connection).await?;
    Ok(())
}

async fn made(connection: &mut SqliteConnection, schema: &Schema) -> Result<bool> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM sqlite_schema), (SELECT user_version FROM pragma_user_version), \
         (SELECT application_id FROM pragma_application_id)",
    )
    .fetch_one(&mut *connection)
    .await?;
    let (tables, version, application): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    if tables == 0 && version == 0 {
        return Ok(false);
    }
    if version == schema.version && application == schema.application {
        return Ok(true);
    }
    Err(IndexError::Damaged(format!(
        "schema {version} of application {application:x}"
    )))
}

/// SQLite before 3.51.3 may damage a file when its log is reset while another connection reads.
pub(crate) async fn check_sqlite(connection: &mut SqliteConnection) -> Result<()> {
    let version: String = sqlx::query("SELECT sqlite_version()")
        .fetch_one(connection)
        .await?
        .try_get(0)?;
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() < [3, 51, 3].as_slice() {
        Err(IndexError::OldSqlite(version))
    } else {
        Ok(())
    }
}
