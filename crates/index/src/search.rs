//! Messages by what their headers say: sender, recipients, subject. Any part of a word is found.

mod beside;
pub(crate) mod tokens;

use crate::{Index, MessageRow, Result, columns, row};
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeMap;

pub use beside::Address;

/// Results at most, the newest; who finds more must say more.
pub const MOST: u32 = 1_000;

/// Headers that are looked into at most, the newest: words whose pieces nearly all messages have, and few together.
const LOOKED_INTO: u32 = 20_000;

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
    /// How many of them each mailbox has, by its row.
    pub mailboxes: Vec<(i64, u32)>,
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
        let Matches {
            messages,
            mailboxes,
            more,
        } = self.matches(query).await?;
        let page = messages.iter().skip(query.offset as usize).take(query.limit as usize);
        let page: Vec<String> = page.map(i64::to_string).collect();
        let (columns, ids) = (row::COLUMNS, page.join(", "));
        let statement = format!(
            "SELECT json_group_array(json_array(mailbox, {columns}) ORDER BY date DESC, id DESC) FROM message \
             WHERE id IN ({ids}) AND gone IS NULL"
        );
        let rows = sqlx::query(AssertSqlSafe(statement)).persistent(false);
        let rows = rows.fetch_one(self.readers()).await?;
        let rows: Vec<(i64, row::Columns)> = columns::read(rows.try_get(0)?)?;
        Ok(Found {
            rows: rows.into_iter().map(|(mailbox, row)| (mailbox, row.into())).collect(),
            total: u32::try_from(messages.len()).unwrap_or(MOST),
            mailboxes: mailboxes.into_iter().collect(),
            more,
        })
    }

    /// Everything that is found, [`MOST`] at most.
    async fn matches(&self, query: &SearchQuery) -> Result<Matches> {
        let text = tokens::folded(&query.text);
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let mut found = Matches::default();
        let Some(wanted) = tokens::wanted(&words) else {
            return Ok(found);
        };
        // Nearly always the newest are enough; the rest is for words whose pieces many have and few have together.
        for (offset, limit) in [(0, MOST + 1), (MOST + 1, LOOKED_INTO - MOST - 1)] {
            let candidates = self.candidates(query, &wanted, offset, limit).await?;
            found.more = candidates.len() >= limit as usize;
            for (message, mailbox, header) in candidates {
                if found.messages.len() == MOST as usize {
                    found.more = true;
                    break;
                }
                if wanted.decides || has_all(&header, &words) {
                    found.messages.push(message);
                    *found.mailboxes.entry(mailbox).or_default() += 1;
                }
            }
            if !found.more || found.messages.len() == MOST as usize {
                break;
            }
        }
        Ok(found)
    }

    /// Messages, newest first, that have all the pieces, with their mailboxes and, unless that decides, their headers.
    async fn candidates(
        &self,
        query: &SearchQuery,
        wanted: &tokens::Wanted,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<(i64, i64, String)>> {
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
            "SELECT json_group_array(json_array(id, mailbox, {header}) ORDER BY date DESC, id DESC) FROM message WHERE id IN (\
             SELECT m.id FROM search CROSS JOIN message m ON m.id = search.rowid WHERE search MATCH ?1 AND m.gone IS NULL{within} \
             ORDER BY m.date DESC, m.id DESC LIMIT {limit} OFFSET {offset})"
        );
        let candidates = sqlx::query(AssertSqlSafe(statement))
            .bind(&wanted.terms)
            .bind(query.mailbox);
        columns::read(candidates.fetch_one(self.readers()).await?.try_get(0)?)
    }
}

/// What is found.
#[derive(Default)]
struct Matches {
    /// Newest first.
    messages: Vec<i64>,
    /// How many each mailbox has.
    mailboxes: BTreeMap<i64, u32>,
    /// There are more.
    more: bool,
}

/// The pieces may stand in the header apart from one another: the text decides.
fn has_all(header: &str, words: &[String]) -> bool {
    let has_all = |header: &str| words.iter().all(|word| header.contains(word));
    has_all(header) || has_all(&tokens::folded(header))
}
