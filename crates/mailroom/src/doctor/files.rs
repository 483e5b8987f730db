//! What lies around the messages: locks, unfinished deliveries, owners, modes, times.

use super::{Severity, ill::Ills, name};
use crate::convert::why;
use spool::{Corner, Facts, Layout, MailboxEntry, MailboxPath, Store};

const SECOND: i64 = 1_000_000_000;
/// Dovecot takes a lock for left over after this; it renews its own.
const LOCK_LASTS: i64 = 120 * SECOND;
/// A delivery may take so long (maildir(5)).
const DELIVERY_LASTS: i64 = 36 * 3600 * SECOND;
/// Clocks of one campus do not differ by more.
const SKEW: i64 = 120 * SECOND;

/// Whose the mail is, judged by its root.
pub(super) fn owner_of_root(store: &Store) -> Option<u32> {
    let mut owner = None;
    let _unread = store.corner(&MailboxPath::inbox(), Corner::Itself, &mut |facts| {
        owner = owner.or(Some(facts.uid))
    });
    owner
}

pub(super) fn look(mailbox: &MailboxEntry, store: &Store, expected: Option<u32>, now: i64, ills: &mut Ills) {
    let name = name(mailbox);
    let is_maildir = matches!(store.layout(), Layout::Maildir { .. });
    let look = Look {
        mailbox: &name,
        expected,
        now,
    };
    let mut tmp = false;
    for corner in [Corner::Itself, Corner::Beside, Corner::Tmp, Corner::New, Corner::Cur] {
        let outcome = store.corner(&mailbox.path, corner, &mut |facts| {
            tmp |= corner == Corner::Itself && facts.name == b"tmp";
            match corner {
                Corner::Beside => look.lock(&facts, ills),
                _ => look.owner_and_times(corner, &facts, ills),
            }
        });
        // What cannot be opened is said once: as a mailbox, where it is listed.
        if let Err(error) = outcome
            && mailbox.defect.is_none()
        {
            let advice = "see who may read it, and the system's log";
            ills.add(
                Severity::Error,
                "unreadable",
                Some(&name),
                Some(part(corner)),
                why(&error),
                advice,
            );
        }
    }
    if is_maildir && !tmp && mailbox.defect.is_none() {
        let cause = "tmp is missing: nothing can be delivered here".to_owned();
        ills.add(
            Severity::Warning,
            "no-tmp",
            Some(&name),
            Some(b"tmp"),
            cause,
            "make the directory, owned as the others",
        );
    }
}

struct Look<'a> {
    mailbox: &'a str,
    expected: Option<u32>,
    now: i64,
}

impl Look<'_> {
    fn lock(&self, facts: &Facts, ills: &mut Ills) {
        let age = self.now.saturating_sub(facts.mtime);
        if facts.is_file && facts.name.ends_with(b".lock") && age > LOCK_LASTS {
            let cause = format!(
                "a lock of {}: whoever made it has probably died, and others wait for it",
                span(age)
            );
            let advice = "remove it, if no program has the mailbox open (lsof, or the mail server's log)";
            ills.add(
                Severity::Error,
                "stale-lock",
                Some(self.mailbox),
                Some(&facts.name),
                cause,
                advice,
            );
        }
    }

    fn owner_and_times(&self, corner: Corner, facts: &Facts, ills: &mut Ills) {
        let path = [part(corner), &facts.name].concat();
        let mut add = |severity, kind, cause, advice| {
            ills.add(severity, kind, Some(self.mailbox), Some(&path), cause, advice);
        };
        if let Some(uid) = self.expected.filter(|uid| *uid != facts.uid) {
            let cause = format!("it belongs to uid {} and the mail to uid {uid}", facts.uid);
            add(
                Severity::Error,
                "bad-owner",
                cause,
                "give it to the owner of the mail (chown)",
            );
        }
        // The mode of a link means nothing.
        let counts = facts.is_file || corner == Corner::Itself;
        if facts.mode & 0o002 != 0 && counts {
            let advice = "take the right to write from others (chmod o-w), and see whether what it holds is genuine";
            add(
                Severity::Warning,
                "world-writable",
                "everybody may write to it".to_owned(),
                advice,
            );
        }
        let wanted = if corner == Corner::Itself && !facts.is_file {
            0o500
        } else {
            0o400
        };
        if facts.mode & wanted != wanted {
            let cause = format!("its mode is {:03o}: its owner may not read it", facts.mode);
            add(
                Severity::Error,
                "bad-mode",
                cause,
                "give the owner the right to read it (chmod u+r, and u+x of a directory)",
            );
        }
        let ahead = facts.mtime.saturating_sub(self.now);
        if ahead > SKEW {
            let cause = format!("it was written {} from now: some clock is wrong, or was", span(ahead));
            let advice =
                "set the clocks of file server and mail servers by NTP; the time of the file is its time of arrival";
            add(Severity::Warning, "clock-skew", cause, advice);
        }
        let age = self.now.saturating_sub(facts.ctime.max(facts.mtime));
        if corner == Corner::Tmp && age > DELIVERY_LASTS {
            let cause = format!("a delivery of {} ago that never ended", span(age));
            let advice = "see whether the message arrived otherwise; mail servers remove such files";
            add(Severity::Note, "left-in-tmp", cause, advice);
        }
    }
}

fn part(corner: Corner) -> &'static [u8] {
    match corner {
        Corner::Itself | Corner::Beside => b"",
        Corner::Tmp => b"tmp/",
        Corner::New => b"new/",
        Corner::Cur => b"cur/",
    }
}

fn span(nanoseconds: i64) -> String {
    let seconds = nanoseconds / SECOND;
    match seconds {
        0..7200 => format!("{} minutes", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
