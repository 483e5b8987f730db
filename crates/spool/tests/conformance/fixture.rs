//! Writes the same messages as Maildir, Maildir++, one mbox or a tree of mboxes, as mail programs would.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, utimensat};
use spool::{Entry, Layout, Listing, MailboxPath, MboxQuoting, Store, StoreConfig};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Maildir,
    MaildirPlusPlus,
    /// Directories in directories: Dovecot's `LAYOUT=fs`.
    MaildirNested,
    Mbox,
    MboxTree,
}

/// One message to be written.
#[derive(Clone)]
pub struct Message {
    pub number: u32,
    /// Maildir letters.
    pub flags: &'static str,
    pub keyword: Option<&'static str>,
    /// Not yet seen by any mail program; such a message has no UID.
    pub recent: bool,
    pub body: String,
}

impl Message {
    pub fn new(number: u32) -> Self {
        Message {
            number,
            flags: "",
            keyword: None,
            recent: false,
            body: format!("Message {number}.\n"),
        }
    }

    fn head(&self) -> String {
        format!(
            "From: sender@example.org\nMessage-ID: <{}@example.org>\nSubject: {}\n",
            self.number, self.number
        )
    }

    fn base(&self) -> String {
        format!("{}.M{}P1.host,S={}", self.time(), self.number, self.text().len())
    }

    pub fn time(&self) -> i64 {
        1_700_000_000 + i64::from(self.number)
    }

    fn text(&self) -> String {
        format!("{}\n{}", self.head(), self.body)
    }
}

/// A spool in a temporary directory.
pub struct Fixture {
    pub format: Format,
    dir: tempfile::TempDir,
}

/// Five messages with all that a format can say about a message.
pub fn five() -> Vec<Message> {
    let mut messages: Vec<Message> = (1..=5).map(Message::new).collect();
    messages[0].flags = "S";
    messages[1].flags = "FRS";
    messages[1].body = "会議は三号館です。\n\n-- \nno newline problems here\n\n".into();
    messages[2].flags = "DT";
    messages[3].keyword = Some("work");
    messages[4].recent = true;
    messages
}

impl Fixture {
    /// A spool whose INBOX holds these messages.
    pub fn new(format: Format, messages: &[Message]) -> Self {
        let fixture = Fixture {
            format,
            dir: tempfile::tempdir().unwrap(),
        };
        if format == Format::MboxTree {
            fs::create_dir(fixture.path("mail")).unwrap();
        }
        fixture.write_mailbox(&MailboxPath::inbox(), messages);
        fixture
    }

    pub fn is_maildir(&self) -> bool {
        matches!(
            self.format,
            Format::Maildir | Format::MaildirPlusPlus | Format::MaildirNested
        )
    }

    pub fn has_folders(&self) -> bool {
        !matches!(self.format, Format::Maildir | Format::Mbox)
    }

    /// A path within the temporary directory; the store is `Maildir`, or `mbox` and `mail`.
    pub fn path(&self, rest: &str) -> PathBuf {
        self.dir.path().join(rest)
    }

    pub fn config(&self) -> StoreConfig {
        StoreConfig::new(match self.format {
            Format::Maildir | Format::MaildirPlusPlus | Format::MaildirNested => Layout::Maildir {
                root: self.path("Maildir"),
            },
            Format::Mbox | Format::MboxTree => Layout::Mbox {
                inbox: self.path("mbox"),
                folders: (self.format == Format::MboxTree).then(|| self.path("mail")),
                quoting: MboxQuoting::Mboxo,
            },
        })
    }

    pub fn store(&self) -> Store {
        Store::open(&self.config()).unwrap()
    }

    /// The mailbox with these levels, names in modified UTF-7.
    pub fn mailbox(&self, levels: &[&str]) -> MailboxPath {
        let names: Vec<String> = levels.iter().map(|level| spool::mutf7::encode(level)).collect();
        MailboxPath::from_bytes(match self.format {
            Format::Maildir | Format::MaildirPlusPlus => format!(".{}", names.join(".")),
            Format::MaildirNested | Format::Mbox | Format::MboxTree => names.join("/"),
        })
    }

    /// The directory or file of a mailbox.
    pub fn place(&self, mailbox: &MailboxPath) -> PathBuf {
        let name = String::from_utf8(mailbox.as_bytes().to_vec()).unwrap();
        match self.format {
            Format::Maildir | Format::MaildirPlusPlus | Format::MaildirNested => self.path("Maildir").join(name),
            Format::Mbox | Format::MboxTree if mailbox.is_inbox() => self.path("mbox"),
            Format::Mbox | Format::MboxTree => self.path("mail").join(name),
        }
    }

    /// Writes a mailbox anew.
    pub fn write_mailbox(&self, mailbox: &MailboxPath, messages: &[Message]) {
        let place = self.place(mailbox);
        if self.is_maildir() {
            for subdir in ["cur", "new", "tmp"] {
                fs::create_dir_all(place.join(subdir)).unwrap();
            }
            let mut uids = String::from("3 V1700 N99 G0123\n");
            for message in messages {
                let letter = if message.keyword.is_some() { "a" } else { "" };
                let path = if message.recent {
                    place.join("new").join(message.base())
                } else {
                    uids += &format!("{} :{}:2,\n", message.number * 10, message.base());
                    place
                        .join("cur")
                        .join(format!("{}:2,{}{letter}", message.base(), message.flags))
                };
                fs::write(path, message.text()).unwrap();
            }
            fs::write(place.join("dovecot-uidlist"), uids).unwrap();
            fs::write(place.join("dovecot-keywords"), "0 work\n").unwrap();
        } else {
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            let text: String = messages
                .iter()
                .enumerate()
                .map(|(n, message)| mbox_text(message, n == 0))
                .collect();
            fs::write(place, text).unwrap();
        }
    }

    /// Delivers one more message to INBOX, as an MTA would.
    pub fn deliver(&self, message: &Message) {
        if self.is_maildir() {
            fs::write(self.path("Maildir/new").join(message.base()), message.text()).unwrap();
        } else {
            use std::io::Write as _;
            let mut file = fs::OpenOptions::new().append(true).open(self.path("mbox")).unwrap();
            file.write_all(mbox_text(message, false).as_bytes()).unwrap();
        }
    }

    /// What must come back for a message: in an mbox the headers that hold its state are seen too.
    pub fn bytes(&self, message: &Message, first: bool) -> Vec<u8> {
        if self.is_maildir() {
            return message.text().into_bytes();
        }
        let text = mbox_text(message, first);
        let (_, text) = text.split_once('\n').unwrap();
        text.strip_suffix('\n').unwrap().as_bytes().to_vec()
    }
}

/// As Dovecot and Pine write it.
pub fn mbox_text(message: &Message, first: bool) -> String {
    let has = |letter| message.flags.contains(letter);
    let mut state = String::new();
    if first {
        state += "X-IMAPbase: 1700 99 work\n";
    }
    if !message.recent {
        state += &format!("X-UID: {}\n", message.number * 10);
        state += &format!("Status: {}O\n", if has('S') { "R" } else { "" });
    }
    let letters = [('R', 'A'), ('F', 'F'), ('D', 'T'), ('T', 'D')];
    let x_status: String = letters
        .iter()
        .filter(|(flag, _)| has(*flag))
        .map(|(_, letter)| letter)
        .collect();
    if !x_status.is_empty() {
        state += &format!("X-Status: {x_status}\n");
    }
    if let Some(keyword) = message.keyword {
        state += &format!("X-Keywords: {keyword}\n");
    }
    let date = format!("Tue Nov 14 22:13:{:02} 2023", 20 + message.number % 40);
    format!(
        "From sender@example.org {date}\n{}{state}\n{}\n",
        message.head(),
        message.body
    )
}

/// The entries in the order of the messages' numbers.
pub fn sorted(listing: Listing) -> Vec<Entry> {
    let mut entries = listing.entries;
    entries.sort_by_key(|entry| (entry.delivered_hint, entry.base.clone()));
    entries
}

pub fn read(store: &Store, mailbox: &MailboxPath, entry: &Entry) -> Vec<u8> {
    let file = store
        .open_entry(mailbox, &entry.base, &entry.location)
        .unwrap()
        .unwrap();
    file.read_all(1 << 20).unwrap()
}

/// All paths below one, itself included.
pub fn walk(at: &Path, out: &mut Vec<PathBuf>) {
    out.push(at.to_owned());
    if at.is_dir() && !at.is_symlink() {
        for child in fs::read_dir(at).unwrap() {
            walk(&child.unwrap().path(), out);
        }
    }
    out.sort();
}

/// Sets all times to the past, so that any access would show even on a filesystem mounted `relatime`.
pub fn age(paths: &[PathBuf]) {
    let at = |tv_sec| Timespec { tv_sec, tv_nsec: 0 };
    let times = Timestamps {
        last_access: at(1_000),
        last_modification: at(2_000),
    };
    for path in paths {
        utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW).unwrap();
    }
}

/// Everything about files that reading could change.
pub fn fingerprint(paths: &[PathBuf]) -> BTreeMap<PathBuf, [i64; 8]> {
    let of = |path: &PathBuf| {
        let meta = fs::symlink_metadata(path).unwrap();
        let (a, m, c) = (meta.atime(), meta.mtime(), meta.ctime());
        let fine = [meta.atime_nsec(), meta.ctime_nsec()];
        [
            meta.ino() as i64,
            meta.size() as i64,
            i64::from(meta.mode()),
            a,
            m,
            c,
            fine[0],
            fine[1],
        ]
    };
    paths.iter().map(|path| (path.clone(), of(path))).collect()
}
