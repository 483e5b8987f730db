//! Helper processes that render. Each has its socket and nothing else: no file, no network, no process, little memory. One that comes to
//! no end is killed, so a bomb costs one of them and nobody else's letter.

use super::ask::{Answer, What};
use crate::HelperSettings;
use api_types::Cause;
use render::{BodyOptions, Options, Skeleton};
use std::io;
use workers::{Files, Limits, Part, Pool, Refused, Settings, confine};

/// Bytes of a question or an answer: the longest of both is what is kept of a message, 64 MiB.
const MAX_FRAME: usize = 80 << 20;
/// What is longer is written and read on a thread that may be busy.
pub(super) const LONG: usize = 256 << 10;
/// Helpers that one person may have at work (security.md 8); one is always left to others.
const OF_ONE: usize = 4;
/// Places in the queue, and how many of them one person may have: more than the spool is asked for at once by one, so that whatever
/// was fetched is shown.
const QUEUE: usize = 128;
const QUEUE_OF_ONE: usize = 32;
/// Helpers that cannot be killed, before no other takes their place.
const LOST: usize = 8;

/// Address space beyond what the program has when it begins.
const MEMORY: u64 = 256 << 20;
/// Computing in the life of a helper, some million letters: one that was taken over computes no longer than that.
const CPU_SECONDS: u64 = 3600;
/// Its socket and standard error.
const OPEN_FILES: u64 = 16;

pub(super) fn start(settings: &HelperSettings) -> io::Result<Pool> {
    Pool::new(Settings {
        name: "render",
        program: settings.program.clone(),
        args: settings.args.clone(),
        env: settings.env.clone(),
        workers: settings.workers,
        queue: QUEUE,
        per_key_queued_at_most: QUEUE_OF_ONE,
        behind_at_most: 1,
        per_key_at_most: OF_ONE.min(settings.workers.saturating_sub(1)).max(1),
        lost_at_most: LOST,
        hung_after: settings.hung_after,
        // Rendering gives no signs of life.
        longest: settings.hung_after,
        max_frame: MAX_FRAME,
    })
    .map_err(io::Error::other)
}

/// The message is written right into it, and the rest is short.
pub(super) fn question(what: &What, skeleton: &Skeleton) -> Option<Vec<u8>> {
    postcard::to_allocvec(&(what, skeleton)).ok()
}

pub(super) async fn read(bytes: Vec<u8>) -> Option<Answer> {
    let read = |bytes: &[u8]| {
        let answer = postcard::from_bytes(bytes);
        answer
            .inspect_err(|error| tracing::error!(%error, "a helper's answer cannot be read"))
            .ok()
    };
    if bytes.len() > LONG {
        return tokio::task::spawn_blocking(move || read(&bytes)).await.ok().flatten();
    }
    read(&bytes)
}

pub(super) fn cause(refused: Refused) -> Cause {
    match refused {
        Refused::Full | Refused::FullForKey | Refused::Closed => Cause::Busy,
        Refused::TooLong => Cause::Unshown,
    }
}

/// Takes from this process whatever rendering does not need. To be called first, while there is one thread; `false` says that the system
/// does not hold all of it, and a helper then is as safe as the process that started it.
///
/// # Errors
/// In words.
pub fn confine_renderer() -> Result<bool, String> {
    let limits = Limits {
        memory_bytes: Some(address_space().saturating_add(MEMORY)),
        cpu_seconds: Some(CPU_SECONDS),
        open_files: Some(OPEN_FILES),
        files: Files::None,
        network: false,
        processes: false,
    };
    let confined = confine(&limits).map_err(|error| error.to_string())?;
    let parts = [Part::Limits, Part::Files, Part::Network, Part::Processes];
    Ok(confined.insist(&parts).is_ok())
}

/// What the program and its libraries take, in bytes (proc_pid_status(5)).
fn address_space() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kibibytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmSize:")?.split_whitespace().next()?.parse().ok());
    kibibytes.unwrap_or(0_u64) << 10
}

/// The helper's side: renders what it is given until whoever asks is gone.
///
/// # Errors
/// If this process was not started as a helper; in words.
pub fn serve_renderer() -> Result<(), String> {
    rehearse();
    let served = workers::serve(MAX_FRAME, |question, beat| {
        let Ok((what, skeleton)) = postcard::from_bytes::<(What, Skeleton)>(&question) else {
            return Vec::new();
        };
        // The message is there twice until now.
        drop(question);
        let answer = what.of(&skeleton, |ahead| beat.ahead(&written(&ahead)));
        written(&answer)
    });
    served.map_err(|error| error.to_string())
}

fn written(answer: &Answer) -> Vec<u8> {
    // What is empty is no answer.
    postcard::to_allocvec(answer).unwrap_or_default()
}

/// The tables of the sanitiser are made before somebody waits for them.
fn rehearse() {
    let letter = Skeleton::whole(
        b"From: a@b.example\nContent-Type: text/html\n\n<p style=\"color:red\"><a href=https://a.example>a</a>",
    );
    What::Letter(Options::default(), None).of(&letter, drop);
    What::Document(BodyOptions::default(), None).of(&letter, drop);
}
