//! The source written again in markup that can be read in one way only: known elements, quoted attributes, no comments, no raw
//! text, nothing of another namespace. A tokenizer and a tree builder that disagree are what bombs and mutations live on; after
//! this the scanner, the tree builder and a browser see the same tags. It removes; what is safe is decided on the tree.

use super::{
    allow, references,
    scan::{Piece, attributes, lower, pieces},
};
use crate::{
    clean,
    limits::{ATTRIBUTE, ATTRIBUTES},
};

/// Elements that go with their content, as far as the scanner does not know them as raw text.
const GONE: [&str; 11] = [
    "svg", "math", "select", "option", "object", "template", "audio", "video", "canvas", "applet", "frameset",
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
    // The element that is being left out, and how many of its kind are open.
    let mut gone: Option<(&str, u32)> = None;
    for piece in pieces(source) {
        match (piece, &mut gone) {
            (Piece::Text(text), None) => escape(text, false, &mut out),
            (Piece::Start { name, inside }, None) => {
                let name = lower(name);
                match GONE.iter().find(|gone| **gone == name) {
                    Some(element) => gone = (!(is_foreign(element) && inside.ends_with('/'))).then_some((*element, 1)),
                    None => start(&name, inside, &mut out),
                }
            }
            (Piece::End { name }, None) => end(&lower(name), &mut out),
            (Piece::Text(_), Some(_)) => {}
            (Piece::Start { name, inside }, Some((element, open))) => {
                if name.eq_ignore_ascii_case(element) {
                    *open += u32::from(!inside.ends_with('/'));
                } else if is_foreign(element) && BREAK_OUT.iter().any(|html| html.eq_ignore_ascii_case(name)) {
                    gone = None;
                    start(&lower(name), inside, &mut out);
                } else if *element == "option" && !name.eq_ignore_ascii_case("optgroup") {
                    // An option outside a select ends where anything begins.
                    gone = None;
                    start(&lower(name), inside, &mut out);
                }
            }
            (Piece::End { name }, Some((element, open))) => {
                if name.eq_ignore_ascii_case(element) {
                    *open -= 1;
                    if *open == 0 {
                        gone = None;
                    }
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
    allow::is_element(name)
}

fn end(name: &str, out: &mut String) {
    if is_known(name) {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

fn start(name: &str, inside: &str, out: &mut String) {
    if !is_known(name) {
        return;
    }
    out.push('<');
    out.push_str(name);
    for (attribute, value) in attributes(inside).take(ATTRIBUTES) {
        let attribute = lower(attribute);
        let is_image = name == "img" && attribute == "src";
        if allow::is_attribute(name, &attribute) && (value.len() <= ATTRIBUTE || is_image) {
            out.push(' ');
            out.push_str(&attribute);
            out.push_str("=\"");
            escape(value, true, out);
            out.push('"');
        }
    }
    out.push('>');
}

/// Its references decoded, without the controls they may name, and only what must be written as a reference again.
fn escape(text: &str, in_attribute: bool, out: &mut String) {
    let decoded = references::decoded(text, in_attribute);
    let source = clean::html_source(&decoded);
    let mut rest = &*source;
    let written_otherwise = |byte| matches!(byte, b'&' | b'<' | b'>' | b'"');
    while let Some(at) = rest.bytes().position(written_otherwise) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
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
                "a &lt; b &lt;1&gt; &amp; &lt; u<br>",
            ),
            ("<style>p{}</style><script>x()</script><noscript><p></noscript>t", "t"),
            ("<svg><title>i</title><text>x</text><p>t</p></svg>u", "<p>t</p>u"),
            ("<svg/>t<math><mi>x</mi></math>u", "tu"),
            (
                "<object><param><p>fallback</p></object>t<select><option>a<option>b</select>u",
                "tu",
            ),
            ("<dd><button><dd>t</button>", "<dd><dd>t"),
            (
                "<img src=\"cid:a\" srcset=b onerror=c alt>",
                "<img src=\"cid:a\" alt=\"\">",
            ),
            ("<img/漢字=x>", "<img>"),
            (
                "&#27;$B&eacute;<p title=\"&#27;&quot;&#x202e;\">",
                "$Bé<p title=\"&quot;\u{202e}\">",
            ),
        ] {
            assert_eq!(rewritten(source), expected, "{source}");
        }
        let many: String = (0..100).map(|_| " title=x").collect();
        assert_eq!(rewritten(&format!("<p{many}>")).matches("title").count(), 64);
    }
}
