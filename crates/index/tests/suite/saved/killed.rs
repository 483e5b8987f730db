use super::{Store, bytes, files, open, read, under_way};
use crate::world::Dice;
use index::{Saved, SavedMeta};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

const STORE: &str = "FUMIBAKO_TEST_SAVED";
const SEED: &str = "FUMIBAKO_TEST_SEED";
const MESSAGES: u64 = 24;

/// What a message is: two ids have one content, and some contents are long.
fn content(number: u64) -> Vec<u8> {
    let number = number / 2;
    bytes(number, if number.is_multiple_of(5) { 70_000 } else { 800 })
}

async fn save(saved: &Saved, number: u64) {
    let id = format!("m{number}");
    let meta = SavedMeta {
        delivered: number as i64,
        ..SavedMeta::default()
    };
    saved.put(&id, meta, &content(number), 1).await.unwrap();
}

/// Not a test: what is killed. It saves and forgets until its end comes, and prints a line for each.
#[tokio::test]
#[ignore = "started by the others"]
async fn works_until_it_is_killed() {
    #[expect(clippy::disallowed_methods, reason = "a child is told what to do")]
    let (Ok(store), Ok(seed)) = (std::env::var(STORE), std::env::var(SEED)) else {
        return;
    };
    let saved = open(Path::new(&store)).await;
    let mut dice = Dice(seed.parse().unwrap());
    for step in 0..2_000 {
        let number = dice.below(MESSAGES);
        match dice.below(8) {
            0..5 => save(&saved, number).await,
            5 | 6 => saved.forget(&[&format!("m{number}")]).await.unwrap(),
            _ => {
                saved.evict(120_000, 10, 2).await.unwrap();
            }
        }
        println!("step {step}");
    }
}

fn start(store: &Path, seed: u64) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "saved::killed::works_until_it_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(STORE, store)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    (child, lines)
}

/// Reads until so many steps were told.
fn wait(lines: &mut BufReader<ChildStdout>, steps: usize) {
    let told = lines.lines().filter(|line| line.as_ref().unwrap().contains("step "));
    assert_eq!(told.take(steps).count(), steps, "it ended by itself");
}

/// What there is, is right, and table and files agree.
async fn assert_whole(saved: &Saved, path: &Path) {
    let mut contents = std::collections::BTreeSet::new();
    for number in 0..MESSAGES {
        if let Some(raw) = read(saved, &format!("m{number}")).await {
            assert!(raw == content(number), "m{number}");
            contents.insert(raw);
        }
    }
    assert_eq!(files(path).len(), contents.len());
    let taken = files(path)
        .into_iter()
        .map(|file| std::fs::metadata(file).unwrap().len().div_ceil(4096) * 4096);
    assert_eq!(saved.bytes().await.unwrap(), taken.sum::<u64>());
}

/// All that a store says, as one hash.
async fn digest(saved: &Saved, path: &Path) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for number in 0..MESSAGES {
        save(saved, number).await;
    }
    for number in 0..MESSAGES {
        hasher.update(&read(saved, &format!("m{number}")).await.unwrap());
    }
    for file in files(path) {
        hasher.update(file.strip_prefix(path).unwrap().as_os_str().as_encoded_bytes());
    }
    hasher.update(&saved.bytes().await.unwrap().to_le_bytes());
    hasher.finalize()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_a_hundred_times_it_is_what_it_would_have_been() {
    let golden = Store::new().await;
    let golden = digest(&golden.saved, &golden.path()).await;
    let store = Store::new().await;
    store.saved.close().await;
    let mut dice = Dice(5);
    for round in 1..=100 {
        let (mut child, mut lines) = start(&store.path(), round);
        wait(&mut lines, 1 + dice.below(12) as usize);
        // Work goes on beside this, so it is killed anywhere.
        child.kill().unwrap();
        child.wait().unwrap();
        let saved = open(&store.path()).await;
        assert_whole(&saved, &store.path()).await;
        assert_eq!(under_way(&store.path()), 0);
        saved.close().await;
    }
    let saved = open(&store.path()).await;
    assert!(!store.path().join("saved.sqlite.set-aside").exists());
    assert_eq!(digest(&saved, &store.path()).await, golden);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_at_one_store_do_not_spoil_it() {
    let store = Store::new().await;
    let mut others = [start(&store.path(), 1), start(&store.path(), 2)];
    let mut dice = Dice(3);
    for _ in 0..60 {
        let number = dice.below(MESSAGES);
        save(&store.saved, number).await;
        if let Some(raw) = read(&store.saved, &format!("m{}", dice.below(MESSAGES))).await {
            assert!((0..MESSAGES).any(|number| raw == content(number)));
        }
        if dice.below(4) == 0 {
            store
                .saved
                .forget(&[&format!("m{}", dice.below(MESSAGES))])
                .await
                .unwrap();
        }
    }
    for (_, lines) in &mut others {
        wait(lines, 20);
    }
    for (child, _) in &mut others {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(!store.path().join("saved.sqlite.set-aside").exists());
    // One that was killed while others go on is noticed by whoever evicts.
    store.saved.evict(u64::MAX, 0, 2).await.unwrap();
    assert_whole(&store.saved, &store.path()).await;
}
