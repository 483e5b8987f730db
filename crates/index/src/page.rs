use crate::{
    Index, IndexError, Neighbours, Page, PageQuery, Sort,
    message::{COLUMNS, message},
};
use sqlx::Row;

impl Index {
    /// A page of a mailbox. The first pages by date are a range read; others cost what SQLite's sorter does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(&self, mailbox: i64, query: &PageQuery) -> Result<Page, IndexError> {
        let mut read = self.readers.begin().await?;
        let counts = sqlx::query("SELECT total, unread FROM mailbox WHERE id = ?")
            .bind(mailbox)
            .fetch_optional(&mut *read)
            .await?;
        let Some(counts) = counts else {
            return Ok(Page::default());
        };
        let total = u64::try_from(counts.try_get::<i64, _>(0)?).unwrap_or(0);
        let unread = u64::try_from(counts.try_get::<i64, _>(1)?).unwrap_or(0);
        let filter = filter(query);
        let order = order(query, false);
        let sql = format!("SELECT {COLUMNS} FROM message WHERE mailbox = ?{filter} ORDER BY {order} LIMIT ? OFFSET ?");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(mailbox)
            .bind(query.limit)
            .bind(query.offset)
            .fetch_all(&mut *read)
            .await?;
        let rows = rows.iter().map(message).collect::<Result<_, _>>()?;
        Ok(Page {
            rows,
            total,
            unread,
            matching: if query.unread_only { unread } else { total },
        })
    }

    /// What stands before and after a message in the order of [`Index::page`]; the message itself may have fallen out of the
    /// filter meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn neighbours(&self, mailbox: i64, public_id: &str, query: &PageQuery) -> Result<Neighbours, IndexError> {
        Ok(Neighbours {
            previous: self.neighbour(mailbox, public_id, query, true).await?,
            next: self.neighbour(mailbox, public_id, query, false).await?,
        })
    }

    async fn neighbour(
        &self,
        mailbox: i64,
        public_id: &str,
        query: &PageQuery,
        before: bool,
    ) -> Result<Option<String>, IndexError> {
        let filter = filter(query);
        let order = order(query, before);
        let beyond = beyond(query, before);
        let sql = format!(
            "SELECT m.public_id FROM message AS m, (SELECT * FROM message WHERE public_id = ?1 AND mailbox = ?2) AS here
             WHERE m.mailbox = ?2{} AND ({beyond}) ORDER BY {} LIMIT 1",
            filter.replace("unread", "m.unread"),
            order.split(", ").map(|term| format!("m.{term}")).collect::<Vec<_>>().join(", "),
        );
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(public_id)
            .bind(mailbox)
            .fetch_optional(&self.readers)
            .await?)
    }
}

fn filter(query: &PageQuery) -> &'static str {
    if query.unread_only { " AND unread = 1" } else { "" }
}

/// The column a list is sorted by, if it is not the date.
fn key(sort: Sort) -> Option<&'static str> {
    match sort {
        Sort::Date => None,
        Sort::From => Some("from_key"),
        Sort::Subject => Some("subject_key"),
        Sort::Size => Some("size"),
    }
}

/// Whether the date runs downwards: with another key ties are newest first whatever the direction.
fn newest_first(query: &PageQuery) -> bool {
    query.sort != Sort::Date || query.descending
}

fn order(query: &PageQuery, reversed: bool) -> String {
    let word = |descending: bool| if descending != reversed { "DESC" } else { "ASC" };
    let date = word(newest_first(query));
    match key(query.sort) {
        None => format!("date {date}, id {date}"),
        Some(key) => format!("{key} {}, date {date}, id {date}", word(query.descending)),
    }
}

/// The condition for standing after `here` in that order, or before it.
fn beyond(query: &PageQuery, before: bool) -> String {
    let sign = |descending: bool| if descending != before { "<" } else { ">" };
    let date = sign(newest_first(query));
    let by_date = format!("(m.date, m.id) {date} (here.date, here.id)");
    match key(query.sort) {
        None => by_date,
        Some(key) => {
            let by_key = sign(query.descending);
            format!("m.{key} {by_key} here.{key} OR (m.{key} IS here.{key} AND {by_date})")
        }
    }
}
