use crate::{
    columns::{Bytes, Flag},
    flags, pack,
};
use serde::Deserialize;

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
    /// The beginning of the text, 120 characters at most; empty until it has been read.
    pub preview: String,
    /// Whether there are attachments; `false` until the text has been read.
    pub has_attachments: bool,
    /// Whether it is HTML; `false` until the text has been read.
    pub is_html: bool,
    /// The header has not been read yet, and is waited for.
    pub loading: bool,
    /// Which file the header was read of; `None` until it has been read. See [`EnvelopeIn::file`](crate::EnvelopeIn::file).
    pub file: Option<i64>,
    /// Why the header or the text could not be read when that was last tried; the caller's code.
    pub trouble: Option<u8>,
}

/// A row of `message`, for [`Columns`].
pub(crate) const COLUMNS: &str = "json_array(id, public_id, hex(base), hex(location), flags, opened, \
    iif(keywords IS NULL, NULL, hex(keywords)), uid, coalesce(size, listed_size, 0), date, coalesce(received, date), from_name, \
    from_address, to_line, subject, substr(preview, 1, 120), has_attachments, is_html, stage = 0 AND trouble IS NULL, file, trouble)";

/// [`COLUMNS`], read.
#[derive(Deserialize)]
pub(crate) struct Columns(
    i64,
    String,
    Bytes,
    Bytes,
    u32,
    Flag,
    Option<Bytes>,
    Option<u32>,
    i64,
    i64,
    i64,
    String,
    String,
    String,
    String,
    String,
    Flag,
    Flag,
    Flag,
    Option<i64>,
    Option<u8>,
);

impl From<Columns> for MessageRow {
    fn from(columns: Columns) -> Self {
        let Columns(
            row,
            public_id,
            Bytes(base),
            Bytes(location),
            flags,
            Flag(opened_here),
            keywords,
            uid,
            size,
            date,
            received,
            from_name,
            from_address,
            to_line,
            subject,
            preview,
            Flag(has_attachments),
            Flag(is_html),
            Flag(loading),
            file,
            trouble,
        ) = columns;
        Self {
            row,
            public_id,
            location: pack::unpack_location(&base, &location),
            base,
            flags,
            opened_here,
            unread: flags & flags::SEEN == 0 && !opened_here,
            keywords: keywords
                .map(|packed| pack::unpack_strings(&packed.0))
                .unwrap_or_default(),
            uid,
            size: size.unsigned_abs(),
            date,
            received,
            from_name,
            from_address,
            to_line,
            subject,
            preview,
            has_attachments,
            is_html,
            loading,
            file,
            trouble,
        }
    }
}
