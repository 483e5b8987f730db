use crate::{Index, PageQuery, Result, order::order_by};
use sqlx::{AssertSqlSafe, Row};

/// What stands beside a message in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The id of the message before it.
    pub previous: Option<String>,
    /// The id of the message after it.
    pub next: Option<String>,
}

impl Index {
    /// What stands beside a message in the list that [`Index::page`] gives, found by its place in the order: as fast in a long
    /// list as in a short one. The message itself need not match the filter: one that has been read since still has its
    /// place among the unread.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn neighbours(&self, mailbox: i64, public_id: &str, query: &PageQuery) -> Result<Neighbours> {
        let mut indexed = self.serves(query).await;
        loop {
            match self.read_neighbours(mailbox, public_id, query, indexed).await {
                Err(error) if indexed && self.lacks(query, &error) => indexed = false,
                outcome => return self.noting_damage(outcome),
            }
        }
    }

    async fn read_neighbours(
        &self,
        mailbox: i64,
        public_id: &str,
        query: &PageQuery,
        indexed: bool,
    ) -> Result<Neighbours> {
        // One statement, so one moment.
        let (before, after) = (
            beside(query, !query.descending, indexed),
            beside(query, query.descending, indexed),
        );
        let statement = format!(
            "WITH here AS MATERIALIZED (SELECT * FROM message INDEXED BY message_name \
             WHERE mailbox = ?1 AND public_id = ?2 AND gone IS NULL) SELECT {before}, {after}"
        );
        let found = sqlx::query(AssertSqlSafe(statement)).bind(mailbox).bind(public_id);
        let found = found.fetch_one(self.readers()).await?;
        Ok(Neighbours {
            previous: found.try_get(0)?,
            next: found.try_get(1)?,
        })
    }
}

/// Goes outwards from `here`: first among those equal in all terms but the last, then in all but the last two, and so on.
/// Each step is a range of the index, of which the first entry is wanted.
fn beside(query: &PageQuery, backwards: bool, indexed: bool) -> String {
    let steps = (0..query.terms().len()).rev().map(|split| {
        let range = range(query, split, backwards, indexed);
        let order = order_by(&query.terms()[split..], backwards);
        format!("SELECT * FROM (SELECT public_id FROM {range} {order} LIMIT 1)")
    });
    let steps: Vec<String> = steps.collect();
    format!("(SELECT public_id FROM ({}) LIMIT 1)", steps.join(" UNION ALL "))
}

/// Messages of the list that are equal to `here` in the terms before `split`, and beyond it in that one.
fn range(query: &PageQuery, split: usize, backwards: bool, indexed: bool) -> String {
    let mut range = query.source("?1", indexed);
    for (at, (expression, rises)) in query.terms().iter().take(split + 1).enumerate() {
        let compared = match at {
            at if at < split => "=",
            _ if *rises == backwards => "<",
            _ => ">",
        };
        range.push_str(&format!(" AND {expression} {compared} (SELECT {expression} FROM here)"));
    }
    range
}
