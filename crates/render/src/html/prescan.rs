//! Whether a document is small and flat enough for the tree builder, which is quadratic in depth and copies attributes of
//! formatting elements. Linear, and before it.

use super::{
    rewrite::rewritten,
    scan::{Piece, pieces},
};
use crate::limits::{AMPLIFIED, HTML, OPEN_ELEMENTS, TAGS};
use std::collections::HashMap;

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
];
/// Elements that end by themselves where the next begins.
const SELF_CLOSING: [&str; 14] = [
    "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "colgroup", "rp", "rt",
];
/// Elements whose start the tree builder repeats inside each block (the list of active formatting elements).
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// The source as the parser may see it; `None` if it may not.
pub(super) fn prepared(source: &str) -> Option<String> {
    (source.len() <= HTML)
        .then(|| rewritten(source))
        .filter(|source| is_flat(source, TAGS))
}

/// Whether the parser may see it, rewritten.
pub(crate) fn is_simple(source: &str) -> bool {
    prepared(source).is_some()
}

/// Whether rewritten or clean markup has at most so many tags, nests within the limit, and cannot grow much.
pub(super) fn is_flat(source: &str, most_tags: usize) -> bool {
    let mut tags = 0;
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut depth = 0;
    let mut formatting: Vec<(String, usize)> = Vec::new();
    let mut formatting_bytes = 0;
    let mut amplified = 0_usize;
    for piece in pieces(source) {
        match piece {
            Piece::Text(_) => {}
            Piece::Start { name, inside } => {
                tags += 1;
                let name = name.to_ascii_lowercase();
                if tags > most_tags {
                    return false;
                }
                if VOID.contains(&name.as_str()) {
                    continue;
                }
                if FORMATTING.contains(&name.as_str()) {
                    formatting_bytes += inside.len() + name.len();
                    formatting.push((name.clone(), inside.len() + name.len()));
                } else {
                    amplified = amplified.saturating_add(formatting_bytes);
                    if amplified > AMPLIFIED {
                        return false;
                    }
                }
                if !SELF_CLOSING.contains(&name.as_str()) {
                    depth += 1;
                    if depth > OPEN_ELEMENTS {
                        return false;
                    }
                    *open.entry(name).or_default() += 1;
                }
            }
            Piece::End { name } => {
                tags += 1;
                let name = name.to_ascii_lowercase();
                if let Some(at) = formatting.iter().rposition(|(open, _)| *open == name) {
                    formatting_bytes -= formatting.remove(at).1;
                }
                if let Some(count) = open.get_mut(&name).filter(|count| **count > 0) {
                    *count -= 1;
                    depth -= 1;
                }
            }
        }
    }
    tags <= most_tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_do_not_reach_the_parser() {
        for bomb in [
            "<b>".repeat(60_000),
            "<div>".repeat(513),
            "<ul><li>".repeat(20_000),
            format!(
                "<p>{}<p>{}",
                format!("<a href={}>", "A".repeat(8_000)).repeat(200),
                "<p>a".repeat(5_000)
            ),
            format!("<!-->{}", "<b>".repeat(60_000)),
            "x".repeat(HTML + 1),
        ] {
            assert!(!is_simple(&bomb), "{}", &bomb[..40]);
        }
    }

    /// Where a tokenizer without a tree sees raw text or a comment, a tree builder may see tags.
    #[test]
    fn what_hides_a_bomb_is_not_there_for_the_parser() {
        for hidden in [
            "<svg><title>",
            "<style><!--</style><svg><style>",
            "<svg><!-- <title> -->",
            "<!-- --!><svg><xmp>",
        ] {
            let seen = prepared(&format!("{hidden}{}", "<b>".repeat(60_000))).unwrap_or_default();
            assert!(seen.len() < 20, "{hidden}");
        }
    }

    #[test]
    fn ordinary_letters_do() {
        let newsletter =
            "<table><tr><td><p>text<p>more<font color=red style='x:y'>red</font></td></tr></table>".repeat(500);
        assert!(is_simple(&newsletter));
        assert!(is_simple(&"<p>never closed".repeat(5_000)));
        assert!(is_simple(""));
    }
}
