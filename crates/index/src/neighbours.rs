use crate::{Index, PageQuery, Result, order::order_by};
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

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
        let outcome = async {
            let mut snapshot = self.readers().begin().await?;
            let Some(row) = row_of(&mut snapshot, mailbox, public_id).await? else {
                return Ok(Neighbours::default());
            };
            Ok(Neighbours {
                previous: beside(&mut snapshot, mailbox, row, query, !query.descending).await?,
                next: beside(&mut snapshot, mailbox, row, query, query.descending).await?,
            })
        };
        self.noting_damage(outcome.await)
    }

    /// How many messages stand before that one in the list: its place, counting from 0. This one counts along an index, so it
    /// takes longer in a longer list. `None` if the mailbox does not have the message.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn position(&self, mailbox: i64, public_id: &str, query: &PageQuery) -> Result<Option<u64>> {
        let outcome = async {
            let mut snapshot = self.readers().begin().await?;
            let Some(row) = row_of(&mut snapshot, mailbox, public_id).await? else {
                return Ok(None);
            };
            let mut before = 0;
            for split in 0..query.terms().len() {
                let range = range(query, split, !query.descending);
                let statement = format!("SELECT count(*) FROM {range}");
                let count = sqlx::query(AssertSqlSafe(statement)).bind(mailbox).bind(row);
                before += count
                    .fetch_one(&mut *snapshot)
                    .await?
                    .try_get::<i64, _>(0)?
                    .unsigned_abs();
            }
            Ok(Some(before))
        };
        self.noting_damage(outcome.await)
    }
}

async fn row_of(connection: &mut SqliteConnection, mailbox: i64, public_id: &str) -> Result<Option<i64>> {
    let row = sqlx::query("SELECT id FROM message WHERE mailbox = ?1 AND public_id = ?2 AND gone IS NULL");
    let row = row.bind(mailbox).bind(public_id).fetch_optional(connection).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Goes outwards from the row: first among those equal in all terms but the last, then in all but the last two, and so on.
/// Each step is a range of the index, of which the first entry is wanted.
async fn beside(
    connection: &mut SqliteConnection,
    mailbox: i64,
    row: i64,
    query: &PageQuery,
    backwards: bool,
) -> Result<Option<String>> {
    for split in (0..query.terms().len()).rev() {
        let range = range(query, split, backwards);
        let order = order_by(&query.terms()[split..], backwards);
        let statement = format!("SELECT public_id FROM {range} {order} LIMIT 1");
        let found = sqlx::query(AssertSqlSafe(statement)).bind(mailbox).bind(row);
        if let Some(found) = found.fetch_optional(&mut *connection).await? {
            return Ok(Some(found.try_get(0)?));
        }
    }
    Ok(None)
}

/// Messages of the list that are equal to row `?2` in the terms before `split`, and beyond it in that one.
fn range(query: &PageQuery, split: usize, backwards: bool) -> String {
    let mut range = query.source().to_owned();
    for (at, (expression, rises)) in query.terms().iter().take(split + 1).enumerate() {
        let compared = match at {
            at if at < split => "=",
            _ if *rises == backwards => "<",
            _ => ">",
        };
        range.push_str(&format!(
            " AND {expression} {compared} (SELECT {expression} FROM message WHERE id = ?2)"
        ));
    }
    range
}
