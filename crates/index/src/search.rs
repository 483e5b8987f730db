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
}

/// What is found, [`MOST`] at most: of a moment, to be read part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// Newest first.
    messages: Vec<i64>,
    /// How many of them each mailbox has, by its row.
    pub mailboxes: BTreeMap<i64, u32>,
    /// There are older ones that are not counted.
    pub more: bool,
}

impl Matches {
    /// How many there are.
    pub fn total(&self) -> u32 {
        u32::try_from(self.messages.len()).unwrap_or(MOST)
    }
}

impl Index {
    /// Looks messages up by their headers. A header that has not been read yet is not found.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn matches(&self, query: &SearchQuery) -> Result<Matches> {
        self.noting_damage(self.try_matches(query).await)
    }

    /// Part of what was found, as it is now: newest first, each with the row of its mailbox.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn found(&self, matches: &Matches, offset: u32, limit: u32) -> Result<Vec<(i64, MessageRow)>> {
        let part = matches.messages.iter().skip(offset as usize).take(limit as usize);
        let part: Vec<&i64> = part.collect();
        let columns = row::COLUMNS;
        let statement = format!(
            "SELECT json_group_array(json_array(mailbox, {columns}) ORDER BY date DESC, id DESC) FROM message \
             WHERE id IN (SELECT value FROM json_each(?1)) AND gone IS NULL"
        );
        let outcome = async {
            let rows = sqlx::query(AssertSqlSafe(statement)).bind(format!("{part:?}"));
            let rows = rows.fetch_one(self.readers()).await?;
            let rows: Vec<(i64, row::Columns)> = columns::read(rows.try_get(0)?)?;
            Ok(rows.into_iter().map(|(mailbox, row)| (mailbox, row.into())).collect())
        };
        self.noting_damage(outcome.await)
    }

    async fn try_matches(&self, query: &SearchQuery) -> Result<Matches> {
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

/// The pieces may stand in the header apart from one another: the text decides.
fn has_all(header: &str, words: &[String]) -> bool {
    let has_all = |header: &str| words.iter().all(|word| header.contains(word));
    has_all(header) || has_all(&tokens::folded(header))
}
