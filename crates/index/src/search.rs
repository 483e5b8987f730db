//! Messages by what their headers say: sender, recipients, subject. Any part of a word is found.

pub(crate) mod tokens;

use crate::{Index, MessageRow, Result, columns, row};
use sqlx::{AssertSqlSafe, Row};

/// Results at most, the newest; who finds more must say more.
pub const MOST: u32 = 1_000;

/// Messages that are put in order of their dates at most: so much that one letter, which nearly all have, does not take long.
/// Of more these are the ones that the index came to know last, which nearly always are the newest.
const SORTED: u32 = 20_000;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SearchQuery {
    /// What the person typed: words, all of which the header must have.
    pub text: String,
    /// The row of the mailbox that is searched; all of them otherwise.
    pub mailbox: Option<i64>,
    /// Results before the first.
    pub offset: u32,
    /// Results wanted at most.
    pub limit: u32,
}

/// Part of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Newest first, each with the row of its mailbox.
    pub rows: Vec<(i64, MessageRow)>,
    /// How many there are, [`MOST`] at most.
    pub total: u32,
    /// There are older ones that are not counted.
    pub more: bool,
}

impl Index {
    /// Looks messages up by their headers. A header that has not been read yet is not found.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn search(&self, query: &SearchQuery) -> Result<Found> {
        self.noting_damage(self.try_search(query).await)
    }

    async fn try_search(&self, query: &SearchQuery) -> Result<Found> {
        let text = tokens::folded(&query.text);
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let Some(wanted) = tokens::wanted(&words) else {
            return Ok(Found::default());
        };
        let within = if query.mailbox.is_some() {
            " AND m.mailbox = ?2"
        } else {
            ""
        };
        let header = if wanted.decides {
            "''"
        } else {
            "from_name || char(10) || from_address || char(10) || to_line || char(10) || also || char(10) || subject"
        };
        let statement = format!(
            "SELECT json_group_array(json_array(id, {header}) ORDER BY date DESC, id DESC) FROM message WHERE id IN (\
             SELECT id FROM (SELECT m.id, m.date FROM search CROSS JOIN message m ON m.id = search.rowid \
             WHERE search MATCH ?1 AND m.gone IS NULL{within} ORDER BY search.rowid DESC LIMIT {SORTED}) \
             ORDER BY date DESC, id DESC LIMIT {MOST} + 1)"
        );
        let candidates = sqlx::query(AssertSqlSafe(statement))
            .bind(wanted.terms)
            .bind(query.mailbox);
        let candidates = candidates.fetch_one(self.readers()).await?;
        let candidates: Vec<(i64, String)> = columns::read(candidates.try_get(0)?)?;
        let more = candidates.len() > MOST as usize;
        let found: Vec<i64> = candidates
            .into_iter()
            .take(MOST as usize)
            .filter(|(_, header)| wanted.decides || has_all(header, &words))
            .map(|(row, _)| row)
            .collect();
        let total = u32::try_from(found.len()).unwrap_or(MOST);
        let page = found.iter().skip(query.offset as usize).take(query.limit as usize);
        let page: Vec<String> = page.map(i64::to_string).collect();
        let (messages, ids) = (row::COLUMNS, page.join(", "));
        let statement = format!(
            "SELECT json_group_array(json_array(mailbox, {messages}) ORDER BY date DESC, id DESC) FROM message \
             WHERE id IN ({ids}) AND gone IS NULL"
        );
        let rows = sqlx::query(AssertSqlSafe(statement)).persistent(false);
        let rows = rows.fetch_one(self.readers()).await?;
        let rows: Vec<(i64, row::Columns)> = columns::read(rows.try_get(0)?)?;
        Ok(Found {
            rows: rows.into_iter().map(|(mailbox, row)| (mailbox, row.into())).collect(),
            total,
            more,
        })
    }
}

/// The pieces may stand in the header apart from one another: the text decides.
fn has_all(header: &str, words: &[String]) -> bool {
    let has_all = |header: &str| words.iter().all(|word| header.contains(word));
    has_all(header) || has_all(&tokens::folded(header))
}
