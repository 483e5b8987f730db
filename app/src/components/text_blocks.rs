use crate::{
    words::{Words, count},
    written::Pen,
};
use api_types::{Inline, MessageId, TextBlock};

/// Quotes of more lines than this are folded.
const FOLD: u32 = 8;
/// Quotes inside quotes, as nodes of the page; what is deeper is flattened, whoever made it.
const DEPTH: usize = 12;

/// A plain-text letter, as it is written.
pub(super) fn text_blocks(pen: &mut Pen, message: &MessageId, blocks: &[TextBlock], words: &Words) {
    pen.element("div", |pen| {
        pen.attribute("id", &["text-", message.as_str()]);
        pen.attribute("class", &["sheet text"]);
        write(pen, blocks, 0, words);
    });
}

fn write(pen: &mut Pen, blocks: &[TextBlock], depth: usize, words: &Words) {
    for block in blocks {
        match block {
            TextBlock::Paragraph(runs) => pen.element("p", |pen| runs.iter().for_each(|run| inline(pen, run))),
            TextBlock::Signature(blocks) => pen.element("div", |pen| {
                pen.attribute("class", &["signature"]);
                write(pen, blocks, depth, words);
            }),
            TextBlock::Quote { blocks, .. } if depth >= DEPTH => write(pen, blocks, depth, words),
            // A quote inside a folded one is not folded again.
            TextBlock::Quote { lines, blocks } if *lines > FOLD && depth == 0 => pen.element("details", |pen| {
                pen.attribute("class", &["quote"]);
                let label = (words.letter.show_quote)(&count(u64::from(*lines)));
                pen.element("summary", |pen| pen.text(&label));
                quote(pen, blocks, depth, words);
            }),
            TextBlock::Quote { blocks, .. } => quote(pen, blocks, depth, words),
        }
    }
}

fn quote(pen: &mut Pen, blocks: &[TextBlock], depth: usize, words: &Words) {
    pen.element("blockquote", |pen| write(pen, blocks, depth + 1, words));
}

fn inline(pen: &mut Pen, run: &Inline) {
    match run {
        Inline::Link { text, href } if is_safe(href) => pen.element("a", |pen| {
            pen.attribute("href", &[href]);
            pen.attribute("target", &["_blank"]);
            pen.attribute("rel", &["noopener noreferrer"]);
            pen.text(text);
        }),
        Inline::Text(text) | Inline::Link { text, .. } => pen.text(text),
        Inline::Break => pen.element("br", |_| ()),
    }
}

/// The renderer gives only these; a second look costs nothing.
fn is_safe(href: &str) -> bool {
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| href.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_web_and_mail_links_are_links() {
        assert!(super::is_safe("https://a.example/"));
        assert!(super::is_safe("mailto:a@b.example"));
        for bad in ["javascript:alert(1)", "data:text/html,x", "//a.example", " https://a"] {
            assert!(!super::is_safe(bad), "{bad}");
        }
    }
}
