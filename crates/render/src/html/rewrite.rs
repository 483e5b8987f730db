//! The source written again in markup that can be read in one way only: known elements, quoted attributes, no comments, no raw
//! text, nothing of another namespace. A tokenizer and a tree builder that disagree are what bombs and mutations live on; after
//! this the scanner, the tree builder and a browser see the same tags. It removes; what is safe is decided on the tree.

use super::{
    allow,
    scan::{Piece, attributes, pieces},
};
use crate::limits::{ATTRIBUTE, ATTRIBUTES};

/// Elements that the sanitiser removes with their content, and so has to see.
const SEEN: [&str; 9] = [
    "select", "option", "object", "template", "audio", "video", "canvas", "applet", "frameset",
];
/// Start tags that end a stretch of SVG or MathML (HTML standard, "in foreign content").
const BREAK_OUT: [&str; 40] = [
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "menu",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "strike",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
];

/// At most six times as long as `source`, in linear time.
pub(super) fn rewritten(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut foreign = 0_u32;
    for piece in pieces(source) {
        match piece {
            Piece::Text(text) if foreign == 0 => escape(text, &mut out),
            Piece::Text(_) => {}
            Piece::Start { name, inside } => {
                let name = name.to_ascii_lowercase();
                if BREAK_OUT.contains(&name.as_str()) {
                    foreign = 0;
                }
                if is_foreign(&name) {
                    foreign += u32::from(!inside.ends_with('/'));
                } else if foreign == 0 {
                    start(&name, inside, &mut out);
                }
            }
            Piece::End { name } => {
                let name = name.to_ascii_lowercase();
                if is_foreign(&name) {
                    foreign = foreign.saturating_sub(1);
                } else if foreign == 0 && is_known(&name) {
                    out.push_str("</");
                    out.push_str(&name);
                    out.push('>');
                }
            }
        }
    }
    out
}

fn is_foreign(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

fn is_known(name: &str) -> bool {
    allow::ELEMENTS.contains(&name) || SEEN.contains(&name)
}

fn start(name: &str, inside: &str, out: &mut String) {
    if !is_known(name) {
        return;
    }
    out.push('<');
    out.push_str(name);
    for (attribute, value) in attributes(inside).take(ATTRIBUTES) {
        let attribute = attribute.to_ascii_lowercase();
        let is_image = name == "img" && attribute == "src";
        if allow::is_attribute(name, &attribute) && (value.len() <= ATTRIBUTE || is_image) {
            out.push(' ');
            out.push_str(&attribute);
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
    }
    out.push('>');
}

/// References stay as they are.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_to_read_it() {
        for (source, expected) in [
            (
                "<P CLASS=x align='left' title=a\"b>t</P>",
                "<p align=\"left\" title=\"a&quot;b\">t</p>",
            ),
            (
                "a < b <1> & &lt; <!-- c --><!--><x-y>u</x-y><br/>",
                "a &lt; b &lt;1&gt; & &lt; u<br>",
            ),
            ("<style>p{}</style><script>x()</script><noscript><p></noscript>t", "t"),
            ("<svg><title>i</title><text>x</text><p>t</p></svg>u", "<p>t</p>u"),
            ("<svg/>t<math><mi>x</mi></math>u", "tu"),
            ("<dd><button><dd>t</button>", "<dd><dd>t"),
            (
                "<img src=\"cid:a\" srcset=b onerror=c alt>",
                "<img src=\"cid:a\" alt=\"\">",
            ),
            ("<img/漢字=x>", "<img>"),
        ] {
            assert_eq!(rewritten(source), expected, "{source}");
        }
        let many: String = (0..100).map(|_| " title=x").collect();
        assert_eq!(rewritten(&format!("<p{many}>")).matches("title").count(), 64);
    }
}
