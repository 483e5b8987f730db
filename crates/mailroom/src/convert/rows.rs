use crate::Wording;
use api_types::MessageRow;
use index::flags;
use render::Address;
use spool::Flags;

/// Recipients named in a list.
const RECIPIENTS: usize = 3;

/// Characters of a subject or name in a list: more than any screen shows in a line.
const LINE: usize = 300;

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
        from: shortened(if outgoing && !row.to_line.is_empty() {
            row.to_line
        } else {
            sender
        }),
        subject: shortened(row.subject),
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

/// At most [`LINE`] characters.
fn shortened(mut line: String) -> String {
    if let Some((at, _)) = line.char_indices().nth(LINE) {
        line.truncate(at);
        line.push('…');
    }
    line
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_no_screen_holds_is_cut_between_characters() {
        assert_eq!(shortened("件名".into()), "件名");
        let full = "名".repeat(LINE);
        assert_eq!(shortened(full.clone()), full);
        assert_eq!(shortened("名".repeat(LINE + 1)), full + "…");
    }
}
