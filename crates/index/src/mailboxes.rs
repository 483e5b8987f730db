mod sync;

use crate::{
    Index, Result,
    columns::{self, Bytes, Flag},
    pack,
};
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Row, sqlite::SqliteRow};

/// A mailbox that the spool has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailboxSeen {
    /// Its id in URLs.
    pub public_id: String,
    /// Its path, in bytes.
    pub path: Vec<u8>,
    /// Its name, level by level.
    pub segments: Vec<String>,
    /// What it is for; the caller's code.
    pub special_use: Option<u8>,
    /// Whether it is subscribed to, if anyone knows.
    pub subscribed: Option<bool>,
    /// What is wrong with it; the caller's words.
    pub defect: Option<String>,
}

/// A mailbox and its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxRow {
    /// Its row, while the file lasts.
    pub id: i64,
    /// Its id in URLs.
    pub public_id: String,
    /// Its path, in bytes.
    pub path: Vec<u8>,
    /// Its name, level by level.
    pub segments: Vec<String>,
    /// What it is for; the caller's code.
    pub special_use: Option<u8>,
    /// Whether it is subscribed to, if anyone knows.
    pub subscribed: Option<bool>,
    /// What was wrong with the mailbox and with its last listing, each on a line of its own.
    pub defect: Option<String>,
    /// What the last listing was true of, opaque.
    pub stamp: Option<Vec<u8>>,
    /// That stamp was old enough to be trusted.
    pub settled: bool,
    /// As of when the index is known to be true of it, in nanoseconds; `None` before the first listing that could tell.
    pub as_of: Option<i64>,
    /// Its UIDVALIDITY, if anyone gave it one.
    pub uidvalidity: Option<u32>,
    /// Messages.
    pub total: u64,
    /// Of these, neither seen nor opened here.
    pub unread: u64,
    /// Of these, with a header not read yet.
    pub pending_headers: u64,
    /// Of these, with the header read but not the text.
    pub pending_previews: u64,
    /// Of these, not in lists yet: the listing that found them is being written, or was broken off.
    pub coming: u64,
}

/// A row of `mailbox`, for [`Columns`].
pub(crate) const COLUMNS: &str = "json_array(id, public_id, hex(path), hex(segments), special_use, subscribed, defect, \
    listing_defect, iif(stamp IS NULL, NULL, hex(stamp)), settled, as_of, uidvalidity, total + coming, \
    unread + coming_unread, pending_headers + coming, pending_previews, coming)";

/// [`COLUMNS`], read.
#[derive(Deserialize)]
pub(crate) struct Columns(
    i64,
    String,
    Bytes,
    Bytes,
    Option<u8>,
    Option<Flag>,
    Option<String>,
    Option<String>,
    Option<Bytes>,
    Flag,
    Option<i64>,
    Option<u32>,
    i64,
    i64,
    i64,
    i64,
    i64,
);

impl Index {
    /// All mailboxes, by path.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn mailboxes(&self) -> Result<Vec<MailboxRow>> {
        let outcome = async {
            let statement = format!("SELECT json_group_array({COLUMNS} ORDER BY path) FROM mailbox");
            let row = sqlx::query(AssertSqlSafe(statement)).fetch_one(self.readers()).await?;
            let rows: Vec<Columns> = columns::read(row.try_get(0)?)?;
            Ok(rows.into_iter().map(MailboxRow::from).collect())
        };
        self.noting_damage(outcome.await)
    }

    /// The mailbox with that id in URLs.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn mailbox(&self, public_id: &str) -> Result<Option<MailboxRow>> {
        let statement = format!("SELECT {COLUMNS} FROM mailbox WHERE public_id = ?1");
        let row = sqlx::query(AssertSqlSafe(statement)).bind(public_id);
        let row = row.fetch_optional(self.readers()).await;
        self.noting_damage(row.map_err(Into::into).and_then(|row| mailbox_row(row.as_ref())))
    }

    /// The mailbox in that row.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn mailbox_by_row(&self, mailbox: i64) -> Result<Option<MailboxRow>> {
        let statement = format!("SELECT {COLUMNS} FROM mailbox WHERE id = ?1");
        let row = sqlx::query(AssertSqlSafe(statement)).bind(mailbox);
        let row = row.fetch_optional(self.readers()).await;
        self.noting_damage(row.map_err(Into::into).and_then(|row| mailbox_row(row.as_ref())))
    }

    /// What the caller wants to know again at the next listing, opaque. Not part of [`MailboxRow`]: it may be large.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn memory(&self, mailbox: i64) -> Result<Option<Vec<u8>>> {
        let row = sqlx::query("SELECT bytes FROM memory WHERE mailbox = ?1").bind(mailbox);
        let row = row.fetch_optional(self.readers()).await;
        self.noting_damage(
            row.and_then(|row| row.map(|row| row.try_get(0)).transpose())
                .map_err(Into::into),
        )
    }

    /// The spool was looked at and is as the index says.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn verified(&self, mailbox: i64, as_of: i64) -> Result<()> {
        let done = async {
            let mut tx = self.write().await?;
            let update = sqlx::query("UPDATE mailbox SET as_of = ?2 WHERE id = ?1");
            update.bind(mailbox).bind(as_of).execute(&mut *tx).await?;
            Ok(tx.commit().await?)
        };
        self.noting_damage(done.await)
    }
}

/// The mailbox in the first column.
pub(crate) fn mailbox_row(row: Option<&SqliteRow>) -> Result<Option<MailboxRow>> {
    row.map(|row| Ok(columns::read::<Columns>(row.try_get(0)?)?.into()))
        .transpose()
}

impl From<Columns> for MailboxRow {
    fn from(columns: Columns) -> Self {
        let Columns(
            id,
            public_id,
            Bytes(path),
            Bytes(segments),
            special_use,
            subscribed,
            defect,
            listing_defect,
            stamp,
            Flag(settled),
            as_of,
            uidvalidity,
            total,
            unread,
            pending_headers,
            pending_previews,
            coming,
        ) = columns;
        let defects: Vec<String> = [defect, listing_defect].into_iter().flatten().collect();
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        Self {
            id,
            public_id,
            path,
            segments: pack::unpack_strings(&segments),
            special_use,
            subscribed: subscribed.map(|Flag(subscribed)| subscribed),
            defect: (!defects.is_empty()).then(|| defects.join("\n")),
            stamp: stamp.map(|Bytes(stamp)| stamp),
            settled,
            as_of,
            uidvalidity,
            total: count(total),
            unread: count(unread),
            pending_headers: count(pending_headers),
            pending_previews: count(pending_previews),
            coming: count(coming),
        }
    }
}
