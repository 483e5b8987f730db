//! What a helper gives up before it looks at anything hostile.

mod landlock;
mod limits;
mod lists;
mod seccomp;

use crate::error::ConfineError;
use std::path::PathBuf;

/// Which files a process may still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Files {
    /// As before.
    All,
    /// Reading, below these; and nothing is changed anywhere.
    ReadBeneath(Vec<PathBuf>),
    /// None. What is open stays open.
    None,
}

/// What a process keeps. Nothing of it can be had back, and it holds for whatever the process starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of address space. Threads and allocators ask for far more than they use.
    pub memory_bytes: Option<u64>,
    /// Seconds of computing in the whole life of the process, which then ends.
    pub cpu_seconds: Option<u64>,
    /// How many files may be open at once.
    pub open_files: Option<u64>,
    /// Which files may be opened.
    pub files: Files,
    /// New sockets of any kind. Those that are there stay.
    pub network: bool,
    /// Other processes may be started, or signalled. Threads always may.
    pub processes: bool,
}

/// A part of [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `memory_bytes`, `cpu_seconds`, `open_files`; and that no core is written.
    Limits,
    /// `files`
    Files,
    /// `network`
    Network,
    /// `processes`
    Processes,
}

/// Whether the kernel does what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing was.
    Unasked,
    /// All of it.
    Fully,
    /// Some of it: one limit of several was not set, or one of the two ways was not there. The filter of system calls alone lets
    /// every file be read; Landlock alone lets times and modes be changed, and sockets other than TCP be made.
    Partly,
    /// None of it.
    Not,
}

/// What became of [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Confined {
    /// Memory, computing, open files, cores.
    pub limits: Held,
    /// Files.
    pub files: Held,
    /// Sockets.
    pub network: Held,
    /// Processes.
    pub processes: Held,
    /// Landlock has taken part.
    pub landlock: bool,
    /// A filter of system calls has taken part.
    pub seccomp: bool,
    /// No other thread was there. Landlock holds only for the thread that called and those it starts.
    pub alone: bool,
}

impl Confined {
    /// Fails if one of these was asked for and is not held fully. A helper should then end.
    ///
    /// # Errors
    /// [`ConfineError::NotHeld`] with the first of them.
    pub fn insist(self, parts: &[Part]) -> Result<Self, ConfineError> {
        for part in parts {
            let held = match part {
                Part::Limits => self.limits,
                Part::Files => self.files,
                Part::Network => self.network,
                Part::Processes => self.processes,
            };
            if !matches!(held, Held::Unasked | Held::Fully) {
                return Err(ConfineError::NotHeld(*part));
            }
        }
        Ok(self)
    }
}

/// Takes from this process whatever `limits` does not leave it, as far as the kernel can, and says how far. To be called first,
/// while there is one thread, and before anything hostile is read. In any case no core is written, other processes of the same
/// user cannot look inside, and where memory runs short the system ends this process before others.
///
/// # Errors
/// If a path of [`Files::ReadBeneath`] cannot be opened. What the kernel does not do is no error: see [`Confined::insist`].
pub fn confine(limits: &Limits) -> Result<Confined, ConfineError> {
    let alone = std::fs::read_dir("/proc/self/task").is_ok_and(|tasks| tasks.count() == 1);
    let held = limits::apply(limits);
    let landlock = landlock::apply(limits)?;
    let seccomp = seccomp::apply(limits);
    let needs = |is_asked: bool, fully: bool, partly: bool| match (is_asked, fully, partly) {
        (false, ..) => Held::Unasked,
        (_, true, _) => Held::Fully,
        (_, _, true) => Held::Partly,
        _ => Held::Not,
    };
    let landlock_files = landlock.is_full && alone;
    Ok(Confined {
        limits: held,
        files: match limits.files {
            Files::All => Held::Unasked,
            Files::ReadBeneath(_) => needs(true, seccomp && landlock_files, seccomp || landlock.is_on),
            Files::None => needs(true, seccomp, landlock.is_on),
        },
        network: needs(!limits.network, seccomp, landlock.is_on),
        processes: needs(!limits.processes, seccomp, false),
        landlock: landlock.is_on,
        seccomp,
        alone,
    })
}
