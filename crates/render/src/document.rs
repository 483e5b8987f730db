//! The document that a letter's frame shows. Made here as a whole; nothing edits it afterwards.

use crate::{
    clean,
    html::{self, fallback},
    limits::{HTML, TEXT},
    skeleton::Skeleton,
    structure::Structure,
    text::{self, Flow, Inline, TextBlock},
};
use serde::{Deserialize, Serialize};

/// Which form of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BodyView {
    /// Plain text, or the text of the HTML.
    Text,
    /// HTML without anything from elsewhere.
    #[default]
    Html,
    /// HTML for which the reader asked for remote images. None are loaded yet: it is as `Html`.
    Remote,
}

/// The few words a document needs, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyWords {
    /// BCP 47 tag for `<html lang>`.
    pub lang: String,
    /// Stands for an image that is not loaded.
    pub image_blocked: String,
    /// Says that only the text of the HTML is shown.
    pub too_complex: String,
    /// Says that there is no text.
    pub empty: String,
    /// Says that the message could not be made ready.
    pub unshown: String,
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyOptions {
    /// Which form.
    pub view: BodyView,
    /// Read the text as this charset.
    pub read_as: Option<String>,
    /// Words.
    pub words: BodyWords,
}

/// A whole document, final.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyDocument {
    /// HTML in UTF-8.
    pub html: String,
    /// Images elsewhere that are not loaded.
    pub remote_images: u32,
    /// HTML was there and only its text is shown.
    pub fell_back_to_text: bool,
    /// It loads images of the message by themselves: they did not fit into it.
    pub links_images: bool,
}

/// Paper for the letter. Senders expect a white sheet: a dark page would make their dark text unreadable, so an HTML letter is
/// shown light in both themes.
const STYLE: &str = "html{color-scheme:light;background:#fff;color:#1c2430}\
    body{margin:0;padding:20px 24px;font:15px/1.7 system-ui,-apple-system,\"Segoe UI\",\"Hiragino Sans\",\"Noto Sans JP\",\
    \"Noto Sans CJK JP\",\"Yu Gothic UI\",Meiryo,sans-serif;overflow-wrap:anywhere}\
    img{max-width:100%}img:not([src]){display:inline-block;box-sizing:border-box;border:1px dashed #8b93a0;border-radius:4px;padding:2px 6px;color:#5a6472;\
    font-size:12px}img:not([src])[width=\"1\"],img:not([src])[height=\"1\"]{display:none}\
    table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:0 0 0 .5em;padding-left:1em;border-left:3px solid #d9d4ca}\
    a{color:#274b7f}.fumibako-note{margin:0 0 16px;padding:8px 12px;border:1px solid #e4e0d8;border-radius:8px;color:#5a6472;font-size:13px}";

/// The document of a message, all in one: images of the message that do not fit into it are left out.
pub fn body_document(skeleton: &Skeleton, options: &BodyOptions) -> BodyDocument {
    body_document_linking(skeleton, options, &|_| None)
}

/// The document of a message. `link` says where the image with that part number is to be had by itself, as an absolute URL: it is
/// asked of raster images of the message, and what it says is used for those that do not fit into the document.
pub fn body_document_linking(
    skeleton: &Skeleton,
    options: &BodyOptions,
    link: &dyn Fn(u32) -> Option<String>,
) -> BodyDocument {
    let structure = skeleton.structure();
    let read_as = options.read_as.as_deref();
    let Some(place) = structure
        .html
        .filter(|_| options.view != BodyView::Text || structure.text.is_empty())
    else {
        return text_document(skeleton, structure, options);
    };
    let source = skeleton.html.take(&structure.parts[place], skeleton, read_as);
    let remote_images = source.remote_images;
    let cleaned = source
        .prepared
        .as_ref()
        .filter(|_| source.whole && options.view != BodyView::Text)
        .and_then(|prepared| {
            html::clean(prepared, |clean| {
                html::inline::Images::of(clean, skeleton, structure, link)
            })
        });
    match cleaned {
        Some(body) => BodyDocument {
            html: page(&options.words, "", &body.html),
            remote_images,
            fell_back_to_text: false,
            links_images: body.links_images,
        },
        None => {
            let text = fallback::text_of(clean::cut(&source.decoded.text, HTML));
            let note = if options.view == BodyView::Text {
                ""
            } else {
                options.words.too_complex.as_str()
            };
            let body = render(&text::blocks(&clean::body(&text), Flow::Fixed));
            BodyDocument {
                html: page(&options.words, note, &body),
                remote_images,
                fell_back_to_text: options.view != BodyView::Text,
                links_images: false,
            }
        }
    }
}

/// The text of a message, or the words of its HTML, which is not looked at otherwise: for what came to no end before. Linear.
pub fn text_document_alone(skeleton: &Skeleton, options: &BodyOptions) -> BodyDocument {
    let structure = skeleton.structure();
    let Some(place) = structure.html else {
        return text_document(skeleton, structure, options);
    };
    let mut text = texts(skeleton, structure, options);
    if text.is_empty() {
        let words = fallback::words(&structure.parts[place], skeleton, options.read_as.as_deref());
        text = render(&text::blocks(&words, Flow::Fixed));
    }
    let fell_back_to_text = options.view != BodyView::Text;
    let note = if fell_back_to_text {
        options.words.too_complex.as_str()
    } else {
        ""
    };
    BodyDocument {
        html: page(&options.words, note, &text),
        fell_back_to_text,
        ..BodyDocument::default()
    }
}

/// A document that says one thing, and nothing of any message.
pub fn notice_document(words: &BodyWords, notice: &str) -> BodyDocument {
    BodyDocument {
        html: page(words, notice, ""),
        ..BodyDocument::default()
    }
}

fn text_document(skeleton: &Skeleton, structure: &Structure, options: &BodyOptions) -> BodyDocument {
    let body = texts(skeleton, structure, options);
    let note = if body.is_empty() {
        options.words.empty.as_str()
    } else {
        ""
    };
    BodyDocument {
        html: page(&options.words, note, &body),
        ..BodyDocument::default()
    }
}

fn texts(skeleton: &Skeleton, structure: &Structure, options: &BodyOptions) -> String {
    let mut body = String::new();
    for place in &structure.text {
        let part = &structure.parts[*place];
        let text = clean::body(&part.text(skeleton, options.read_as.as_deref()).text);
        body.push_str(&render(&text::blocks(clean::cut(&text, TEXT), part.flow)));
    }
    body
}

fn page(words: &BodyWords, note: &str, body: &str) -> String {
    let note = if note.is_empty() {
        String::new()
    } else {
        format!("<p class=\"fumibako-note\">{}</p>", escape(note))
    };
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>\u{2003}</title><style>{STYLE}img:not([src])::after{{content:\" {}\"}}</style></head><body>{note}{body}</body></html>",
        escape(&words.lang),
        // Ours, but a string in CSS ends at a quote or a backslash all the same.
        words.image_blocked.replace(['"', '\\', '<', '\n'], " "),
    )
}

/// Blocks as HTML: each text escaped as a token, each link from a parsed URL.
fn render(blocks: &[TextBlock]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            TextBlock::Paragraph(inlines) => {
                out.push_str("<p>");
                for inline in inlines {
                    match inline {
                        Inline::Text(text) => out.push_str(&escape(text)),
                        Inline::Break => out.push_str("<br>"),
                        Inline::Link { text, href } => out.push_str(&format!(
                            "<a href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{}</a>",
                            escape(href),
                            escape(text)
                        )),
                    }
                }
                out.push_str("</p>");
            }
            TextBlock::Quote { blocks, .. } => {
                out.push_str(&format!("<blockquote>{}</blockquote>", render(blocks)));
            }
            TextBlock::Signature(blocks) => out.push_str(&format!("<p>-- </p>{}", render(blocks))),
        }
    }
    out
}

/// For text and for quoted attribute values.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
