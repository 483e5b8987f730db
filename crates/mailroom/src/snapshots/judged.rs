//! What was found when the messages of copies were counted, kept in files beside their indexes: a copy that has lost messages is not
//! offered after a restart either.

use super::Snapshot;
use crate::room::Shared;
use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

const EXTENSION: &str = "judged";

/// A copy by its key, and when its marker says that it was made: one that is made anew is judged anew.
pub(super) type Mark = (String, Option<i64>);

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    /// It has not as many messages as it says.
    pub(super) torn: bool,
    /// How often that was found otherwise than before.
    pub(super) turn: u32,
}

impl Judged {
    fn to_text(self) -> String {
        format!("{}\t{}\n", if self.torn { "torn" } else { "whole" }, self.turn)
    }

    fn from_text(text: &str) -> Option<Self> {
        let (verdict, turn) = text.strip_suffix('\n')?.split_once('\t')?;
        let torn = match verdict {
            "torn" => true,
            "whole" => false,
            _ => return None,
        };
        let turn = turn.parse().ok()?;
        Some(Self { torn, turn })
    }
}

impl Snapshot {
    pub(super) fn mark(&self) -> Mark {
        (self.key.clone(), self.at)
    }
}

impl Shared {
    fn verdict_file(&self, account: &str, (key, at): &Mark) -> String {
        let file = self
            .ids
            .snapshot_file(account, format!("judged {key} {at:?}").as_bytes());
        format!("{file}.{EXTENSION}")
    }

    /// What is kept of these. If they are `all` that the account has, what is kept of others goes.
    pub(super) async fn kept_verdicts(&self, account: &str, marks: Vec<Mark>, all: bool) -> HashMap<Mark, Judged> {
        if marks.is_empty() && !all {
            return HashMap::new();
        }
        let folder = self.snapshots_of(account);
        let wanted = marks.into_iter().map(|mark| (self.verdict_file(account, &mark), mark));
        let wanted: HashMap<String, Mark> = wanted.collect();
        let read = tokio::task::spawn_blocking(move || read(&folder, &wanted, all)).await;
        read.unwrap_or_else(|error| Err(io::Error::other(error)))
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "what was found of copies cannot be read");
                HashMap::new()
            })
    }

    /// Keeps what was found of a copy that has an index here.
    pub(super) async fn keep_verdict(&self, account: &str, mark: &Mark, judged: Judged) {
        let path = self.snapshots_of(account).join(self.verdict_file(account, mark));
        let write = move || {
            let new = path.with_extension("new");
            let mut file = File::create(&new)?;
            file.write_all(judged.to_text().as_bytes())?;
            file.sync_all()?;
            fs::rename(new, path)
        };
        let written = tokio::task::spawn_blocking(write).await;
        match written.unwrap_or_else(|error| Err(io::Error::other(error))) {
            // The account was erased meanwhile: nothing is made for it again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "what was found of a copy cannot be kept"),
            Ok(()) => {}
        }
    }
}

fn read(folder: &Path, wanted: &HashMap<String, Mark>, all: bool) -> io::Result<HashMap<Mark, Judged>> {
    let mut found = HashMap::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != EXTENSION) {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match wanted.get(name) {
            Some(mark) => {
                let judged = Judged::from_text(&String::from_utf8_lossy(&fs::read(&path)?));
                found.extend(judged.map(|judged| (mark.clone(), judged)));
            }
            None if all => fs::remove_file(&path)?,
            None => {}
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        for judged in [(true, 1), (false, 2)] {
            let judged = Judged {
                torn: judged.0,
                turn: judged.1,
            };
            assert_eq!(Judged::from_text(&judged.to_text()), Some(judged));
        }
        for text in ["", "\n", "torn", "torn\t1", "torn\t-1\n", "half\t1\n"] {
            assert_eq!(Judged::from_text(text), None, "{text:?}");
        }
    }
}
