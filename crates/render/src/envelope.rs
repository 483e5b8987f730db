use crate::{
    clean,
    defect::{Defect, DefectKind, Defects},
    encoded_word,
    limits::{ADDRESSES, HEADER_BLOCK, HEADER_FIELD, HEADER_FIELDS, REFERENCES},
};
use mail_parser::{HeaderValue, Message, MessageParser};
use serde::{Deserialize, Serialize};

/// What the header says of who, to whom, when and about what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// From; several are possible.
    pub from: Vec<Address>,
    /// Sender.
    pub sender: Option<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc.
    pub bcc: Vec<Address>,
    /// Reply-To.
    pub reply_to: Vec<Address>,
    /// Decoded subject; empty without one.
    pub subject: String,
    /// Date field, seconds since 1970.
    pub date: Option<i64>,
    /// Message-ID without its brackets.
    pub message_id: Option<String>,
    /// In-Reply-To, without brackets.
    pub in_reply_to: Vec<String>,
    /// References, without brackets, oldest first.
    pub references: Vec<String>,
    /// List-Id.
    pub list_id: Option<String>,
    /// What is wrong with the header.
    pub defects: Vec<Defect>,
}

/// A mailbox in the sense of RFC 5322 §3.4, cleaned for display.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Display name.
    pub name: Option<String>,
    /// Address as written, without its brackets; may be empty or no address at all.
    pub address: String,
    /// The group it is in, if it is in one.
    pub group: Option<String>,
}

/// Where the body begins: after the first empty line, with any kind of line end; `None` if there is none in `bytes`.
pub fn header_end(bytes: &[u8]) -> Option<usize> {
    if matches!(bytes, [b'\n', ..]) {
        return Some(1);
    }
    if matches!(bytes, [b'\r', b'\n', ..]) {
        return Some(2);
    }
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => match bytes.get(at + 1..) {
                Some([b'\n', ..]) => return Some(at + 2),
                Some([b'\r', b'\n', ..]) => return Some(at + 3),
                _ => {}
            },
            // Lines that end in CR alone, as old Macs wrote them.
            b'\r' if bytes.get(at + 1) == Some(&b'\r') => return Some(at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Reads a header block, or the beginning of one.
pub fn envelope(block: &[u8]) -> Envelope {
    let mut defects = Defects::default();
    let block = prepared(block, &mut defects);
    let Some(message) = MessageParser::default().parse_headers(&block) else {
        defects.note(DefectKind::NoHeaders, "");
        return Envelope {
            defects: defects.0,
            ..Envelope::default()
        };
    };
    Envelope {
        from: addresses(message.from()),
        sender: addresses(message.sender()).into_iter().next(),
        to: addresses(message.to()),
        cc: addresses(message.cc()),
        bcc: addresses(message.bcc()),
        reply_to: addresses(message.reply_to()),
        subject: subject(&message),
        date: date(&message, &mut defects),
        message_id: message.message_id().map(clean::line),
        in_reply_to: ids(message.in_reply_to()),
        references: ids(message.references()),
        list_id: text(message.list_id()),
        defects: defects.0,
    }
}

/// Every field, decoded, in order.
pub(crate) fn all_fields(block: &[u8]) -> Vec<(String, String)> {
    encoded_word::fields(block)
        .filter_map(|field| {
            let at = field.iter().position(|&byte| byte == b':')?;
            let name = clean::line(&String::from_utf8_lossy(&field[..at]));
            let value = &field[at + 1..];
            let value = clean::line(&encoded_word::decode_text(&value[..value.len().min(HEADER_FIELD)]));
            (!name.is_empty() && !name.contains(' ')).then_some((name, value))
        })
        .take(HEADER_FIELDS)
        .collect()
}

/// The block within its limits, in UTF-8, with LF or CRLF line ends, and with the empty line that ends it.
fn prepared(block: &[u8], defects: &mut Defects) -> Vec<u8> {
    let end = header_end(block).unwrap_or(block.len());
    let block = &block[..end.min(HEADER_BLOCK)];
    if end > HEADER_BLOCK {
        defects.note(DefectKind::HeaderTooLong, "");
    }
    let only_cr = !block.contains(&b'\n');
    let lines: Vec<u8> = if only_cr {
        block
            .iter()
            .map(|&byte| if byte == b'\r' { b'\n' } else { byte })
            .collect()
    } else {
        block.to_vec()
    };
    let mut kept = Vec::with_capacity(lines.len());
    for field in encoded_word::fields(&lines) {
        if field.len() > HEADER_FIELD {
            defects.note(DefectKind::HeaderTooLong, "");
            kept.extend_from_slice(&field[..HEADER_FIELD]);
            kept.push(b'\n');
        } else {
            kept.extend_from_slice(field);
        }
    }
    let mut block = encoded_word::normalise(&kept);
    block.extend_from_slice(b"\n\n");
    block
}

/// The date field, if it names a moment that exists.
fn date(message: &Message<'_>, defects: &mut Defects) -> Option<i64> {
    let date = message
        .date()
        .filter(|date| date.is_valid())
        .map(mail_parser::DateTime::to_timestamp);
    if date.is_none() && message.header("Date").is_some() {
        defects.note(DefectKind::BadDate, "");
    }
    date
}

/// Message identifiers (RFC 5322 §3.6.4).
fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let ids: Vec<&str> = match value {
        HeaderValue::Text(id) => vec![id],
        HeaderValue::TextList(ids) => ids.iter().map(|id| id.as_ref()).collect(),
        _ => Vec::new(),
    };
    let first = ids.len().saturating_sub(REFERENCES);
    ids[first..]
        .iter()
        .map(|id| clean::line(id))
        .filter(|id| !id.is_empty())
        .collect()
}

fn subject(message: &Message<'_>) -> String {
    clean::line(message.subject().unwrap_or_default())
}

fn text(value: &HeaderValue<'_>) -> Option<String> {
    value.as_text().map(clean::line).filter(|text| !text.is_empty())
}

fn addresses(field: Option<&mail_parser::Address<'_>>) -> Vec<Address> {
    let Some(field) = field else { return Vec::new() };
    match field {
        mail_parser::Address::List(list) => list
            .iter()
            .filter_map(|one| address(one, None))
            .take(ADDRESSES)
            .collect(),
        mail_parser::Address::Group(groups) => groups
            .iter()
            .flat_map(|group| {
                group
                    .addresses
                    .iter()
                    .filter_map(|one| address(one, group.name.as_deref()))
            })
            .take(ADDRESSES)
            .collect(),
    }
}

fn address(one: &mail_parser::Addr<'_>, group: Option<&str>) -> Option<Address> {
    let cleaned = |text: Option<&str>| text.map(clean::line).filter(|text| !text.is_empty());
    let address = Address {
        name: cleaned(one.name.as_deref()),
        address: cleaned(one.address.as_deref()).unwrap_or_default(),
        group: cleaned(group),
    };
    (address.name.is_some() || !address.address.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_begins_after_the_first_empty_line() {
        for (bytes, end) in [
            (&b"A: b\n\nx"[..], Some(6)),
            (b"A: b\r\n\r\nx", Some(8)),
            (b"A: b\r\rx", Some(6)),
            (b"\nx", Some(1)),
            (b"A: b\n", None),
        ] {
            assert_eq!(header_end(bytes), end, "{bytes:?}");
        }
    }

    #[test]
    fn japanese_mail_headers() {
        let raw = b"From: =?ISO-2022-JP?B?GyRCOjRGIxsoQg==?= <sato@example.ac.jp>\r\nTo: \"a, b\" <a@example.jp>, c@example.jp\r\n\
            Subject: =?ISO-2022-JP?B?GyRCMnE=?=\r\n =?ISO-2022-JP?B?NUQbKEI=?=\r\nDate: Tue, 24 Nov 2026 09:12:00 +0900\r\n\r\nbody";
        let envelope = envelope(raw);
        assert_eq!(
            envelope.from,
            [Address {
                name: Some("佐藤".into()),
                address: "sato@example.ac.jp".into(),
                group: None,
            }]
        );
        assert_eq!(envelope.to.len(), 2);
        assert_eq!(envelope.subject, "会議");
        assert_eq!(envelope.date, Some(1_795_479_120));
    }

    #[test]
    fn raw_bytes_in_headers_are_read() {
        assert_eq!(envelope(b"Subject: \x1b$B2q5D\x1b(B\n\n").subject, "会議");
        let (sjis, ..) = encoding_rs::SHIFT_JIS.encode("会議のお知らせ");
        let raw = [b"Subject: ", &sjis[..], b"\nFrom: a@b\n\n"].concat();
        assert_eq!(envelope(&raw).subject, "会議のお知らせ");
        assert_eq!(envelope(b"Subject: a\rFrom: x@y\r\rbody").subject, "a");
    }

    #[test]
    fn a_huge_field_is_cut_and_said() {
        let raw = format!("Subject: x\nX-Big: {}\n\n", "a".repeat(1 << 20));
        let envelope = envelope(raw.as_bytes());
        assert_eq!(envelope.subject, "x");
        assert!(
            envelope
                .defects
                .iter()
                .any(|defect| defect.kind == DefectKind::HeaderTooLong)
        );
    }

    #[test]
    fn nothing_is_no_header() {
        assert_eq!(envelope(b"").subject, "");
        assert_eq!(envelope(&[0; 64]).subject, "");
    }
}
