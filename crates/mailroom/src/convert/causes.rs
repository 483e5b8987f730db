//! What is wrong with something in the spool, and what an operator can do, in words. People at the portal read others
//! (`app/src/words`).

use spool::{DefectKind, SpoolError};

/// What is wrong.
pub(crate) fn cause(kind: DefectKind) -> String {
    let text = match kind {
        DefectKind::Symlink => "it is a symbolic link, which is not followed",
        DefectKind::Fifo => "it is a FIFO and no regular file",
        DefectKind::Device => "it is a device or a socket and no regular file",
        DefectKind::Directory => "it is a directory where a file should be",
        DefectKind::NotADirectory => "it is a file where a directory should be",
        DefectKind::OtherFilesystem => "it lies on another filesystem than the rest",
        DefectKind::BadOwner(uid) => return format!("it belongs to uid {uid} and not to the owner of the mail"),
        DefectKind::WorldWritable => "everybody may write to it",
        DefectKind::Unreadable(errno) => {
            return format!("it could not be read: {}", std::io::Error::from_raw_os_error(errno));
        }
        DefectKind::NotPermitted => "dovecot-acl does not let the owner read it",
        DefectKind::DuplicateBaseName => "another file has the same base name; mail programs show one of them",
        DefectKind::NulFilled => "it begins with NUL bytes, as after a crash of a file server",
        DefectKind::EmptyFile => "it has no bytes",
        DefectKind::Compressed => "it is compressed, and cannot be unpacked to its end",
        DefectKind::Encrypted => "it is encrypted by the mail server (mail_crypt)",
        DefectKind::TruncatedMbox => "the last message of the mbox ends in the middle",
        DefectKind::NotMbox => "it is no mbox: it does not begin with a From line",
        DefectKind::MissingDirectory => "cur or new is missing",
        DefectKind::Missing => "it is not there",
        DefectKind::OddName => {
            "no mail program writes such a name: it is not valid modified UTF-7, or has control characters in it"
        }
        DefectKind::TooManyEntries => "there is more than is read",
        DefectKind::BadSideFile => "lines of it cannot be understood",
        _ => "something is wrong with it",
    };
    text.to_owned()
}

/// What to do about it.
pub(crate) fn advice(kind: DefectKind) -> &'static str {
    match kind {
        DefectKind::Symlink => "put the file or directory itself in its place",
        DefectKind::Fifo | DefectKind::Device | DefectKind::Directory => "take it out of the mailbox",
        DefectKind::NotADirectory => "take the file away and make the directory",
        DefectKind::OtherFilesystem => "move it, or name that place as a root of its own",
        DefectKind::BadOwner(_) => "give it to the owner of the mail (chown)",
        DefectKind::WorldWritable => {
            "take the right to write from others (chmod o-w), and see whether what it holds is genuine"
        }
        DefectKind::Unreadable(_) | DefectKind::Missing => {
            "see the system's log and the file server; restore it from a backup if it is lost"
        }
        DefectKind::NotPermitted => "change dovecot-acl if the owner should read it",
        DefectKind::DuplicateBaseName => {
            "compare the two, and give one of them another base name or remove it if they are equal"
        }
        DefectKind::NulFilled | DefectKind::EmptyFile | DefectKind::Compressed => "restore it from a backup",
        DefectKind::Encrypted => "let the portal read this mail through IMAP",
        DefectKind::TruncatedMbox => "see whether a delivery was broken off, and restore the message from a backup",
        DefectKind::NotMbox => "take it out of the mail folder, or restore the mbox from a backup",
        DefectKind::MissingDirectory => {
            "make the directory, owned as the others, after looking for where its messages went"
        }
        DefectKind::OddName => "rename the mailbox in a mail program",
        DefectKind::TooManyEntries => "spread the messages over more mailboxes",
        DefectKind::BadSideFile => "let the mail server write it anew; flags or UIDs may be lost with it",
        _ => "look at it by hand",
    }
}

/// Why something could not be read at all.
pub(crate) fn why(error: &SpoolError) -> String {
    match error {
        SpoolError::Refused(defect) => cause(defect.kind),
        SpoolError::Io { doing, errno } => format!("{doing}: {}", std::io::Error::from_raw_os_error(*errno)),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_quoted_in_words() {
        assert!(cause(DefectKind::Unreadable(5)).contains("Input/output error"));
        assert!(
            why(&SpoolError::Io {
                doing: "reading",
                errno: 5
            })
            .contains("reading: Input/output error")
        );
        let defect = spool::Defect {
            kind: DefectKind::Fifo,
            name: b"x".to_vec(),
        };
        assert!(why(&SpoolError::Refused(defect)).contains("FIFO"));
    }
}
