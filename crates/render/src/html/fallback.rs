//! The text of an HTML document, without building a tree: for previews, and for what is too complex to be shown.

use super::{
    references,
    scan::{Piece, pieces},
};
use crate::{clean, limits::HTML, skeleton::Skeleton, structure::Part};

/// Elements that begin a line.
const LINES: [&str; 24] = [
    "p",
    "div",
    "br",
    "tr",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "hr",
    "pre",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
];
/// Text is not collected beyond this many bytes.
const LONGEST: usize = 2 << 20;

/// The words of an HTML part, ready to be cut into blocks.
pub(crate) fn words(part: &Part, skeleton: &Skeleton, read_as: Option<&str>) -> String {
    let decoded = part.text(skeleton, read_as);
    clean::body(&text_of(clean::cut(&decoded.text, HTML)))
}

/// The words of the document, a line for each block.
pub(crate) fn text_of(source: &str) -> String {
    let mut out = String::new();
    for piece in pieces(source) {
        if out.len() > LONGEST {
            break;
        }
        match piece {
            Piece::Text(text) => {
                for c in references::decoded(text, false).chars() {
                    if c.is_whitespace() && c != '\u{3000}' {
                        if !out.is_empty() && !out.ends_with([' ', '\n']) {
                            out.push(' ');
                        }
                    } else {
                        out.push(c);
                    }
                }
            }
            Piece::Start { name, .. } | Piece::End { name } => {
                if LINES.iter().any(|line| line.eq_ignore_ascii_case(name)) && !out.is_empty() && !out.ends_with("\n\n")
                {
                    out.truncate(out.trim_end_matches(' ').len());
                    out.push('\n');
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_markup() {
        let source =
            "<style>p{}</style><p>会議&nbsp;&amp; <b>more</b><br>line<script>x()</script></p><p>&#x4f1a;&bogus;</p>";
        assert_eq!(text_of(source).trim(), "会議 & more\nline\n\n会&bogus;");
    }
}
