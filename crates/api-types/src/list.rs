use crate::{Cause, Day, Freshness, MailboxRef, MessageId, Moment};
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

/// Which part of a mailbox is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListQuery {
    /// From 1; 0 is read as 1.
    pub page: u32,
    /// Order.
    pub sort: Sort,
    /// Unread messages only.
    pub unread: bool,
}

/// One message in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Opaque id.
    pub id: MessageId,
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
}

/// A page of a mailbox, at most 50 rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageList {
    /// Which mailbox.
    pub mailbox: MailboxRef,
    /// What was asked, with the page clamped to what exists.
    pub query: ListQuery,
    /// Number of pages, at least 1.
    pub pages: u32,
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
    /// Files in the mailbox that are not shown, or shown with a defect: one sentence each is made from these.
    pub notes: Vec<crate::DefectNote>,
}
