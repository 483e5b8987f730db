//! Why nothing could be read at all.

use rustix::io::Errno;

use crate::{Defect, DefectKind};

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
            Errno::ACCESS => SpoolError::Denied(what),
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
        const OF_THE_SERVER: [Errno; 9] = [
            Errno::TIMEDOUT,
            Errno::NOTCONN,
            Errno::CONNABORTED,
            Errno::CONNREFUSED,
            Errno::CONNRESET,
            Errno::HOSTDOWN,
            Errno::HOSTUNREACH,
            Errno::NETDOWN,
            Errno::NETUNREACH,
        ];
        match self {
            SpoolError::Stale => true,
            SpoolError::Io { errno, .. } => OF_THE_SERVER.iter().any(|known| known.raw_os_error() == *errno),
            _ => false,
        }
    }

    /// Whether a disk could not read what it was asked for, which it may say of one of its files.
    pub fn is_of_the_disk(&self) -> bool {
        let says = |errno: i32| {
            [Errno::IO, Errno::UCLEAN]
                .iter()
                .any(|known| known.raw_os_error() == errno)
        };
        matches!(self, SpoolError::Io { errno, .. } if says(*errno))
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
        for errno in [Errno::STALE, Errno::TIMEDOUT, Errno::NOTCONN, Errno::HOSTDOWN] {
            assert!(said(errno), "{errno}");
        }
        // A disk says EIO of one of its files.
        for errno in [Errno::IO, Errno::NOENT, Errno::ACCESS, Errno::LOOP, Errno::ISDIR] {
            assert!(!said(errno), "{errno}");
        }
        let of_the_disk = |errno| SpoolError::from_errno(errno, "the file", b"x").is_of_the_disk();
        assert!(of_the_disk(Errno::IO) && of_the_disk(Errno::UCLEAN));
        assert!(!of_the_disk(Errno::MFILE) && !of_the_disk(Errno::STALE));
    }
}
