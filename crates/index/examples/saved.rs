//! Prints what saving messages costs, in time and on disk, beside writing and reading the same bytes as plain files:
//! `cargo run --release -p index --example saved [DIRECTORY OF MESSAGES [WHERE TO WRITE]]`.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use index::{Saved, SavedMeta};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let corpus = arguments.next().map(PathBuf::from);
    let directory = match arguments.next() {
        Some(path) => tempfile::tempdir_in(path)?,
        None => tempfile::tempdir()?,
    };
    for (name, length, times) in [
        ("5 KiB", 5 << 10, 300),
        ("100 KiB", 100 << 10, 100),
        ("10 MiB", 10 << 20, 7),
    ] {
        one_size(directory.path(), name, length, times).await?;
    }
    if let Some(corpus) = corpus {
        on_disk(directory.path(), &corpus).await?;
    }
    Ok(())
}

async fn one_size(directory: &Path, name: &str, length: usize, times: u64) -> Outcome<()> {
    let saved = Saved::open(&directory.join(format!("{length}.saved")), [7; 32]).await?;
    let (mut put, mut plain_put, mut get, mut plain_get) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut stored = Vec::new();
    for number in 0..times {
        let (id, raw) = (format!("m{number}"), message(number, length));
        let path = directory.join(format!("plain-{length}-{number}"));
        let begun = Instant::now();
        saved.put(&id, SavedMeta::default(), &raw, 1).await?;
        put.push(begun.elapsed());
        let begun = Instant::now();
        // What a plain copy would need to be as safe: tmp, fsync, rename, fsync.
        let written = path.with_extension("tmp");
        let mut file = fs::File::create(&written)?;
        file.write_all(&raw)?;
        file.sync_all()?;
        fs::rename(&written, &path)?;
        fs::File::open(directory)?.sync_all()?;
        plain_put.push(begun.elapsed());
        stored.push((id, path, raw));
    }
    for (id, path, raw) in &stored {
        let begun = Instant::now();
        let body = saved.get(id).await?.ok_or("not saved")?;
        let read = body.read_all(u64::MAX).await?.ok_or("damaged")?;
        get.push(begun.elapsed());
        let begun = Instant::now();
        let plain = fs::read(path)?;
        plain_get.push(begun.elapsed());
        if &read != raw || plain != read {
            return Err("other bytes".into());
        }
    }
    let (put, plain_put, get, plain_get) = (middle(put), middle(plain_put), middle(get), middle(plain_get));
    println!(
        "{name}: put {put:?} ({:.2}x a plain copy), get {get:?} ({:.2}x a plain read)",
        put.as_secs_f64() / plain_put.as_secs_f64(),
        get.as_secs_f64() / plain_get.as_secs_f64(),
    );
    saved.erase().await?;
    Ok(())
}

async fn on_disk(directory: &Path, corpus: &Path) -> Outcome<()> {
    let saved = Saved::open(&directory.join("corpus.saved"), [7; 32]).await?;
    let (mut messages, mut raw_bytes, mut raw_disk) = (0_u64, 0, 0);
    let mut waiting = vec![corpus.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                waiting.push(entry?.path());
            }
        } else {
            let raw = fs::read(&path)?;
            saved
                .put(&format!("m{messages}"), SavedMeta::default(), &raw, 1)
                .await?;
            messages += 1;
            raw_bytes += raw.len() as u64;
            raw_disk += (raw.len() as u64).div_ceil(4096) * 4096;
        }
    }
    let mut files = 0;
    let mut waiting = vec![directory.join("corpus.saved")];
    while let Some(path) = waiting.pop() {
        for entry in fs::read_dir(path)? {
            let path = entry?.path();
            let in_the_root = path.parent().is_some_and(|parent| parent.ends_with("corpus.saved"));
            match path.is_dir() {
                true => waiting.push(path),
                false if in_the_root => {}
                false => files += fs::metadata(path)?.len(),
            }
        }
    }
    let disk = saved.bytes().await?;
    let begun = Instant::now();
    saved.evict(u64::MAX, 0, 1).await?;
    println!(
        "{messages} messages of {} bytes on average: files {:.3} of raw, on disk {:.3} of raw files on disk; looking at them {:?}",
        raw_bytes / messages.max(1),
        files as f64 / raw_bytes as f64,
        disk as f64 / raw_disk as f64,
        begun.elapsed(),
    );
    saved.close().await;
    let begun = Instant::now();
    let again = Saved::open(&directory.join("corpus.saved"), [7; 32]).await?;
    let ordinary = begun.elapsed();
    again.close().await;
    fs::remove_file(directory.join("corpus.saved/saved.sqlite"))?;
    let begun = Instant::now();
    let again = Saved::open(&directory.join("corpus.saved"), [7; 32]).await?;
    println!("opening {ordinary:?}, without the table {:?}", begun.elapsed());
    again.erase().await?;
    Ok(())
}

fn middle(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

/// Like a letter with an attachment: some text, then Base64 of numbers without a pattern.
fn message(number: u64, length: usize) -> Vec<u8> {
    let mut out = format!("Subject: letter {number}\r\n\r\n").into_bytes();
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while out.len() < length.min(3_000) {
        out.extend_from_slice("会議の資料をお送りします。ご確認ください。\r\n".as_bytes());
    }
    while out.len() < length {
        let mut line = Vec::with_capacity(57);
        while line.len() < 57 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            line.extend_from_slice(&state.to_le_bytes()[..3]);
        }
        out.extend_from_slice(data_encoding::BASE64.encode(&line).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.truncate(length);
    out
}
