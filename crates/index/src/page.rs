use crate::{
    Index, MailboxRow, MessageRow, PageQuery, Result, Sort, columns,
    mailboxes::{self, mailbox_row},
    order::order_by,
    row,
};
use sqlx::{AssertSqlSafe, Row, Sqlite, query::Query, sqlite::SqliteArguments};

/// Part of a list, and how long the list is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The mailbox, of the same moment.
    pub mailbox: Option<MailboxRow>,
    /// The rows.
    pub rows: Vec<MessageRow>,
    /// Messages of the list.
    pub matching: u64,
}

/// Part of a list of the mailbox whose row that expression of `?1` gives. Rows before the page, or behind it where they are fewer,
/// are passed over in the index alone.
fn page_statement(mailbox: &str, query: &PageQuery, indexed: bool) -> AssertSqlSafe<String> {
    let (order, reverse) = (
        order_by(query.terms(), query.descending),
        order_by(query.terms(), !query.descending),
    );
    let (source, mailboxes, messages) = (query.source(mailbox, indexed), mailboxes::COLUMNS, row::COLUMNS);
    let counted = if query.unread_only { "unread" } else { "total" };
    let all = format!("(SELECT {counted} FROM mailbox WHERE id = {mailbox})");
    let in_first_half = format!("?3 * 2 <= {all}");
    AssertSqlSafe(format!(
        "SELECT {mailboxes}, (SELECT json_group_array({messages} {order}) FROM message WHERE id IN (\
         SELECT id FROM (SELECT id FROM {source} {order} LIMIT iif({in_first_half}, ?2, 0) OFFSET ?3) UNION ALL \
         SELECT id FROM (SELECT id FROM {source} {reverse} LIMIT iif({in_first_half}, 0, max(0, min(?2, {all} - ?3))) \
         OFFSET max(0, {all} - ?3 - ?2)))) FROM mailbox WHERE id = {mailbox}"
    ))
}

impl Index {
    /// Part of the list of a mailbox, with the counts of the same moment. Of a mailbox that is not there, nothing.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn page(&self, mailbox: i64, query: &PageQuery) -> Result<Page> {
        let mut indexed = self.serves(query).await;
        loop {
            let statement = sqlx::query(page_statement("?1", query, indexed)).bind(mailbox);
            match self.read_page(statement, query).await {
                Err(error) if indexed && self.lacks(query, &error) => indexed = false,
                outcome => return self.noting_damage(outcome),
            }
        }
    }

    /// The same of the mailbox with that id in URLs.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn page_of(&self, mailbox: &str, query: &PageQuery) -> Result<Page> {
        let row = "(SELECT id FROM mailbox WHERE public_id = ?1)";
        let mut indexed = self.serves(query).await;
        loop {
            let statement = sqlx::query(page_statement(row, query, indexed)).bind(mailbox);
            match self.read_page(statement, query).await {
                Err(error) if indexed && self.lacks(query, &error) => indexed = false,
                outcome => return self.noting_damage(outcome),
            }
        }
    }

    async fn read_page(&self, statement: Query<'_, Sqlite, SqliteArguments>, query: &PageQuery) -> Result<Page> {
        let statement = statement.bind(query.limit).bind(query.offset);
        let found = statement.fetch_optional(self.readers()).await?;
        let (Some(found), Some(mailbox)) = (&found, mailbox_row(found.as_ref())?) else {
            return Ok(Page::default());
        };
        let rows: Vec<row::Columns> = columns::read(found.try_get(1)?)?;
        Ok(Page {
            rows: rows.into_iter().map(MessageRow::from).collect(),
            matching: if query.unread_only {
                mailbox.unread
            } else {
                mailbox.total
            },
            mailbox: Some(mailbox),
        })
    }

    /// How many messages stand before that moment in a list by date: those of it and after in one that descends, else those
    /// before it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn before(&self, mailbox: i64, query: &PageQuery, moment: i64) -> Result<u64> {
        let by_date = PageQuery {
            sort: Sort::Date,
            ..*query
        };
        let (source, side) = (by_date.source("?1", true), if query.descending { ">=" } else { "<" });
        let statement = format!("SELECT count(*) FROM {source} AND date {side} ?2");
        let count = sqlx::query(AssertSqlSafe(statement)).bind(mailbox).bind(moment);
        let count = count.fetch_one(self.readers()).await;
        self.noting_damage(
            count
                .map_err(Into::into)
                .and_then(|row| Ok(row.try_get::<i64, _>(0)?.unsigned_abs())),
        )
    }

    /// Messages of a mailbox by their dates, the oldest first, from that place in the order on: a date, and the row of the last one that
    /// came before. However far on the place is, it costs the same, and what arrives meanwhile moves nothing.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn after(&self, mailbox: i64, (date, row): (i64, i64), limit: u32) -> Result<Vec<MessageRow>> {
        let columns = row::COLUMNS;
        let statement = format!(
            "SELECT json_group_array({columns} ORDER BY date, id) FROM message WHERE id IN (\
             SELECT id FROM message INDEXED BY message_date WHERE mailbox = ?1 AND gone IS NULL AND date >= ?2 AND (date, id) > (?2, ?3) \
             ORDER BY date, id LIMIT ?4)"
        );
        let outcome = async {
            let rows = sqlx::query(AssertSqlSafe(statement)).bind(mailbox).bind(date).bind(row);
            let rows = rows.bind(limit).fetch_one(self.readers()).await?;
            let rows: Vec<row::Columns> = columns::read(rows.try_get(0)?)?;
            Ok(rows.into_iter().map(MessageRow::from).collect())
        };
        self.noting_damage(outcome.await)
    }

    /// The mailbox and the message with those ids in URLs, as far as there are any.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn find(&self, mailbox: &str, message: &str) -> Result<Option<(MailboxRow, Option<MessageRow>)>> {
        let outcome = async {
            let (mailboxes, messages) = (mailboxes::COLUMNS, row::COLUMNS);
            let statement = format!(
                "SELECT {mailboxes}, (SELECT {messages} FROM message INDEXED BY message_name \
                 WHERE mailbox = b.id AND public_id = ?2 AND gone IS NULL) FROM mailbox b WHERE public_id = ?1"
            );
            let found = sqlx::query(AssertSqlSafe(statement)).bind(mailbox).bind(message);
            let found = found.fetch_optional(self.readers()).await?;
            let (Some(found), Some(mailbox)) = (&found, mailbox_row(found.as_ref())?) else {
                return Ok(None);
            };
            let message: Option<&str> = found.try_get(1)?;
            let message = message.map(columns::read::<row::Columns>).transpose()?;
            Ok(Some((mailbox, message.map(MessageRow::from))))
        };
        self.noting_damage(outcome.await)
    }

    /// The mailboxes that have a message with that id in URLs, by their ids in URLs. One that the last listing did not find it
    /// in is not among them: who looks for a message that moved would be sent back.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn locate(&self, message: &str) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT b.public_id FROM mailbox b CROSS JOIN message m INDEXED BY message_name \
             ON m.mailbox = b.id AND m.public_id = ?1 WHERE m.gone IS NULL AND m.missing_since IS NULL ORDER BY b.path",
        );
        let rows = rows.bind(message).fetch_all(self.readers()).await;
        self.noting_damage(
            rows.map_err(Into::into)
                .and_then(|rows| rows.iter().map(|row| Ok(row.try_get(0)?)).collect()),
        )
    }
}
