mod sync;

use crate::{Index, Result, pack};
use sqlx::{Row, sqlite::SqliteRow};

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
    /// When the index was last known to be true, in nanoseconds; `None` before the first listing.
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
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, public_id, path, segments, special_use, subscribed, defect, listing_defect, stamp, settled, as_of, \
             uidvalidity, total, unread, pending_headers, pending_previews FROM mailbox ",
            $rest
        )
    };
}

impl Index {
    /// All mailboxes, by path.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn mailboxes(&self) -> Result<Vec<MailboxRow>> {
        let rows = sqlx::query(select!("ORDER BY path")).fetch_all(self.readers()).await;
        self.noting_damage(
            rows.map_err(Into::into)
                .and_then(|rows| rows.iter().map(mailbox_row).collect()),
        )
    }

    /// The mailbox with that id in URLs.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn mailbox(&self, public_id: &str) -> Result<Option<MailboxRow>> {
        let row = sqlx::query(select!("WHERE public_id = ?1"))
            .bind(public_id)
            .fetch_optional(self.readers())
            .await;
        self.noting_damage(
            row.map_err(Into::into)
                .and_then(|row| row.as_ref().map(mailbox_row).transpose()),
        )
    }

    /// The mailbox in that row.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn mailbox_by_row(&self, mailbox: i64) -> Result<Option<MailboxRow>> {
        let row = sqlx::query(select!("WHERE id = ?1"))
            .bind(mailbox)
            .fetch_optional(self.readers())
            .await;
        self.noting_damage(
            row.map_err(Into::into)
                .and_then(|row| row.as_ref().map(mailbox_row).transpose()),
        )
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

fn mailbox_row(row: &SqliteRow) -> Result<MailboxRow> {
    let segments: Vec<u8> = row.try_get(3)?;
    let defects: [Option<String>; 2] = [row.try_get(6)?, row.try_get(7)?];
    let defects: Vec<String> = defects.into_iter().flatten().collect();
    let count = |at: usize| row.try_get::<i64, _>(at).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(MailboxRow {
        id: row.try_get(0)?,
        public_id: row.try_get(1)?,
        path: row.try_get(2)?,
        segments: pack::unpack_strings(&segments),
        special_use: row.try_get(4)?,
        subscribed: row.try_get(5)?,
        defect: (!defects.is_empty()).then(|| defects.join("\n")),
        stamp: row.try_get(8)?,
        settled: row.try_get(9)?,
        as_of: row.try_get(10)?,
        uidvalidity: row.try_get(11)?,
        total: count(12)?,
        unread: count(13)?,
        pending_headers: count(14)?,
        pending_previews: count(15)?,
    })
}
