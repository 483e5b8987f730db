//! The source written again in markup that can be read in one way only: known elements, quoted attributes, no comments, no raw
//! text, nothing of another namespace. A tokenizer and a tree builder that disagree are what bombs and mutations live on; after
//! this the scanner, the tree builder and a browser see the same tags. It removes; what is safe is decided on the tree.

use super::{
    allow,
    locations::Locations,
    references, remote,
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

fn gone(name: &str) -> Option<&'static str> {
    // None is shorter, and what is allowed is not among them.
    (name.len() >= 3).then(|| GONE.into_iter().find(|gone| *gone == name))?
}

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

/// A source, written again.
#[derive(Debug)]
pub(super) struct Rewritten {
    /// What came of it.
    pub(super) html: String,
    /// What [`remote::count`] says of the source, without images that came along.
    pub(super) remote_images: u32,
}

/// At most six times as long as `source`, in linear time. `source` is one that [`clean::html_source`] leaves as it is.
pub(super) fn rewritten(source: &str, locations: &Locations) -> Rewritten {
    debug_assert!(matches!(clean::html_source(source), std::borrow::Cow::Borrowed(_)));
    let mut out = String::with_capacity(source.len() + source.len() / 16);
    let mut remote_images = 0;
    // The element that is being left out, and how many of its kind are open.
    let mut gone: Option<(&str, u32)> = None;
    for piece in pieces(source) {
        match (piece, &mut gone) {
            (Piece::Text(text), None) => escape(text, false, &mut out),
            (Piece::Start { name, inside }, None) => {
                let name = lower(name);
                match self::gone(&name) {
                    Some(element) => {
                        remote_images += u32::from(remote::wants(&name, inside));
                        gone = (!(is_foreign(element) && inside.ends_with('/'))).then_some((element, 1));
                    }
                    None => remote_images += u32::from(start(&name, inside, locations, &mut out)),
                }
            }
            (Piece::End { name }, None) => end(&lower(name), &mut out),
            (Piece::Text(_), Some(_)) => {}
            (Piece::Start { name, inside }, Some((element, open))) => {
                remote_images += u32::from(remote::wants(name, inside));
                if name.eq_ignore_ascii_case(element) {
                    *open += u32::from(!inside.ends_with('/'));
                } else if is_foreign(element) && BREAK_OUT.iter().any(|html| html.eq_ignore_ascii_case(name)) {
                    gone = None;
                    start(&lower(name), inside, locations, &mut out);
                } else if *element == "option" && !name.eq_ignore_ascii_case("optgroup") {
                    // An option outside a select ends where anything begins.
                    gone = None;
                    start(&lower(name), inside, locations, &mut out);
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
    Rewritten {
        html: out,
        remote_images,
    }
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

/// Says whether it wants an image from elsewhere.
fn start(name: &str, inside: &str, locations: &Locations, out: &mut String) -> bool {
    if !is_known(name) {
        return remote::wants(name, inside);
    }
    let mut wants = false;
    out.push('<');
    out.push_str(name);
    for (number, (attribute, value)) in attributes(inside).enumerate() {
        let attribute = lower(attribute);
        let is_image = name == "img" && attribute == "src";
        let along = match is_image && !locations.is_empty() {
            true => locations.cid(&references::decoded(value, true)),
            false => None,
        };
        wants = wants || (along.is_none() && remote::is_wanted(name, &attribute, value));
        if number >= ATTRIBUTES {
            continue;
        }
        let value = along.as_deref().unwrap_or(value);
        if allow::is_attribute(name, &attribute) && (value.len() <= ATTRIBUTE || is_image) {
            out.push(' ');
            out.push_str(&attribute);
            out.push_str("=\"");
            escape(value, true, out);
            out.push('"');
        }
    }
    out.push('>');
    wants
}

/// Its references decoded, without the controls they may name, and only what must be written as a reference again.
fn escape(text: &str, in_attribute: bool, out: &mut String) {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        // The source has no controls, and without references none come out of it.
        escape_plain(text, out);
        return;
    }
    let decoded = references::decoded(text, in_attribute);
    let source = clean::html_source(&decoded);
    let mut rest = &*source;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"')) {
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

/// [`escape`] of a text that has no `&`.
fn escape_plain(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'<', b'>', b'"', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
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
            assert_eq!(rewritten(source, &Locations::default()).html, expected, "{source}");
        }
        let many: String = (0..100).map(|_| " title=x").collect();
        assert_eq!(
            rewritten(&format!("<p{many}>"), &Locations::default())
                .html
                .matches("title")
                .count(),
            64
        );
    }

    proptest::proptest! {
        #[test]
        fn images_are_counted_on_the_way(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "<img ", "<IMG", "<input ", "<p ", "<x-y ", "<svg>", "</svg>", "<option>", "<object ", "</object>", "<b>", ">", " src=",
                " SRC=", " srcset=", " background=", " poster=", " style=", " STYLE=", "http:", "//t.example/a", "HTTPS:", "&#104;ttp:",
                "URL(", "(//", "url(https:)", "\"", "'", " ", ",", "/", "/>", "<script>", "</script>", "<!--", "-->",
            ]), 0..20),
        ) {
            let source = pieces.concat();
            proptest::prop_assert_eq!(rewritten(&source, &Locations::default()).remote_images, remote::count(&source));
            let many = format!("<p{}{source}", " title=x".repeat(80));
            proptest::prop_assert_eq!(rewritten(&many, &Locations::default()).remote_images, remote::count(&many));
        }

        #[test]
        fn text_is_escaped_one_way(text in "[a-d<>\"'é\u{a0}\u{202e}]{0,40}", in_attribute: bool) {
            let mut out = String::new();
            escape(&text, in_attribute, &mut out);
            let plain = text.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            proptest::prop_assert_eq!(out, plain);
        }
    }
}
