//! For people: a line a message.

use super::{Outcome, Output};
use crate::clock::rfc3339;
use mailroom::{Copies, Difference, Finding, Letter, Marks, Side};

/// On stdout.
pub(super) struct Lines;

impl Output for Lines {
    fn finding(&mut self, account: Option<&str>, finding: &Finding) {
        println!("{}", line(account, finding));
    }

    fn lonely(&mut self, account: &str, side: Side, messages: Option<u64>) {
        let (what, other) = match side {
            Side::Old => ("missing", Side::New),
            Side::New => ("extra", Side::Old),
        };
        let messages = messages.map_or("messages that cannot be counted".to_owned(), |count| {
            format!("{count} messages")
        });
        println!(
            "{what:<10} {account}: the whole account, {messages}: it is not in the {} spool",
            name(other)
        );
    }

    fn end(&mut self, outcome: &Outcome) {
        println!("{}", sentence(outcome));
    }
}

/// In words.
pub(super) fn name(side: Side) -> &'static str {
    match side {
        Side::Old => "old",
        Side::New => "new",
    }
}

fn line(account: Option<&str>, finding: &Finding) -> String {
    let (what, text) = match finding {
        Finding::Missing { message, copies } => ("missing", format!("{}{}", letter(message), of_several(copies))),
        Finding::Extra { message, copies } => ("extra", format!("{}{}", letter(message), of_several(copies))),
        Finding::Changed { old, new, difference } => {
            let now = match new.mailbox == old.mailbox {
                true => String::new(),
                false => format!(", now in {}", new.mailbox),
            };
            let bytes = format!("{} bytes were {}", new.bytes, old.bytes);
            (
                "changed",
                format!("{} ({} differ: {bytes}{now})", letter(old), differing(difference)),
            )
        }
        Finding::Moved { from, to, messages } => ("moved", format!("{from}: {messages} messages are in {to} now")),
        Finding::MovedMessage { old, to, .. } => ("moved", format!("{} (now in {to})", letter(old))),
        Finding::Flags { message, old, new } => ("flags", format!("{} ({})", letter(message), changed(*old, *new))),
        Finding::Unreadable {
            side,
            mailbox,
            file,
            cause,
        } => ("unreadable", place(*side, mailbox.as_deref(), file.as_deref(), cause)),
        Finding::Damaged {
            side,
            mailbox,
            file,
            cause,
        } => ("damaged", place(*side, Some(mailbox), Some(file), cause)),
    };
    match account {
        Some(account) => format!("{what:<10} {account}: {text}"),
        None => format!("{what:<10} {text}"),
    }
}

fn letter(letter: &Letter) -> String {
    let from = if letter.from.is_empty() {
        "(no sender)"
    } else {
        &letter.from
    };
    let subject = if letter.subject.is_empty() {
        "(no subject)"
    } else {
        &letter.subject
    };
    format!(
        "{}  {}  {from}  {subject}",
        letter.mailbox,
        letter.date.map_or("(no date)".to_owned(), rfc3339)
    )
}

fn of_several(copies: &Copies) -> String {
    match copies.old + copies.new {
        0 | 1 => String::new(),
        _ => format!(" (copies: {} were {})", copies.new, copies.old),
    }
}

fn differing(difference: &Difference) -> &'static str {
    match (difference.headers, difference.text) {
        (true, false) => "the headers",
        (false, true) => "the contents",
        _ => "headers and contents",
    }
}

fn changed(old: Marks, new: Marks) -> String {
    let flags = [
        ("seen", old.seen, new.seen),
        ("answered", old.answered, new.answered),
        ("flagged", old.flagged, new.flagged),
    ];
    let changed = flags.into_iter().filter(|(_, old, new)| old != new);
    let words: Vec<String> = changed
        .map(|(flag, was, _)| format!("{} {flag}", if was { "no longer" } else { "now" }))
        .collect();
    words.join(", ")
}

fn place(side: Side, mailbox: Option<&str>, file: Option<&str>, cause: &str) -> String {
    let parts: Vec<&str> = [Some("in the"), Some(name(side)), Some("spool"), mailbox, file]
        .into_iter()
        .flatten()
        .collect();
    format!("{}: {cause}", parts.join(" "))
}

/// The totals.
pub(super) fn sentence(outcome: &Outcome) -> String {
    let totals = &outcome.totals;
    let verdict = match (totals.missing + totals.changed, totals.is_proved()) {
        (0, true) => "Nothing is missing".to_owned(),
        (0, false) => format!(
            "It could not be proved that nothing is missing, for {} could not be read",
            things(totals.unreadable)
        ),
        (_, true) => "Mail is missing".to_owned(),
        (_, false) => format!(
            "Mail is missing, and more may be, for {} could not be read",
            things(totals.unreadable)
        ),
    };
    let accounts = match (outcome.accounts, outcome.only_old, outcome.only_new) {
        (0 | 1, 0, 0) => String::new(),
        (both, old, new) => format!(" {both} accounts in both spools, {old} only in the old, {new} only in the new;"),
    };
    format!(
        "{verdict}:{accounts} of {} messages {} are there ({} in another mailbox, {} with other flags), {} missing, {} changed; {} extra among {}, {} damaged.",
        totals.old,
        totals.same,
        totals.moved,
        totals.flags,
        totals.missing,
        totals.changed,
        totals.extra,
        totals.new,
        totals.damaged
    )
}

fn things(count: u64) -> String {
    match count {
        1 => "one message or mailbox".to_owned(),
        more => format!("{more} messages or mailboxes"),
    }
}
