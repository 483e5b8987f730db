//! What a confined helper may not do any more. Without the usual harness: a helper of these tests has one thread, as real ones have.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

#[path = "../suite/gate.rs"]
#[expect(dead_code, reason = "the other tests hold work up")]
mod gate;
#[path = "../suite/peer.rs"]
mod peer;
#[path = "../suite/pools.rs"]
#[expect(dead_code, reason = "the other tests need more kinds of pools")]
mod pools;
#[path = "../suite/tries.rs"]
mod tries;

use pools::{ask, lost, pool, text};
use std::{fs, path::Path};
use tries::KEEPS_ALL;
use workers::{ConfineError, Confined, Files, Held, Limits, Lost, Part, Pool};

macro_rules! run {
    ($runtime:ident, $wanted:ident: $($test:ident)*) => {$(
        if stringify!($test).contains(&$wanted) {
            $runtime.block_on($test());
            println!("test {} ... ok", stringify!($test));
        }
    )*};
}

fn main() {
    if std::env::args().any(|argument| argument == "helper") {
        return peer::be();
    }
    let wanted = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
        .unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    run! { runtime, wanted:
        before_it_is_confined_a_helper_may_do_all_of_it
        no_file
        files_beneath_one_directory_are_read_and_nothing_is_changed
        no_socket
        no_process
        no_more_memory_than_was_said_and_no_core
        no_more_computing_or_open_files_than_was_said
        all_at_once_leaves_a_helper_that_serves
        nothing_asked_is_nothing_taken_and_a_missing_path_is_said
        who_insists_fails_where_the_kernel_does_not_hold
    }
}

/// Whether this kernel does it; where it does not, the test says that it is skipped.
async fn confined(pool: &Pool, words: &str, needed: &str) -> bool {
    let report = text(ask(pool, format!("confine {words}"))).await;
    println!("{words}: {report}");
    let holds = report.contains(needed);
    if !holds {
        eprintln!("\nSKIPPED, confining a helper ({words}) is not tried: this kernel does not hold it");
    }
    holds
}

async fn tries(pool: &Pool, what: &str, path: &Path) -> String {
    text(ask(pool, format!("try {what} {}", path.display()))).await
}

/// By the filter of system calls.
const REFUSED: &str = "EPERM";
/// By Landlock.
const ELSEWHERE: &str = "EACCES";

/// A directory with a file in it.
fn directory() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("file"), b"content").unwrap();
    directory
}

const CHANGES: [&str; 10] = [
    "write",
    "truncate",
    "openat2-write",
    "rename",
    "link",
    "symlink",
    "chmod",
    "touch",
    "remove",
    "mkdir",
];

async fn before_it_is_confined_a_helper_may_do_all_of_it() {
    let (pool, directory) = (pool(1), directory());
    let file = directory.path().join("file");
    for what in [
        "open",
        "openat2",
        "write",
        "truncate",
        "openat2-write",
        "link",
        "chmod",
        "touch",
        "memory",
    ] {
        assert_eq!(tries(&pool, what, &file).await, "done", "{what}");
    }
    for what in [
        "tcp",
        "udp",
        "pair",
        "exec",
        "thread",
        "signal-parent",
        "signal-self",
        "limit-parent",
        "limit-self",
    ] {
        assert_eq!(tries(&pool, what, &file).await, "done", "{what}");
    }
    assert_ne!(tries(&pool, "connect", &file).await, REFUSED);
    assert_ne!(tries(&pool, "unix", &file).await, REFUSED);
    assert_eq!(tries(&pool, "list", directory.path()).await, "done");
    for what in ["rename", "symlink"] {
        assert_eq!(
            tries(&pool, what, &directory.path().join("file")).await == "done",
            what == "rename"
        );
    }
    assert_eq!(
        tries(&pool, "remove", &directory.path().join("file.renamed")).await,
        "done"
    );
    assert_eq!(tries(&pool, "mkdir", &directory.path().join("made")).await, "done");
}

async fn no_file() {
    let (pool, directory) = (pool(1), directory());
    let file = directory.path().join("file");
    if !confined(&pool, "none", "files: Fully").await {
        return;
    }
    for what in ["open", "openat2"].into_iter().chain(CHANGES) {
        assert_eq!(tries(&pool, what, &file).await, REFUSED, "{what}");
    }
    assert_eq!(tries(&pool, "list", directory.path()).await, REFUSED);
    assert_eq!(tries(&pool, "create", &directory.path().join("new")).await, REFUSED);
    assert_eq!(tries(&pool, "open", Path::new("/etc/passwd")).await, REFUSED);
    assert_eq!(tries(&pool, "exec", &file).await, REFUSED);
    assert_eq!(tries(&pool, "udp", &file).await, "done", "that was not taken");
    assert_eq!(tries(&pool, "thread", &file).await, "done");
}

async fn files_beneath_one_directory_are_read_and_nothing_is_changed() {
    let (pool, mail, other) = (pool(1), directory(), directory());
    let file = mail.path().join("file");
    let full = confined(&pool, &format!("beneath={}", mail.path().display()), "files: Fully").await;
    for what in ["open", "openat2"] {
        assert_eq!(tries(&pool, what, &file).await, "done", "{what}");
    }
    assert_eq!(tries(&pool, "list", mail.path()).await, "done");
    for what in CHANGES {
        match what {
            "openat2-write" if full => assert_eq!(tries(&pool, what, &file).await, ELSEWHERE),
            "openat2-write" => {}
            what => assert_eq!(tries(&pool, what, &file).await, REFUSED, "{what}"),
        }
    }
    assert_eq!(tries(&pool, "create", &mail.path().join("new")).await, REFUSED);
    assert_eq!(fs::read(&file).unwrap(), b"content");
    if full {
        assert_eq!(tries(&pool, "open", &other.path().join("file")).await, ELSEWHERE);
        assert_eq!(tries(&pool, "openat2", &other.path().join("file")).await, ELSEWHERE);
        assert_eq!(tries(&pool, "list", Path::new("/")).await, ELSEWHERE);
    }
}

async fn no_socket() {
    let pool = pool(1);
    if !confined(&pool, "network", "network: Fully").await {
        return;
    }
    for what in ["tcp", "connect", "udp", "unix", "pair"] {
        assert_eq!(tries(&pool, what, Path::new("")).await, REFUSED, "{what}");
    }
    assert_eq!(
        tries(&pool, "open", Path::new("/etc/passwd")).await,
        "done",
        "that was not taken"
    );
}

async fn no_process() {
    let pool = pool(1);
    if !confined(&pool, "processes", "processes: Fully").await {
        return;
    }
    for what in ["exec", "signal-parent", "limit-parent"] {
        assert_eq!(tries(&pool, what, Path::new("")).await, REFUSED, "{what}");
    }
    for what in ["thread", "signal-self", "limit-self", "udp"] {
        assert_eq!(tries(&pool, what, Path::new("")).await, "done", "{what}");
    }
}

async fn no_more_memory_than_was_said_and_no_core() {
    let pool = pool(1);
    assert_eq!(tries(&pool, "core", Path::new("")).await, "Other");
    assert!(confined(&pool, "memory=500000000", "limits: Fully").await);
    for what in ["core", "first-to-go"] {
        assert_eq!(tries(&pool, what, Path::new("")).await, "done", "{what}");
    }
    assert_eq!(tries(&pool, "memory", Path::new("")).await, "OutOfMemory");
    assert_eq!(lost(ask(&pool, "try use-memory")).await, Lost::Died);
    assert_eq!(text(ask(&pool, "count")).await, "1");
}

async fn no_more_computing_or_open_files_than_was_said() {
    let pool = pool(1);
    assert!(confined(&pool, "open=3", "limits: Fully").await);
    assert_eq!(tries(&pool, "open", Path::new("/etc/passwd")).await, "Uncategorized");
    assert!(confined(&pool, "cpu=1", "limits: Fully").await);
    assert_eq!(lost(ask(&pool, "try compute")).await, Lost::Died);
}

async fn all_at_once_leaves_a_helper_that_serves() {
    let pool = pool(1);
    if !confined(
        &pool,
        "none network processes memory=2000000000 open=64",
        "processes: Fully",
    )
    .await
    {
        return;
    }
    for what in ["open", "tcp", "exec"] {
        assert_eq!(tries(&pool, what, Path::new("/etc/passwd")).await, REFUSED, "{what}");
    }
    assert_eq!(text(ask(&pool, "echo still here")).await, "still here");
    assert_eq!(lost(ask(&pool, "panic")).await, Lost::Died);
}

async fn nothing_asked_is_nothing_taken_and_a_missing_path_is_said() {
    let kept = workers::confine(&Limits {
        files: Files::ReadBeneath(vec!["/nowhere/at/all".into()]),
        ..KEEPS_ALL
    });
    assert!(matches!(kept, Err(ConfineError::Path(path, _)) if path == Path::new("/nowhere/at/all")));
}

async fn who_insists_fails_where_the_kernel_does_not_hold() {
    let pool = pool(1);
    let report = text(ask(&pool, "confine open=100")).await;
    assert!(
        report.contains("files: Unasked, network: Unasked, processes: Unasked"),
        "{report}"
    );
    let insist = |confined: Confined| confined.insist(&[Part::Files, Part::Network]);
    let mut confined = workers::confine(&KEEPS_ALL).unwrap();
    assert!(insist(confined).is_ok());
    for held in [Held::Partly, Held::Not] {
        confined.network = held;
        assert!(matches!(insist(confined), Err(ConfineError::NotHeld(Part::Network))));
    }
}
