use crate::{Result, flags, pack};
use sqlx::{Row, sqlite::SqliteRow};

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Its row, while the file lasts.
    pub row: i64,
    /// Its id in URLs.
    pub public_id: String,
    /// Its base name.
    pub base: Vec<u8>,
    /// Where it was last seen, opaque.
    pub location: Vec<u8>,
    /// See [`flags`](crate::flags).
    pub flags: u32,
    /// Opened here, while the spool still says unread.
    pub opened_here: bool,
    /// Neither seen nor opened here.
    pub unread: bool,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Its UID, if anyone gave it one.
    pub uid: Option<u32>,
    /// Bytes; 0 if `loading` and the name does not tell.
    pub size: u64,
    /// The effective date, in seconds; the hint of the listing while `loading`.
    pub date: i64,
    /// When it arrived, in seconds; the hint of the listing while `loading`.
    pub received: i64,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// Whom it is for, in one line.
    pub to_line: String,
    /// The subject.
    pub subject: String,
    /// The beginning of the text; empty until it has been read.
    pub preview: String,
    /// Whether there are attachments; `false` until the text has been read.
    pub has_attachments: bool,
    /// The header has not been read yet.
    pub loading: bool,
}

/// Columns of `message m` that [`message_row`] reads.
pub(crate) const COLUMNS: &str = "m.id, m.public_id, m.base, m.location, m.flags, m.opened, m.keywords, m.uid, m.size, \
    m.date, coalesce(m.received, m.date), m.from_name, m.from_address, m.to_line, m.subject, m.preview, \
    m.has_attachments, m.stage = 0";

/// Reads [`COLUMNS`], of which the first stands at `at`.
pub(crate) fn message_row(row: &SqliteRow, at: usize) -> Result<MessageRow> {
    let base: Vec<u8> = row.try_get(at + 2)?;
    let location: Vec<u8> = row.try_get(at + 3)?;
    let bits: u32 = row.try_get(at + 4)?;
    let opened_here: bool = row.try_get(at + 5)?;
    let keywords: Option<Vec<u8>> = row.try_get(at + 6)?;
    Ok(MessageRow {
        row: row.try_get(at)?,
        public_id: row.try_get(at + 1)?,
        location: pack::unpack_location(&base, &location),
        base,
        flags: bits,
        opened_here,
        unread: bits & flags::SEEN == 0 && !opened_here,
        keywords: keywords.map(|packed| pack::unpack_strings(&packed)).unwrap_or_default(),
        uid: row.try_get(at + 7)?,
        size: row.try_get::<i64, _>(at + 8)?.unsigned_abs(),
        date: row.try_get(at + 9)?,
        received: row.try_get(at + 10)?,
        from_name: row.try_get(at + 11)?,
        from_address: row.try_get(at + 12)?,
        to_line: row.try_get(at + 13)?,
        subject: row.try_get(at + 14)?,
        preview: row.try_get(at + 15)?,
        has_attachments: row.try_get(at + 16)?,
        loading: row.try_get(at + 17)?,
    })
}
