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

impl PageQuery {
    /// The whole order, down to the row, so that no two messages are equal in it. The same words as in `schema.sql`, else
    /// the indexes would not serve.
    pub(crate) fn terms(&self) -> &'static [Term] {
        match self.sort {
            Sort::Date => &[("date", true), ("id", true)],
            Sort::From => &[
                ("coalesce(from_key, lower(from_name))", true),
                ("date", false),
                ("id", true),
            ],
            Sort::Subject => &[
                ("coalesce(subject_key, lower(subject))", true),
                ("date", false),
                ("id", true),
            ],
            Sort::Size => &[("size", true), ("date", true), ("id", true)],
        }
    }

    /// The messages that the list is made of, of the mailbox whose row that expression gives. The planner is told the index:
    /// it has no statistics, and few unread ones are sorted faster than many read ones are passed over.
    pub(crate) fn source(&self, mailbox: &str) -> String {
        let (index, filter) = match (self.unread_only, self.sort) {
            (true, _) => ("message_unread", " AND unread = 1"),
            (false, Sort::Date) => ("message_date", ""),
            (false, Sort::From) => ("message_from", ""),
            (false, Sort::Subject) => ("message_subject", ""),
            (false, Sort::Size) => ("message_size", ""),
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
