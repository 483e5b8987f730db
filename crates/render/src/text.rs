//! Plain text as blocks: paragraphs, quotes and the signature. No HTML is made here; whoever shows the blocks makes text nodes.

pub(crate) mod between_processes;

use crate::links;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextBlock {
    /// Lines by the sender.
    Paragraph(Vec<Inline>),
    /// Quoted lines.
    Quote {
        /// How many.
        lines: u32,
        /// What they say.
        blocks: Vec<TextBlock>,
    },
    /// What follows `-- `.
    Signature(Vec<TextBlock>),
}

/// A run in a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    /// Text.
    Text(String),
    /// A link from a parsed URL.
    Link {
        /// As written.
        text: String,
        /// Where it goes.
        href: String,
    },
    /// The end of a line.
    Break,
}

/// Quotes deeper than this are shown at this depth.
const DEEPEST_QUOTE: usize = 12;
/// A signature longer than this is part of the letter.
const SIGNATURE_LINES: usize = 30;

struct Line<'t> {
    depth: usize,
    text: &'t str,
}

/// How lines end (RFC 3676 §4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flow {
    /// Where the sender ended them.
    #[default]
    Fixed,
    /// `format=flowed`: a line that ends in a space goes on in the next.
    Flowed,
    /// `format=flowed; delsp=yes`: that space is no part of the text, as in Japanese.
    FlowedWithoutSpace,
}

/// The text with its soft line ends undone.
pub(crate) fn unflowed(text: &str, flow: Flow) -> Cow<'_, str> {
    match flow {
        Flow::Fixed => Cow::Borrowed(text),
        Flow::Flowed => Cow::Owned(unflow(text, false)),
        Flow::FlowedWithoutSpace => Cow::Owned(unflow(text, true)),
    }
}

/// Cuts a cleaned text into blocks.
pub(crate) fn blocks(text: &str, flow: Flow) -> Vec<TextBlock> {
    let text = unflowed(text, flow);
    let lines: Vec<Line<'_>> = text.lines().map(quoted).collect();
    let signature = signature_start(&lines);
    let (body, rest) = lines.split_at(signature.unwrap_or(lines.len()));
    let mut out = group(body, 0);
    if !rest.is_empty() {
        out.push(TextBlock::Signature(group(&rest[1..], 0)));
    }
    out
}

/// `> > text`: two deep. A `>` in front of `From ` is the mark of an mbox, not of a person.
fn quoted(line: &str) -> Line<'_> {
    let mut depth = 0;
    let mut text = line;
    if line.starts_with(">From ") {
        return Line { depth, text };
    }
    while depth < DEEPEST_QUOTE {
        let Some(after) = text
            .strip_prefix('>')
            .or_else(|| text.strip_prefix(" >").filter(|_| depth > 0))
        else {
            break;
        };
        depth += 1;
        text = after;
    }
    if depth > 0 {
        text = text.strip_prefix(' ').unwrap_or(text);
    }
    Line { depth, text }
}

fn signature_start(lines: &[Line<'_>]) -> Option<usize> {
    let at = lines
        .iter()
        .rposition(|line| line.depth == 0 && (line.text == "-- " || line.text == "--"))?;
    let length = lines.len() - at - 1;
    (at > 0 && (1..=SIGNATURE_LINES).contains(&length)).then_some(at)
}

fn group(lines: &[Line<'_>], depth: usize) -> Vec<TextBlock> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if lines[at].depth > depth {
            let mut end = at + lines[at..].iter().take_while(|line| line.depth > depth).count();
            // An empty line between two quoted stretches belongs to the quote.
            while lines
                .get(end)
                .is_some_and(|line| line.text.trim().is_empty() && line.depth <= depth)
                && lines.get(end + 1).is_some_and(|line| line.depth > depth)
            {
                end += 1 + lines[end + 1..].iter().take_while(|line| line.depth > depth).count();
            }
            let blocks = group(&lines[at..end], depth + 1);
            out.push(TextBlock::Quote {
                lines: u32::try_from(end - at).unwrap_or(u32::MAX),
                blocks,
            });
            at = end;
            continue;
        }
        let end = at + lines[at..].iter().take_while(|line| line.depth <= depth).count();
        paragraphs(&lines[at..end], &mut out);
        at = end;
    }
    out
}

/// Empty lines end a paragraph; several are one.
fn paragraphs(lines: &[Line<'_>], out: &mut Vec<TextBlock>) {
    for lines in lines.split(|line| line.text.trim().is_empty()) {
        let mut inlines = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            if number > 0 {
                inlines.push(Inline::Break);
            }
            links::inlines(line.text.trim_end(), &mut inlines);
        }
        if !inlines.is_empty() {
            out.push(TextBlock::Paragraph(inlines));
        }
    }
}

/// RFC 3676 §4: a line that ends in a space goes on in the next of the same quote depth; `-- ` never does.
fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|&byte| byte == b'>').count();
        let content = &line[depth..];
        // Space-stuffing (§4.4).
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        match open {
            Some(before) if before == depth && !is_signature => {}
            Some(_) => {
                out.push('\n');
                begin(&mut out, depth);
            }
            None => begin(&mut out, depth),
        }
        if content.ends_with(' ') && !is_signature {
            out.push_str(if delsp { &content[..content.len() - 1] } else { content });
            open = Some(depth);
        } else {
            out.push_str(content);
            out.push('\n');
            open = None;
        }
    }
    out
}

fn begin(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n('>', depth));
    if depth > 0 {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(blocks: &[TextBlock]) -> String {
        blocks
            .iter()
            .map(|block| match block {
                TextBlock::Paragraph(inlines) => inlines
                    .iter()
                    .map(|inline| match inline {
                        Inline::Text(text) | Inline::Link { text, .. } => text.clone(),
                        Inline::Break => "/".to_owned(),
                    })
                    .collect(),
                TextBlock::Quote { lines, blocks } => format!("[{lines}: {}]", plain(blocks)),
                TextBlock::Signature(blocks) => format!("{{{}}}", plain(blocks)),
            })
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn quotes_nest_and_the_signature_stands_apart() {
        let text = "hello\nworld\n\n> quoted\n>> deeper\n> again\n\nafter\n\n-- \nSato\nLab\n";
        assert_eq!(
            plain(&blocks(text, Flow::Fixed)),
            "hello/world|[3: quoted|[1: deeper]|again]|after|{Sato/Lab}"
        );
        assert_eq!(plain(&blocks("> a\n\n> b\n\nc", Flow::Fixed)), "[3: a|b]|c");
        assert_eq!(plain(&blocks(">From here", Flow::Fixed)), ">From here");
        assert_eq!(plain(&blocks("", Flow::Fixed)), "");
    }

    #[test]
    fn flowed_text_flows() {
        assert_eq!(plain(&blocks("a \nb\nc\n", Flow::Flowed)), "a b/c");
        assert_eq!(plain(&blocks("会 \n議\n", Flow::FlowedWithoutSpace)), "会議");
        assert_eq!(plain(&blocks("> a \n> b\nc\n", Flow::Flowed)), "[1: a b]|c");
        assert_eq!(plain(&blocks("x \n-- \nsig\n", Flow::Flowed)), "x|{sig}");
    }

    proptest::proptest! {
        #[test]
        fn a_text_has_blocks_if_there_is_something_to_see(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                " ", "\n", "\r", "\t", ">", "-- ", "--", "\u{3000}", "\u{200b}", "\u{200d}", "\u{85}", "\u{2028}", "\u{1b}",
                "\u{fffe}", "\u{a0}", "\u{feff}", "\u{e0001}", "\0", "\x1f", "\u{ad}",
            ]), 0..8),
            more in "\\PC?",
        ) {
            let text = pieces.concat() + &more;
            for flow in [Flow::Fixed, Flow::Flowed, Flow::FlowedWithoutSpace] {
                proptest::prop_assert_eq!(!blocks(&crate::clean::body(&text), flow).is_empty(), crate::clean::has_body(&text));
            }
        }
    }
}
