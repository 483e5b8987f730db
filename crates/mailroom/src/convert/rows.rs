use crate::Wording;
use api_types::{Cause, MailboxRef, MessageRow};
use index::flags;
use render::{Address, Envelope};
use spool::Flags;

/// Recipients named in a list.
const RECIPIENTS: usize = 3;

/// Recipients of a message that search finds it by.
const FOUND: usize = 200;

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

/// Why a message could not be read, as the index keeps it; 0 is what a disk says.
pub(crate) fn trouble_code(cause: Cause) -> u8 {
    match cause {
        Cause::Denied => 1,
        Cause::Slow => 2,
        _ => 0,
    }
}

pub(crate) fn trouble(code: u8) -> Cause {
    match code {
        1 => Cause::Denied,
        2 => Cause::Slow,
        _ => Cause::Broken,
    }
}

/// A line of a list; in mailboxes of letters sent it names whom they went to.
pub(crate) fn message_row(
    row: index::MessageRow,
    mailbox: Option<MailboxRef>,
    outgoing: bool,
    words: &dyn Wording,
) -> MessageRow {
    let sender = if row.from_name.is_empty() {
        row.from_address
    } else {
        row.from_name
    };
    MessageRow {
        id: row.public_id.into(),
        mailbox,
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
        trouble: row.trouble.map(trouble),
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

/// What search finds of a message besides what its row shows: the addresses of recipients and the names of those not shown, a
/// line each, the first [`FOUND`] of them.
pub(crate) fn search_lines(envelope: &Envelope) -> String {
    let mut lines = String::new();
    let mut line = |text: &str| {
        if !text.is_empty() {
            lines.push_str(text);
            lines.push('\n');
        }
    };
    let people = [&envelope.to, &envelope.cc, &envelope.bcc].into_iter().flatten();
    for (at, person) in people.enumerate().take(FOUND) {
        let in_row = at < RECIPIENTS.min(envelope.to.len());
        if let Some(name) = person.name.as_ref().filter(|_| !in_row) {
            line(name);
        }
        if person.name.is_some() || !in_row {
            line(&person.address);
        }
    }
    lines.truncate(lines.trim_end().len());
    lines
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
    fn search_finds_every_recipient_and_nothing_is_kept_twice() {
        let person = |name: &str| Address {
            name: (!name.is_empty()).then(|| name.to_owned()),
            address: format!("{name}@x.example"),
            ..Address::default()
        };
        let envelope = Envelope {
            to: ["a", "", "c", "d"].map(person).into(),
            cc: vec![person("e")],
            ..Envelope::default()
        };
        assert_eq!(people_line(&envelope.to), "a, @x.example, c, …");
        let lines = search_lines(&envelope);
        let lines: Vec<_> = lines.lines().collect();
        assert_eq!(
            lines,
            ["a@x.example", "c@x.example", "d", "d@x.example", "e", "e@x.example"]
        );
        assert_eq!(search_lines(&Envelope::default()), "");
    }

    #[test]
    fn a_line_that_no_screen_holds_is_cut_between_characters() {
        assert_eq!(shortened("件名".into()), "件名");
        let full = "名".repeat(LINE);
        assert_eq!(shortened(full.clone()), full);
        assert_eq!(shortened("名".repeat(LINE + 1)), full + "…");
    }
}
