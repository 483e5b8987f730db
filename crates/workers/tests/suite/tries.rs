//! What a helper tries after it has been confined.

use rustix::{
    fs::{CWD, Mode, OFlags, ResolveFlags, openat2},
    process::{DumpableBehavior, Resource, dumpable_behavior, getpid, getppid, getrlimit, prlimit, test_kill_process},
};
use std::{
    fs::{self, File},
    io,
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::Path,
    process::Command,
    thread,
};
use workers::{Files, Limits};

pub const KEEPS_ALL: Limits = Limits {
    memory_bytes: None,
    cpu_seconds: None,
    open_files: None,
    files: Files::All,
    network: true,
    processes: true,
};

/// Says by its words what is taken: `none`, `beneath=PATH`, `network`, `processes`, `memory=BYTES`, `cpu=SECONDS`, `open=FILES`.
pub fn confine(words: &str) -> Vec<u8> {
    let mut limits = KEEPS_ALL;
    for word in words.split(' ') {
        let (word, value) = word.split_once('=').unwrap_or((word, ""));
        match word {
            "none" => limits.files = Files::None,
            "beneath" => limits.files = Files::ReadBeneath(vec![value.into()]),
            "network" => limits.network = false,
            "processes" => limits.processes = false,
            "memory" => limits.memory_bytes = value.parse().ok(),
            "cpu" => limits.cpu_seconds = value.parse().ok(),
            "open" => limits.open_files = value.parse().ok(),
            word => panic!("{word}"),
        }
    }
    format!("{:?}", workers::confine(&limits).unwrap()).into_bytes()
}

/// `done`, or why not: EPERM is what the filter of system calls says, EACCES what Landlock says.
pub fn attempt(words: &str) -> Vec<u8> {
    let (word, about) = words.split_once(' ').unwrap_or((words, ""));
    match tried(word, Path::new(about)) {
        Ok(()) => b"done".to_vec(),
        Err(error) => match error.raw_os_error() {
            Some(1) => b"EPERM".to_vec(),
            Some(13) => b"EACCES".to_vec(),
            _ => format!("{:?}", error.kind()).into_bytes(),
        },
    }
}

fn tried(word: &str, path: &Path) -> io::Result<()> {
    match word {
        "open" => File::open(path).map(drop),
        "openat2" => {
            let opened = openat2(CWD, path, OFlags::RDONLY, Mode::empty(), ResolveFlags::empty());
            opened.map(drop).map_err(Into::into)
        }
        "openat2-write" => {
            let opened = openat2(CWD, path, OFlags::WRONLY, Mode::empty(), ResolveFlags::empty());
            opened.map(drop).map_err(Into::into)
        }
        "list" => fs::read_dir(path).map(drop),
        "write" => File::options().write(true).open(path).map(drop),
        "create" => File::create_new(path).map(drop),
        "remove" => fs::remove_file(path),
        "rename" => fs::rename(path, path.with_extension("renamed")),
        "mkdir" => fs::create_dir(path),
        "link" => fs::hard_link(path, path.with_extension("linked")),
        "symlink" => std::os::unix::fs::symlink(path, path.with_extension("linked")),
        "chmod" => fs::set_permissions(path, PermissionsExt::from_mode(0o600)),
        "truncate" => File::options().write(true).truncate(true).open(path).map(drop),
        "touch" => rustix::fs::utimensat(CWD, path, &NEVER, rustix::fs::AtFlags::empty()).map_err(Into::into),
        "tcp" => TcpListener::bind("127.0.0.1:0").map(drop),
        "connect" => TcpStream::connect("127.0.0.1:9").map(drop),
        "udp" => UdpSocket::bind("127.0.0.1:0").map(drop),
        "unix" => UnixStream::connect("/run/nothing").map(drop),
        "pair" => UnixStream::pair().map(drop),
        "exec" => Command::new("/bin/true").status().map(drop),
        "thread" => thread::Builder::new()
            .spawn(|| ())?
            .join()
            .map_err(|_| io::Error::other("panic")),
        "signal-parent" => test_kill_process(getppid().unwrap()).map_err(Into::into),
        "signal-self" => test_kill_process(getpid()).map_err(Into::into),
        "limit-parent" => {
            let kept = getrlimit(Resource::Nofile);
            prlimit(getppid(), Resource::Nofile, kept).map(drop).map_err(Into::into)
        }
        "limit-self" => prlimit(None, Resource::Nofile, getrlimit(Resource::Nofile))
            .map(drop)
            .map_err(Into::into),
        "core" => match getrlimit(Resource::Core).current {
            Some(0) if dumpable_behavior()? == DumpableBehavior::NotDumpable => Ok(()),
            _ => Err(io::Error::other("would be written")),
        },
        "first-to-go" => match fs::read_to_string("/proc/self/oom_score_adj")?.trim() {
            "500" => Ok(()),
            other => Err(io::Error::other(other.to_owned())),
        },
        "memory" => {
            let mut bytes = Vec::<u8>::new();
            bytes
                .try_reserve_exact(1 << 30)
                .map_err(|_| io::ErrorKind::OutOfMemory.into())
        }
        "use-memory" => {
            let bytes = vec![7_u8; 1 << 30];
            Err(io::Error::other(format!("{}", bytes.len())))
        }
        "compute" => loop {
            std::hint::black_box(0);
        },
        word => panic!("{word}"),
    }
}

const NEVER: rustix::fs::Timestamps = rustix::fs::Timestamps {
    last_access: rustix::fs::Timespec { tv_sec: 0, tv_nsec: 0 },
    last_modification: rustix::fs::Timespec { tv_sec: 0, tv_nsec: 0 },
};
