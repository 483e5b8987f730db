//! What may be in a letter: elements and attributes by name; everything else is removed.

use std::collections::{HashMap, HashSet};

/// In order, to be searched.
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

/// Allowed on every element; each value passes its own grammar.
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

/// Whether the attribute may be on the element at all.
pub(super) fn is_element(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

pub(super) fn is_attribute(element: &str, attribute: &str) -> bool {
    ATTRIBUTES.contains(&attribute)
        || OWN_ATTRIBUTES
            .iter()
            .any(|(own, attributes)| *own == element && attributes.contains(&attribute))
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
    fn every_element_is_found() {
        assert!(ELEMENTS.iter().all(|name| is_element(name)));
        assert!(!is_element("script"));
    }
}
