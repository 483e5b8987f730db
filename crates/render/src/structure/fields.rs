//! The fields of a part's own header that say what it is.

use crate::{
    decode::Encoding,
    encoded_word,
    envelope::header_end,
    params::{self, Parameterised},
    text::Flow,
};

pub(super) fn declared_encoding(header: &[u8]) -> Encoding {
    let value = field(header, b"content-transfer-encoding").unwrap_or_default();
    let word = value
        .split(|byte| matches!(byte, b';' | b'('))
        .next()
        .unwrap_or_default()
        .trim_ascii();
    if word.eq_ignore_ascii_case(b"base64") {
        Encoding::Base64
    } else if word.eq_ignore_ascii_case(b"quoted-printable") {
        Encoding::QuotedPrintable
    } else {
        Encoding::Identity
    }
}

pub(super) fn flow(content_type: &Parameterised) -> Flow {
    let says = |name, value: &str| {
        content_type
            .get(name)
            .is_some_and(|given| given.eq_ignore_ascii_case(value))
    };
    match (says("format", "flowed"), says("delsp", "yes")) {
        (true, true) => Flow::FlowedWithoutSpace,
        (true, false) => Flow::Flowed,
        (false, _) => Flow::Fixed,
    }
}

/// Content-Type and Content-Disposition of a part's header.
pub(super) fn fields(header: &[u8]) -> (Parameterised, Parameterised) {
    (
        field(header, b"content-type").map(params::parse).unwrap_or_default(),
        field(header, b"content-disposition")
            .map(params::parse)
            .unwrap_or_default(),
    )
}

fn field<'h>(header: &'h [u8], name: &[u8]) -> Option<&'h [u8]> {
    let end = header_end(header).unwrap_or(header.len());
    encoded_word::fields(&header[..end]).find_map(|field| {
        let at = field.iter().position(|&byte| byte == b':')?;
        field[..at]
            .trim_ascii()
            .eq_ignore_ascii_case(name)
            .then_some(&field[at + 1..])
    })
}

/// Folding may stand anywhere in it (RFC 2557 §4.4.2).
pub(super) fn content_location(header: &[u8]) -> Option<String> {
    let value = String::from_utf8_lossy(field(header, b"content-location")?);
    let location: String = value.split_whitespace().collect();
    let location = location.trim_matches('"');
    (!location.is_empty()).then(|| location.to_owned())
}

pub(super) fn content_id(header: &[u8]) -> Option<String> {
    let value = String::from_utf8_lossy(field(header, b"content-id")?).trim().to_owned();
    let id = value.trim_start_matches('<').trim_end_matches('>').to_owned();
    (!id.is_empty()).then_some(id)
}
