use crate::{Wording, fetch::FetchedMessage};
use api_types::{
    Attachment, Body, Cause, DefectNote, DeliveryAction, DeliveryReport, FileIcon, Inline, LetterQuery, Message,
    Person, Recipient, TextBlock,
};
use index::flags;
use render::{Address, View};

/// A parsed message in the words that cross the wire.
pub(crate) fn message(view: View, fetched: &FetchedMessage, query: &LetterQuery, words: &dyn Wording) -> Message {
    let body = body(&view, query);
    let (row, envelope) = (&fetched.row, view.envelope);
    let from: Vec<Person> = envelope.from.iter().map(person).collect();
    let reply_to: Vec<Person> = envelope.reply_to.iter().map(person).collect();
    let is_other = |person: &Person| {
        !from
            .iter()
            .any(|from| from.address.eq_ignore_ascii_case(&person.address))
    };
    let attachments = view
        .structure
        .attachments
        .iter()
        .filter_map(|place| view.structure.parts.get(*place))
        .map(attachment)
        .collect();
    Message {
        id: row.public_id.clone().into(),
        subject: envelope.subject,
        sender: envelope.sender.as_ref().map(person).filter(is_other),
        to: envelope.to.iter().map(person).collect(),
        cc: envelope.cc.iter().map(person).collect(),
        reply_to: if reply_to.iter().any(is_other) {
            reply_to
        } else {
            Vec::new()
        },
        from,
        date: words.moment(envelope.date.unwrap_or(fetched.received)),
        size: fetched.size,
        unread: row.unread,
        opened_here: row.opened_here && row.flags & flags::SEEN == 0,
        flagged: row.flags & flags::FLAGGED != 0,
        body,
        attachments,
        report: view.report.map(|report| delivery_report(report, words)),
        notes: view
            .defects
            .into_iter()
            .map(|defect| DefectNote {
                code: defect.kind.code().to_owned(),
                detail: defect.detail,
                count: 1,
            })
            .collect(),
        headers: view.headers,
        charset: view.charset,
        encrypted: view.structure.encrypted,
        of: fetched.of.clone().unwrap_or_default(),
    }
}

/// A message that nobody could look into, by what a list shows of it.
pub(crate) fn unshown(cause: Cause, fetched: &FetchedMessage, words: &dyn Wording) -> Message {
    let row = &fetched.row;
    let from = Person {
        name: row.from_name.clone(),
        address: row.from_address.clone(),
    };
    Message {
        id: row.public_id.clone().into(),
        subject: row.subject.clone(),
        sender: None,
        to: Vec::new(),
        cc: Vec::new(),
        reply_to: Vec::new(),
        from: if row.from_address.is_empty() && row.from_name.is_empty() {
            Vec::new()
        } else {
            vec![from]
        },
        date: words.moment(row.date),
        size: fetched.size,
        unread: row.unread,
        opened_here: row.opened_here && row.flags & flags::SEEN == 0,
        flagged: row.flags & flags::FLAGGED != 0,
        body: Body::Unshown(cause),
        attachments: Vec::new(),
        report: None,
        notes: Vec::new(),
        headers: Vec::new(),
        charset: None,
        encrypted: false,
        of: String::new(),
    }
}

fn body(view: &View, query: &LetterQuery) -> Body {
    match view.html {
        Some(html) if !query.text || !view.has_text => Body::Html {
            remote_images: html.remote_images,
            has_text: view.has_text,
        },
        _ if !view.has_text => Body::Empty,
        html => Body::Text {
            blocks: view.text.iter().map(block).collect(),
            has_html: html.is_some(),
        },
    }
}

fn person(address: &Address) -> Person {
    Person {
        name: address.name.clone().unwrap_or_default(),
        address: address.address.clone(),
    }
}

fn block(block: &render::TextBlock) -> TextBlock {
    match block {
        render::TextBlock::Paragraph(inlines) => TextBlock::Paragraph(inlines.iter().map(inline).collect()),
        render::TextBlock::Quote { lines, blocks } => TextBlock::Quote {
            lines: *lines,
            blocks: blocks.iter().map(self::block).collect(),
        },
        render::TextBlock::Signature(blocks) => TextBlock::Signature(blocks.iter().map(self::block).collect()),
    }
}

fn inline(inline: &render::Inline) -> Inline {
    match inline {
        render::Inline::Text(text) => Inline::Text(text.clone()),
        render::Inline::Link { text, href } => Inline::Link {
            text: text.clone(),
            href: href.clone(),
        },
        render::Inline::Break => Inline::Break,
    }
}

fn attachment(part: &render::Part) -> Attachment {
    Attachment {
        part: part.id,
        name: part.file_name.clone(),
        size: part.decoded_size,
        about: part.estimated,
        icon: icon(part.icon),
        extension: part.extension.clone(),
        viewable: part.raster,
        mismatch: part.mismatch,
    }
}

fn icon(icon: render::FileIcon) -> FileIcon {
    match icon {
        render::FileIcon::Pdf => FileIcon::Pdf,
        render::FileIcon::Image => FileIcon::Image,
        render::FileIcon::Archive => FileIcon::Archive,
        render::FileIcon::Sheet => FileIcon::Sheet,
        render::FileIcon::Document => FileIcon::Document,
        render::FileIcon::Slides => FileIcon::Slides,
        render::FileIcon::Audio => FileIcon::Audio,
        render::FileIcon::Video => FileIcon::Video,
        render::FileIcon::Text => FileIcon::Text,
        render::FileIcon::Calendar => FileIcon::Calendar,
        render::FileIcon::Mail => FileIcon::Mail,
        render::FileIcon::Other => FileIcon::Other,
    }
}

fn delivery_report(report: render::DeliveryReport, words: &dyn Wording) -> DeliveryReport {
    let recipients = report
        .recipients
        .into_iter()
        .map(|recipient| Recipient {
            address: recipient.address,
            action: match recipient.action {
                render::Action::Failed => DeliveryAction::Failed,
                render::Action::Delayed => DeliveryAction::Delayed,
                render::Action::Delivered => DeliveryAction::Delivered,
                render::Action::Relayed => DeliveryAction::Relayed,
                render::Action::Expanded => DeliveryAction::Expanded,
            },
            status: recipient.status,
            diagnostic: recipient.diagnostic,
            retry_until: recipient.retry_until.map(|at| words.moment(at)),
        })
        .collect();
    DeliveryReport { recipients }
}
