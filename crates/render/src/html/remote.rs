//! What a letter wants from elsewhere and does not get.

use super::{
    references,
    scan::{Piece, attributes, lower, pieces},
};

/// Images from elsewhere: `img`, picture sources, and backgrounds. An estimate for the notice; blocking does not depend on it.
pub(crate) fn count(source: &str) -> u32 {
    let mut count = 0;
    for piece in pieces(source) {
        let Piece::Start { name, inside } = piece else { continue };
        let wants = attributes(inside).any(|(attribute, value)| match &*lower(attribute) {
            "src" => (name.eq_ignore_ascii_case("img") || name.eq_ignore_ascii_case("input")) && is_remote(value),
            "background" | "poster" => is_remote(value),
            "srcset" => value.split(',').any(|candidate| is_remote(candidate.trim())),
            "style" => {
                let lower = value.to_ascii_lowercase();
                lower.contains("url(") && (lower.contains("http:") || lower.contains("https:") || lower.contains("(//"))
            }
            _ => false,
        });
        count += u32::from(wants);
    }
    count
}

fn is_remote(value: &str) -> bool {
    let value = references::decoded(value, true).trim().to_ascii_lowercase();
    value.starts_with("http:") || value.starts_with("https:") || value.starts_with("//")
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
