//! What may be in a letter: elements and attributes by name; everything else is removed.

use std::collections::{HashMap, HashSet};

/// As [`is_element`] says.
pub(super) const ELEMENTS: [&str; 72] = [
    "a",
    "abbr",
    "address",
    "article",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that go with all they hold: programs, styles, forms, and everything in another namespace.
pub(super) const REMOVED_WITH_CONTENT: [&str; 22] = [
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "textarea",
    "select",
    "option",
    "object",
    "svg",
    "math",
    "iframe",
    "audio",
    "video",
    "head",
    "applet",
    "canvas",
    "frameset",
];

/// Allowed on every element, as [`is_attribute`] says; each value passes its own grammar.
pub(super) const ATTRIBUTES: [&str; 20] = [
    "align",
    "valign",
    "width",
    "height",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "colspan",
    "rowspan",
    "dir",
    "lang",
    "color",
    "face",
    "size",
    "type",
    "style",
    "start",
    "title",
    "nowrap",
];

/// Allowed on one element.
const OWN_ATTRIBUTES: [(&str, &[&str]); 2] = [("a", &["href"]), ("img", &["src", "alt"])];

pub(super) fn is_element(name: &str) -> bool {
    // By length first, so that a few words of the processor decide.
    match name.len() {
        1 => matches!(name, "a" | "b" | "i" | "p" | "q" | "s" | "u"),
        2 => matches!(
            name,
            "br" | "dd"
                | "dl"
                | "dt"
                | "em"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "hr"
                | "li"
                | "ol"
                | "rp"
                | "rt"
                | "td"
                | "th"
                | "tr"
                | "tt"
                | "ul"
        ),
        3 => matches!(
            name,
            "bdi"
                | "bdo"
                | "col"
                | "del"
                | "dfn"
                | "div"
                | "img"
                | "ins"
                | "kbd"
                | "pre"
                | "sub"
                | "sup"
                | "var"
                | "wbr"
        ),
        4 => matches!(
            name,
            "abbr" | "cite" | "code" | "font" | "main" | "mark" | "ruby" | "samp" | "span" | "time"
        ),
        5 => matches!(name, "small" | "table" | "tbody" | "tfoot" | "thead"),
        6 => matches!(name, "center" | "figure" | "footer" | "header" | "strike" | "strong"),
        7 => matches!(
            name,
            "address" | "article" | "caption" | "details" | "section" | "summary"
        ),
        8 => matches!(name, "colgroup"),
        10 => matches!(name, "blockquote" | "figcaption"),
        _ => false,
    }
}

/// Whether the attribute may be on the element at all.
pub(super) fn is_attribute(element: &str, attribute: &str) -> bool {
    let everywhere = match attribute.len() {
        3 => attribute == "dir",
        4 => matches!(attribute, "face" | "lang" | "size" | "type"),
        5 => matches!(attribute, "align" | "color" | "start" | "style" | "title" | "width"),
        6 => matches!(attribute, "border" | "height" | "nowrap" | "valign"),
        7 => matches!(attribute, "bgcolor" | "colspan" | "rowspan"),
        11 => matches!(attribute, "cellpadding" | "cellspacing"),
        _ => false,
    };
    everywhere || matches!((element, attribute), ("a", "href") | ("img", "src" | "alt"))
}

pub(super) fn tag_attributes() -> HashMap<&'static str, HashSet<&'static str>> {
    OWN_ATTRIBUTES
        .into_iter()
        .map(|(element, attributes)| (element, attributes.iter().copied().collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_and_the_questions_say_the_same() {
        let names = ELEMENTS.iter().chain(&REMOVED_WITH_CONTENT).chain(&ATTRIBUTES);
        let others = [
            "href", "src", "alt", "rel", "target", "big", "nobr", "input", "id", "class", "",
        ];
        let mut names: Vec<String> = names.copied().chain(others).map(str::to_owned).collect();
        // Every short name, and every name but for one letter.
        let letters = || ('a'..='z').chain('0'..='9').chain(['-']);
        names.extend(letters().map(String::from));
        names.extend(letters().flat_map(|a| letters().map(move |b| format!("{a}{b}"))));
        for name in names.clone() {
            names.extend((0..name.len()).map(|at| format!("{}{}", &name[..at], &name[at + 1..])));
        }
        for name in &names {
            assert_eq!(is_element(name), ELEMENTS.contains(&name.as_str()), "{name}");
            for element in ["a", "img", "p", "td"] {
                let own = OWN_ATTRIBUTES.iter().find(|(own, _)| *own == element);
                let expected = ATTRIBUTES.contains(&name.as_str())
                    || own.is_some_and(|(_, attributes)| attributes.contains(&name.as_str()));
                assert_eq!(is_attribute(element, name), expected, "{element} {name}");
            }
        }
    }
}
