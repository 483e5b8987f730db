//! The inside of `style=`: declarations by property, values by their tokens. Whatever is not understood is dropped.

use super::scan::lower;
use crate::limits::DECLARATIONS;
use std::borrow::Cow;

/// Functions a value may call.
const FUNCTIONS: [&str; 8] = ["rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp"];
/// Nesting of functions.
const DEEPEST: u32 = 4;
const DISPLAYS: [&str; 13] = [
    "block",
    "inline",
    "inline-block",
    "none",
    "list-item",
    "table",
    "table-row",
    "table-cell",
    "table-row-group",
    "table-header-group",
    "table-footer-group",
    "table-caption",
    "inline-table",
];
/// Properties allowed by their whole name.
fn is_property(name: &str) -> bool {
    matches!(
        name,
        "background-color"
            | "border-collapse"
            | "border-spacing"
            | "color"
            | "direction"
            | "display"
            | "height"
            | "letter-spacing"
            | "line-height"
            | "list-style-type"
            | "margin"
            | "margin-top"
            | "margin-right"
            | "margin-bottom"
            | "margin-left"
            | "max-width"
            | "min-width"
            | "max-height"
            | "min-height"
            | "padding"
            | "padding-top"
            | "padding-right"
            | "padding-bottom"
            | "padding-left"
            | "vertical-align"
            | "white-space"
            | "width"
            | "word-break"
            | "word-spacing"
            | "overflow-wrap"
            | "float"
            | "border"
            | "font"
            | "text-align"
            | "opacity"
            | "background"
    )
}

/// Properties allowed by their beginning.
const FAMILIES: [&str; 3] = ["border-", "font-", "text-"];

/// Words of URLs and programs; a value that holds one is dropped.
fn holds_word(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    bytes.iter().enumerate().any(|(at, first)| {
        let begins = |word: &[u8]| bytes[at..].starts_with(word);
        match first {
            b'u' => begins(b"url"),
            b'e' => begins(b"expression") || begins(b"env("),
            b'j' => begins(b"javascript"),
            b'v' => begins(b"var") || begins(b"vbscript"),
            b'i' => begins(b"image"),
            b'/' => begins(b"/*") || begins(b"//"),
            b'd' => begins(b"data:"),
            b'a' => begins(b"attr("),
            _ => false,
        }
    })
}

/// The declarations to keep, or `None` if none are left.
pub(super) fn declarations(style: &str) -> Option<String> {
    let mut kept = String::with_capacity(style.len());
    for declaration in split(style).take(DECLARATIONS) {
        let Some((property, value)) = declaration.split_once(':') else {
            continue;
        };
        let property = lower(property.trim());
        let value = value.trim();
        let important = strip_important(value);
        let (value, mark) = match important {
            Some(value) => (value, " !important"),
            None => (value, ""),
        };
        if let Some((property, value)) = declare(&property, value) {
            if !kept.is_empty() {
                kept.push(';');
            }
            kept.extend([property, ":", &value, mark]);
        }
    }
    (!kept.is_empty()).then_some(kept)
}

/// `! important`, with any white space.
fn strip_important(value: &str) -> Option<&str> {
    let at = value.rfind('!')?;
    value[at + 1..]
        .trim()
        .eq_ignore_ascii_case("important")
        .then(|| value[..at].trim_end())
}

/// Splits at `;` outside quotes and brackets.
fn split(style: &str) -> impl Iterator<Item = &str> {
    let mut rest = style;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (mut quote, mut depth) = (None, 0_i32);
        let mut end = rest.len();
        for (at, byte) in rest.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), byte) if byte == open => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'(') => depth += 1,
                (None, b')') => depth -= 1,
                (None, b';') if depth <= 0 => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        let declaration = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or("");
        Some(declaration)
    })
}

fn declare<'p>(property: &'p str, value: &'p str) -> Option<(&'p str, Cow<'p, str>)> {
    let allowed = is_property(property)
        || (FAMILIES.iter().any(|family| property.starts_with(family)) && !property.contains("image"));
    let lower = lower(value);
    if !allowed || !is_tame(&lower) {
        return None;
    }
    match property {
        // Only the colour of a background stays.
        "background" => lower
            .split_ascii_whitespace()
            .find(|word| super::attributes::is_color(word) && !is_background_word(word))
            .map(|color| ("background-color", Cow::Owned(color.to_owned())))
            .or_else(|| {
                (lower.starts_with("rgb") || lower.starts_with("hsl")).then(|| ("background-color", lower.clone()))
            }),
        "display" => DISPLAYS.contains(&&*lower).then_some((property, lower)),
        "float" => matches!(&*lower, "left" | "right").then_some((property, lower)),
        "opacity" => lower
            .parse::<f32>()
            .is_ok_and(|opacity| (0.2..=1.0).contains(&opacity))
            .then_some((property, lower)),
        _ if property.starts_with("margin") => small_margins(&lower).then_some((property, lower)),
        // Large shifts can lay text over the frame of the page or out of sight.
        "text-indent" | "letter-spacing" | "word-spacing" => small_margins(&lower).then_some((property, lower)),
        _ => Some((property, Cow::Borrowed(value))),
    }
}

fn is_background_word(word: &str) -> bool {
    matches!(
        word,
        "none"
            | "fixed"
            | "scroll"
            | "local"
            | "repeat"
            | "center"
            | "top"
            | "left"
            | "right"
            | "bottom"
            | "cover"
            | "contain"
    )
}

/// Negative lengths no further than 50px.
fn small_margins(value: &str) -> bool {
    value
        .split([' ', '\t', '(', ','])
        .all(|word| match word.trim_end_matches(')').strip_prefix('-') {
            Some(rest) => rest
                .strip_suffix("px")
                .and_then(|number| number.parse::<f32>().ok())
                .is_some_and(|number| number <= 50.0),
            None => true,
        })
}

/// No escapes, no markup, no URL in any form, no function but those listed, brackets that match. `lower` is in small letters.
fn is_tame(lower: &str) -> bool {
    if lower.is_empty() || holds_word(lower) {
        return false;
    }
    let mut depth = 0_u32;
    let mut word = Word::default();
    let mut quote = None;
    for byte in lower.bytes() {
        match (quote, byte) {
            // Wild wherever they stand.
            (_, b'\\' | b'<' | b'>' | b'{' | b'}' | b'@' | b'`' | b'\0') => return false,
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => {
                // A bracket without a name stands inside calc().
                let inside = word.is_empty() && depth > 0;
                if !inside && !word.is_function() {
                    return false;
                }
                depth += 1;
                if depth > DEEPEST {
                    return false;
                }
                word.clear();
            }
            (None, b')') => {
                let Some(outer) = depth.checked_sub(1) else {
                    return false;
                };
                depth = outer;
                word.clear();
            }
            (None, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_') => word.push(byte),
            (None, b',' | b'.' | b'%' | b'#' | b'/' | b'+' | b'*' | b'!' | 0x80..) => word.clear(),
            (None, byte) if byte.is_ascii_whitespace() => word.clear(),
            _ => return false,
        }
    }
    depth == 0 && quote.is_none()
}

/// What stands before a bracket, as far as it may be the name of a function.
#[derive(Default)]
struct Word {
    first: [u8; 8],
    length: usize,
}

impl Word {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.first.get_mut(self.length) {
            *place = byte;
        }
        self.length += 1;
    }

    fn clear(&mut self) {
        self.length = 0;
    }

    fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn is_function(&self) -> bool {
        let word = self.first.get(..self.length);
        word.is_some_and(|word| FUNCTIONS.iter().any(|function| function.as_bytes() == word))
    }
}

#[cfg(test)]
mod tests;
