mod fields;

use crate::{
    charset,
    decode::{self, Encoding},
    defect::{Defect, DefectKind, Defects},
    icon::{self, FileIcon},
    limits::{DEPTH, PARTS},
    names,
    skeleton::Skeleton,
    text::Flow,
};
use fields::{content_id, content_location, declared_encoding, fields, flow};
use mail_parser::{Message, MessageParser, MessagePart, PartType};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Enough decoded bytes to see what a file is.
const MAGIC: usize = 64;

/// What a message is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Structure {
    /// Every part, the message itself first, in the order they are written.
    pub parts: Vec<Part>,
    /// Places in `parts` of the text to show.
    pub text: Vec<usize>,
    /// Place in `parts` of the HTML to show.
    pub html: Option<usize>,
    /// Places in `parts` of what is listed as attachments.
    pub attachments: Vec<usize>,
    /// Encrypted, by PGP/MIME or S/MIME: the text is for somebody with the key.
    pub encrypted: bool,
    /// Signed; the signature is not checked.
    pub signed: bool,
    /// What is wrong.
    pub defects: Vec<Defect>,
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The number in URLs; the same for the same message always.
    pub id: u32,
    /// Place of the part that holds it.
    pub parent: Option<usize>,
    /// Nesting; the message itself is 0.
    pub depth: u16,
    /// Cleaned type, in lower case.
    pub content_type: String,
    /// Declared charset.
    pub charset: Option<String>,
    /// How it is written.
    pub encoding: Encoding,
    /// Name for the eye and for a disk.
    pub file_name: String,
    /// Content-ID without brackets.
    pub content_id: Option<String>,
    /// Content-Location: the address it stands for.
    pub content_location: Option<String>,
    /// Where its encoded bytes lie in the message file.
    pub body: Range<u64>,
    /// Where they lie in the skeleton.
    pub(crate) kept: Range<usize>,
    /// How its lines end.
    pub(crate) flow: Flow,
    /// It says that it is an attachment.
    pub(crate) is_attached: bool,
    /// S/MIME that hides nothing.
    pub(crate) is_signed_data: bool,
    /// Decoded bytes.
    pub decoded_size: u64,
    /// `decoded_size` is an estimate.
    pub estimated: bool,
    /// What it is.
    pub kind: PartKind,
    /// What it looks like.
    pub icon: FileIcon,
    /// Letters for the icon.
    pub extension: String,
    /// A raster image by its content.
    pub raster: bool,
    /// It is not what it says.
    pub mismatch: bool,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartKind {
    /// Holds other parts.
    Multipart,
    /// Plain text.
    Text,
    /// HTML.
    Html,
    /// A message inside the message.
    Message,
    /// RFC 3464
    DeliveryStatus,
    /// Anything else.
    File,
}

/// What a message is made of.
pub fn structure(skeleton: &Skeleton) -> Structure {
    skeleton.structure().clone()
}

/// Finds it out. [`Skeleton::structure`] remembers it.
pub(crate) fn find(skeleton: &Skeleton) -> Structure {
    let mut walk = Walk {
        skeleton,
        found: Structure::default(),
        defects: Defects(skeleton.defects.clone()),
    };
    if let Some(message) = MessageParser::default().parse(&skeleton.bytes) {
        walk.message(&message, None, 0, true);
    } else {
        walk.defects.note(DefectKind::NoHeaders, "");
    }
    let mut found = walk.found;
    found.attachments = attachments(&found);
    found.defects = walk.defects.0;
    found
}

struct Walk<'s> {
    skeleton: &'s Skeleton,
    found: Structure,
    defects: Defects,
}

impl Walk<'_> {
    fn message(&mut self, message: &Message<'_>, parent: Option<usize>, depth: u16, shown: bool) {
        self.part(message, 0, parent, depth, shown);
    }

    fn part(&mut self, message: &Message<'_>, number: u32, parent: Option<usize>, depth: u16, shown: bool) {
        let Some(source) = message.part(number) else { return };
        if self.found.parts.len() >= PARTS {
            self.defects.note(DefectKind::TooManyParts, PARTS.to_string());
            return;
        }
        if depth > DEPTH {
            self.defects.note(DefectKind::TooDeep, DEPTH.to_string());
            return;
        }
        let place = self.found.parts.len();
        let part = self.describe(source, place, parent, depth);
        let kind = part.kind;
        self.note_damage(source, &part, depth);
        // A part that is cut off, and a multipart without parts, are no less to be read.
        let rescued = !part.is_attached && (source.is_encoding_problem || part.content_type.starts_with("multipart/"));
        match part.content_type.as_str() {
            "multipart/encrypted" if shown => self.found.encrypted = true,
            "multipart/signed" if shown => self.found.signed = true,
            "application/pkcs7-mime" | "application/x-pkcs7-mime" if shown => {
                // RFC 8551 §3.2.2
                let signed = part.is_signed_data || part.file_name.to_ascii_lowercase().ends_with(".p7s");
                self.found.encrypted |= !signed;
                self.found.signed |= signed;
            }
            _ => {}
        }
        self.found.parts.push(part);
        match &source.body {
            PartType::Multipart(children) => {
                for child in children {
                    self.part(message, *child, Some(place), depth + 1, shown);
                }
            }
            // A nested message that is written in base64 has places of its own, which are no places of the file.
            PartType::Message(nested) if source.encoding == mail_parser::Encoding::None => {
                self.message(nested, Some(place), depth + 1, false);
            }
            _ => {}
        }
        if shown {
            if kind == PartKind::Text && (rescued || message.text_body.contains(&number)) {
                self.found.text.push(place);
            }
            if kind == PartKind::Html && self.found.html.is_none() && (rescued || message.html_body.contains(&number)) {
                self.found.html = Some(place);
            }
        }
    }

    /// What the parser could not take as it is written: the end is missing, or the transfer encoding is broken.
    fn note_damage(&mut self, source: &MessagePart<'_>, part: &Part, depth: u16) {
        if !source.is_encoding_problem || part.kept.is_empty() || part.estimated {
            return;
        }
        let cut_off = depth > 0 && part.kept.end == self.skeleton.bytes.len();
        match part.encoding {
            _ if cut_off => self.defects.note(DefectKind::Truncated, ""),
            Encoding::Identity => {}
            Encoding::Base64 | Encoding::QuotedPrintable => self.defects.note(DefectKind::BadEncoding, ""),
        }
    }

    fn describe(&self, source: &MessagePart<'_>, place: usize, parent: Option<usize>, depth: u16) -> Part {
        let skeleton = self.skeleton;
        let len = skeleton.bytes.len();
        let start = (source.offset_body as usize).min(len);
        let end = (source.offset_end as usize).clamp(start, len);
        let header = &skeleton.bytes[(source.offset_header as usize).min(start)..start];
        let (content_type, disposition) = fields(header);
        let kept = start..end;
        let encoding = match (&source.body, source.encoding) {
            (PartType::Multipart(_), _) => Encoding::Identity,
            (_, mail_parser::Encoding::Base64) => Encoding::Base64,
            (_, mail_parser::Encoding::QuotedPrintable) => Encoding::QuotedPrintable,
            // The parser gives an encoding up at the first byte that does not fit; our decoder reads on.
            (_, mail_parser::Encoding::None) => declared_encoding(header),
        };
        let body_start = skeleton.in_file(start);
        let body = body_start..skeleton.end_in_file(end).max(body_start);
        let whole = skeleton.has_all(start, end);
        let magic = magic(&skeleton.bytes[kept.clone()], encoding);
        let kind = kind(source, &content_type.value);
        let type_name = if content_type.value.contains('/') {
            content_type.value.clone()
        } else {
            default_type(kind)
        };
        let id = place as u32;
        let file_name = disposition
            .get("filename")
            .or_else(|| content_type.get("name"))
            .and_then(names::file_name)
            .unwrap_or_else(|| names::invented(id, &type_name));
        let extension = names::extension(&file_name);
        Part {
            id,
            parent,
            depth,
            charset: content_type.get("charset").map(str::to_owned),
            encoding,
            content_id: content_id(header),
            content_location: content_location(header),
            decoded_size: decoded_size(&skeleton.bytes[kept.clone()], encoding, &body, whole, kind),
            flow: flow(&content_type),
            is_attached: disposition.value == "attachment",
            is_signed_data: content_type
                .get("smime-type")
                .is_some_and(|smime| smime.eq_ignore_ascii_case("signed-data")),
            estimated: !whole && encoding != Encoding::Identity,
            icon: icon::icon(&extension, &type_name),
            raster: icon::image_type(&magic).is_some(),
            mismatch: icon::mismatch(&extension, &type_name, &magic),
            content_type: type_name,
            file_name,
            body,
            kept,
            kind,
            extension,
        }
    }
}

fn kind(source: &MessagePart<'_>, content_type: &str) -> PartKind {
    match &source.body {
        PartType::Multipart(_) => PartKind::Multipart,
        PartType::Message(_) => PartKind::Message,
        _ if content_type == "message/delivery-status" || content_type == "message/global-delivery-status" => {
            PartKind::DeliveryStatus
        }
        PartType::Html(_) => PartKind::Html,
        PartType::Text(_) if content_type == "text/html" => PartKind::Html,
        PartType::Text(_) if content_type == "text/plain" || !content_type.contains('/') => PartKind::Text,
        // What claims to be multipart and has no parts is read as text, so that nothing is hidden.
        PartType::Text(_) if content_type.starts_with("multipart/") => PartKind::Text,
        _ => PartKind::File,
    }
}

fn default_type(kind: PartKind) -> String {
    match kind {
        PartKind::Html => "text/html",
        PartKind::Message => "message/rfc822",
        PartKind::File => "application/octet-stream",
        _ => "text/plain",
    }
    .to_owned()
}

fn magic(encoded: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut decoded = decode::all(&encoded[..encoded.len().min(MAGIC * 4)], encoding);
    decoded.truncate(MAGIC);
    decoded
}

/// Exact where the whole part is at hand; otherwise by what the encoding usually costs.
fn decoded_size(kept: &[u8], encoding: Encoding, body: &Range<u64>, whole: bool, kind: PartKind) -> u64 {
    let encoded = body.end - body.start;
    match encoding {
        _ if kind == PartKind::Multipart => encoded,
        Encoding::Identity => encoded,
        // 72 to 76 letters and a line end: 57 of 77 or 78 bytes.
        Encoding::Base64 if !whole => encoded / 78 * 57,
        Encoding::QuotedPrintable if !whole => encoded,
        _ => decode::all(kept, encoding).len() as u64,
    }
}

/// What is neither shown as the text nor a container, and not inside another attachment.
fn attachments(found: &Structure) -> Vec<usize> {
    let is_inside_message = |part: &Part| {
        let mut above = part.parent;
        while let Some(place) = above {
            if found.parts[place].kind == PartKind::Message {
                return true;
            }
            above = found.parts[place].parent;
        }
        false
    };
    found
        .parts
        .iter()
        .enumerate()
        .filter(|(place, part)| {
            let is_shown = found.text.contains(place) || found.html == Some(*place);
            let is_other_form = part.content_type == "text/x-amp-html"
                || (matches!(part.kind, PartKind::Text | PartKind::Html)
                    && part
                        .parent
                        .is_some_and(|parent| found.parts[parent].content_type == "multipart/alternative"));
            // Pictures that the HTML shows; what it does not show is at least seen there.
            let is_inlined = found.html.is_some()
                && part.raster
                && part.content_id.is_some()
                && part
                    .parent
                    .is_some_and(|parent| found.parts[parent].content_type == "multipart/related");
            let is_empty_root = *place == 0 && part.body.is_empty();
            let is_container = part.kind == PartKind::Multipart;
            let is_wrapper = part.content_type == "application/pgp-encrypted" || part.kind == PartKind::DeliveryStatus;
            !(is_shown
                || is_other_form
                || is_inlined
                || is_container
                || is_wrapper
                || is_empty_root
                || is_inside_message(part))
        })
        .map(|(place, _)| place)
        .collect()
}

impl Part {
    /// The decoded bytes that are at hand.
    pub(crate) fn decoded(&self, skeleton: &Skeleton) -> Vec<u8> {
        decode::all(&skeleton.bytes[self.kept.clone()], self.encoding)
    }

    /// The text, decoded by the reader's choice, the declared charset, or what the bytes look like.
    pub(crate) fn text(&self, skeleton: &Skeleton, read_as: Option<&str>) -> charset::Decoded {
        charset::decode_as_chosen(&self.decoded(skeleton), read_as, self.charset.as_deref())
    }
}
