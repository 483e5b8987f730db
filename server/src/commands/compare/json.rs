//! For programs: one document, written as it is found, so that a spool of which everything is missing needs no more memory than another.

use super::{Outcome, Output, lines};
use crate::clock::rfc3339;
use mailroom::{Finding, Letter, Marks, Side};
use serde_json::{Value, json};

/// On stdout.
pub(super) struct Json {
    first: bool,
}

impl Json {
    pub(super) fn begin(old: &str, new: &str) -> Self {
        print!("{{\"old\":{},\"new\":{},\"findings\":[", json!(old), json!(new));
        Self { first: true }
    }

    fn put(&mut self, account: Option<&str>, mut finding: Value) {
        if let (Some(account), Some(fields)) = (account, finding.as_object_mut()) {
            fields.insert("account".to_owned(), json!(account));
        }
        let comma = if std::mem::take(&mut self.first) { "" } else { "," };
        print!("{comma}\n{finding}");
    }
}

impl Output for Json {
    fn finding(&mut self, account: Option<&str>, finding: &Finding) {
        self.put(account, value(finding));
    }

    fn lonely(&mut self, account: &str, side: Side, messages: Option<u64>) {
        self.put(
            Some(account),
            json!({"what": "account", "only_in": lines::name(side), "messages": messages}),
        );
    }

    fn end(&mut self, outcome: &Outcome) {
        let totals = &outcome.totals;
        let totals = json!({
            "accounts": outcome.accounts,
            "accounts_only_in_old": outcome.only_old,
            "accounts_only_in_new": outcome.only_new,
            "old": totals.old,
            "new": totals.new,
            "same": totals.same,
            "missing": totals.missing,
            "changed": totals.changed,
            "extra": totals.extra,
            "moved": totals.moved,
            "flags": totals.flags,
            "unreadable": totals.unreadable,
            "damaged": totals.damaged,
        });
        let (proved, sentence) = (outcome.totals.is_proved(), lines::sentence(outcome));
        println!(
            "\n],\"totals\":{totals},\"proved\":{proved},\"fine\":{},\"sentence\":{}}}",
            outcome.is_fine(),
            json!(sentence)
        );
    }
}

fn value(finding: &Finding) -> Value {
    match finding {
        Finding::Missing { message, copies } => {
            json!({"what": "missing", "message": letter(message), "copies_old": copies.old, "copies_new": copies.new})
        }
        Finding::Extra { message, copies } => {
            json!({"what": "extra", "message": letter(message), "copies_old": copies.old, "copies_new": copies.new})
        }
        Finding::Changed { old, new, difference } => {
            json!({"what": "changed", "message": letter(old), "now": letter(new), "headers": difference.headers, "text": difference.text})
        }
        Finding::Moved { from, to, messages } => json!({"what": "moved", "from": from, "to": to, "messages": messages}),
        Finding::MovedMessage { old, to, file } => {
            json!({"what": "moved-message", "message": letter(old), "now": {"mailbox": to, "file": file}})
        }
        Finding::Flags { message, old, new } => {
            json!({"what": "flags", "message": letter(message), "flags_old": marks(*old), "flags_new": marks(*new)})
        }
        Finding::Unreadable {
            side,
            mailbox,
            file,
            cause,
        } => {
            json!({"what": "unreadable", "side": lines::name(*side), "mailbox": mailbox, "file": file, "cause": cause})
        }
        Finding::Damaged {
            side,
            mailbox,
            file,
            cause,
        } => {
            json!({"what": "damaged", "side": lines::name(*side), "mailbox": mailbox, "file": file, "cause": cause})
        }
    }
}

fn letter(letter: &Letter) -> Value {
    json!({
        "mailbox": letter.mailbox,
        "file": letter.file,
        "date": letter.date.map(rfc3339),
        "from": letter.from,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "bytes": letter.bytes,
    })
}

fn marks(marks: Marks) -> Vec<&'static str> {
    let all = [
        (marks.seen, "Seen"),
        (marks.answered, "Answered"),
        (marks.flagged, "Flagged"),
    ];
    all.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect()
}
