//! Names inside a zip: no folders, no controls, no two alike, nothing Windows refuses.

use std::collections::HashSet;

const LONGEST: usize = 180;

/// A safe name for each of `names`, all different without regard to case.
pub fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .map(|name| {
            let safe = safe(name);
            let mut candidate = safe.clone();
            let mut count = 1;
            while !taken.insert(candidate.to_lowercase()) {
                count += 1;
                let (stem, extension) = split(&safe);
                candidate = format!("{stem} ({count}){extension}");
            }
            candidate
        })
        .collect()
}

/// What a name begins with, in one piece and short enough that what follows is never cut off.
pub fn beginning(text: &str, most: usize) -> String {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace(['/', '\\'], "_")
}

/// A safe name; two of them may be alike.
pub fn safe(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .map(|c| {
            if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim_matches([' ', '.']);
    if clean.is_empty() {
        return "attachment".to_owned();
    }
    let (stem, extension) = split(clean);
    let extension = if extension.len() > 16 { "" } else { extension };
    let mut end = stem.len().min(LONGEST);
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_different() {
        let names = [
            "資料.pdf",
            "資料.pdf",
            "../../etc/passwd",
            "C:\\x\\a.TXT",
            "A.txt",
            "",
            "..",
            "a\u{202e}gpj.exe",
            "con?.x",
        ];
        assert_eq!(
            unique(names.into_iter()),
            [
                "資料.pdf",
                "資料 (2).pdf",
                "passwd",
                "a.TXT",
                "A (2).txt",
                "attachment",
                "attachment (2)",
                "agpj.exe",
                "con_.x"
            ]
        );
    }

    #[test]
    fn what_tells_names_apart_is_never_cut_off() {
        let name = |id: &str| safe(&format!("{} {id}.eml", beginning(&"会議 11/28 ".repeat(40), 100)));
        assert_ne!(name("abcdefghijklmnop"), name("abcdefghijklmnoq"));
        assert!(name("x").starts_with("会議 11_28 "));
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = unique(["あ".repeat(200).as_str()].into_iter()).remove(0);
        assert_eq!(name.chars().count(), 60);
    }
}
