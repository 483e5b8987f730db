use crate::{
    clean,
    defect::{Defect, DefectKind, Defects},
    envelope::{self, Envelope, header_end},
    limits::{HEADER_BLOCK, TEXT},
    preview,
    report::{self, DeliveryReport},
    skeleton::Skeleton,
    structure::Structure,
    text::{self, TextBlock},
};

/// How a message is to be read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Read the text as this charset instead of the declared one.
    pub read_as: Option<String>,
    /// List every header field.
    pub all_headers: bool,
}

/// A message, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Who, to whom, when, about what.
    pub envelope: Envelope,
    /// Every header field, if asked for.
    pub headers: Vec<(String, String)>,
    /// What it is made of.
    pub structure: Structure,
    /// The text; empty if there is HTML only.
    pub text: Vec<TextBlock>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    let text = text_blocks(skeleton, structure, read_as, &mut charset, &mut defects);
    let html = structure.html.map(|place| {
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
    charset: &mut Option<String>,
    defects: &mut Defects,
) -> Vec<TextBlock> {
    let mut blocks = Vec::new();
    let mut left = TEXT;
    for place in &structure.text {
        let part = &structure.parts[*place];
        let decoded = part.text(skeleton, read_as);
        note_charset(&decoded, part.charset.as_deref(), charset, defects);
        let cleaned = clean::body(&decoded.text);
        let shown = clean::cut(&cleaned, left);
        if shown.len() < cleaned.len() || part.estimated {
            defects.note(DefectKind::TextTooLong, "");
        }
        left -= shown.len();
        blocks.extend(text::blocks(shown, part.flow));
    }
    blocks
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
