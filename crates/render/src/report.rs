//! Delivery reports (RFC 3464): what became of a letter, for each recipient.

use crate::{
    clean, encoded_word,
    skeleton::Skeleton,
    structure::{PartKind, Structure},
};
use mail_parser::{HeaderValue, MessageParser};
use serde::{Deserialize, Serialize};

/// Recipients shown.
const RECIPIENTS: usize = 100;

/// What a mail system says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryReport {
    /// One for each recipient.
    pub recipients: Vec<Recipient>,
}

/// What became of it for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Whose copy: the address the sender wrote, if it is told.
    pub address: String,
    /// What happened.
    pub action: Action,
    /// Enhanced status code (RFC 3463).
    pub status: String,
    /// What the other side said.
    pub diagnostic: String,
    /// Until when it is tried again, seconds since 1970.
    pub retry_until: Option<i64>,
}

/// RFC 3464 §2.3.3
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Given up.
    Failed,
    /// To be tried again.
    Delayed,
    /// Arrived.
    Delivered,
    /// Passed to a system that sends no reports.
    Relayed,
    /// Delivered and sent on to several.
    Expanded,
}

pub(crate) fn report(skeleton: &Skeleton, structure: &Structure) -> Option<DeliveryReport> {
    let part = structure
        .parts
        .iter()
        .find(|part| part.kind == PartKind::DeliveryStatus)?;
    let inside_message = part.parent.is_some_and(|parent| structure.parts[parent].depth > 0);
    if inside_message {
        return None;
    }
    let text = part.decoded(skeleton);
    let mut recipients = Vec::new();
    for group in groups(&text).take(RECIPIENTS + 1) {
        if let Some(recipient) = recipient(&group) {
            recipients.push(recipient);
        }
    }
    (!recipients.is_empty()).then_some(DeliveryReport { recipients })
}

/// Groups of fields, an empty line between two.
fn groups(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut groups = vec![Vec::new()];
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if line.trim_ascii().is_empty() {
            groups.push(Vec::new());
        } else if let Some(group) = groups.last_mut() {
            group.extend_from_slice(line);
        }
    }
    groups.into_iter().filter(|group| !group.is_empty())
}

fn recipient(group: &[u8]) -> Option<Recipient> {
    let field = |name: &str| {
        encoded_word::fields(group).find_map(|field| {
            let at = field.iter().position(|&byte| byte == b':')?;
            field[..at]
                .trim_ascii()
                .eq_ignore_ascii_case(name.as_bytes())
                .then(|| clean::line(&encoded_word::decode_text(&field[at + 1..])))
        })
    };
    // `rfc822; a@example.jp`
    let typed = |value: String| {
        value
            .split_once(';')
            .map_or(value.clone(), |(_, rest)| rest.trim().to_owned())
    };
    let action = match field("Action")?.to_ascii_lowercase().split([' ', '(']).next()? {
        "failed" => Action::Failed,
        "delayed" => Action::Delayed,
        "delivered" => Action::Delivered,
        "relayed" => Action::Relayed,
        "expanded" => Action::Expanded,
        _ => return None,
    };
    Some(Recipient {
        address: field("Original-Recipient")
            .or_else(|| field("Final-Recipient"))
            .map(typed)
            .unwrap_or_default(),
        action,
        status: field("Status").unwrap_or_default(),
        diagnostic: field("Diagnostic-Code").map(typed).unwrap_or_default(),
        retry_until: field("Will-Retry-Until").and_then(|date| timestamp(&date)),
    })
}

fn timestamp(date: &str) -> Option<i64> {
    let header = format!("Date: {date}\n\n");
    let message = MessageParser::default().parse_headers(header.as_bytes())?;
    match message.header("Date")? {
        HeaderValue::DateTime(date) if date.is_valid() => Some(date.to_timestamp()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure;

    #[test]
    fn a_delay_is_no_failure() {
        let raw = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\ndelayed\n\
            --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.ac.jp\n\n\
            Final-Recipient: rfc822; a@example.jp\nAction: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 421\n timed out\n\
            Will-Retry-Until: Sun, 29 Nov 2026 09:00:00 +0900\n\nFinal-Recipient: rfc822; b@example.jp\nAction: failed\nStatus: 5.1.1\n\n--b--\n";
        let skeleton = Skeleton::whole(raw);
        let structure = structure(&skeleton);
        let report = report(&skeleton, &structure).unwrap();
        assert_eq!(report.recipients.len(), 2);
        let first = &report.recipients[0];
        assert_eq!(
            (first.action, first.address.as_str(), first.diagnostic.as_str()),
            (Action::Delayed, "a@example.jp", "421 timed out")
        );
        assert_eq!(first.retry_until, Some(1_795_910_400));
        assert_eq!(report.recipients[1].action, Action::Failed);
        assert!(structure.attachments.is_empty(), "{:?}", structure.attachments);
    }
}
