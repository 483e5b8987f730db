//! The first words of a letter, as a list shows them.

use crate::{clean, html::fallback, skeleton::Skeleton, structure::Structure, text};

/// Characters of a preview.
const LONGEST: usize = 120;
/// Decoded text that is looked through.
const LOOKED_AT: usize = 16 << 10;

/// Skips quotes, their introductions and rules; from the text, or from the HTML without one.
pub(crate) fn preview(skeleton: &Skeleton, structure: &Structure) -> String {
    for place in &structure.text {
        let part = &structure.parts[*place];
        let text = clean::body(clean::cut(&part.text(skeleton, None).text, LOOKED_AT));
        let words = first_words(&text::unflowed(&text, part.flow));
        if !words.is_empty() {
            return words;
        }
    }
    match structure.html {
        Some(place) => {
            let html = structure.parts[place].text(skeleton, None).text;
            first_words(&fallback::text_of(clean::cut(&html, LOOKED_AT * 8)))
        }
        None => String::new(),
    }
}

fn first_words(text: &str) -> String {
    let mut words = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        // The signature (RFC 3676 §4.3) is no news.
        if line == "-- " || line == "--" {
            break;
        }
        let line = line.trim();
        let is_rule = !line.is_empty() && line.chars().all(|c| "-=_*~━─＝－＿#+・ ".contains(c));
        let introduces_quote =
            line.ends_with([':', '：']) && lines.peek().is_some_and(|next| next.trim_start().starts_with('>'));
        if line.is_empty() || is_rule || line.starts_with('>') || introduces_quote {
            continue;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(line);
        if words.chars().count() >= LONGEST {
            break;
        }
    }
    let words = clean::line(&words);
    words.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_what_the_sender_wrote() {
        let text = "\n==========\nお世話になっております。\n\n佐藤さん wrote:\n> 引用\n\n添付します。\n-- \nSig";
        assert_eq!(first_words(text), "お世話になっております。 添付します。");
        assert_eq!(first_words("> only\n> quotes"), "");
        assert_eq!(first_words(&"あ".repeat(1_000)).chars().count(), 120);
    }
}
