//! `[[spool.snapshots]]`: where dated copies of mail stand.

use super::ConfigError;
use crate::template::Template;
use jiff::tz::TimeZone;
use mailroom::{SnapshotKind, SnapshotRoot};
use serde::Deserialize;
use std::path::{Component, Path, PathBuf};

const MARK: &str = "{snapshot}";
/// Stands for it where a path is checked as one.
const ANY: &str = "snapshot";
/// The file that says that a copy is complete.
const MARKER: &str = "COMPLETE";

/// One place with copies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshots {
    /// One person's folder or file in a copy, with `{snapshot}` for the name of the copy, and `{account}` as in `[spool] root`.
    path: String,
    /// mbox: the folder of the other mailboxes in the same copy.
    folders: Option<String>,
    /// What makes the copies.
    kind: Kind,
    /// Of `kind = "copy"`: the file in each copy that is written last; its first line is the time (RFC 3339).
    marker: Option<String>,
    /// Where the clock is that the names are made by; `[ui] default_timezone` if it is not set.
    timezone: Option<String>,
}

/// How it is known that a copy is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// A file system's snapshot is so by its nature.
    Atomic,
    /// Copied file by file: a file of its own says so.
    Copy,
}

/// One place with copies, understood.
#[derive(Clone, Debug)]
pub struct SnapshotRule {
    path: Split,
    folders: Option<Split>,
    kind: SnapshotKind,
    zone: TimeZone,
}

/// A path with the name of a copy in it.
#[derive(Clone, Debug)]
struct Split {
    template: Template,
    /// Components before the one with the name.
    at: usize,
    before: String,
    after: String,
}

impl Snapshots {
    /// What is wrong with it, in a sentence, if anything is.
    pub fn rule(&self, default_zone: &str) -> Result<SnapshotRule, String> {
        let path = Split::parse(&self.path)?;
        let folders = self.folders.as_deref().map(Split::parse).transpose()?;
        if let Some(folders) = &folders
            && folders.copies("x") != path.copies("x")
        {
            return Err(format!(
                "{:?} and {:?} are not in the same copies",
                self.path, self.folders
            ));
        }
        let zone = self.timezone.as_deref().unwrap_or(default_zone);
        Ok(SnapshotRule {
            path,
            folders,
            kind: match (self.kind, &self.marker) {
                (Kind::Atomic, None) => SnapshotKind::Atomic,
                (Kind::Atomic, Some(_)) => return Err("a marker is for kind = \"copy\"".to_owned()),
                (Kind::Copy, marker) => SnapshotKind::Copy {
                    marker: marker_of(marker.as_deref().unwrap_or(MARKER))?,
                },
            },
            zone: TimeZone::get(zone).map_err(|_| format!("timezone {zone:?} is no time zone"))?,
        })
    }
}

/// Below the copy, and nowhere else.
fn marker_of(marker: &str) -> Result<String, String> {
    let mut parts = Path::new(marker).components();
    if marker.is_empty() || !parts.all(|part| matches!(part, Component::Normal(_))) {
        return Err(format!("marker is a file in the copy, not {marker:?}"));
    }
    Ok(marker.to_owned())
}

impl Split {
    fn parse(text: &str) -> Result<Self, String> {
        let components: Vec<&str> = text.split('/').collect();
        let mut with_name = components.iter().enumerate().filter(|(_, part)| part.contains(MARK));
        let (Some((at, part)), None) = (with_name.next(), with_name.next()) else {
            return Err(format!("{text:?} needs {MARK} in it, once"));
        };
        let (before, after) = part.split_once(MARK).unwrap_or_default();
        if before.contains('{') || after.contains('{') {
            return Err(format!("{text:?} has two names between two slashes"));
        }
        if components.iter().any(|part| matches!(*part, "." | "..")) {
            return Err(format!("{text:?} has dots for a folder"));
        }
        let mut plain = components.clone();
        plain[at] = ANY;
        Ok(Self {
            template: Template::parse(&plain.join("/"))?,
            at,
            before: before.to_owned(),
            after: after.to_owned(),
        })
    }

    /// The directory of the copies, and what lies below each.
    fn of(&self, account: &str) -> (PathBuf, PathBuf) {
        let path = self.template.of(account);
        let parts: Vec<&str> = path.split('/').collect();
        // A name has no slash, so the components are those of the pattern.
        let (dir, within) = parts.split_at(self.at.min(parts.len()));
        (
            dir.join("/").into(),
            within.get(1..).unwrap_or_default().join("/").into(),
        )
    }

    /// What it has to have in common with another path in the same copies.
    fn copies(&self, account: &str) -> (PathBuf, &str, &str) {
        (self.of(account).0, &self.before, &self.after)
    }

    /// The folder that the copies of all accounts stand below.
    fn folder(&self) -> PathBuf {
        let whole = PathBuf::from(self.template.folder());
        let of_copies = self.of("x").0;
        match of_copies.starts_with(&whole) {
            true => whole,
            false => of_copies,
        }
    }
}

impl SnapshotRule {
    /// The place of that account's copies.
    pub fn of(&self, account: &str) -> SnapshotRoot {
        let (dir, within) = self.path.of(account);
        SnapshotRoot {
            folder: self.path.folder(),
            dir,
            before: self.path.before.clone(),
            after: self.path.after.clone(),
            within,
            folders: self.folders.as_ref().map(|folders| folders.of(account).1),
            kind: self.kind.clone(),
            zone: self.zone.clone(),
        }
    }
}

impl super::Config {
    /// `[[spool.snapshots]]`, understood.
    ///
    /// # Errors
    /// What is wrong with the first that is wrong.
    pub fn snapshots(&self) -> Result<Vec<SnapshotRule>, ConfigError> {
        let rules = self.spool.snapshots.iter();
        let rules = rules.map(|snapshots| snapshots.rule(&self.ui.default_timezone));
        rules
            .collect::<Result<_, _>>()
            .map_err(|error| ConfigError::Value(format!("[[spool.snapshots]] {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(toml: &str) -> Result<Vec<SnapshotRule>, String> {
        let text = format!("[[spool.snapshots]]\n{toml}");
        let table: toml::Table = text.parse().unwrap();
        let config: Config = table.try_into().map_err(|error: toml::de::Error| error.to_string())?;
        config.snapshots().map_err(|error| error.to_string())
    }

    fn place(path: &str) -> SnapshotRoot {
        read(&format!("kind = 'atomic'\npath = '{path}'")).unwrap()[0].of("tanaka")
    }

    #[test]
    fn a_path_leads_to_the_copies_and_below_each() {
        for (path, folder, dir, within) in [
            (
                "/srv/mail/.zfs/snapshot/{snapshot}/{account}/Maildir",
                "/srv/mail/.zfs/snapshot",
                "/srv/mail/.zfs/snapshot",
                "tanaka/Maildir",
            ),
            (
                "/backup/{snapshot}/{account:1}/{account}",
                "/backup",
                "/backup",
                "t/tanaka",
            ),
            (
                "/home/{account}/.snapshots/{snapshot}/Maildir",
                "/home",
                "/home/tanaka/.snapshots",
                "Maildir",
            ),
            (
                "/tank/{account}/.zfs/snapshot/{snapshot}",
                "/tank",
                "/tank/tanaka/.zfs/snapshot",
                "",
            ),
        ] {
            let root = place(path);
            let found = (root.folder.as_path(), root.dir.as_path(), root.within.as_path());
            assert_eq!(found, (Path::new(folder), Path::new(dir), Path::new(within)), "{path}");
            assert_eq!((root.before.as_str(), root.after.as_str()), ("", ""));
        }
        let root = place("/backup/mail-{snapshot}.d/{account}");
        assert_eq!((root.before.as_str(), root.after.as_str()), ("mail-", ".d"));
    }

    #[test]
    fn a_copy_has_a_marker_and_a_snapshot_none() {
        let kind =
            |toml: &str| read(&format!("path = '/b/{MARK}/{{account}}'\n{toml}")).map(|rules| rules[0].kind.clone());
        let marker = |marker: &str| {
            Ok(SnapshotKind::Copy {
                marker: marker.to_owned(),
            })
        };
        assert_eq!(kind("kind = 'atomic'"), Ok(SnapshotKind::Atomic));
        assert_eq!(kind("kind = 'copy'"), marker("COMPLETE"));
        assert_eq!(kind("kind = 'copy'\nmarker = '.meta/done'"), marker(".meta/done"));
        for wrong in [
            "",
            "kind = 'tape'",
            "kind = 'atomic'\nmarker = 'x'",
            "kind = 'copy'\nmarker = ''",
            "kind = 'copy'\nmarker = '../x'",
            "kind = 'copy'\nmarker = '/x'",
            "kind = 'atomic'\ntimezone = 'Mars/Olympus'",
            "kind = 'atomic'\ncolour = 'red'",
        ] {
            assert!(kind(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_is_an_error_that_says_why() {
        for (path, said) in [
            ("/backup/{account}", "needs {snapshot}"),
            ("/backup/{snapshot}/{snapshot}/{account}", "once"),
            ("/backup/{snapshot}", "needs {account}"),
            ("/backup/{snapshot}-{account}", "two names"),
            ("backup/{snapshot}/{account}", "slash"),
            ("/backup/{snapshot}/../{account}", "dots"),
            ("/backup/{snapshot}/{home}/{account}", "{home}"),
        ] {
            let error = read(&format!("kind = 'atomic'\npath = '{path}'")).unwrap_err();
            assert!(error.contains(said), "{path}: {error}");
        }
    }

    #[test]
    fn mboxes_lie_in_the_same_copy() {
        let both = |folders: &str| {
            read(&format!(
                "kind = 'atomic'\npath = '/b/{MARK}/mail/{{account}}'\nfolders = '{folders}'"
            ))
        };
        let root = both("/b/{snapshot}/home/{account}/mail").unwrap()[0].of("tanaka");
        assert_eq!(root.folders.as_deref(), Some(Path::new("home/tanaka/mail")));
        assert!(both("/other/{snapshot}/home/{account}/mail").is_err());
    }
}
