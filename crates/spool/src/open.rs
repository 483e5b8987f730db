//! The one place that opens anything. Every path is resolved by the kernel beneath the root, without symbolic links,
//! magic links or mount points; every check is made on the descriptor. No fallback to weaker calls: without
//! `openat2` nothing is read.

use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, RawDir, ResolveFlags, Stat, fstat, openat, openat2, stat, statat,
};
use rustix::io::Errno;

use crate::{Defect, DefectKind, SpoolError, steps};

/// Names of a directory that count as one step.
const NAMES_A_STEP: u32 = 64;
/// Dovecot gives up after ten tries too.
const STALE_TRIES: u32 = 10;
const BASE: OFlags = OFlags::RDONLY
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);

/// A directory everything else is opened beneath.
pub(crate) struct Root {
    path: PathBuf,
    beneath: Option<PathBuf>,
    fd: Mutex<Arc<OwnedFd>>,
    identity: (u64, u64),
    owner: Option<u32>,
}

/// A checked descriptor and what `fstat` said.
pub(crate) struct Opened {
    pub(crate) fd: OwnedFd,
    pub(crate) stat: Stat,
}

impl Root {
    /// The path is the administrator's, so links on the way are his; what lies beneath is not. Of a path with people's own folders in it
    /// only `beneath` is his: from there on no link is followed, but mount points are passed (a snapshot may be one).
    pub(crate) fn open(path: &Path, beneath: Option<&Path>, owner: Option<u32>) -> Result<Root, SpoolError> {
        let (fd, stat) = open_root(path, beneath)?;
        check_owner(&stat, owner, b"")?;
        let identity = (stat.st_dev, stat.st_ino);
        Ok(Root {
            path: path.to_owned(),
            beneath: beneath.map(Path::to_owned),
            fd: Mutex::new(Arc::new(fd)),
            identity,
            owner,
        })
    }

    /// A root that belongs to the system, such as `/var/mail`; only files beneath it must be the owner's.
    pub(crate) fn open_shared(path: &Path, beneath: Option<&Path>, owner: Option<u32>) -> Result<Root, SpoolError> {
        Ok(Root {
            owner,
            ..Root::open(path, beneath, None)?
        })
    }

    /// A directory; the empty name is the root itself.
    pub(crate) fn dir(&self, name: &[u8]) -> Result<Opened, SpoolError> {
        let opened = self.resolve(name, OFlags::DIRECTORY, "the directory")?;
        check_owner(&opened.stat, self.owner, name)?;
        Ok(opened)
    }

    /// A regular file; anything else is refused with the defect it is.
    pub(crate) fn file(&self, name: &[u8]) -> Result<Opened, SpoolError> {
        let opened = self.resolve(name, OFlags::empty(), "the file")?;
        if let Some(kind) = defect_of(FileType::from_raw_mode(opened.stat.st_mode)) {
            return Err(SpoolError::Refused(Defect::new(kind, name)));
        }
        check_owner(&opened.stat, self.owner, name)?;
        Ok(opened)
    }

    fn resolve(&self, name: &[u8], extra: OFlags, what: &'static str) -> Result<Opened, SpoolError> {
        let name_or_dot: &[u8] = if name.is_empty() { b"." } else { name };
        let mut tries = 0;
        loop {
            let root = Arc::clone(&self.fd.lock().unwrap_or_else(PoisonError::into_inner));
            let attempt = open_beneath(&root, name_or_dot, extra).and_then(|fd| Ok(Opened { stat: fstat(&fd)?, fd }));
            steps::done();
            match attempt {
                Ok(opened) => return Ok(opened),
                Err(Errno::STALE) if tries < STALE_TRIES => {
                    tries += 1;
                    self.reopen()?;
                }
                // openat2 saw a rename race (EAGAIN) or a signal (EINTR).
                Err(Errno::AGAIN | Errno::INTR) if tries < STALE_TRIES => tries += 1,
                Err(Errno::NOSYS) => return Err(NO_OPENAT2),
                // A sandbox without openat2 says so of every path; a server that refuses us, of this one.
                Err(Errno::PERM) if is_forbidden(&root) => return Err(NO_OPENAT2),
                Err(errno) => return Err(SpoolError::from_errno(errno, what, name)),
            }
        }
    }

    /// After ESTALE the root may be stale itself. Another directory under the same path is not our store.
    fn reopen(&self) -> Result<(), SpoolError> {
        let (fd, stat) = open_root(&self.path, self.beneath.as_deref())?;
        if (stat.st_dev, stat.st_ino) != self.identity {
            return Err(SpoolError::WrongStore(
                "the root was replaced or its filesystem is not mounted",
            ));
        }
        *self.fd.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(fd);
        Ok(())
    }
}

const NO_OPENAT2: SpoolError = SpoolError::Unsupported {
    what: "a system that refuses openat2",
    advice: "use Linux 5.6 or later and let the sandbox permit the call",
};

fn open_root(path: &Path, beneath: Option<&Path>) -> Result<(OwnedFd, Stat), SpoolError> {
    let flags = BASE | OFlags::DIRECTORY;
    let Some(beneath) = beneath else {
        let fail = |errno| match errno {
            Errno::NOTDIR => SpoolError::WrongStore("the root is not a directory"),
            Errno::LOOP => SpoolError::WrongStore("the root is a loop of symbolic links"),
            other => SpoolError::from_errno(other, ROOT, b""),
        };
        let fd = no_atime(|flag| openat(CWD, path, flags | flag, Mode::empty())).map_err(fail)?;
        let stat = fstat(&fd).map_err(fail)?;
        return Ok((fd, stat));
    };
    let fd = open_on_the_way(path, beneath, flags)?;
    let stat = fstat(&fd).map_err(|errno| SpoolError::from_errno(errno, ROOT, b""))?;
    Ok((fd, stat))
}

/// What the system says of the place of a root.
pub(crate) fn stat_root(path: &Path, beneath: Option<&Path>) -> Result<Stat, SpoolError> {
    let fail = |errno| SpoolError::from_errno(errno, ROOT, b"");
    match beneath {
        None => stat(path).map_err(fail),
        Some(beneath) => fstat(open_on_the_way(path, beneath, LOOKED_AT)?).map_err(fail),
    }
}

const ROOT: &str = "the root of the store";
/// Nothing is opened by it, and of a directory nobody need be allowed to read the names.
const LOOKED_AT: OFlags = OFlags::PATH.union(OFlags::CLOEXEC);

fn open_on_the_way(path: &Path, beneath: &Path, flags: OFlags) -> Result<OwnedFd, SpoolError> {
    let rest = path
        .strip_prefix(beneath)
        .map_err(|_| SpoolError::WrongStore("the root does not lie in its folder"))?;
    let told = |errno| SpoolError::from_errno(errno, ROOT, rest.as_os_str().as_bytes());
    let folder = openat(CWD, beneath, LOOKED_AT | OFlags::DIRECTORY, Mode::empty()).map_err(told)?;
    let fail = |errno| match errno {
        Errno::NOSYS => NO_OPENAT2,
        Errno::PERM if is_forbidden(&folder) => NO_OPENAT2,
        other => told(other),
    };
    let rest_or_dot = if rest.as_os_str().is_empty() {
        Path::new(".")
    } else {
        rest
    };
    let how = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let mut tries = 0;
    loop {
        let open = |flag| openat2(&folder, rest_or_dot, flags | flag, Mode::empty(), how);
        let opened = match flags.contains(OFlags::PATH) {
            true => open(OFlags::empty()),
            false => no_atime(open),
        };
        match opened {
            Err(Errno::AGAIN | Errno::INTR) if tries < STALE_TRIES => tries += 1,
            opened => return opened.map_err(fail),
        }
    }
}

fn open_beneath(root: &OwnedFd, name: &[u8], extra: OFlags) -> Result<OwnedFd, Errno> {
    let how = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS | ResolveFlags::NO_XDEV;
    no_atime(|flag| openat2(root, name, BASE | OFlags::NOFOLLOW | extra | flag, Mode::empty(), how))
}

/// Whether openat2 is not permitted at all: with `O_PATH` no file server is asked.
fn is_forbidden(root: &OwnedFd) -> bool {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    matches!(
        openat2(root, b".".as_slice(), flags, Mode::empty(), ResolveFlags::BENEATH),
        Err(Errno::PERM)
    )
}

/// Reading should leave no trace; only the owner of a file (and root) may ask for that (open(2), `O_NOATIME`).
fn no_atime(open: impl Fn(OFlags) -> Result<OwnedFd, Errno>) -> Result<OwnedFd, Errno> {
    match open(OFlags::NOATIME) {
        Err(Errno::PERM) => open(OFlags::empty()),
        other => other,
    }
}

/// Where the owner counts, so does who else may put something there. Not the group: mboxes are the mail system's as well (0660, group
/// `mail`), and many systems give each user a group of their own and let it write.
fn check_owner(stat: &Stat, owner: Option<u32>, name: &[u8]) -> Result<(), SpoolError> {
    let refused = match owner {
        Some(uid) if uid != stat.st_uid => DefectKind::BadOwner(stat.st_uid),
        Some(_) if Mode::from_raw_mode(stat.st_mode).contains(Mode::WOTH) => DefectKind::WorldWritable,
        _ => return Ok(()),
    };
    Err(SpoolError::Refused(Defect::new(refused, name)))
}

/// What is wrong with this kind of file as a message; `None` for a regular one.
pub(crate) fn defect_of(kind: FileType) -> Option<DefectKind> {
    match kind {
        FileType::RegularFile => None,
        FileType::Symlink => Some(DefectKind::Symlink),
        FileType::Directory => Some(DefectKind::Directory),
        FileType::Fifo => Some(DefectKind::Fifo),
        _ => Some(DefectKind::Device),
    }
}

/// Calls `each` with name and kind of all entries but `.` and `..`, until it says `false`.
pub(crate) fn read_dir(dir: &OwnedFd, mut each: impl FnMut(&[u8], FileType) -> bool) -> Result<(), SpoolError> {
    let fail = |errno| SpoolError::from_errno(errno, "reading a directory", b"");
    let mut buffer: Vec<MaybeUninit<u8>> = vec![MaybeUninit::uninit(); 64 << 10];
    let mut entries = RawDir::new(dir, &mut buffer);
    let mut names = 0_u32;
    while let Some(entry) = entries.next() {
        names = names.wrapping_add(1);
        if names.is_multiple_of(NAMES_A_STEP) {
            steps::done();
        }
        let entry = match entry {
            Err(Errno::INTR) => continue,
            other => other.map_err(fail)?,
        };
        let name = entry.file_name().to_bytes();
        if matches!(name, b"." | b"..") {
            continue;
        }
        // Some filesystems do not tell the kind with the name. A name gone by now is simply not there.
        let kind = match entry.file_type() {
            FileType::Unknown => match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                Err(Errno::NOENT) => continue,
                Err(_) => FileType::Unknown,
            },
            known => known,
        };
        if !each(name, kind) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn nothing_leads_out_of_the_root() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        fs::create_dir_all(root.join("sub")).unwrap();
        fs::write(dir.path().join("secret"), "x").unwrap();
        fs::write(root.join("plain"), "x").unwrap();
        symlink("../secret", root.join("out")).unwrap();
        symlink("plain", root.join("in")).unwrap();
        symlink("/", root.join("slash")).unwrap();
        let root = Root::open(&root, None, None).unwrap();
        assert!(root.file(b"plain").is_ok());
        for name in [&b"out"[..], b"in", b"slash/etc/passwd"] {
            let Err(SpoolError::Refused(defect)) = root.file(name) else {
                panic!("{name:?} was not refused")
            };
            assert_eq!(defect.kind, DefectKind::Symlink);
        }
        for name in [&b"../secret"[..], b"/etc/passwd", b"sub/../../secret"] {
            assert!(root.file(name).is_err(), "{name:?}");
        }
        assert!(matches!(root.file(b"sub"), Err(SpoolError::Refused(d)) if d.kind == DefectKind::Directory));
    }

    #[test]
    fn here_openat2_is_permitted() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path(), None, None).unwrap();
        let fd = Arc::clone(&root.fd.lock().unwrap());
        assert!(!is_forbidden(&fd));
    }

    #[test]
    fn only_the_folder_of_the_administrator_may_be_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("disk/home/tanaka");
        fs::create_dir_all(home.join("old/Maildir")).unwrap();
        fs::create_dir(dir.path().join("disk/secret")).unwrap();
        symlink("disk/home", dir.path().join("home")).unwrap();
        symlink("old", home.join("link")).unwrap();
        symlink("../../secret", home.join("out")).unwrap();
        let folder = dir.path().join("home");
        let open = |rest: &str| Root::open(&folder.join(rest), Some(&folder), None);
        assert!(open("tanaka/old/Maildir").is_ok() && open("").is_ok());
        for link in ["tanaka/link", "tanaka/link/Maildir", "tanaka/out"] {
            let Err(SpoolError::Refused(defect)) = open(link) else {
                panic!("{link} was not refused")
            };
            assert_eq!(defect.kind, DefectKind::Symlink);
            assert!(stat_root(&folder.join(link), Some(&folder)).is_err());
            assert!(
                Root::open(&folder.join(link), None, None).is_ok(),
                "all of the path is his"
            );
        }
        assert!(open("tanaka/../../secret").is_err());
        assert!(matches!(open("tanaka/gone"), Err(SpoolError::NotFound(_))));
        assert!(
            Root::open(&home, Some(&folder), None).is_err(),
            "not beneath it by name"
        );
    }

    #[test]
    fn a_snapshot_on_the_way_may_be_a_mount() {
        let root = Root::open(Path::new("/proc/sys"), Some(Path::new("/")), None).unwrap();
        assert_ne!(root.identity.0, fs::metadata("/").unwrap().dev());
        assert!(stat_root(Path::new("/proc/sys"), Some(Path::new("/"))).is_ok());
    }

    #[test]
    fn what_everybody_may_write_is_refused_where_the_owner_counts() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("m");
        fs::write(&file, "x").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o662)).unwrap();
        let uid = rustix::process::getuid().as_raw();
        assert!(Root::open(dir.path(), None, None).unwrap().file(b"m").is_ok());
        let Err(SpoolError::Refused(defect)) = Root::open(dir.path(), None, Some(uid)).unwrap().file(b"m") else {
            panic!("opened")
        };
        assert_eq!(defect.kind, DefectKind::WorldWritable);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o660)).unwrap();
        assert!(Root::open(dir.path(), None, Some(uid)).unwrap().file(b"m").is_ok());
    }

    #[test]
    fn a_file_of_another_owner_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("m"), "x").unwrap();
        let uid = rustix::process::getuid().as_raw();
        assert!(Root::open(dir.path(), None, Some(uid)).unwrap().file(b"m").is_ok());
        let Err(SpoolError::Refused(defect)) = Root::open(dir.path(), None, Some(uid + 1)) else {
            panic!("opened")
        };
        assert_eq!(defect.kind, DefectKind::BadOwner(uid));
    }
}
