use crate::Wording;
use api_types::MessageRow;
use index::flags;
use render::Address;
use spool::Flags;

/// Recipients named in a list.
const RECIPIENTS: usize = 3;

/// Flags as the index keeps them.
pub(crate) fn flag_bits(given: &Flags) -> u32 {
    [
        (given.seen, flags::SEEN),
        (given.answered, flags::ANSWERED),
        (given.flagged, flags::FLAGGED),
        (given.deleted, flags::DELETED),
        (given.draft, flags::DRAFT),
        (given.passed, flags::PASSED),
    ]
    .into_iter()
    .filter(|(set, _)| *set)
    .fold(0, |bits, (_, bit)| bits | bit)
}

/// A line of a list; in mailboxes of letters sent it names whom they went to.
pub(crate) fn message_row(row: index::MessageRow, outgoing: bool, words: &dyn Wording) -> MessageRow {
    let sender = if row.from_name.is_empty() {
        row.from_address
    } else {
        row.from_name
    };
    MessageRow {
        id: row.public_id.into(),
        from: if outgoing && !row.to_line.is_empty() {
            row.to_line
        } else {
            sender
        },
        subject: row.subject,
        preview: row.preview,
        date: words.moment(row.date),
        day: words.day(row.date),
        size: row.size,
        unread: row.unread,
        flagged: row.flags & flags::FLAGGED != 0,
        answered: row.flags & flags::ANSWERED != 0,
        attachments: row.has_attachments,
        html: row.is_html,
        loading: row.loading,
    }
}

/// `Sato, Tanaka, …`
pub(crate) fn people_line(people: &[Address]) -> String {
    let mut names: Vec<&str> = people
        .iter()
        .take(RECIPIENTS)
        .map(|person| person.name.as_deref().unwrap_or(&person.address))
        .collect();
    if people.len() > RECIPIENTS {
        names.push("…");
    }
    names.join(", ")
}
