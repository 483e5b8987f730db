use super::search;
use api_types::{Letter, ListQuery, MailboxId, MessageId, MessageList, MessageRow, Neighbour, Search};

/// Which list, whatever part and order of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListId {
    /// That of a mailbox.
    Mailbox(MailboxId),
    /// What was found.
    Found(Search),
    /// None that exists.
    None,
}

impl ListId {
    /// The list that a URL names.
    pub fn new(mailbox: Option<&MailboxId>, query: &ListQuery) -> Self {
        match (&query.search, mailbox) {
            (Some(search), _) => Self::Found(search.clone()),
            (None, Some(mailbox)) => Self::Mailbox(mailbox.clone()),
            (None, None) => Self::None,
        }
    }

    /// The list that this is a part of.
    pub fn of(list: &MessageList) -> Self {
        Self::new(Some(&list.mailbox.id), &list.query)
    }
}

/// A letter. Its mailbox belongs to it: the messages of a folder that was copied by hand have the ids of those they are copies of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LetterId {
    /// The mailbox it is in.
    pub mailbox: MailboxId,
    /// Its message.
    pub message: MessageId,
}

impl LetterId {
    /// The letter of a row of that list.
    pub fn of(list: &MessageList, row: &MessageRow) -> Self {
        Self {
            mailbox: mailbox_of(list, row).clone(),
            message: row.id.clone(),
        }
    }

    /// The letter beside one that is in `mailbox`.
    pub fn beside(mailbox: &MailboxId, to: Neighbour) -> Self {
        Self {
            mailbox: to.mailbox.unwrap_or_else(|| mailbox.clone()),
            message: to.id,
        }
    }

    /// Whether it is the letter of that row.
    pub fn is(&self, list: &MessageList, row: &MessageRow) -> bool {
        self.message == row.id && self.mailbox == *mailbox_of(list, row)
    }

    /// Where its row is among those of the list.
    pub fn place_in(&self, list: &MessageList) -> Option<usize> {
        list.rows.iter().position(|row| self.is(list, row))
    }

    /// The id of its row.
    pub fn row_anchor(&self) -> String {
        row_anchor(&self.mailbox, &self.message).concat()
    }
}

impl From<&Letter> for LetterId {
    fn from(letter: &Letter) -> Self {
        Self {
            mailbox: letter.mailbox.id.clone(),
            message: letter.message.id.clone(),
        }
    }
}

/// The mailbox that the message of a row is in.
pub fn mailbox_of<'a>(list: &'a MessageList, row: &'a MessageRow) -> &'a MailboxId {
    &row.mailbox.as_ref().unwrap_or(&list.mailbox).id
}

/// The id of the row of a letter, in pieces.
pub fn row_anchor<'a>(mailbox: &'a MailboxId, message: &'a MessageId) -> [&'a str; 4] {
    ["r-", mailbox.as_str(), "-", message.as_str()]
}

/// What a path names, as far as the mail pages care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A list.
    Mailbox(MailboxId),
    /// A letter in a list.
    Letter(LetterId),
    /// What was found.
    Search,
    /// Any other page.
    Elsewhere,
}

impl Place {
    /// Reads a path without its query.
    pub fn of(path: &str) -> Self {
        if path.trim_end_matches('/') == search() {
            return Self::Search;
        }
        let mut parts = path.trim_matches('/').split('/');
        if parts.next() != Some("m") {
            return Self::Elsewhere;
        }
        match (parts.next(), parts.next(), parts.next()) {
            (Some(mailbox), None, _) if !mailbox.is_empty() => Self::Mailbox(mailbox.into()),
            (Some(mailbox), Some(message), None) => Self::Letter(LetterId {
                mailbox: mailbox.into(),
                message: message.into(),
            }),
            _ => Self::Elsewhere,
        }
    }

    /// The mailbox it is in.
    pub fn mailbox(&self) -> Option<&MailboxId> {
        match self {
            Self::Mailbox(mailbox) | Self::Letter(LetterId { mailbox, .. }) => Some(mailbox),
            Self::Search | Self::Elsewhere => None,
        }
    }

    /// The letter it is.
    pub fn letter(&self) -> Option<&LetterId> {
        match self {
            Self::Letter(letter) => Some(letter),
            _ => None,
        }
    }
}
