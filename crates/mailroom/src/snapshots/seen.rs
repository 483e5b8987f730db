//! What lies in the directory of the copies: asked of who reads the spool, since only that may hang.

use super::{SnapshotKind, SnapshotRoot, named::Named};
use serde::{Deserialize, Serialize};
use spool::{MarkerCount, SpoolError};
use std::{cmp::Reverse, path::PathBuf};

/// Copies that are offered of one directory: a snapshot each hour for two weeks, and more.
pub(crate) const MOST: usize = 400;

/// A question about one directory of copies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SnapshotsAsk {
    folder: PathBuf,
    dir: PathBuf,
    before: String,
    after: String,
    marker: Option<String>,
}

/// One copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SnapshotSeen {
    /// Its own part of the name.
    pub(crate) name: String,
    /// The first line of its marker, if one is looked for and there.
    pub(crate) marker: Option<String>,
}

/// A question about what one copy says of an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MarkerAsk {
    folder: PathBuf,
    copy: PathBuf,
    marker: String,
    account: String,
}

impl MarkerAsk {
    /// `None` for what needs no marker.
    pub(crate) fn new(root: &SnapshotRoot, name: &str, account: &str) -> Option<Self> {
        let SnapshotKind::Copy { marker } = &root.kind else {
            return None;
        };
        Some(Self {
            folder: root.folder.clone(),
            copy: root.copy(name),
            marker: marker.clone(),
            account: account.to_owned(),
        })
    }

    /// Reads it, blocking.
    pub(crate) fn read(&self) -> Result<MarkerCount, SpoolError> {
        spool::marker_count(&self.copy, &self.folder, &self.marker, &self.account)
    }
}

impl SnapshotsAsk {
    pub(crate) fn new(root: &SnapshotRoot) -> Self {
        Self {
            folder: root.folder.clone(),
            dir: root.dir.clone(),
            before: root.before.clone(),
            after: root.after.clone(),
            marker: match &root.kind {
                SnapshotKind::Atomic => None,
                SnapshotKind::Copy { marker } => Some(marker.clone()),
            },
        }
    }

    /// The newest copies by their names, blocking. Nothing is asked of a file system's snapshots but their names: to look into each would
    /// have it mounted.
    pub(crate) fn look(&self) -> Result<Vec<SnapshotSeen>, SpoolError> {
        let own = |entry: String| {
            let own = entry.strip_prefix(self.before.as_str())?;
            let own = own.strip_suffix(self.after.as_str())?;
            (!own.is_empty()).then(|| own.to_owned())
        };
        let mut names: Vec<String> = spool::snapshot_names(&self.dir, &self.folder)?
            .into_iter()
            .filter_map(own)
            .collect();
        names.sort_by_cached_key(|name| {
            let named = Named::of(name).map(|named| (named.date, named.time));
            Reverse((named, name.clone()))
        });
        names.truncate(MOST);
        let look = |name: String| {
            let marker = match &self.marker {
                Some(marker) => {
                    let copy = self.dir.join([&self.before, name.as_str(), &self.after].concat());
                    spool::marker_line(&copy, &self.folder, marker)?
                }
                None => None,
            };
            Ok(SnapshotSeen { marker, name })
        };
        names.into_iter().map(look).collect()
    }
}
