//! The text of an HTML document, without building a tree: for previews, and for what is too complex to be shown.

use super::scan::{Piece, pieces};

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

/// The words of the document, a line for each block.
pub(crate) fn text_of(source: &str) -> String {
    let mut out = String::new();
    for piece in pieces(source) {
        if out.len() > LONGEST {
            break;
        }
        match piece {
            Piece::Text(text) => {
                for c in decoded(text).chars() {
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

/// The references that mail really uses, and numbers.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .char_indices()
            .take(12)
            .find(|(_, c)| *c == ';')
            .map(|(end, _)| end);
        match end.and_then(|end| reference(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push_str(c.as_str());
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(String::from);
    }
    let text = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" | "ensp" | "emsp" | "thinsp" => " ",
        "zwnj" | "zwj" | "shy" => "",
        "copy" => "©",
        "reg" => "®",
        "trade" => "™",
        "hellip" => "…",
        "mdash" => "—",
        "ndash" => "–",
        "lsquo" => "‘",
        "rsquo" => "’",
        "ldquo" => "“",
        "rdquo" => "”",
        "bull" => "•",
        "middot" => "·",
        "laquo" => "«",
        "raquo" => "»",
        "yen" => "¥",
        "euro" => "€",
        "times" => "×",
        _ => return None,
    };
    Some(text.to_owned())
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
