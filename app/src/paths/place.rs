use super::search;
use api_types::{ListQuery, MailboxId, MessageId, MessageList, Search};

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

/// What a path names, as far as the mail pages care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A list.
    Mailbox(MailboxId),
    /// A letter in a list.
    Letter(MailboxId, MessageId),
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
            (Some(mailbox), Some(message), None) => Self::Letter(mailbox.into(), message.into()),
            _ => Self::Elsewhere,
        }
    }

    /// The mailbox it is in.
    pub fn mailbox(&self) -> Option<&MailboxId> {
        match self {
            Self::Mailbox(mailbox) | Self::Letter(mailbox, _) => Some(mailbox),
            Self::Search | Self::Elsewhere => None,
        }
    }

    /// The letter it is.
    pub fn message(&self) -> Option<&MessageId> {
        match self {
            Self::Letter(_, message) => Some(message),
            _ => None,
        }
    }
}
