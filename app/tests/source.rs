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
