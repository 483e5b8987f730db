//! The value of each attribute, by a grammar of its own.

use super::{css, inline::Images, urls};
use crate::limits::ATTRIBUTE;
use std::borrow::Cow;

/// The value to keep, or `None` to drop the attribute.
pub(super) fn filter<'v>(
    element: &str,
    attribute: &str,
    value: &'v str,
    images: Option<&Images>,
) -> Option<Cow<'v, str>> {
    if value.len() > ATTRIBUTE && !(element == "img" && attribute == "src") {
        return None;
    }
    match (element, attribute) {
        ("a", "href") => urls::link(value),
        ("img", "src") => urls::image(value, images).map(Cow::Owned),
        (_, "style") => css::declarations(value).map(Cow::Owned),
        (_, "bgcolor" | "color") => is_color(value).then_some(Cow::Borrowed(value)),
        (
            _,
            "width" | "height" | "border" | "cellpadding" | "cellspacing" | "colspan" | "rowspan" | "start" | "size",
        ) => is_number(value).then_some(Cow::Borrowed(value)),
        (_, "align" | "valign" | "type" | "dir" | "nowrap") => is_word(value).then_some(Cow::Borrowed(value)),
        (_, "lang") => is_language(value).then_some(Cow::Borrowed(value)),
        (_, "face") => is_face(value).then_some(Cow::Borrowed(value)),
        (_, "title" | "alt") => Some(Cow::Borrowed(value)),
        // What ammonia itself sets.
        ("a", "rel" | "target") => Some(Cow::Borrowed(value)),
        _ => None,
    }
}

/// `#rgb`, `#rrggbb`, or a name.
pub(super) fn is_color(value: &str) -> bool {
    let value = value.trim();
    match value.strip_prefix('#') {
        Some(digits) => matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !value.is_empty() && value.len() <= 30 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    }
}

/// `12`, `50%`, `+1`, `12px`
fn is_number(value: &str) -> bool {
    let value = value.trim();
    let value = value.strip_prefix(['+', '-']).unwrap_or(value);
    let digits = value
        .strip_suffix('%')
        .or_else(|| value.strip_suffix("px"))
        .unwrap_or(value);
    (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn is_word(value: &str) -> bool {
    value.len() <= 30 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_language(value: &str) -> bool {
    !value.is_empty() && is_word(value)
}

fn is_face(value: &str) -> bool {
    value.len() <= 200 && value.chars().all(|c| c.is_alphanumeric() || " ,-_'".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_to_their_grammar() {
        for good in ["#fff", "#a1b2c3", "red", "LightSteelBlue"] {
            assert!(is_color(good), "{good}");
        }
        for bad in ["#ggg", "url(x)", "red;x", "", "expression(1)"] {
            assert!(!is_color(bad), "{bad}");
        }
        for good in ["12", "50%", "+1", "1.5", "12px"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "x", "1e9", "12px;x", "99999999"] {
            assert!(!is_number(bad), "{bad}");
        }
    }
}
