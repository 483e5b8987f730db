//! Mail that no one here wrote: nothing in it may panic or hang. `FUMIBAKO_CORPORA` names the folder; without it nothing is tried.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use render::{BodyOptions, BodyView, Options, Skeleton, body_document, envelope, message, structure, summary};
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

#[test]
fn every_foreign_message_is_read() {
    #[expect(clippy::disallowed_methods, reason = "the folder is not part of the project")]
    let Some(root) = std::env::var_os("FUMIBAKO_CORPORA") else {
        return skipped("mail that others wrote", "FUMIBAKO_CORPORA names no folder");
    };
    let mut files = Vec::new();
    walk(Path::new(&root), &mut files);
    assert!(!files.is_empty(), "no file in {}", Path::new(&root).display());
    let mut tally = Tally::default();
    for file in &files {
        let bytes = fs::read(file).unwrap();
        if bytes.starts_with(b"From ") {
            messages(&bytes).for_each(|message| tally.read(file, message));
        } else {
            tally.read(file, &bytes);
        }
    }
    println!("{} files: {tally:?}", files.len());
    assert!(tally.messages >= files.len());
}

#[derive(Debug, Default)]
struct Tally {
    messages: usize,
    with_text: usize,
    with_html: usize,
    html_as_text: usize,
    with_attachments: usize,
    reports: usize,
    without_date: usize,
    without_preview: usize,
    with_defects: usize,
}

impl Tally {
    fn read(&mut self, file: &Path, raw: &[u8]) {
        let skeleton = Skeleton::whole(raw);
        let view = message(
            &skeleton,
            &Options {
                all_headers: true,
                ..Options::default()
            },
        );
        assert_eq!(view.envelope.subject, envelope(raw).subject, "{}", file.display());
        assert_eq!(view.structure, structure(&skeleton), "{}", file.display());
        let summary = summary(&skeleton);
        for part in &view.structure.parts {
            assert!(
                part.body.start <= part.body.end && part.body.end <= raw.len() as u64,
                "{}: {part:?}",
                file.display()
            );
        }
        for body in [BodyView::Text, BodyView::Html] {
            let document = body_document(
                &skeleton,
                &BodyOptions {
                    view: body,
                    ..BodyOptions::default()
                },
            );
            assert!(!document.html.contains('\u{1b}'), "{}", file.display());
            self.html_as_text += usize::from(body == BodyView::Html && document.fell_back_to_text);
        }
        self.messages += 1;
        self.with_text += usize::from(!view.text.is_empty());
        self.with_html += usize::from(view.html.is_some());
        self.with_attachments += usize::from(summary.has_attachments);
        self.reports += usize::from(view.report.is_some());
        self.without_date += usize::from(view.envelope.date.is_none());
        self.without_preview += usize::from(summary.preview.is_empty());
        self.with_defects += usize::from(!view.defects.is_empty());
        #[expect(clippy::disallowed_methods, reason = "a person asks for it")]
        if std::env::var_os("FUMIBAKO_VERBOSE").is_some() {
            println!(
                "{} | {} | {:?} | {} | {:?}",
                file.display(),
                view.envelope.subject,
                view.charset,
                summary.preview,
                view.defects.iter().map(|defect| defect.kind.code()).collect::<Vec<_>>()
            );
        }
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            walk(&entry, files);
        } else {
            files.push(entry);
        }
    }
}

/// The messages of an mbox file, near enough for a test.
fn messages(mbox: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut starts: Vec<usize> = mbox
        .windows(7)
        .enumerate()
        .filter(|(_, window)| window.starts_with(b"\n\nFrom ") || window.starts_with(b"\r\nFrom "))
        .map(|(at, _)| at + 2)
        .collect();
    starts.insert(0, 0);
    starts.push(mbox.len());
    starts
        .windows(2)
        .map(|pair| {
            let message = &mbox[pair[0]..pair[1]];
            let line = message
                .iter()
                .position(|&byte| byte == b'\n')
                .map_or(message.len(), |at| at + 1);
            &message[line..]
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// Said even where what tests print is not shown; `end2end/crates.mjs` reads it.
#[expect(clippy::explicit_write, reason = "the macro is not shown of a test that passes")]
fn skipped(what: &str, why: &str) {
    writeln!(std::io::stderr(), "\nSKIPPED, {what} is not tried: {why}").unwrap();
}
