//! Indexes for orders that few people ask for, each made when somebody first does: until then it costs the file no bytes and
//! the first reading of a mailbox no time.

use crate::{Index, IndexError, PageQuery, Result, Sort};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, raw_sql, sqlite::SqliteConnectOptions};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// Lists sorted without an index before the next try to make one that could not be made.
const PAUSE: u32 = 64;
/// The index is there.
const MADE: u32 = u32::MAX;

/// What is known of these indexes: how many lists to sort before trying to make one, or [`MADE`].
#[derive(Debug)]
pub(crate) struct Asked {
    options: SqliteConnectOptions,
    from: AtomicU32,
    subject: AtomicU32,
    size: AtomicU32,
}

impl Asked {
    /// Nothing is known yet; `options` open the file for writing.
    pub(crate) fn new(options: &SqliteConnectOptions) -> Self {
        Self {
            // Whoever writes is not waited for: sorting takes less.
            options: options.clone().busy_timeout(Duration::ZERO),
            from: AtomicU32::new(0),
            subject: AtomicU32::new(0),
            size: AtomicU32::new(0),
        }
    }

    fn of(&self, sort: Sort) -> Option<&AtomicU32> {
        match sort {
            Sort::Date => None,
            Sort::From => Some(&self.from),
            Sort::Subject => Some(&self.subject),
            Sort::Size => Some(&self.size),
        }
    }
}

impl Index {
    /// Whether there is an index for that list; makes it if there is none. Where it cannot be made (another writes, the disk
    /// is full) the list has to be sorted. Another process may have made it, or make it at once: SQLite sees to that.
    pub(crate) async fn serves(&self, query: &PageQuery) -> bool {
        let Some(state) = self.asked().of(query.sort).filter(|_| !query.unread_only) else {
            return true;
        };
        match state.load(Ordering::Acquire) {
            MADE => true,
            0 => {
                let (index, sort) = (self.clone(), query.sort);
                // A task of its own: a person who goes away meanwhile does not stop it half-way.
                let making = tokio::spawn(async move { index.make(sort).await });
                making.await.unwrap_or(false)
            }
            // Two at once may count one pause less: no harm.
            pause => {
                state.store(pause - 1, Ordering::Release);
                false
            }
        }
    }

    /// Whether a list could not be read because its index is not there after all: another process has set the file aside and
    /// begun a new one. The list has to be sorted then; the next who asks makes the index anew.
    pub(crate) fn lacks(&self, query: &PageQuery, error: &IndexError) -> bool {
        let lacks = error.is_missing_index();
        if let Some(state) = self.asked().of(query.sort).filter(|_| lacks) {
            state.store(0, Ordering::Release);
        }
        lacks
    }

    async fn make(&self, sort: Sort) -> bool {
        let made = self.noting_damage(self.try_make(sort).await);
        let next = match &made {
            Ok(()) => MADE,
            Err(error) if error.is_busy() => 0,
            Err(_) => PAUSE,
        };
        if let Some(state) = self.asked().of(sort) {
            state.store(next, Ordering::Release);
        }
        made.is_ok()
    }

    async fn try_make(&self, sort: Sort) -> Result<()> {
        // Not the connection that others of this process write with: they go on waiting for the file as long as they may.
        let mut connection = self.asked().options.connect().await?;
        let made = raw_sql(AssertSqlSafe(sort.index_statement()))
            .execute(&mut connection)
            .await;
        connection.close().await?;
        made.map(drop).map_err(IndexError::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::order_by;
    use sqlx::Row;

    async fn plan(index: &Index, query: &PageQuery, indexed: bool) -> String {
        let (source, order) = (query.source("1", indexed), order_by(query.terms(), query.descending));
        let statement = format!("EXPLAIN QUERY PLAN SELECT id FROM {source} {order} LIMIT 50");
        let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(index.readers()).await;
        let steps: Vec<String> = rows.unwrap().iter().map(|row| row.get("detail")).collect();
        steps.join("; ")
    }

    #[tokio::test]
    async fn an_order_is_read_from_its_index_without_sorting() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open(&dir.path().join("index.sqlite")).await.unwrap();
        for (sort, name) in [
            (Sort::Date, "message_date"),
            (Sort::From, "message_from"),
            (Sort::Subject, "message_subject"),
            (Sort::Size, "message_size"),
        ] {
            for descending in [false, true] {
                let query = PageQuery {
                    sort,
                    descending,
                    unread_only: false,
                    offset: 0,
                    limit: 50,
                };
                assert!(plan(&index, &query, false).await.contains("INDEX message_date "));
                assert!(index.serves(&query).await);
                assert_eq!(
                    plan(&index, &query, true).await,
                    format!("SEARCH message USING INDEX {name} (mailbox=?)")
                );
            }
        }
    }

    #[tokio::test]
    async fn one_that_cannot_be_made_is_not_tried_for_each_list() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index.sqlite");
        let index = Index::open(&path).await.unwrap();
        let query = PageQuery {
            sort: Sort::Size,
            descending: false,
            unread_only: false,
            offset: 0,
            limit: 50,
        };
        index
            .page(
                1,
                &PageQuery {
                    sort: Sort::Date,
                    ..query
                },
            )
            .await
            .unwrap();
        let elsewhere = dir.path().join("elsewhere");
        std::fs::rename(&path, &elsewhere).unwrap();
        assert!(!index.serves(&query).await, "no such file any more");
        std::fs::rename(&elsewhere, &path).unwrap();
        for _ in 0..PAUSE {
            assert!(!index.serves(&query).await);
        }
        assert!(index.serves(&query).await);
        index.page(1, &query).await.unwrap();
    }
}
