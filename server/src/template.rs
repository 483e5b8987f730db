//! Paths with `{account}` in them, and `{account:1}` for its first characters, as many as the number says.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The first characters of the name, or all.
    Account(Option<usize>),
}

impl Template {
    /// What is wrong with it, in a sentence, if it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| format!("{text:?} has a {{ without its }}"))?;
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Account(match name.split_once(':') {
                None if name == "account" => None,
                Some(("account", count)) => match count.parse() {
                    Ok(count) if count > 0 => Some(count),
                    _ => return Err(format!("{{account:{count}}} in {text:?} has no number after the colon")),
                },
                _ => {
                    return Err(format!(
                        "{text:?} may have {{account}} and {{account:1}} in it, not {{{name}}}"
                    ));
                }
            }));
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        if text.split('/').any(|component| component.matches('{').count() > 1) {
            return Err(format!("{text:?} has two names between two slashes"));
        }
        if !text.starts_with('/') {
            return Err(format!("{text:?} does not begin with a slash"));
        }
        if !pieces.contains(&Piece::Account(None)) {
            return Err(format!("{text:?} needs {{account}} in it, as in /var/mail/{{account}}"));
        }
        Ok(Self(pieces))
    }

    /// The path of that account.
    pub fn of(&self, account: &str) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Account(None) => account.to_owned(),
            Piece::Account(Some(count)) => account.chars().take(*count).collect(),
        };
        self.0.iter().map(piece).collect()
    }

    /// The folder that all of them lie in.
    pub fn folder(&self) -> &str {
        let before = match self.0.first() {
            Some(Piece::Text(text)) => text.rsplit_once('/').map(|(folder, _)| folder),
            _ => None,
        };
        match before {
            Some("") => "/",
            Some(folder) => folder,
            None => ".",
        }
    }

    /// The names of those that are there.
    pub fn accounts(&self) -> Vec<String> {
        self.accounts_and_troubles().0
    }

    /// The same, and the folders that cannot be looked into and names that are no text, each with the reason: there may be more accounts.
    pub fn accounts_and_troubles(&self) -> (Vec<String>, Vec<(PathBuf, String)>) {
        let mut found = Found::default();
        let path = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Account(None) => "{}",
            Piece::Account(Some(_)) => "{*}",
        });
        let path: String = path.collect();
        let below = path
            .strip_prefix(self.folder())
            .unwrap_or(&path)
            .trim_start_matches('/');
        let components: Vec<&str> = below.split('/').collect();
        self.walk(Path::new(self.folder()), &components, &mut found);
        (found.names, found.troubles)
    }

    /// Goes down until a component has the name in it; whether the whole path is that of the name decides.
    fn walk(&self, folder: &Path, components: &[&str], found: &mut Found) {
        let Some((first, rest)) = components.split_first() else {
            return;
        };
        if let Some((prefix, suffix)) = first.split_once("{}") {
            let entries = found.entries(folder);
            let names = entries
                .iter()
                .filter_map(|entry| entry.strip_prefix(prefix)?.strip_suffix(suffix));
            for name in names {
                let path = self.of(name);
                if !Path::new(&path).starts_with(folder) {
                    continue;
                }
                match fs::symlink_metadata(&path) {
                    Ok(_) => found.names.push(name.to_owned()),
                    Err(error) if is_absence(&error) => {}
                    Err(error) => found.troubles.push((path.into(), error.to_string())),
                }
            }
        } else if first.contains("{*}") {
            for entry in found.entries(folder) {
                let path = folder.join(entry);
                // A file among the folders holds nobody.
                if path.is_dir() || path.read_dir().is_err_and(|error| !is_absence(&error)) {
                    self.walk(&path, rest, found);
                }
            }
        } else {
            self.walk(&folder.join(first), rest, found);
        }
    }
}

#[derive(Default)]
struct Found {
    names: Vec<String>,
    troubles: Vec<(PathBuf, String)>,
}

impl Found {
    fn entries(&mut self, folder: &Path) -> Vec<String> {
        let mut names = Vec::new();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.troubles.push((folder.to_owned(), error.to_string()));
                return names;
            }
        };
        for entry in entries {
            match entry.map(|entry| entry.file_name().into_string()) {
                Ok(Ok(name)) => names.push(name),
                Ok(Err(name)) => self
                    .troubles
                    .push((folder.join(name), "its name is not UTF-8".to_owned())),
                Err(error) => self.troubles.push((folder.to_owned(), error.to_string())),
            }
        }
        names
    }
}

/// Nothing of that name, or a file where a folder would have to be.
fn is_absence(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_made_of_a_name() {
        let of = |text: &str, name: &str| Template::parse(text).unwrap().of(name);
        assert_eq!(of("/var/mail/{account}", "tanaka"), "/var/mail/tanaka");
        assert_eq!(
            of("/v/{account:1}/{account:2}/{account}/Maildir", "tanaka"),
            "/v/t/ta/tanaka/Maildir"
        );
        assert_eq!(of("/v/{account:3}/u-{account}", "ab"), "/v/ab/u-ab");
    }

    #[test]
    fn what_it_cannot_be_is_said() {
        for (text, said) in [
            ("/var/mail", "needs {account}"),
            ("/v/{account:1}", "needs {account}"),
            ("/v/{account", "without its }"),
            ("/v/{home}/{account}", "not {home}"),
            ("/v/{account:x}/{account}", "no number"),
            ("/v/{account:0}/{account}", "no number"),
            ("/v/{account:1}-{account}", "two names"),
            ("mail/{account}", "slash"),
        ] {
            let error = Template::parse(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn the_accounts_are_those_that_are_there() {
        let dir = tempfile::tempdir().unwrap();
        for path in [
            "t/u-tanaka/Maildir",
            "s/u-sato/Maildir",
            "x/u-suzuki/Maildir",
            "t/u-taro",
            "s/other",
        ] {
            fs::create_dir_all(dir.path().join(path)).unwrap();
        }
        let text = format!("{}/{{account:1}}/u-{{account}}/Maildir", dir.path().display());
        let template = Template::parse(&text).unwrap();
        assert_eq!(template.folder(), dir.path().to_str().unwrap());
        let mut names = template.accounts();
        names.sort();
        // Suzuki lies where nobody would look for them, Taro has no Maildir.
        assert_eq!(names, ["sato", "tanaka"]);
    }
}
