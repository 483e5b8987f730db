//! What is said of two stores, one message or mailbox at a time.

use spool::Marks;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What there was.
    Old,
    /// What there is now.
    New,
}

/// A message, as it is told to a person: decoded, and without anything that could break or reorder a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its mailbox, levels joined by `/`.
    pub mailbox: String,
    /// Its file beneath the root, or its place in the mbox.
    pub file: String,
    /// When it was sent, or else received, in seconds since 1970.
    pub date: Option<i64>,
    /// Who sent it: name and address.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID, without brackets.
    pub message_id: Option<String>,
    /// Its bytes as they lie there, unpacked.
    pub bytes: u64,
}

/// Of a message that is there several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copies {
    /// How often the old store has it.
    pub old: u64,
    /// How often the new store has it.
    pub new: u64,
}

/// What differs between two messages that are meant to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The headers.
    pub headers: bool,
    /// What follows them.
    pub text: bool,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is not in the new store.
    Missing {
        /// As the old store has it.
        message: Letter,
        /// How many there are of it.
        copies: Copies,
    },
    /// It is in the new store with another content.
    Changed {
        /// As it was.
        old: Letter,
        /// As it is.
        new: Letter,
        /// Where it differs.
        difference: Difference,
    },
    /// It is not in the old store.
    Extra {
        /// As the new store has it.
        message: Letter,
        /// How many there are of it.
        copies: Copies,
    },
    /// Messages that lie in another mailbox.
    Moved {
        /// Where they were.
        from: String,
        /// Where they are.
        to: String,
        /// How many.
        messages: u64,
    },
    /// One message that lies in another mailbox.
    MovedMessage {
        /// As it was.
        old: Letter,
        /// The mailbox that it is in.
        to: String,
        /// The file that it is now.
        file: String,
    },
    /// Its flags are others.
    Flags {
        /// As it is.
        message: Letter,
        /// The flags it had.
        old: Marks,
        /// The flags it has.
        new: Marks,
    },
    /// A message, a mailbox or a whole store that cannot be read.
    Unreadable {
        /// Whose.
        side: Side,
        /// The mailbox; `None` if it is the store.
        mailbox: Option<String>,
        /// The file of a message.
        file: Option<String>,
        /// Why, in words.
        cause: String,
    },
    /// A message that was compared as it is, and is not as it should be.
    Damaged {
        /// Whose.
        side: Side,
        /// The mailbox.
        mailbox: String,
        /// The file.
        file: String,
        /// What is wrong with it, in words.
        cause: String,
    },
}
