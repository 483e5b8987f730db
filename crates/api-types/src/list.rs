use crate::{Cause, Day, Freshness, MailboxId, MailboxRef, MessageId, Moment, SnapshotLine};
use serde::{Deserialize, Serialize};

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sort {
    /// Newest first.
    #[default]
    Date,
    /// Oldest first.
    Oldest,
    /// By sender.
    From,
    /// By subject.
    Subject,
    /// Largest first.
    Size,
}

impl Sort {
    /// Every order, as offered.
    pub const ALL: [Sort; 5] = [Sort::Date, Sort::Oldest, Sort::From, Sort::Subject, Sort::Size];

    /// The word in `?sort=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Date => "date",
            Sort::Oldest => "oldest",
            Sort::From => "from",
            Sort::Subject => "subject",
            Sort::Size => "size",
        }
    }

    /// Reads `?sort=`; an unknown word is the default order.
    pub fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|sort| sort.as_str() == word)
            .unwrap_or_default()
    }
}

/// Rows on a page.
pub const PAGE: u32 = 50;

/// Rows of a piece around what is in sight: several screens, so that the next is there before it is wanted.
pub const PIECE: u32 = 150;

/// What is looked for in the headers of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Search {
    /// What the person typed: parts of words, all of which a message must have.
    pub text: String,
    /// In this mailbox alone, or in all of the dated copy that it names; in all of the live mail otherwise.
    pub within: Option<MailboxId>,
}

/// Which list, and which part of it is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListQuery {
    /// From 1; 0 is read as 1.
    pub page: u32,
    /// Order. What was found is listed newest first.
    pub sort: Sort,
    /// Unread messages only.
    pub unread: bool,
    /// From the first message of that day on (`2026-11-24`), instead of a page; lists by date only.
    pub day: Option<String>,
    /// What was found, instead of a mailbox.
    pub search: Option<Search>,
    /// A piece of the list around what is in sight, from that row on, instead of a page. In no URL that people see.
    pub from: Option<u32>,
}

/// One message in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Opaque id.
    pub id: MessageId,
    /// The mailbox it is in, where that is not the list's.
    pub mailbox: Option<MailboxRef>,
    /// Sender's name, or address; in `Role::Sent` and `Role::Drafts` the recipients. Empty while `loading`.
    pub from: String,
    /// Decoded subject; empty when there is none.
    pub subject: String,
    /// First words of the text.
    pub preview: String,
    /// When it was sent, or arrived.
    pub date: Moment,
    /// Heading when sorted by date.
    pub day: Day,
    /// Bytes of the message file.
    pub size: u64,
    /// Neither \Seen nor opened here.
    pub unread: bool,
    /// \Flagged
    pub flagged: bool,
    /// \Answered
    pub answered: bool,
    /// Has attachments.
    pub attachments: bool,
    /// Is HTML, as far as is known: its frame can be begun at once.
    pub html: bool,
    /// The name is known, the header is not read yet.
    pub loading: bool,
    /// Why its header or its text could not be read; it is tried again later, and when it is opened.
    pub trouble: Option<Cause>,
}

/// What a search found, beside the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// There are older ones that are neither listed nor counted.
    pub more: bool,
    /// The mailboxes that something was found in, and how much; of a search in all of them.
    pub mailboxes: Vec<(MailboxRef, u32)>,
    /// The first few of the mailboxes that could not be looked at lately while others could, and as of when each is known.
    pub behind: Vec<(MailboxRef, Option<Moment>)>,
    /// How many more there are of those.
    pub behind_more: u32,
}

/// A part of a list: a page of a mailbox, or of what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageList {
    /// Which mailbox; of a search, the one it was made in, or one without a name.
    pub mailbox: MailboxRef,
    /// What was asked, with the page that the first row is on, and without `from`.
    pub query: ListQuery,
    /// Rows of the list before the first.
    pub first: u32,
    /// All rows of the list.
    pub matching: u64,
    /// All messages of the mailbox.
    pub total: u64,
    /// Unread messages of the mailbox.
    pub unread: u64,
    /// The rows.
    pub rows: Vec<MessageRow>,
    /// Source and age.
    pub freshness: Freshness,
    /// Why it is not live, or why it cannot be read at all (then `rows` may be empty though mail is there).
    pub trouble: Option<Cause>,
    /// Until when an outage is rehearsed with this person.
    pub drill: Option<Moment>,
    /// Files in the mailbox that are not shown, or shown with a defect: one sentence each is made from these.
    pub notes: Vec<crate::DefectNote>,
    /// Of a search.
    pub found: Option<Found>,
    /// The newest complete copy from before, where the mail itself cannot be had now.
    pub earlier: Option<SnapshotLine>,
}

impl MessageList {
    /// Number of pages, at least 1.
    pub fn pages(&self) -> u32 {
        u32::try_from(self.matching.div_ceil(u64::from(PAGE)).max(1)).unwrap_or(u32::MAX)
    }
}
