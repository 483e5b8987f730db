//! Where messages are put: a Maildir++ tree or mbox files.

use super::compose::date;
use data_encoding::BASE64_NOPAD;
use jiff::{Timestamp, tz::TimeZone};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

/// A mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Folder {
    Inbox,
    /// By its name, `.` between the parts.
    Named(&'static str),
}

impl Folder {
    pub(super) fn maildir_name(self) -> Option<String> {
        match self {
            Self::Inbox => None,
            Self::Named(name) => Some(format!(".{}", modified_utf7(name))),
        }
    }
}

/// Takes messages.
pub(super) enum Sink {
    Maildir {
        root: PathBuf,
        count: u64,
        /// What came later is left out.
        until: i64,
    },
    Mbox {
        home: PathBuf,
        files: BTreeMap<Folder, Vec<(i64, Vec<u8>)>>,
    },
}

impl Sink {
    pub(super) fn maildir(root: &Path) -> io::Result<Self> {
        Self::maildir_until(root, i64::MAX)
    }

    /// As it was at that time.
    pub(super) fn maildir_until(root: &Path, until: i64) -> io::Result<Self> {
        make_maildir(root)?;
        Ok(Self::Maildir {
            root: root.to_owned(),
            count: 0,
            until,
        })
    }

    pub(super) fn mbox(home: &Path) -> io::Result<Self> {
        fs::create_dir_all(home.join("mail"))?;
        Ok(Self::Mbox {
            home: home.to_owned(),
            files: BTreeMap::new(),
        })
    }

    /// Puts a message there; `flags` as in a Maildir name, and none of `S` means unread.
    pub(super) fn put(&mut self, folder: Folder, date: i64, flags: &str, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Maildir { root, count, until } => {
                *count += 1;
                if date > *until {
                    return Ok(());
                }
                let dir = folder.maildir_name().map_or(root.clone(), |name| root.join(name));
                if !dir.is_dir() {
                    make_maildir(&dir)?;
                    File::create(dir.join("maildirfolder"))?;
                }
                // Fresh mail waits in `new`, as the delivery left it.
                let name = format!("{date}.M{:06}P4080.campus,S={}", *count % 1_000_000, bytes.len());
                let path = if flags.is_empty() && count.is_multiple_of(3) {
                    dir.join("new").join(name)
                } else {
                    dir.join("cur").join(format!("{name}:2,{flags}"))
                };
                let mut file = File::create(path)?;
                file.write_all(bytes)?;
                file.set_modified(UNIX_EPOCH + Duration::from_secs(u64::try_from(date).unwrap_or(0)))
            }
            Self::Mbox { files, .. } => {
                files
                    .entry(folder)
                    .or_default()
                    .push((date, mbox_message(date, flags, bytes)));
                Ok(())
            }
        }
    }

    /// Writes what was held back.
    pub(super) fn finish(self) -> io::Result<()> {
        let Self::Mbox { home, files } = self else {
            return Ok(());
        };
        for (folder, mut messages) in files {
            messages.sort_by_key(|(date, _)| *date);
            let path = match folder {
                Folder::Inbox => home.join("inbox"),
                Folder::Named(name) => home.join("mail").join(modified_utf7(name)),
            };
            let mut file = io::BufWriter::new(File::create(path)?);
            for (_, bytes) in messages {
                file.write_all(&bytes)?;
            }
            file.flush()?;
        }
        Ok(())
    }
}

fn make_maildir(dir: &Path) -> io::Result<()> {
    ["new", "cur", "tmp"]
        .iter()
        .try_for_each(|name| fs::create_dir_all(dir.join(name)))
}

/// One message of an mboxrd file.
fn mbox_message(date_unix: i64, flags: &str, bytes: &[u8]) -> Vec<u8> {
    let moment = Timestamp::from_second(date_unix)
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC);
    let mut out = format!("From demo@example.ac.jp {}\n", moment.strftime("%a %b %e %H:%M:%S %Y")).into_bytes();
    let status = if flags.contains('S') { "RO" } else { "O" };
    let mut more = String::new();
    for (flag, letter) in [('R', 'A'), ('F', 'F'), ('T', 'D'), ('D', 'T')] {
        if flags.contains(flag) {
            more.push(letter);
        }
    }
    let end = bytes
        .windows(2)
        .position(|pair| pair == b"\n\n")
        .map_or(bytes.len(), |at| at + 1);
    out.extend_from_slice(&bytes[..end]);
    out.extend_from_slice(format!("Status: {status}\n").as_bytes());
    if !more.is_empty() {
        out.extend_from_slice(format!("X-Status: {more}\n").as_bytes());
    }
    out.extend_from_slice(format!("X-Delivery-Date: {}\n", date(date_unix)).as_bytes());
    for line in bytes[end..].split_inclusive(|byte| *byte == b'\n') {
        let stripped = line
            .iter()
            .position(|byte| *byte != b'>')
            .map_or(line, |at| &line[at..]);
        if stripped.starts_with(b"From ") {
            out.push(b'>');
        }
        out.extend_from_slice(line);
    }
    out.push(b'\n');
    out
}

/// A mailbox name as IMAP servers write it (RFC 3501 §5.1.3).
pub(super) fn modified_utf7(name: &str) -> String {
    let mut out = String::new();
    let mut waiting: Vec<u8> = Vec::new();
    let flush = |waiting: &mut Vec<u8>, out: &mut String| {
        if !waiting.is_empty() {
            out.push('&');
            out.push_str(&BASE64_NOPAD.encode(waiting).replace('/', ","));
            out.push('-');
            waiting.clear();
        }
    };
    for c in name.chars() {
        if (' '..='~').contains(&c) {
            flush(&mut waiting, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            let mut units = [0; 2];
            waiting.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut waiting, &mut out);
    out
}
