/// What a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The effective date: when it was sent, or received where that cannot be.
    Date,
    /// The sender's name, or address; the newest of a sender first when ascending.
    From,
    /// The subject without marks of replies; the newest of a subject first when ascending.
    Subject,
    /// The size; the newest of a size first when descending.
    Size,
}

/// Which part of a list, in which order. Descending is ascending read backwards, in every detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageQuery {
    /// The order.
    pub sort: Sort,
    /// From the end.
    pub descending: bool,
    /// Only what is unread.
    pub unread_only: bool,
    /// Rows before the first.
    pub offset: u32,
    /// Rows at most.
    pub limit: u32,
}

/// A term of an order: an expression over `message`, and whether it rises when the list ascends.
pub(crate) type Term = (&'static str, bool);

impl Sort {
    /// The whole order, down to the row, so that no two messages are equal in it.
    fn terms(self) -> &'static [Term] {
        match self {
            Self::Date => &[("date", true), ("id", true)],
            Self::From => &[
                ("coalesce(from_key, lower(from_name))", true),
                ("date", false),
                ("id", true),
            ],
            Self::Subject => &[
                ("coalesce(subject_key, lower(substr(subject, subject_from)))", true),
                ("date", false),
                ("id", true),
            ],
            Self::Size => &[("coalesce(size, listed_size, 0)", true), ("date", true), ("id", true)],
        }
    }

    /// Its index.
    fn index(self) -> &'static str {
        match self {
            Self::Date => "message_date",
            Self::From => "message_from",
            Self::Subject => "message_subject",
            Self::Size => "message_size",
        }
    }

    /// Makes its index, of the words that queries use: else it would not serve.
    pub(crate) fn index_statement(self) -> String {
        // The row stands at the end of every index by itself.
        let terms = self.terms().iter().filter(|(expression, _)| *expression != "id");
        let terms: String = terms
            .map(|(expression, rises)| format!(", {expression}{}", if *rises { "" } else { " DESC" }))
            .collect();
        let index = self.index();
        format!("CREATE INDEX IF NOT EXISTS {index} ON message (mailbox{terms}) WHERE gone IS NULL")
    }
}

impl PageQuery {
    /// [`Sort::terms`] of its order.
    pub(crate) fn terms(&self) -> &'static [Term] {
        self.sort.terms()
    }

    /// The messages that the list is made of, of the mailbox whose row that expression gives. The planner is told the index:
    /// it has no statistics, and few unread ones are sorted faster than many read ones are passed over. Where the order has no
    /// index, all of the mailbox are sorted.
    pub(crate) fn source(&self, mailbox: &str, indexed: bool) -> String {
        let (index, filter) = match self.unread_only {
            true => ("message_unread", " AND unread = 1"),
            false if indexed => (self.sort.index(), ""),
            false => (Sort::Date.index(), ""),
        };
        format!("message INDEXED BY {index} WHERE mailbox = {mailbox} AND gone IS NULL{filter}")
    }
}

/// `ORDER BY` over terms, rising or, with `backwards`, the other way round.
pub(crate) fn order_by(terms: &[Term], backwards: bool) -> String {
    let terms: Vec<String> = terms
        .iter()
        .map(|(expression, rises)| format!("{expression} {}", if *rises == backwards { "DESC" } else { "ASC" }))
        .collect();
    format!("ORDER BY {}", terms.join(", "))
}
