/// A mailbox as the spool shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailboxSeen {
    /// Id in URLs.
    pub public_id: String,
    /// Its bytes on disk.
    pub path: Vec<u8>,
    /// Parts of its name, decoded.
    pub segments: Vec<String>,
    /// What it is for, as a number of the caller's.
    pub special_use: Option<i64>,
    /// Whether the person subscribed to it, where a list is kept.
    pub subscribed: Option<bool>,
    /// Code of what is wrong with it.
    pub trouble: Option<String>,
}

/// A mailbox as remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxRow {
    /// Row number.
    pub id: i64,
    /// Id in URLs.
    pub public_id: String,
    /// Its bytes on disk.
    pub path: Vec<u8>,
    /// Parts of its name, decoded.
    pub segments: Vec<String>,
    /// What it is for, as a number of the caller's.
    pub special_use: Option<i64>,
    /// Whether the person subscribed to it.
    pub subscribed: Option<bool>,
    /// Code of what is wrong with the mailbox.
    pub trouble: Option<String>,
    /// The stamp of the last listing.
    pub stamp: Option<Vec<u8>>,
    /// An equal stamp proves an unchanged mailbox.
    pub settled: bool,
    /// When it was last seen to be as remembered, in nanoseconds; `None` if it was never listed.
    pub as_of: Option<i64>,
    /// UIDVALIDITY.
    pub uidvalidity: Option<u32>,
    /// Defects met in the last listing.
    pub notes: Option<String>,
    /// Messages.
    pub total: u64,
    /// Unread messages.
    pub unread: u64,
    /// Messages whose header is not read yet.
    pub pending_headers: u64,
    /// Messages whose header or preview is not read yet.
    pub pending_previews: u64,
}

/// One name of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Id in URLs, a hash of the base name.
    pub public_id: String,
    /// The lasting name.
    pub base: Vec<u8>,
    /// Where it was seen.
    pub location: Vec<u8>,
    /// Flags, as bits of the caller's.
    pub flags: u32,
    /// \Seen
    pub seen: bool,
    /// Keywords.
    pub keywords: Vec<String>,
    /// IMAP UID, if known.
    pub uid: Option<u32>,
    /// Bytes, if known.
    pub size: Option<u64>,
    /// Orders the message until its header is read, in seconds.
    pub order_hint: i64,
}

/// A mailbox, listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingIn {
    /// Every name.
    pub entries: Vec<Seen>,
    /// Nothing changed while it was listed, so what is absent may be taken for gone.
    pub may_remove: bool,
    /// The stamp it has.
    pub stamp: Vec<u8>,
    /// An equal stamp will prove an unchanged mailbox.
    pub settled: bool,
    /// The format's own memory.
    pub memory: Option<Vec<u8>>,
    /// UIDVALIDITY.
    pub uidvalidity: Option<u32>,
    /// Messages that the mail server's own files name, if they do.
    pub expected: Option<u64>,
    /// Defects met.
    pub notes: Option<String>,
}

/// What a listing changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// New messages.
    pub added: u64,
    /// Messages with another place or other flags.
    pub changed: u64,
    /// Messages that were absent for the first time.
    pub missing: u64,
    /// Messages removed, absent for the second time.
    pub removed: u64,
    /// The listing was not believed, and nothing changed.
    pub refused: Option<Refusal>,
}

/// Why a listing is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Most of the mailbox is gone at once although the mail server still names it: another or no store is mounted.
    WrongStore,
}

/// A message that is still to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Row number.
    pub row: i64,
    /// The lasting name.
    pub base: Vec<u8>,
    /// Where it was seen last.
    pub location: Vec<u8>,
}

/// What the header of a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvelopeIn {
    /// Row number.
    pub row: i64,
    /// Date field, in seconds.
    pub sent: Option<i64>,
    /// When it arrived, in seconds.
    pub received: i64,
    /// Bytes.
    pub size: u64,
    /// Sender's name, may be empty.
    pub from_name: String,
    /// Sender's address.
    pub from_address: String,
    /// Recipients, as a list shows them.
    pub to_line: String,
    /// Decoded subject.
    pub subject: String,
}

/// What the text of a message shows in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreviewIn {
    /// Row number.
    pub row: i64,
    /// First words.
    pub preview: String,
    /// Has attachments.
    pub has_attachments: bool,
}

/// What a page is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// When it was sent, or arrived.
    #[default]
    Date,
    /// Sender.
    From,
    /// Subject without reply marks.
    Subject,
    /// Bytes.
    Size,
}

/// Which rows of a mailbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageQuery {
    /// Order; ties are newest first.
    pub sort: Sort,
    /// Largest key first.
    pub descending: bool,
    /// Unread messages only.
    pub unread_only: bool,
    /// Rows before the page.
    pub offset: u32,
    /// Rows on the page.
    pub limit: u32,
}

/// Some rows of a mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<MessageRow>,
    /// Messages in the mailbox.
    pub total: u64,
    /// Unread messages in the mailbox.
    pub unread: u64,
    /// Messages that pass the filter.
    pub matching: u64,
}

/// A message as remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageRow {
    /// Row number.
    pub row: i64,
    /// Id in URLs.
    pub public_id: String,
    /// The lasting name.
    pub base: Vec<u8>,
    /// Where it was seen last.
    pub location: Vec<u8>,
    /// Flags, as bits of the caller's.
    pub flags: u32,
    /// Neither \Seen nor opened here.
    pub unread: bool,
    /// Opened here; the spool does not know.
    pub opened_here: bool,
    /// Bytes, if known.
    pub size: Option<u64>,
    /// When it was sent or arrived, in seconds; a hint while `loading`.
    pub date: i64,
    /// Sender's name.
    pub from_name: String,
    /// Sender's address.
    pub from_address: String,
    /// Recipients.
    pub to_line: String,
    /// Subject.
    pub subject: String,
    /// First words.
    pub preview: String,
    /// Has attachments.
    pub has_attachments: bool,
    /// Only the name is known.
    pub loading: bool,
}

/// What stands before and after a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Id of the one before.
    pub previous: Option<String>,
    /// Id of the one after.
    pub next: Option<String>,
}
