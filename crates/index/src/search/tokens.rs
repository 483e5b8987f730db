//! What search looks a message up by: pieces of its words, so that any part of a word is found, in languages with spaces
//! between words and without. Two characters of Chinese, Japanese and Korean make a piece, three of any other script; the end
//! of a word makes shorter ones, so that whatever is shorter than a piece is the beginning of one.

use std::collections::BTreeSet;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Bytes of a message that are looked up at most: hundreds of recipients.
const LONGEST: usize = 8 << 10;

/// One form for what people take for the same: full and half width, small and capital letters.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text.to_lowercase(),
        _ => text.nfkc().collect::<String>().to_lowercase(),
    }
}

/// The pieces of a folded text, in no order, each once; between spaces.
pub(crate) fn stored(folded: &str) -> String {
    let mut end = folded.len().min(LONGEST);
    while !folded.is_char_boundary(end) {
        end -= 1;
    }
    let mut pieces = Vec::new();
    for run in runs(&folded[..end]) {
        let starts = run.text.char_indices().map(|(at, _)| at);
        pieces.extend(starts.map(|at| first(&run.text[at..], run.piece)));
    }
    pieces.sort_unstable();
    pieces.dedup();
    let mut out = String::with_capacity(4 * pieces.len());
    for piece in pieces {
        out.push_str(piece);
        out.push(' ');
    }
    out
}

/// How messages are looked up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// In the language of FTS5.
    pub(crate) terms: String,
    /// What is found so has all the words. Otherwise it may have their pieces only.
    pub(crate) decides: bool,
}

/// How to look up the messages that may have all the folded words; `None` when nothing of them can be looked up.
pub(crate) fn wanted(words: &[String]) -> Option<Wanted> {
    let mut terms = BTreeSet::new();
    let mut decides = true;
    for word in words {
        for run in runs(word) {
            let mut whole = 0;
            for (at, _) in run.text.char_indices() {
                let piece = first(&run.text[at..], run.piece);
                if piece.chars().count() == run.piece {
                    whole += 1;
                    // Letters and digits alone: nothing in it has a meaning there.
                    terms.insert(format!("\"{piece}\""));
                }
            }
            if whole == 0 {
                terms.insert(format!("\"{}\"*", run.text));
            }
            decides &= whole < 2 && run.text.len() == word.len();
        }
        decides &= word.chars().any(char::is_alphanumeric);
    }
    let terms: Vec<String> = terms.into_iter().collect();
    (!terms.is_empty()).then(|| Wanted {
        terms: terms.join(" "),
        decides,
    })
}

/// Letters and digits of one kind of script.
struct Run<'a> {
    text: &'a str,
    /// Characters of a piece.
    piece: usize,
}

fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).flat_map(|word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let piece = piece_of(rest.chars().next()?);
            let end = rest.find(|letter| piece_of(letter) != piece).unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            rest = after;
            Some(Run { text, piece })
        })
    })
}

/// From the radicals on: kana, Han, Hangul and what lies beyond.
fn piece_of(letter: char) -> usize {
    if letter >= '\u{2E80}' { 2 } else { 3 }
}

fn first(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        stored(&folded(text))
            .split(' ')
            .filter(|piece| !piece.is_empty())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn one_form() {
        assert_eq!(folded("ＡＢＣ ｶﾞｷﾞ①"), "abc ガギ1");
        assert_eq!(folded("Ärger STRASSE"), "ärger strasse");
        assert_eq!(folded("会議"), "会議");
    }

    #[test]
    fn pieces_of_words() {
        assert_eq!(pieces("Re: port"), ["e", "ort", "por", "re", "rt", "t"]);
        assert_eq!(pieces("会議メモ"), ["メモ", "モ", "会議", "議メ"]);
        assert_eq!(pieces("C言語"), ["c", "言語", "語"]);
        assert_eq!(pieces("- . 、"), Vec::<String>::new());
    }

    #[test]
    fn what_is_asked_for() {
        let asked = |words: &[&str]| wanted(&words.iter().map(|word| folded(word)).collect::<Vec<_>>());
        for (words, terms, decides) in [
            (&["report"][..], r#""epo" "ort" "por" "rep""#, false),
            (&["rep"], r#""rep""#, true),
            (&["会議"], r#""会議""#, true),
            (&["会議室"], r#""会議" "議室""#, false),
            (&["林", "ab"], r#""ab"* "林"*"#, true),
            (&["c++"], r#""c"*"#, false),
            (&["a林"], r#""a"* "林"*"#, false),
            (&["ab", "++"], r#""ab"*"#, false),
        ] {
            let terms = terms.to_owned();
            assert_eq!(asked(words), Some(Wanted { terms, decides }), "{words:?}");
        }
        assert_eq!(asked(&["\"*"]), None);
    }

    #[test]
    fn a_very_long_text_is_cut_between_characters() {
        let long = "名".repeat(LONGEST);
        assert_eq!(pieces(&long), ["名", "名名"]);
    }
}
