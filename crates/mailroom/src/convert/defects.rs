use api_types::DefectNote;
use spool::{Defect, DefectKind};
use std::collections::BTreeMap;

/// Names kept of one kind of defect; the rest is counted.
const EXAMPLES: usize = 1;

/// Stable code; the catalogues have a sentence for each.
pub(crate) fn defect_code(kind: DefectKind) -> &'static str {
    match kind {
        DefectKind::Symlink => "symlink",
        DefectKind::Fifo => "fifo",
        DefectKind::Device => "device",
        DefectKind::Directory => "directory",
        DefectKind::NotADirectory => "not-a-directory",
        DefectKind::OtherFilesystem => "other-filesystem",
        DefectKind::BadOwner(_) => "bad-owner",
        DefectKind::WorldWritable => "world-writable",
        DefectKind::Unreadable(_) => "unreadable",
        DefectKind::NotPermitted => "not-permitted",
        DefectKind::DuplicateBaseName => "duplicate",
        DefectKind::NulFilled => "nul-bytes",
        DefectKind::EmptyFile => "empty-file",
        DefectKind::Compressed => "compressed",
        DefectKind::Encrypted => "encrypted-file",
        DefectKind::TruncatedMbox => "truncated-mbox",
        DefectKind::NotMbox => "not-mbox",
        DefectKind::MissingDirectory => "missing-directory",
        DefectKind::Missing => "missing",
        DefectKind::OddName => "odd-name",
        DefectKind::TooManyEntries => "too-many-entries",
        DefectKind::BadSideFile => "bad-side-file",
        _ => "other",
    }
}

/// What the index keeps: a line for each kind, `code TAB count TAB first name`.
pub(crate) fn defects_to_text(defects: &[Defect]) -> Option<String> {
    let mut kinds: BTreeMap<&str, (u32, Vec<String>)> = BTreeMap::new();
    for defect in defects {
        let (count, names) = kinds.entry(defect_code(defect.kind)).or_default();
        *count += 1;
        if names.len() < EXAMPLES {
            names.push(defect.name_lossy().replace(['\t', '\n'], " "));
        }
    }
    let lines: Vec<String> = kinds
        .into_iter()
        .map(|(code, (count, names))| format!("{code}\t{count}\t{}", names.join(", ")))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Back from [`defects_to_text`].
pub(crate) fn defect_notes(text: Option<&str>) -> Vec<DefectNote> {
    text.unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let code = fields.next().filter(|code| !code.is_empty())?.to_owned();
            let count = fields.next().and_then(|count| count.parse().ok()).unwrap_or(1);
            Some(DefectNote {
                code,
                count,
                detail: fields.next().unwrap_or_default().to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_noted_once_with_its_count() {
        let defect = |kind, name: &str| Defect {
            kind,
            name: name.as_bytes().to_vec(),
        };
        let text = defects_to_text(&[
            defect(DefectKind::Fifo, "a"),
            defect(DefectKind::Symlink, "b\tc"),
            defect(DefectKind::Fifo, "d"),
        ]);
        let notes = defect_notes(text.as_deref());
        assert_eq!(notes.len(), 2);
        assert_eq!(
            (notes[0].code.as_str(), notes[0].count, notes[0].detail.as_str()),
            ("fifo", 2, "a")
        );
        assert_eq!(notes[1].code, "symlink");
        assert_eq!(defects_to_text(&[]), None);
        assert!(defect_notes(None).is_empty());
    }
}
