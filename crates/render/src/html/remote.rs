//! What a letter wants from elsewhere and does not get.

use super::{
    references,
    scan::{Piece, attributes, lower, pieces},
};

/// Images from elsewhere: `img`, picture sources, and backgrounds. An estimate for the notice; blocking does not depend on it.
pub(crate) fn count(source: &str) -> u32 {
    let mut count = 0;
    for piece in pieces(source) {
        if let Piece::Start { name, inside } = piece {
            count += u32::from(wants(name, inside));
        }
    }
    count
}

/// Whether the element wants an image from elsewhere.
pub(super) fn wants(name: &str, inside: &str) -> bool {
    attributes(inside).any(|(attribute, value)| is_wanted(name, &lower(attribute), value))
}

/// Whether an attribute, its name in lower case, wants one.
pub(super) fn is_wanted(element: &str, attribute: &str, value: &str) -> bool {
    match attribute {
        "src" => (element.eq_ignore_ascii_case("img") || element.eq_ignore_ascii_case("input")) && is_remote(value),
        "background" | "poster" => is_remote(value),
        "srcset" => value.split(',').any(|candidate| is_remote(candidate.trim())),
        "style" if memchr::memchr(b'(', value.as_bytes()).is_some() => {
            let lower = value.to_ascii_lowercase();
            lower.contains("url(") && (lower.contains("http:") || lower.contains("https:") || lower.contains("(//"))
        }
        _ => false,
    }
}

fn is_remote(value: &str) -> bool {
    let value = references::decoded(value, true);
    let value = value.trim();
    ["http:", "https:", "//"].iter().any(|beginning| {
        value
            .get(..beginning.len())
            .is_some_and(|here| here.eq_ignore_ascii_case(beginning))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_from_elsewhere_are_counted_once_each() {
        let source = "<img src=https://t.example/a><img src='cid:x'><IMG SRC=//t.example/b srcset='https://t.example/c 2x'>\
            <td background=http://t.example/d><p style=\"background:url(https://t.example/e)\"><a href=https://t.example>";
        assert_eq!(count(source), 4);
    }
}
