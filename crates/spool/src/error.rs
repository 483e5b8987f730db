//! Why nothing could be read at all.

use rustix::io::Errno;

use crate::{Defect, DefectKind};

/// What network file systems say when the server, the connection or our right to use it is gone, which is never of one file.
const OF_THE_SERVER: &[Errno] = &[
    // SMB after reconnecting failed, FUSE without its server, soft NFS mounts.
    Errno::TIMEDOUT,
    Errno::NOTCONN,
    Errno::CONNABORTED,
    Errno::CONNREFUSED,
    Errno::CONNRESET,
    Errno::HOSTDOWN,
    Errno::HOSTUNREACH,
    Errno::NETDOWN,
    Errno::NETUNREACH,
    Errno::NETRESET,
    Errno::PIPE,
    Errno::NOLINK,
    // Ceph, for a client that it shut out; a file system that was shut down below us.
    Errno::SHUTDOWN,
    // Kerberos: the ticket ran out (NFS), the password was changed (SMB says it of every file then), there is none (SMB, AFS).
    Errno::KEYEXPIRED,
    Errno::KEYREVOKED,
    Errno::KEYREJECTED,
    Errno::NOKEY,
];

/// What may be said of one file for ever, and of all of them for a while: a bad sector, but also a soft NFS mount that gave up (EIO).
const OF_THE_DISK: &[Errno] = &[
    Errno::IO,
    // EFSCORRUPTED and EFSBADCRC of ext4 and XFS.
    Errno::UCLEAN,
    Errno::BADMSG,
    // The block layer's word for a medium error.
    Errno::NODATA,
    // NFS for NFS3ERR_SERVERFAULT and NFS4ERR_RESOURCE: the server met an error of its own, maybe with this file.
    Errno::REMOTEIO,
    Errno::PROTO,
];

fn is_among(known: &[Errno], errno: i32) -> bool {
    known.iter().any(|known| known.raw_os_error() == errno)
}

/// A failed call. Absence of a message is not one of these: that is `Ok(None)`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpoolError {
    /// The root or the mailbox is not there.
    #[error("{0} is not there")]
    NotFound(&'static str),
    /// The system refuses to let us read it.
    #[error("no permission to read {0}")]
    Denied(&'static str),
    /// The file server kept saying that our handle is out of date.
    #[error("the file server kept answering ESTALE")]
    Stale,
    /// The file changed under the reader; list again.
    #[error("the mailbox changed while it was read")]
    Changed,
    /// It is there, but must not be opened (a link, a FIFO, another owner, …).
    #[error("refused: {:?}", .0.kind)]
    Refused(Defect),
    /// This is not the store it should be: empty, unmounted, replaced, or not mail.
    #[error("not the expected store: {0}")]
    WrongStore(&'static str),
    /// A format or system this crate does not read, and what to do about it.
    #[error("{what} is not supported; {advice}")]
    Unsupported {
        /// What was found.
        what: &'static str,
        /// What the administrator can do.
        advice: &'static str,
    },
    /// More bytes than the caller allowed.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit given.
        limit: u64,
    },
    /// Anything else the system said.
    #[error("{doing}: errno {errno}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The raw error number.
        errno: i32,
    },
}

impl SpoolError {
    /// Sorts an errno; `what` names the thing in the sentence shown.
    pub(crate) fn from_errno(errno: Errno, what: &'static str, name: &[u8]) -> Self {
        match errno {
            Errno::NOENT => SpoolError::NotFound(what),
            // The NFS client says EPERM where the server wants other security of this part of its tree (NFS4ERR_WRONGSEC, WRONG_CRED).
            Errno::ACCESS | Errno::PERM => SpoolError::Denied(what),
            Errno::STALE => SpoolError::Stale,
            Errno::LOOP => SpoolError::Refused(Defect::new(DefectKind::Symlink, name)),
            Errno::NOTDIR => SpoolError::Refused(Defect::new(DefectKind::NotADirectory, name)),
            Errno::XDEV => SpoolError::Refused(Defect::new(DefectKind::OtherFilesystem, name)),
            // A socket, or a device without a driver: openat2 says ENXIO.
            Errno::NXIO | Errno::NODEV => SpoolError::Refused(Defect::new(DefectKind::Device, name)),
            other => SpoolError::Io {
                doing: what,
                errno: other.raw_os_error(),
            },
        }
    }

    /// Whether the file server failed, or the way to it, and nothing is said of the file that was asked for.
    pub fn is_of_the_server(&self) -> bool {
        match self {
            SpoolError::Stale => true,
            SpoolError::Io { errno, .. } => is_among(OF_THE_SERVER, *errno),
            _ => false,
        }
    }

    /// Whether it says that something could not be read, which may be so of one file alone: the mailbox has to be asked whether it
    /// answers.
    pub fn is_of_the_disk(&self) -> bool {
        matches!(self, SpoolError::Io { errno, .. } if is_among(OF_THE_DISK, *errno))
    }

    /// Through a reader of the standard library.
    pub(crate) fn into_io(self) -> std::io::Error {
        let errno = match self {
            SpoolError::NotFound(_) => Errno::NOENT,
            SpoolError::Denied(_) => Errno::ACCESS,
            SpoolError::Io { errno, .. } => return std::io::Error::from_raw_os_error(errno),
            _ => Errno::STALE,
        };
        errno.into()
    }

    /// And back.
    pub(crate) fn from_io(error: &std::io::Error, what: &'static str) -> Self {
        Self::from_errno(Errno::from_io_error(error).unwrap_or(Errno::IO), what, b"")
    }

    /// The defect to show for a thing that could not be read, when the rest goes on.
    pub(crate) fn into_defect(self, name: &[u8]) -> Defect {
        let kind = match self {
            SpoolError::Refused(defect) => return defect,
            SpoolError::NotFound(_) => DefectKind::Missing,
            SpoolError::Denied(_) => DefectKind::Unreadable(Errno::ACCESS.raw_os_error()),
            SpoolError::Io { errno, .. } => DefectKind::Unreadable(errno),
            _ => DefectKind::Unreadable(Errno::STALE.raw_os_error()),
        };
        Defect::new(kind, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_fails_says_nothing_of_a_file() {
        let said = |errno| SpoolError::from_errno(errno, "the file", b"x").is_of_the_server();
        for errno in [
            Errno::STALE,
            Errno::TIMEDOUT,
            Errno::NOTCONN,
            Errno::HOSTDOWN,
            Errno::NETRESET,
            Errno::SHUTDOWN,
            Errno::PIPE,
            Errno::KEYEXPIRED,
            Errno::KEYREVOKED,
            Errno::NOKEY,
        ] {
            assert!(said(errno), "{errno}");
        }
        // A disk says EIO of one of its files, and a server that it failed with one.
        for errno in [
            Errno::IO,
            Errno::REMOTEIO,
            Errno::PROTO,
            Errno::NOENT,
            Errno::ACCESS,
            Errno::LOOP,
            Errno::ISDIR,
            Errno::TXTBSY,
        ] {
            assert!(!said(errno), "{errno}");
        }
        let of_the_disk = |errno| SpoolError::from_errno(errno, "the file", b"x").is_of_the_disk();
        assert!(
            [Errno::IO, Errno::UCLEAN, Errno::BADMSG, Errno::REMOTEIO]
                .into_iter()
                .all(of_the_disk)
        );
        assert!(!of_the_disk(Errno::MFILE) && !of_the_disk(Errno::STALE));
    }

    #[test]
    fn a_file_that_may_not_be_read_is_denied_whichever_word_the_system_has_for_it() {
        for errno in [Errno::ACCESS, Errno::PERM] {
            assert_eq!(
                SpoolError::from_errno(errno, "the file", b"x"),
                SpoolError::Denied("the file")
            );
        }
    }
}
