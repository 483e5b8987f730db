//! Character references (HTML standard, "character reference state"), decoded before the parser: it takes minutes for a megabyte
//! of ampersands, and a number may name a control character that the cleaning of the source could not see.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use std::borrow::Cow;

/// The longest name is `CounterClockwiseContourIntegral;`.
const LONGEST_NAME: usize = 32;

/// The text with its references decoded, in linear time.
pub(super) fn decoded(text: &str, in_attribute: bool) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let used = match after.strip_prefix('#') {
            Some(number) => numbered(number, &mut out).map(|used| used + 1),
            None => named(after, in_attribute, &mut out),
        };
        if used.is_none() {
            out.push('&');
        }
        rest = &after[used.unwrap_or(0)..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// `38;` or `x26;`: says how many bytes were used.
fn numbered(text: &str, out: &mut String) -> Option<usize> {
    let (digits, radix, before) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (text, 10, 0),
    };
    let length = digits
        .bytes()
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    if length == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    out.push(match code {
        0x80..=0x9f => C1_REPLACEMENTS[(code - 0x80) as usize].unwrap_or('\u{fffd}'),
        0 => '\u{fffd}',
        code => char::from_u32(code).unwrap_or('\u{fffd}'),
    });
    Some(before + length + usize::from(digits[length..].starts_with(';')))
}

/// `amp;`, or one of the old names that need no semicolon.
fn named(text: &str, in_attribute: bool, out: &mut String) -> Option<usize> {
    let length = text
        .bytes()
        .take(LONGEST_NAME)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let whole = length + usize::from(text[length..].starts_with(';'));
    for end in (2..=whole).rev() {
        // Beginnings of names are in the table too, with nothing to stand for.
        let Some(&(first, second)) = NAMED_ENTITIES.get(&text[..end]).filter(|(first, _)| *first != 0) else {
            continue;
        };
        let next = text[end..].chars().next();
        if in_attribute && !text[..end].ends_with(';') && next.is_some_and(|c| c == '=' || c.is_ascii_alphanumeric()) {
            return None;
        }
        out.extend(char::from_u32(first));
        out.extend(char::from_u32(second).filter(|_| second != 0));
        return Some(end);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_browsers_do() {
        for (text, expected) in [
            ("&amp;&lt;&#65;&#x41;&#X41", "&<AAA"),
            ("&nbsp;&hearts;&CounterClockwiseContourIntegral;", "\u{a0}♥∳"),
            ("&copy 1 &copyx &bogus; & &; &# &#x;", "© 1 ©x &bogus; & &; &# &#x;"),
            (
                "&#0;&#xD800;&#x110000;&#99999999999;",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
            ("&#x80;&#150;", "€–"),
            ("&会;", "&会;"),
            ("&NotEqualTilde;", "≂̸"),
        ] {
            assert_eq!(decoded(text, false), expected, "{text}");
        }
        assert_eq!(decoded("?a=1&copy=2&amp;b&lt", true), "?a=1&copy=2&b<");
    }
}
