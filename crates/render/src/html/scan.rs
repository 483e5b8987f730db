//! A linear look at HTML, before the parser: which tags there are, roughly. It decides about limits, counts and hints only;
//! what is safe is decided on the parsed tree.

use memchr::memchr;
use std::borrow::Cow;

/// A piece of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    /// `<name …>`, with what stands between.
    Start { name: &'s str, inside: &'s str },
    /// `</name>`
    End { name: &'s str },
    /// Text; references not decoded.
    Text(&'s str),
}

/// Elements whose content is not markup.
fn is_raw(name: &str) -> bool {
    let among = |names: &[&str]| names.iter().any(|raw| raw.eq_ignore_ascii_case(name));
    match name.len() {
        3 => among(&["xmp"]),
        5 => among(&["style", "title"]),
        6 => among(&["script", "iframe"]),
        7 => among(&["noembed"]),
        8 => among(&["noscript", "textarea", "noframes"]),
        9 => among(&["plaintext"]),
        _ => false,
    }
}

/// Cuts the source into pieces; comments and the inside of raw elements are left out.
pub(super) fn pieces(source: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = source;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            if !rest.starts_with('<') {
                let end = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
                let (text, after) = rest.split_at(end);
                rest = after;
                return Some(Piece::Text(text));
            }
            let (is_end, after) = match rest.as_bytes().get(1) {
                Some(b'!' | b'?') => {
                    rest = match rest.strip_prefix("<!--") {
                        Some(comment) => after_comment(comment),
                        None => memchr(b'>', rest.as_bytes()).map_or("", |end| &rest[end + 1..]),
                    };
                    continue;
                }
                Some(b'/') => (true, &rest[2..]),
                _ => (false, &rest[1..]),
            };
            if !after.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
                let (text, after) = rest.split_at(1);
                rest = after;
                return Some(Piece::Text(text));
            }
            let name_end = after
                .bytes()
                .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
                .unwrap_or(after.len());
            let name = &after[..name_end];
            let tag_end = tag_end(&after[name_end..]).map_or(after.len(), |end| name_end + end);
            let inside = &after[name_end..tag_end];
            rest = after.get(tag_end + 1..).unwrap_or("");
            if is_end {
                return Some(Piece::End { name });
            }
            if is_raw(name) {
                rest = skip_raw(rest, name);
            }
            return Some(Piece::Start { name, inside });
        }
    })
}

/// Comments end in `-->` or `--!>`, and `<!-->` is one (HTML standard, comment states).
fn after_comment(comment: &str) -> &str {
    if let Some(rest) = comment.strip_prefix('>').or_else(|| comment.strip_prefix("->")) {
        return rest;
    }
    let mut from = 0;
    while let Some(at) = comment[from..].find("--") {
        let rest = &comment[from + at + 2..];
        if let Some(rest) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("!>")) {
            return rest;
        }
        from += at + 1;
    }
    ""
}

/// Where the tag's `>` is: not inside a quoted value.
fn tag_end(inside: &str) -> Option<usize> {
    let inside = inside.as_bytes();
    let mut at = 0;
    // A quote begins a value only after `=`.
    let mut after_sign = false;
    // Names are short: looking for several bytes at once costs more than it saves.
    while let Some(&byte) = inside.get(at) {
        match byte {
            b'>' => return Some(at),
            b'=' => after_sign = true,
            b'"' | b'\'' if after_sign => {
                at += 1 + memchr(byte, &inside[at + 1..])?;
                after_sign = false;
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => after_sign = false,
        }
        at += 1;
    }
    None
}

fn skip_raw<'s>(rest: &'s str, name: &str) -> &'s str {
    let mut from = 0;
    while let Some(at) = rest[from..].find("</") {
        let at = from + at;
        if rest
            .get(at + 2..at + 2 + name.len())
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
        {
            return &rest[at..];
        }
        from = at + 2;
    }
    ""
}

/// Attributes of a start tag: name, and value without quotes, references not decoded.
pub(super) fn attributes(inside: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = inside;
    std::iter::from_fn(move || {
        let before = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_whitespace() || *byte == b'/')
            .count();
        rest = &rest[before..];
        if rest.is_empty() {
            return None;
        }
        // The first character belongs to the name, whatever it is.
        let name_end = rest
            .bytes()
            .skip(1)
            .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/'))
            .map_or(rest.len(), |before_end| before_end + 1);
        let (name, after) = rest.split_at(name_end);
        let Some(value) = after.trim_start().strip_prefix('=') else {
            rest = after;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let (value, after) = match value.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = &value[1..];
                let end = memchr(*quote, inner.as_bytes()).unwrap_or(inner.len());
                (&inner[..end], inner.get(end + 1..).unwrap_or(""))
            }
            _ => value.split_at(
                value
                    .bytes()
                    .position(|byte| byte.is_ascii_whitespace())
                    .unwrap_or(value.len()),
            ),
        };
        rest = after;
        Some((name, value))
    })
}

/// A name in small letters, as most are written.
pub(super) fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_comments_are_told_apart() {
        let source = "a<!-- <b> --><p title=\"x>y\">t</p><style>p{}</style><1 <img src='u' alt=z/>";
        let found: Vec<_> = pieces(source).collect();
        assert_eq!(
            found,
            [
                Piece::Text("a"),
                Piece::Start {
                    name: "p",
                    inside: " title=\"x>y\""
                },
                Piece::Text("t"),
                Piece::End { name: "p" },
                Piece::Start {
                    name: "style",
                    inside: ""
                },
                Piece::End { name: "style" },
                Piece::Text("<"),
                Piece::Text("1 "),
                Piece::Start {
                    name: "img",
                    inside: " src='u' alt=z/"
                },
            ]
        );
        let attributes: Vec<_> = attributes(" src='u' alt=z hidden data-é = \"1 2\"").collect();
        assert_eq!(
            attributes,
            [("src", "u"), ("alt", "z"), ("hidden", ""), ("data-é", "1 2")]
        );
    }

    #[test]
    fn a_quote_belongs_to_a_value_only_after_the_sign() {
        for (inside, end) in [
            (">", Some(0)),
            (" a=\">\" b>", Some(8)),
            (" a =  '\">' >", Some(11)),
            (" a\">\">", Some(3)),
            (" é=x\">", Some(6)),
            (" a=\"x\"\">\">", Some(7)),
            (" a=\"never closed>", None),
            (" no end", None),
            ("\"", None),
        ] {
            assert_eq!(tag_end(inside), end, "{inside}");
        }
    }
}
