use crate::{
    Index, MessageRow, PageQuery, Result,
    order::order_by,
    row::{COLUMNS, message_row},
};
use sqlx::{AssertSqlSafe, Row};

/// Part of a list, and how long the list is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<MessageRow>,
    /// Messages of the mailbox.
    pub total: u64,
    /// Of these, unread.
    pub unread: u64,
    /// Messages of the list.
    pub matching: u64,
}

impl Index {
    /// Part of the list of a mailbox, with the counts of the same moment. Of a mailbox that is not there, nothing.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn page(&self, mailbox: i64, query: &PageQuery) -> Result<Page> {
        self.noting_damage(self.try_page(mailbox, query).await)
    }

    async fn try_page(&self, mailbox: i64, query: &PageQuery) -> Result<Page> {
        let order = order_by(query.terms(), query.descending);
        let source = query.source();
        // Rows before the page are passed over in the index alone.
        let statement = format!(
            "WITH p AS MATERIALIZED (SELECT id AS row FROM {source} {order} LIMIT ?2 OFFSET ?3) \
             SELECT b.total, b.unread, {COLUMNS} FROM mailbox b LEFT JOIN p ON true LEFT JOIN message m ON m.id = p.row \
             WHERE b.id = ?1"
        );
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(mailbox)
            .bind(query.limit)
            .bind(query.offset)
            .fetch_all(self.readers())
            .await?;
        let mut page = Page::default();
        for row in &rows {
            page.total = row.try_get::<i64, _>(0)?.unsigned_abs();
            page.unread = row.try_get::<i64, _>(1)?.unsigned_abs();
            if row.try_get::<Option<i64>, _>(2)?.is_some() {
                page.rows.push(message_row(row, 2)?);
            }
        }
        page.matching = if query.unread_only { page.unread } else { page.total };
        Ok(page)
    }

    /// The message with that id in URLs, if the mailbox has it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn message(&self, mailbox: i64, public_id: &str) -> Result<Option<MessageRow>> {
        let statement = format!(
            "SELECT {COLUMNS} FROM message m INDEXED BY message_name \
             WHERE m.mailbox = ?1 AND m.public_id = ?2 AND m.gone IS NULL"
        );
        let row = sqlx::query(AssertSqlSafe(statement)).bind(mailbox).bind(public_id);
        let row = row.fetch_optional(self.readers()).await;
        self.noting_damage(
            row.map_err(Into::into)
                .and_then(|row| row.map(|row| message_row(&row, 0)).transpose()),
        )
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
