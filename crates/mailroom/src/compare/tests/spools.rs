//! Spools in the formats there are, made of messages and the mailboxes they are in.

use super::super::*;
use spool::{MboxQuoting, Place};
use std::{collections::BTreeMap, fs, io::Write, os::unix::fs::MetadataExt, path::Path};
use tempfile::TempDir;

/// How mail lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Maildir,
    Crlf,
    Packed,
    Nested,
    Mboxo,
    Mboxcl,
}

pub(super) const FORMS: [Form; 6] = [
    Form::Maildir,
    Form::Crlf,
    Form::Packed,
    Form::Nested,
    Form::Mboxo,
    Form::Mboxcl,
];
pub(super) const MAILBOXES: [&str; 3] = ["INBOX", "Sent", "Work/Old"];

/// A message: its bytes, its mailbox, and letters of its flags.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) text: String,
    pub(super) mailbox: &'static str,
    pub(super) flags: &'static str,
}

pub(super) fn mail(text: &str, mailbox: &'static str) -> Made {
    Made {
        text: text.to_owned(),
        mailbox,
        flags: "",
    }
}

/// A message that says who it is from and what about.
pub(super) fn text(number: usize, body: &str) -> String {
    format!(
        "From: A <a@example.org>\nSubject: Letter {number}\nMessage-ID: <{number}@example.org>\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n\n{body}\n"
    )
}

pub(super) struct Spool {
    pub(super) dir: TempDir,
    pub(super) form: Form,
}

impl Spool {
    pub(super) fn of(form: Form, mails: &[Made]) -> Self {
        let spool = Spool {
            dir: tempfile::tempdir().unwrap(),
            form,
        };
        let mut mboxes: BTreeMap<&str, String> = MAILBOXES.iter().map(|name| (*name, String::new())).collect();
        for (at, mail) in mails.iter().enumerate() {
            match form {
                Form::Mboxo | Form::Mboxcl => mboxes.get_mut(mail.mailbox).unwrap().push_str(&in_mbox(mail, form)),
                _ => spool.file(mail, at),
            }
        }
        let root = spool.dir.path().join("mail");
        for (name, text) in mboxes {
            if matches!(form, Form::Mboxo | Form::Mboxcl) {
                let path = root.join(if name == "INBOX" { "inbox" } else { name });
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            } else {
                for sub in ["cur", "new", "tmp"] {
                    fs::create_dir_all(spool.mailbox(name).join(sub)).unwrap();
                }
            }
        }
        spool
    }

    /// The directory of a Maildir's mailbox.
    pub(super) fn mailbox(&self, name: &str) -> std::path::PathBuf {
        let root = self.dir.path().join("mail");
        match (name, self.form) {
            ("INBOX", _) => root,
            (name, Form::Nested) => root.join(name),
            (name, _) => root.join(format!(".{}", name.replace('/', "."))),
        }
    }

    fn file(&self, mail: &Made, at: usize) {
        let cur = self.mailbox(mail.mailbox).join("cur");
        fs::create_dir_all(&cur).unwrap();
        let mut bytes = mail.text.clone().into_bytes();
        if self.form == Form::Crlf {
            bytes = mail.text.replace('\n', "\r\n").into_bytes();
        }
        if self.form == Form::Packed && at.is_multiple_of(2) {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(&bytes).unwrap();
            bytes = packed.finish().unwrap();
        }
        // Names say nothing of what is in the file: each form has others.
        fs::write(cur.join(format!("{at}.{:?}:2,{}", self.form, mail.flags)), bytes).unwrap();
    }

    pub(super) fn config(&self) -> StoreConfig {
        StoreConfig::new(Layout::Detect {
            places: vec![Place {
                root: self.dir.path().join("mail"),
                folders: None,
            }],
            quoting: MboxQuoting::Mboxo,
        })
    }
}

fn in_mbox(mail: &Made, form: Form) -> String {
    let (head, body) = mail.text.split_once("\n\n").unwrap();
    let lines = |body: &str| body.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    let quoted: String = match form {
        Form::Mboxcl => body.to_owned(),
        _ => lines(body)
            .iter()
            .map(|line| {
                if line.starts_with("From ") {
                    format!(">{line}")
                } else {
                    line.clone()
                }
            })
            .collect(),
    };
    let status = if mail.flags.contains('S') { "Status: RO\n" } else { "" };
    let answered = if mail.flags.contains('R') { "X-Status: A\n" } else { "" };
    let length = if form == Form::Mboxcl {
        format!("Content-Length: {}\n", quoted.len())
    } else {
        String::new()
    };
    format!("From a@example.org Thu Jan  1 00:00:00 2026\n{head}\n{status}{answered}{length}\n{quoted}\n")
}

/// What is said of two spools.
pub(super) fn compared(old: &Spool, new: &Spool, options: CompareOptions) -> (Totals, Vec<Finding>) {
    let mut said = Vec::new();
    let totals = compare(&old.config(), &new.config(), options, &|_, _| (), &mut |finding| {
        said.push(finding)
    })
    .unwrap();
    (totals, said)
}

/// Everything about a tree that a reader could disturb. Of directories not when they were read: this reads them too.
pub(super) fn fingerprint(folder: &Path) -> Vec<String> {
    let stat = fs::symlink_metadata(folder).unwrap();
    let (mtime, ctime) = ((stat.mtime(), stat.mtime_nsec()), (stat.ctime(), stat.ctime_nsec()));
    let atime = (!stat.is_dir()).then(|| (stat.atime(), stat.atime_nsec()));
    let (inode, mode, size) = (stat.ino(), stat.mode(), stat.size());
    let mut all = vec![format!(
        "{folder:?} {inode} {mode} {size} {mtime:?} {ctime:?} {atime:?}"
    )];
    if stat.is_dir() {
        let mut below: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        below.sort();
        all.extend(below.iter().flat_map(|path| fingerprint(path)));
    }
    all
}
