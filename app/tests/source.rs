//! What the source of this package must never say.
#![expect(clippy::expect_used, reason = "a test that cannot read the source must fail")]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir)
        .expect("the source is there")
        .map(|entry| entry.expect("readable").path())
    {
        if entry.is_dir() {
            files(&entry, found);
        } else {
            found.push(entry);
        }
    }
}

fn lines_with(words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 40, "looked into {} files only", found.len());
    let mut hits = Vec::new();
    for file in found {
        let text = fs::read_to_string(&file).expect("text");
        for (at, line) in text.lines().enumerate() {
            if !line.trim_start().starts_with("//") && words.iter().any(|word| line.contains(word)) {
                hits.push(format!("{}:{}: {line}", file.display(), at + 1));
            }
        }
    }
    hits
}

#[test]
fn nothing_is_printed_as_raw_html() {
    assert_eq!(
        lines_with(&["inner_html", "innerHTML", "insert_adjacent_html", "document.write"]),
        Vec::<String>::new()
    );
}

#[test]
fn nothing_is_styled_inline() {
    assert_eq!(
        lines_with(&[" style=", "style:", "<style", "<Style"]),
        Vec::<String>::new()
    );
}

/// Codes of defects as the crates below spell them: each `=> "code"` of the functions that make them.
fn codes(file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let text = fs::read_to_string(&path).expect("text");
    let codes: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_once("=> \"")?.1.split_once("\","))
        .map(|(code, _)| code.to_owned())
        .collect();
    assert!(codes.len() > 10, "{file} does not spell codes as it did");
    codes
}

#[test]
fn every_defect_has_its_sentence_in_every_language() {
    for file in ["crates/render/src/defect.rs", "crates/mailroom/src/convert/defects.rs"] {
        for code in codes(file) {
            for lang in ["ja", "en"] {
                let words =
                    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/words/{lang}.rs")))
                        .expect("text");
                assert!(
                    words.contains(&format!("\"{code}\",")),
                    "{code} of {file} has no sentence in {lang}"
                );
            }
        }
    }
}
