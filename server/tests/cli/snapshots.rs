//! `fumibako snapshots mark`: what it writes, and what it does not.

use super::*;
use std::{os::unix::fs::symlink, path::PathBuf};

/// A site with a Maildir (two messages, one of them in a mailbox below), an mbox of three, and what a copy of that is called.
struct Site {
    dir: TempDir,
    config: String,
}

impl Site {
    fn new(path: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let config = dir.path().join("site.toml").display().to_string();
        let root = dir.path().display();
        let text = format!(
            "[spool]\nroot = '{root}/mail/{{account}}'\nowner = 'passwd'\n\
             [[spool.snapshots]]\nkind = 'copy'\npath = '{root}/{path}'\nmarker = '.meta/done'\n"
        );
        fs::write(&config, text).unwrap();
        let site = Self { dir, config };
        site.put("mail");
        site
    }

    fn place(&self, rest: &str) -> PathBuf {
        self.dir.path().join(rest)
    }

    fn put(&self, folder: &str) {
        let message = "From: a@campus.example\nSubject: One\n\nText\n";
        for mailbox in ["hana", "hana/.Sent"] {
            for sub in ["cur", "new"] {
                fs::create_dir_all(self.place(folder).join(mailbox).join(sub)).unwrap();
            }
        }
        let write = |rest: &str, text: &str| fs::write(self.place(folder).join(rest), text).unwrap();
        write("hana/cur/1.a:2,S", message);
        write("hana/.Sent/new/2.b", message);
        let in_mbox = format!("From a@campus.example Mon Mar  2 09:12:00 2026\n{message}\n");
        write("ken", &in_mbox.repeat(3));
    }

    fn mark(&self, copy: &str, more: &[&str]) -> (Option<i32>, String) {
        let (copy, data) = (self.place(copy), self.place("data"));
        let (copy, data) = (copy.display().to_string(), data.display().to_string());
        let args = ["snapshots", "mark", &copy, "--config", &self.config, "--data", &data];
        let (output, said) = run(&[&args, more].concat());
        (output.status.code(), said)
    }

    fn marker(&self, copy: &str) -> Vec<String> {
        let text = fs::read_to_string(self.place(copy).join(".meta/done")).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

#[test]
fn a_copy_is_marked_with_its_time_and_what_it_holds() {
    let site = Site::new("copies/mail-{snapshot}/{account}");
    site.put("copies/mail-nightly");
    assert_eq!(site.mark("copies/mail-nightly", &[]), (Some(0), String::new()));
    let first = site.marker("copies/mail-nightly");
    assert_eq!(first[1..], ["hana\t2", "ken\t3"]);
    assert!(first[0].parse::<jiff::Timestamp>().is_ok(), "{}", first[0]);
    // Counted anew it is as old as it was.
    fs::remove_file(site.place("copies/mail-nightly/hana/cur/1.a:2,S")).unwrap();
    assert_eq!(site.mark("copies/mail-nightly", &[]).0, Some(0));
    let again = site.marker("copies/mail-nightly");
    assert_eq!((&again[0], again[1].as_str()), (&first[0], "hana\t1"));
    let at = ["--at", "2026-11-27T03:00:00+09:00"];
    assert_eq!(site.mark("copies/mail-nightly", &at).0, Some(0));
    assert_eq!(site.marker("copies/mail-nightly")[0], "2026-11-26T18:00:00Z");
    assert_eq!(site.place("copies/mail-nightly/.meta").read_dir().unwrap().count(), 1);
    // A name that tells a time is believed, however late somebody counts.
    site.put("copies/mail-2026-03-09_0300");
    assert_eq!(site.mark("copies/mail-2026-03-09_0300", &[]).0, Some(0));
    let named = site.marker("copies/mail-2026-03-09_0300");
    assert!(named[0].starts_with("2026-03-0"), "{}", named[0]);
}

#[test]
fn who_cannot_be_counted_has_no_complete_copy_and_all_others_have() {
    let site = Site::new("copies/{snapshot}/{account}");
    site.put("copies/nightly");
    fs::remove_dir_all(site.place("copies/nightly/hana")).unwrap();
    fs::create_dir_all(site.place("copies/nightly/hana/storage")).unwrap();
    let (code, said) = site.mark("copies/nightly", &[]);
    assert!(code == Some(1) && said.starts_with("hana: "), "{code:?} {said}");
    assert_eq!(site.marker("copies/nightly")[1..], ["hana\tunreadable", "ken\t3"]);
    // What is left of a Maildir is no folder of somebody without mail; an empty one is.
    fs::remove_dir_all(site.place("copies/nightly/hana/storage")).unwrap();
    fs::create_dir(site.place("copies/nightly/hana/tmp")).unwrap();
    assert_eq!(site.mark("copies/nightly", &[]).0, Some(1));
    assert_eq!(site.marker("copies/nightly")[1..], ["hana\tunreadable", "ken\t3"]);
    let data = site.place("data").display().to_string();
    let output = fumibako(&["check", "hana", "--config", &site.config, "--data", &data]).output();
    let found = String::from_utf8(output.unwrap().stdout).unwrap();
    let warned = "1 whose marker does not have the number of messages that are there";
    assert!(found.contains(warned), "{found}");
    fs::remove_dir(site.place("copies/nightly/hana/tmp")).unwrap();
    assert_eq!(site.mark("copies/nightly", &[]).0, Some(0));
    assert_eq!(site.marker("copies/nightly")[1..], ["ken\t3"]);
}

#[test]
fn what_is_no_copy_or_was_not_made_just_now_is_not_marked() {
    let site = Site::new("copies/{snapshot}/{account}");
    site.put("copies/2026-03-09");
    fs::create_dir(site.place("copies/empty")).unwrap();
    for (copy, more, says) in [
        ("copies/2026-03-09", &[][..], "say when, with --at"),
        ("copies/2026-03-09", &["--at", "yesterday"], "--at: "),
        ("copies/empty", &[], "nobody's mail is in"),
        ("copies", &[], "is in no [[spool.snapshots]]"),
        ("mail", &[], "is in no [[spool.snapshots]]"),
    ] {
        let (code, said) = site.mark(copy, more);
        assert!(code == Some(2) && said.contains(says), "{copy}: {code:?} {said}");
        assert!(!site.place(copy).join(".meta").exists());
    }
    let with_people = Site::new("mail/{account}/old/{snapshot}");
    with_people.put("mail/hana/old/nightly");
    let (code, said) = with_people.mark("mail/hana/old/nightly", &[]);
    assert!(
        code == Some(2) && said.contains("marked by who makes them"),
        "{code:?} {said}"
    );
}

#[test]
fn no_link_is_written_through_and_none_makes_a_good_marker_bad() {
    let site = Site::new("copies/mail-{snapshot}/{account}");
    site.put("copies/mail-nightly");
    assert_eq!(site.mark("copies/mail-nightly", &[]).0, Some(0));
    let good = site.marker("copies/mail-nightly");
    let link = |to: &str, at: &str| symlink(site.place(to), site.place(at)).unwrap();
    link("copies/mail-nightly", "copies/mail-latest");
    let (code, said) = site.mark("copies/mail-latest", &[]);
    assert!(code == Some(2) && said.contains("is a link"), "{code:?} {said}");
    assert_eq!(site.marker("copies/mail-nightly"), good);

    site.put("copies/mail-hostile");
    fs::create_dir(site.place("precious")).unwrap();
    fs::write(site.place("precious/done"), "keep\n").unwrap();
    link("precious", "copies/mail-hostile/.meta");
    assert_eq!(site.mark("copies/mail-hostile", &[]).0, Some(2));
    fs::remove_file(site.place("copies/mail-hostile/.meta")).unwrap();
    fs::create_dir(site.place("copies/mail-hostile/.meta")).unwrap();
    link("precious/done", "copies/mail-hostile/.meta/done");
    link("precious/done", "copies/mail-hostile/.meta/done.new");
    let (code, said) = site.mark("copies/mail-hostile", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(fs::read(site.place("precious/done")).unwrap(), b"keep\n");
    assert_eq!(site.marker("copies/mail-hostile")[1..], ["hana\t2", "ken\t3"]);
}

#[test]
fn where_nobody_can_be_counted_the_marker_stays_as_it_was() {
    let site = Site::new("copies/{snapshot}/{account}");
    site.put("copies/nightly");
    assert_eq!(site.mark("copies/nightly", &[]).0, Some(0));
    let good = site.marker("copies/nightly");
    fs::remove_file(site.place("copies/nightly/ken")).unwrap();
    fs::remove_dir_all(site.place("copies/nightly/hana")).unwrap();
    for account in ["hana", "ken"] {
        fs::create_dir_all(site.place("copies/nightly").join(account).join("storage")).unwrap();
    }
    let (code, said) = site.mark("copies/nightly", &[]);
    assert!(code == Some(2) && said.contains("can be counted"), "{code:?} {said}");
    assert_eq!(site.marker("copies/nightly"), good);
}
