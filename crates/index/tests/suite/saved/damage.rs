use super::{KEY, Store, bytes, files, open, read};
use crate::world::Dice;
use index::{Saved, SavedMeta};
use std::{fs, path::Path};

#[tokio::test]
async fn no_byte_can_be_another_without_being_noticed() {
    let store = Store::new().await;
    let raw = bytes(1, 150);
    store.put("a", &raw).await;
    let [file] = files(&store.path()).try_into().unwrap();
    let content = fs::read(&file).unwrap();
    for at in 0..content.len() {
        let mut other = content.clone();
        other[at] ^= 1 << (at % 8);
        fs::write(&file, &other).unwrap();
        assert_eq!(read(&store.saved, "a").await, None, "byte {at}");
        assert!(!file.exists());
        assert_eq!(store.saved.has(&["a"]).await.unwrap(), [false]);
        store.put("a", &raw).await;
    }
    assert_eq!(read(&store.saved, "a").await.unwrap(), raw);
}

#[tokio::test]
async fn a_long_file_gives_its_own_bytes_or_none() {
    let store = Store::new().await;
    let raw = bytes(1, 300_000);
    let mut dice = Dice(11);
    for round in 0..40 {
        store.put("a", &raw).await;
        let [file] = files(&store.path()).try_into().unwrap();
        let mut content = fs::read(&file).unwrap();
        let at = dice.below(content.len() as u64) as usize;
        match round % 4 {
            0 => content[at] ^= 1 + dice.below(255) as u8,
            1 => content.truncate(at),
            2 => content[at..].rotate_left(1),
            _ => {
                content.remove(at);
            }
        }
        fs::write(&file, content).unwrap();
        let Some(body) = store.saved.get("a").await.unwrap() else {
            continue;
        };
        let mut offset = 0;
        while let Some(part) = body.read_at(offset, 100_000).await.unwrap() {
            assert!(!part.is_empty(), "read to its end, and it is damaged");
            let from = offset as usize;
            assert_eq!(part, raw[from..from + part.len()]);
            offset += part.len() as u64;
        }
        assert_eq!(store.saved.has(&["a"]).await.unwrap(), [false]);
    }
}

#[tokio::test]
async fn parts_of_two_files_do_not_go_together() {
    let store = Store::new().await;
    // The same first blocks, and another last one.
    let mut raw = bytes(1, 4 * 65_536);
    store.put("a", &raw).await;
    let [first] = files(&store.path()).try_into().unwrap();
    *raw.last_mut().unwrap() ^= 1;
    store.put("b", &raw).await;
    let second = files(&store.path()).into_iter().find(|file| *file != first).unwrap();
    let (one, mut other) = (fs::read(&first).unwrap(), fs::read(&second).unwrap());
    // The whole file under the name of the other.
    fs::write(&first, &other).unwrap();
    assert!(store.saved.get("a").await.unwrap().is_none());
    // A block of the other in its place.
    let at = one.iter().zip(&other).position(|(one, other)| one != other).unwrap();
    other[at..at + 1_000].copy_from_slice(&one[at..at + 1_000]);
    fs::write(&second, &other).unwrap();
    assert_eq!(read(&store.saved, "b").await, None);
}

#[tokio::test]
async fn a_file_that_is_gone_is_a_message_that_is_not_saved() {
    let store = Store::new().await;
    store.put("a", b"text").await;
    store.put("b", b"other").await;
    fs::remove_file(&files(&store.path())[0]).unwrap();
    let both = [read(&store.saved, "a").await, read(&store.saved, "b").await];
    assert_eq!(both.iter().flatten().count(), 1);
    let has = store.saved.has(&["a", "b"]).await.unwrap();
    assert_eq!(has, both.map(|read| read.is_some()));
}

#[tokio::test]
async fn a_damaged_file_does_not_keep_from_forgetting() {
    let store = Store::new().await;
    store.put("a", b"text").await;
    store.put("b", b"text").await;
    let [file] = files(&store.path()).try_into().unwrap();
    fs::write(&file, b"fumi-m1\n").unwrap();
    store.saved.forget(&["a"]).await.unwrap();
    assert_eq!(store.saved.has(&["a", "b"]).await.unwrap(), [false, false]);
    assert!(!file.exists());
}

#[tokio::test]
async fn a_lost_directory_is_an_empty_store() {
    let mut store = Store::new().await;
    store.put("a", b"text").await;
    fs::remove_dir_all(store.path()).unwrap();
    assert!(store.saved.get("a").await.unwrap().is_none());
    store.reopened().await;
    assert_eq!(store.saved.has(&["a"]).await.unwrap(), [false]);
    assert!(store.put("a", b"text").await);
}

/// Some messages, two of one content; one is pinned after it was saved.
async fn filled() -> Store {
    let store = Store::new().await;
    let meta = SavedMeta {
        delivered: 5,
        pinned: true,
        opened: true,
    };
    store.saved.put("a", meta, b"text", 100).await.unwrap();
    store.put("b", b"text").await;
    for number in 0..30 {
        store.put(&format!("m{number}"), &bytes(number, 500)).await;
    }
    store.saved.forget(&["m3"]).await.unwrap();
    store.saved.close().await;
    store
}

async fn assert_all_there(saved: &Saved) {
    assert_eq!(
        saved.has(&["a", "b", "m0", "m3", "m29"]).await.unwrap(),
        [true, true, true, false, true]
    );
    assert_eq!(read(saved, "b").await.unwrap(), b"text");
    assert_eq!(read(saved, "m7").await.unwrap(), bytes(7, 500));
    assert_eq!(saved.get("a").await.unwrap().unwrap().saved_at(), 100);
    // What was opened is still known to have been.
    saved.evict(4096, 0, 200).await.unwrap();
    assert_eq!(saved.has(&["a", "b", "m0"]).await.unwrap(), [true, true, false]);
}

#[tokio::test]
async fn a_lost_table_is_made_again_from_the_files() {
    let store = filled().await;
    fs::remove_file(store.path().join("saved.sqlite")).unwrap();
    assert_all_there(&open(&store.path()).await).await;
}

#[tokio::test]
async fn a_damaged_table_is_set_aside_and_made_again() {
    for what in ["garbage", "middle", "version"] {
        let store = filled().await;
        let table = store.path().join("saved.sqlite");
        let mut content = fs::read(&table).unwrap();
        match what {
            "garbage" => content = b"No database at all. ".repeat(100),
            // SQLite file format §1.3: the version of the schema.
            "version" => content[60..64].copy_from_slice(&999_u32.to_be_bytes()),
            _ => {
                let middle = content.len() / 2 / 4096 * 4096;
                content[middle..middle + 4096].fill(0xa5);
                // As after a process that was killed.
                fs::write(store.path().join("saved.sqlite-wal"), b"").unwrap();
            }
        }
        fs::write(&table, content).unwrap();
        let saved = open(&store.path()).await;
        assert!(store.path().join("saved.sqlite.set-aside").exists(), "{what}");
        assert_all_there(&saved).await;
    }
}

/// What a process leaves that was killed at some step; each is made by hand.
#[tokio::test]
async fn table_and_files_agree_after_any_step() {
    let doubt = |path: &Path| fs::write(path.join("saved.sqlite-wal"), b"").unwrap();
    // A file that was being written.
    let store = filled().await;
    fs::create_dir_all(store.path().join("tmp")).unwrap();
    fs::write(store.path().join("tmp/0"), b"fumi-m1\nhalf").unwrap();
    let saved = open(&store.path()).await;
    assert_eq!(super::under_way(&store.path()), 0);
    assert_all_there(&saved).await;
    // A file that has its name, and is not in the table.
    let store = filled().await;
    let copy = tempfile::tempdir().unwrap();
    fs::copy(store.path().join("saved.sqlite"), copy.path().join("before")).unwrap();
    let saved = open(&store.path()).await;
    saved.put("late", SavedMeta::default(), b"late text", 7).await.unwrap();
    saved.put("late too", SavedMeta::default(), b"text", 7).await.unwrap();
    saved.close().await;
    fs::copy(copy.path().join("before"), store.path().join("saved.sqlite")).unwrap();
    doubt(&store.path());
    let saved = open(&store.path()).await;
    assert_eq!(read(&saved, "late").await.unwrap(), b"late text");
    assert_eq!(read(&saved, "late too").await.unwrap(), b"text");
    assert_all_there(&saved).await;
    // A file that was removed or lost an owner, and is in the table as before.
    let store = filled().await;
    fs::copy(store.path().join("saved.sqlite"), copy.path().join("before")).unwrap();
    let saved = open(&store.path()).await;
    saved
        .put("m5", SavedMeta::default(), b"another content", 101)
        .await
        .unwrap();
    saved.forget(&["a", "m0"]).await.unwrap();
    saved.close().await;
    fs::copy(copy.path().join("before"), store.path().join("saved.sqlite")).unwrap();
    doubt(&store.path());
    let saved = open(&store.path()).await;
    assert_eq!(
        saved.has(&["a", "b", "m0", "m1"]).await.unwrap(),
        [false, true, false, true]
    );
    assert_eq!(read(&saved, "m5").await.unwrap(), b"another content");
    // A file that cannot be read, and is in no table.
    saved.close().await;
    let path = store.path();
    let file = path.join("0/0").join("0".repeat(62));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, b"fumi-m1\nnothing of ours").unwrap();
    doubt(&path);
    drop(Saved::open(&path, KEY).await.unwrap());
    assert!(!file.exists());
}
