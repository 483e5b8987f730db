use crate::{
    clean,
    defect::{Defect, DefectKind, Defects},
    envelope::{self, Envelope, header_end},
    html::fallback,
    limits::{HEADER_BLOCK, TEXT},
    preview,
    report::{self, DeliveryReport},
    skeleton::Skeleton,
    structure::Structure,
    text::{self, Flow, TextBlock},
};
use serde::{Deserialize, Serialize};

/// How a message is to be read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Options {
    /// Read the text as this charset instead of the declared one.
    pub read_as: Option<String>,
    /// List every header field.
    pub all_headers: bool,
    /// When the text is made ready to be shown.
    pub text: TextWanted,
}

/// When the text is cut into blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextWanted {
    /// Always.
    #[default]
    Always,
    /// If there is no HTML to show instead. Whether there is a text is known all the same.
    WithoutHtml,
    /// Instead of the HTML, which is not looked at: where there is no other text, its words are. For what came to no end before.
    Alone,
}

/// A message, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Who, to whom, when, about what.
    pub envelope: Envelope,
    /// Every header field, if asked for.
    pub headers: Vec<(String, String)>,
    /// What it is made of.
    pub structure: Structure,
    /// The text; empty if there is HTML only, or HTML and the text is not wanted.
    #[serde(with = "text::between_processes")]
    pub text: Vec<TextBlock>,
    /// There is a text, made ready or not.
    pub has_text: bool,
    /// The HTML, if there is some.
    pub html: Option<HtmlInfo>,
    /// What became of a letter, if this is a report.
    pub report: Option<DeliveryReport>,
    /// The charset the text or HTML was read as.
    pub charset: Option<String>,
    /// What is wrong, all in all.
    pub defects: Vec<Defect>,
}

/// What is known of the HTML before it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HtmlInfo {
    /// Number of its part.
    pub part: u32,
    /// Images elsewhere that it wants.
    pub remote_images: u32,
}

/// What a list shows beside the envelope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// First words.
    pub preview: String,
    /// Has attachments.
    pub has_attachments: bool,
    /// Is HTML, so that it needs a frame.
    pub is_html: bool,
}

/// Understands a message.
pub fn message(skeleton: &Skeleton, options: &Options) -> View {
    let envelope = envelope::envelope(&skeleton.bytes);
    let structure = skeleton.structure();
    let mut defects = Defects(structure.defects.clone());
    for defect in &envelope.defects {
        defects.note(defect.kind, defect.detail.clone());
    }
    let read_as = options.read_as.as_deref();
    let mut charset = None;
    let alone = options.text == TextWanted::Alone;
    let text_shown = structure.html.is_none() || options.text != TextWanted::WithoutHtml;
    let (mut text, mut has_text) = text_blocks(skeleton, structure, read_as, text_shown, &mut charset, &mut defects);
    if alone && let Some(place) = structure.html {
        defects.note(DefectKind::HtmlTooComplex, "");
        if !has_text {
            text = text::blocks(
                &fallback::words(&structure.parts[place], skeleton, read_as),
                Flow::Fixed,
            );
            has_text = !text.is_empty();
        }
    }
    let html = structure.html.filter(|_| !alone).map(|place| {
        let part = &structure.parts[place];
        let source = skeleton.html.make(part, skeleton, read_as);
        note_charset(&source.decoded, part.charset.as_deref(), &mut charset, &mut defects);
        if source.prepared.is_none() {
            defects.note(DefectKind::HtmlTooComplex, "");
        }
        HtmlInfo {
            part: part.id,
            remote_images: source.remote_images,
        }
    });
    View {
        headers: if options.all_headers {
            let end = header_end(&skeleton.bytes).unwrap_or(skeleton.bytes.len());
            envelope::all_fields(&skeleton.bytes[..end.min(HEADER_BLOCK)])
        } else {
            Vec::new()
        },
        report: report::report(skeleton, structure),
        envelope,
        text,
        has_text,
        html,
        charset,
        defects: defects.0,
        structure: structure.clone(),
    }
}

/// What the index keeps of the content.
pub fn summary(skeleton: &Skeleton) -> Summary {
    let structure = skeleton.structure();
    Summary {
        preview: preview::preview(skeleton, structure),
        has_attachments: !structure.attachments.is_empty(),
        is_html: structure.html.is_some(),
    }
}

fn text_blocks(
    skeleton: &Skeleton,
    structure: &Structure,
    read_as: Option<&str>,
    shown: bool,
    charset: &mut Option<String>,
    defects: &mut Defects,
) -> (Vec<TextBlock>, bool) {
    let mut blocks = Vec::new();
    let mut is_there = false;
    let mut left = TEXT;
    for place in &structure.text {
        let part = &structure.parts[*place];
        let decoded = part.text(skeleton, read_as);
        note_charset(&decoded, part.charset.as_deref(), charset, defects);
        // Of a single short text nothing would be cut, and nobody looks at the rest.
        if !shown && structure.text.len() == 1 && !part.estimated && decoded.text.len() <= TEXT {
            is_there = clean::has_body(&decoded.text);
            break;
        }
        let cleaned = clean::body(&decoded.text);
        let kept = clean::cut(&cleaned, left);
        if kept.len() < cleaned.len() || part.estimated {
            defects.note(DefectKind::TextTooLong, "");
        }
        left -= kept.len();
        let these = text::blocks(kept, part.flow);
        is_there |= !these.is_empty();
        if shown {
            blocks.extend(these);
        }
    }
    (blocks, is_there)
}

fn note_charset(
    decoded: &crate::charset::Decoded,
    declared: Option<&str>,
    charset: &mut Option<String>,
    defects: &mut Defects,
) {
    charset.get_or_insert_with(|| decoded.charset.to_owned());
    if decoded.unknown {
        defects.note(DefectKind::UnknownCharset, clean::line(declared.unwrap_or_default()));
    }
    if decoded.mislabelled {
        defects.note(DefectKind::Mislabelled, decoded.charset);
    }
    if decoded.damaged {
        defects.note(DefectKind::BadText, decoded.charset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_wanted_is_known_all_the_same() {
        let letter = |text: &str| {
            format!(
                "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=x-none\n\n{text}\n\
                 --b\nContent-Type: text/html; charset=utf-8\n\n<p>h\n--b--\n"
            )
        };
        for (text, is_there) in [
            ("hello", true),
            (" \t\n\n", false),
            ("\u{200b}\n", false),
            ("\u{200b}>\n", true),
        ] {
            let skeleton = Skeleton::whole(letter(text).as_bytes());
            let always = message(&skeleton, &Options::default());
            let without = message(
                &skeleton,
                &Options {
                    text: TextWanted::WithoutHtml,
                    ..Options::default()
                },
            );
            assert_eq!(
                (always.has_text, !always.text.is_empty()),
                (is_there, is_there),
                "{text:?}"
            );
            assert!(without.text.is_empty());
            assert_eq!(without.defects[0].kind, DefectKind::UnknownCharset);
            let text = always.text.clone();
            assert_eq!(View { text, ..without }, always);
        }
        let plain = Skeleton::whole(b"Subject: s\n\nhello\n");
        let wanted = Options {
            text: TextWanted::WithoutHtml,
            ..Options::default()
        };
        assert_eq!(message(&plain, &wanted), message(&plain, &Options::default()));
    }

    #[test]
    fn the_text_alone_looks_at_no_html() {
        let alone = Options {
            text: TextWanted::Alone,
            ..Options::default()
        };
        let both = b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplain\n\
            --b\nContent-Type: text/html\n\n<p>html\n--b--\n";
        for (letter, text) in [
            (&both[..], "plain"),
            (b"Content-Type: text/html\n\n<style>p{}</style><p>html", "html"),
        ] {
            let skeleton = Skeleton::whole(letter);
            let view = message(&skeleton, &alone);
            assert_eq!(view.text, text::blocks(text, Flow::Fixed));
            assert!(view.has_text && view.html.is_none());
            assert_eq!(view.defects[0].kind, DefectKind::HtmlTooComplex);
            let document = crate::text_document_alone(&skeleton, &crate::BodyOptions::default());
            assert!(document.html.contains(&format!("<p>{text}</p>")), "{}", document.html);
            assert!(document.fell_back_to_text);
        }
        let plain = Skeleton::whole(b"Subject: s\n\nhello\n");
        assert_eq!(message(&plain, &alone), message(&plain, &Options::default()));
        let options = crate::BodyOptions::default();
        assert_eq!(
            crate::text_document_alone(&plain, &options),
            crate::body_document(&plain, &options)
        );
    }
}
