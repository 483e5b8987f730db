//! Messages of our own with what is made of them beside each. `FUMIBAKO_WRITE_EXPECTED=1 cargo test -p render --test corpus` writes
//! the expectations anew; the difference is then read by a person.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use render::{
    Address, BodyOptions, BodyView, BodyWords, Inline, Options, Skeleton, TextBlock, View, body_document, message,
    summary,
};
use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

#[test]
fn every_message_reads_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    #[expect(clippy::disallowed_methods, reason = "a person regenerates the expectations with it")]
    let write = std::env::var_os("FUMIBAKO_WRITE_EXPECTED").is_some();
    let files: BTreeSet<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let mut differing = Vec::new();
    let mut seen = 0;
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "eml"))
    {
        seen += 1;
        let found = describe(&fs::read(file).unwrap());
        let beside = file.with_extension("txt");
        if write {
            fs::write(&beside, &found).unwrap();
        } else if fs::read_to_string(&beside).unwrap_or_default() != found {
            differing.push(format!("{}:\n{found}", file.display()));
        }
    }
    assert!(seen > 20, "only {seen} messages");
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
    let lonely: Vec<_> = files
        .iter()
        .filter(|file| file.extension().is_some_and(|e| e == "txt"))
        .filter(|file| !file.with_extension("eml").exists())
        .collect();
    assert!(lonely.is_empty(), "expectations without a message: {lonely:?}");
}

fn describe(raw: &[u8]) -> String {
    let skeleton = Skeleton::whole(raw);
    let view = message(
        &skeleton,
        &Options {
            all_headers: true,
            ..Options::default()
        },
    );
    let mut out = String::new();
    envelope(&view, &mut out);
    parts(&view, &mut out);
    if let Some(report) = &view.report {
        for recipient in &report.recipients {
            writeln!(out, "report: {recipient:?}").unwrap();
        }
    }
    writeln!(out, "preview: {}", summary(&skeleton).preview).unwrap();
    writeln!(out, "charset: {:?}", view.charset).unwrap();
    for defect in &view.defects {
        writeln!(out, "defect: {} {}", defect.kind.code(), defect.detail).unwrap();
    }
    out.push_str("text:\n");
    blocks(&view.text, 1, &mut out);
    if let Some(html) = view.html {
        let words = BodyWords {
            image_blocked: "blocked".into(),
            too_complex: "text only".into(),
            ..BodyWords::default()
        };
        let document = body_document(
            &skeleton,
            &BodyOptions {
                view: BodyView::Html,
                words,
                ..BodyOptions::default()
            },
        );
        let body = document
            .html
            .split_once("<body>")
            .unwrap()
            .1
            .trim_end_matches("</body></html>");
        writeln!(
            out,
            "html of part {}, {} from elsewhere:\n{body}",
            html.part, document.remote_images
        )
        .unwrap();
    }
    out
}

fn envelope(view: &View, out: &mut String) {
    let envelope = &view.envelope;
    let list = |addresses: &[Address]| addresses.iter().map(address).collect::<Vec<_>>().join(", ");
    writeln!(out, "from: {}", list(&envelope.from)).unwrap();
    if let Some(sender) = &envelope.sender {
        writeln!(out, "sender: {}", address(sender)).unwrap();
    }
    for (name, addresses) in [
        ("to", &envelope.to),
        ("cc", &envelope.cc),
        ("bcc", &envelope.bcc),
        ("reply-to", &envelope.reply_to),
    ] {
        if !addresses.is_empty() {
            writeln!(out, "{name}: {}", list(addresses)).unwrap();
        }
    }
    writeln!(
        out,
        "subject: {}\ndate: {:?}\nid: {:?}",
        envelope.subject, envelope.date, envelope.message_id
    )
    .unwrap();
    if !envelope.in_reply_to.is_empty() || !envelope.references.is_empty() {
        writeln!(out, "answers: {:?} {:?}", envelope.in_reply_to, envelope.references).unwrap();
    }
    if let Some(list) = &envelope.list_id {
        writeln!(out, "list: {list}").unwrap();
    }
    writeln!(
        out,
        "fields: {}",
        view.headers
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    )
    .unwrap();
}

fn address(address: &Address) -> String {
    let group = address
        .group
        .as_ref()
        .map(|group| format!("{group}: "))
        .unwrap_or_default();
    match &address.name {
        Some(name) => format!("{group}{name} <{}>", address.address),
        None => format!("{group}{}", address.address),
    }
}

fn parts(view: &View, out: &mut String) {
    for (place, part) in view.structure.parts.iter().enumerate() {
        let mut marks = Vec::new();
        for (mark, holds) in [
            ("text", view.structure.text.contains(&place)),
            ("html", view.structure.html == Some(place)),
            ("attachment", view.structure.attachments.contains(&place)),
            ("raster", part.raster),
            ("mismatch", part.mismatch),
            ("estimated", part.estimated),
        ] {
            if holds {
                marks.push(mark);
            }
        }
        writeln!(
            out,
            "part {}: {}{} {:?} {:?} {:?} {} bytes {:?} {}",
            part.id,
            "  ".repeat(usize::from(part.depth)),
            part.content_type,
            part.kind,
            part.encoding,
            part.icon,
            part.decoded_size,
            part.file_name,
            marks.join(" ")
        )
        .unwrap();
    }
    writeln!(
        out,
        "encrypted: {} signed: {}",
        view.structure.encrypted, view.structure.signed
    )
    .unwrap();
}

fn blocks(blocks_: &[TextBlock], depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for block in blocks_ {
        match block {
            TextBlock::Paragraph(inlines) => {
                write!(out, "{indent}").unwrap();
                for inline in inlines {
                    match inline {
                        Inline::Text(text) => out.push_str(text),
                        Inline::Link { text, href } => write!(out, "[{text}]({href})").unwrap(),
                        Inline::Break => write!(out, "⏎\n{indent}").unwrap(),
                    }
                }
                out.push_str("¶\n");
            }
            TextBlock::Quote { lines, blocks: inner } => {
                writeln!(out, "{indent}quote of {lines}:").unwrap();
                blocks(inner, depth + 1, out);
            }
            TextBlock::Signature(inner) => {
                writeln!(out, "{indent}signature:").unwrap();
                blocks(inner, depth + 1, out);
            }
        }
    }
}
