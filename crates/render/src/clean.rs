//! Text without the characters that deceive.

use std::borrow::Cow;

/// Characters that turn the direction of text, or that nobody sees.
fn deceives(c: char) -> bool {
    matches!(c,
        '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{00ad}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn is_noncharacter(c: char) -> bool {
    matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff) || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

/// One line for a header: controls, bidi controls and zero-width characters removed, white space folded to single spaces.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c == '\u{2028}' || c == '\u{2029}' {
            // U+3000 is how Japanese subjects are spaced; the rest becomes one plain space.
            let space = if c == '\u{3000}' { c } else { ' ' };
            if !(space == ' ' && (out.is_empty() || out.ends_with(' '))) {
                out.push(space);
            }
        } else if !c.is_control() && !deceives(c) && !is_noncharacter(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The text of a body: line ends are LF, other controls but the tab are gone (ESC among them), bidi controls too.
pub(crate) fn body(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() != Some(&'\n') => out.push('\n'),
            '\n' | '\t' => out.push(c),
            '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            c if is_shown(c) => out.push(c),
            _ => {}
        }
    }
    out
}

fn is_shown(c: char) -> bool {
    // Joiners shape emoji and several scripts; in a text they deceive nobody about an address.
    !c.is_control() && !is_noncharacter(c) && (matches!(c, '\u{200c}' | '\u{200d}') || !deceives(c))
}

/// Whether [`body`] leaves anything but white space.
pub(crate) fn has_body(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && is_shown(c))
}

/// The source of an HTML document: what a parser must not see is gone (step 3 of the pipeline).
pub(crate) fn html_source(text: &str) -> Cow<'_, str> {
    // Bytes that begin or are what may have to go; in chunks, which the compiler compares many at once.
    let is_doubtful = |byte: &u8| {
        (*byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef..)
    };
    let is_doubtful_chunk = |chunk: &[u8]| chunk.iter().fold(false, |found, byte| found | is_doubtful(byte));
    if !text.as_bytes().chunks(64).any(is_doubtful_chunk) {
        return Cow::Borrowed(text);
    }
    let is_kept = |c: char| {
        matches!(c, '\t' | '\n' | '\r')
            || !(c.is_control() || is_noncharacter(c) || matches!(c, '\u{2028}' | '\u{2029}'))
    };
    if text.chars().all(is_kept) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| is_kept(c)).collect())
}

/// The longest beginning of `text` of at most `limit` bytes.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_words_and_loses_tricks() {
        assert_eq!(line("  a\r\n\tb\u{202e}c\u{200b}\u{1b}d\u{0}  "), "a bcd");
        assert_eq!(line("会議　議事録"), "会議　議事録");
        assert_eq!(body("a\rb\r\nc\u{1b}(B\td\u{2028}e"), "a\nb\nc(B\td\ne");
        assert!(!html_source("<p>\u{1b}$B</p>\u{7f}\u{fffe}").contains(['\u{1b}', '\u{7f}', '\u{fffe}']));
        assert_eq!(cut("あい", 4), "あ");
    }

    #[test]
    fn every_character_that_goes_is_seen_wherever_it_stands() {
        let goes = |c: char| {
            (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
                || is_noncharacter(c)
                || matches!(c, '\u{2028}' | '\u{2029}')
        };
        for c in ('\0'..=char::MAX).filter(|&c| goes(c) || u32::from(c) < 0x3000) {
            let text = format!("{}{c}b", "a".repeat(100));
            assert_eq!(html_source(&text).contains(c), !goes(c), "{c:?}");
        }
    }
}
