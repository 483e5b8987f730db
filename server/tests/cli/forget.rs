//! People who have left.

use crate::fumibako;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A spool of several people, all indexed, each with a copy of a letter, an index of a dated copy, and an emergency code.
struct Campus {
    dir: TempDir,
}

impl Campus {
    fn new(people: &[&str]) -> Self {
        let campus = Self {
            dir: TempDir::new().unwrap(),
        };
        for person in people {
            for sub in ["cur", "new", "tmp"] {
                fs::create_dir_all(campus.mail(person).join(sub)).unwrap();
            }
            let letter = campus.mail(person).join("cur/1.a:2,S");
            fs::write(letter, "From: a@campus.example\nSubject: One\n\nText\n").unwrap();
        }
        let root = format!("{}/spool/{{account}}", campus.dir.path().display());
        fs::write(campus.config(), format!("[spool]\nroot = {root:?}\n")).unwrap();
        for person in people {
            let before = campus.kept();
            assert_eq!(campus.call(&["index", person]).0, Some(0));
            let index = campus.kept().difference(&before).next().unwrap().clone();
            for (folder, file) in [("saved", "ab/letter"), ("snapshots", "copy.sqlite")] {
                let file = index.with_extension(folder).join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, "kept").unwrap();
            }
            assert_eq!(campus.call(&["break-glass", "add", person]).0, Some(0));
        }
        campus
    }

    fn mail(&self, person: &str) -> PathBuf {
        self.dir.path().join("spool").join(person)
    }

    fn config(&self) -> String {
        self.dir.path().join("site.toml").display().to_string()
    }

    /// Exit code, and what it says.
    fn call(&self, args: &[&str]) -> (Option<i32>, String) {
        let data = self.dir.path().join("data").display().to_string();
        let config = self.config();
        let all = [args, &["--config", &config, "--data", &data]].concat();
        let output = fumibako(&all).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    /// Whose there are emergency codes of.
    fn codes(&self) -> usize {
        self.call(&["break-glass", "list"]).1.matches("  made ").count()
    }

    /// Indexes and what lies beside them.
    fn kept(&self) -> BTreeSet<PathBuf> {
        files(&self.dir.path().join("data/index"))
    }
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.to_string_lossy().ends_with("-wal") && !path.to_string_lossy().ends_with("-shm") {
            found.insert(path);
        }
    }
    found
}

#[test]
fn of_who_has_left_nothing_stays_and_of_others_everything() {
    let campus = Campus::new(&["hana", "ken", "rei"]);
    let all = campus.kept();
    assert_eq!(all.len(), 9);
    assert_eq!(campus.call(&["forget", "--gone", "--yes"]).0, Some(0));
    assert_eq!(campus.kept(), all, "everybody is there");

    fs::remove_dir_all(campus.mail("ken")).unwrap();
    let spool = files(&campus.dir.path().join("spool"));
    let (code, said) = campus.call(&["forget", "--gone", "--dry-run"]);
    assert_eq!((code, said.as_str()), (Some(0), "ken: would be forgotten\n"));
    assert_eq!((campus.kept(), campus.codes()), (all.clone(), 3));
    let (code, said) = campus.call(&["forget", "--gone", "--yes"]);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "ken: forgotten; 0 sessions have ended\n")
    );
    let left = campus.kept();
    assert_eq!((left.len(), campus.codes()), (6, 2));
    assert!(left.is_subset(&all));
    assert!(campus.call(&["audit"]).1.contains("forgotten"));

    // By name also somebody whose mail is there; it stays theirs at the portal.
    let (code, said) = campus.call(&["forget", "rei", "--yes", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(told[0]["outcome"], "forgotten");
    assert_eq!(told[0]["mail_is_there"], true);
    assert_eq!((campus.kept().len(), campus.codes()), (3, 1));
    assert!(campus.kept().is_subset(&left));
    assert_eq!(files(&campus.dir.path().join("spool")), spool, "the spool is as it was");
}

#[test]
fn a_store_that_is_not_there_is_nobody_who_left() {
    let campus = Campus::new(&["hana", "ken", "rei"]);
    let all = campus.kept();
    let (spool, away) = (campus.dir.path().join("spool"), campus.dir.path().join("away"));
    let is_left_alone = |why: &str, code| {
        let (said_code, said) = campus.call(&["forget", "--gone", "--yes"]);
        assert_eq!(said_code, Some(code), "{why}: {said}");
        assert_eq!((campus.kept(), campus.codes()), (all.clone(), 3), "{why}: {said}");
    };
    let config = fs::read_to_string(campus.config()).unwrap();
    fs::write(
        campus.config(),
        config.replace("[spool]", "[spool]\nmarker = '.mounted'"),
    )
    .unwrap();
    fs::rename(campus.mail("ken"), campus.dir.path().join("ken")).unwrap();
    is_left_alone("the store has no marker", 0);
    fs::write(spool.join(".mounted"), "").unwrap();
    let (_, said) = campus.call(&["forget", "--gone", "--dry-run"]);
    assert_eq!(said, "ken: would be forgotten\n", "it was the marker");
    fs::remove_file(spool.join(".mounted")).unwrap();
    fs::rename(campus.dir.path().join("ken"), campus.mail("ken")).unwrap();
    fs::write(campus.config(), config).unwrap();
    fs::rename(&spool, &away).unwrap();
    is_left_alone("no folder", 0);
    fs::create_dir(&spool).unwrap();
    is_left_alone("nothing is mounted on it", 0);
    fs::write(spool.join("README"), "mount it").unwrap();
    is_left_alone("something lies below the mount", 0);
    fs::create_dir_all(spool.join("sato/cur")).unwrap();
    is_left_alone("another store", 1);
    fs::remove_dir_all(&spool).unwrap();
    fs::rename(&away, &spool).unwrap();
    // As where each person's folder is mounted.
    let mail = fs::read_to_string(campus.config()).unwrap();
    fs::write(campus.config(), mail.replace("{account}", "{account}/Maildir")).unwrap();
    for person in ["hana", "ken"] {
        fs::create_dir(campus.mail(person).join("Maildir")).unwrap();
    }
    fs::remove_dir_all(campus.mail("rei")).unwrap();
    fs::create_dir(campus.mail("rei")).unwrap();
    is_left_alone("a folder of one that is not mounted", 0);
}

#[test]
fn it_is_said_what_is_to_be_done_and_to_whom() {
    let campus = Campus::new(&["hana"]);
    for wrong in [
        &["forget", "hana"][..],
        &["forget", "--yes"],
        &["forget", "hana", "--gone", "--yes"],
        &["forget", "hana", "--yes", "--dry-run"],
    ] {
        assert_eq!(campus.call(wrong).0, Some(2), "{wrong:?}");
    }
    let (code, said) = campus.call(&["forget", "nobody", "hana", "--dry-run"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("nobody: nothing is kept here"), "{said}");
    assert!(said.contains("hana: would be forgotten"), "{said}");
    assert_eq!(campus.kept().len(), 3);
}
