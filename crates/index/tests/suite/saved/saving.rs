use super::{KEY, Store, bytes, files, open, read, under_way};
use index::{IndexError, Saved, SavedMeta};
use std::{fs, os::unix::fs::PermissionsExt};

const BLOCK: usize = 64 * 1024;

#[tokio::test]
async fn what_was_saved_is_read_whatever_its_length() {
    let mut store = Store::new().await;
    let lengths = [0, 1, 100, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, 700_001];
    for (seed, length) in lengths.into_iter().enumerate() {
        assert!(store.put(&format!("m{length}"), &bytes(seed as u64, length)).await);
    }
    for _ in 0..2 {
        for (seed, length) in lengths.into_iter().enumerate() {
            let expected = bytes(seed as u64, length);
            let body = store.saved.get(&format!("m{length}")).await.unwrap().unwrap();
            assert_eq!((body.len(), body.saved_at()), (length as u64, 100));
            assert_eq!(body.read_all(u64::MAX).await.unwrap().unwrap(), expected);
            let (mut offset, mut parts) = (0, Vec::new());
            loop {
                let part = body.read_at(offset, 50_000).await.unwrap().unwrap();
                if part.is_empty() {
                    break;
                }
                offset += part.len() as u64;
                parts.extend(part);
            }
            assert_eq!(parts, expected);
            for from in [length / 2, length / 3, length.saturating_sub(1)] {
                let part = body.read_at(from as u64, 10).await.unwrap().unwrap();
                assert_eq!(part, expected[from..from + part.len()]);
            }
        }
        store.reopened().await;
    }
    assert!(store.saved.get("other").await.unwrap().is_none());
}

#[tokio::test]
async fn the_same_content_is_one_file_for_as_long_as_somebody_has_it() {
    let store = Store::new().await;
    let raw = bytes(1, 200_000);
    assert!(store.put("a", &raw).await);
    let bytes = store.saved.bytes().await.unwrap();
    assert!(!store.put("a", &raw).await);
    assert!(store.put("b", &raw).await);
    assert_eq!(files(&store.path()).len(), 1);
    assert_eq!(store.saved.bytes().await.unwrap(), bytes);
    store.saved.forget(&["a", "unknown"]).await.unwrap();
    assert_eq!(read(&store.saved, "a").await, None);
    assert_eq!(read(&store.saved, "b").await.unwrap(), raw);
    store.saved.forget(&["b"]).await.unwrap();
    assert_eq!(files(&store.path()).len(), 0);
    assert_eq!(store.saved.bytes().await.unwrap(), 0);
}

#[tokio::test]
async fn another_content_takes_the_place_of_the_first() {
    let store = Store::new().await;
    store.put("a", b"first").await;
    store.put("b", b"first").await;
    assert!(store.put("a", b"second").await);
    assert_eq!(read(&store.saved, "a").await.unwrap(), b"second");
    assert_eq!(read(&store.saved, "b").await.unwrap(), b"first");
    assert!(store.put("b", b"third").await);
    assert_eq!(files(&store.path()).len(), 2);
}

#[tokio::test]
async fn a_message_may_come_in_pieces_and_be_given_up() {
    let store = Store::new().await;
    let raw = bytes(3, 900_000);
    let meta = SavedMeta::default();
    let mut writer = store.saved.writer("a", meta, 0).unwrap();
    for piece in raw.chunks(70_001) {
        writer.feed(piece).await.unwrap();
    }
    assert_eq!(under_way(&store.path()), 1);
    // Who opens the store meanwhile takes it for nobody's mail, and leaves it.
    drop(open(&store.path()).await);
    assert_eq!(under_way(&store.path()), 1);
    assert!(writer.finish(5).await.unwrap());
    assert_eq!(read(&store.saved, "a").await.unwrap(), raw);
    let mut writer = store.saved.writer("b", meta, 0).unwrap();
    writer.feed(&raw).await.unwrap();
    drop(writer);
    assert_eq!((under_way(&store.path()), files(&store.path()).len()), (0, 1));
    assert_eq!(store.saved.has(&["b", "a"]).await.unwrap(), [false, true]);
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_anything_is_written() {
    let store = Store::new().await;
    let small = store.saved.clone().with_limit(10);
    let refused = small.put("a", SavedMeta::default(), &[0; 11], 0).await;
    assert!(matches!(refused, Err(IndexError::TooLarge { limit: 10 })));
    assert!(small.writer("a", SavedMeta::default(), 11).is_err());
    let mut writer = small.writer("a", SavedMeta::default(), 0).unwrap();
    assert!(writer.feed(&[0; 11]).await.is_err());
    drop(writer);
    assert!(!store.path().join("tmp").exists());
    assert!(small.put("a", SavedMeta::default(), &[0; 10], 0).await.unwrap());
    let body = small.get("a").await.unwrap().unwrap();
    assert!(matches!(body.read_all(9).await, Err(IndexError::TooLarge { limit: 9 })));
}

#[tokio::test]
async fn nobody_else_may_look_at_it_and_the_files_say_nothing() {
    let store = Store::new().await;
    let raw = b"Subject: the secret plan\r\n\r\n".repeat(50);
    store.put("an-id", &raw).await;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let [file] = files(&store.path()).try_into().unwrap();
    let second = file.parent().unwrap();
    for directory in [
        second,
        second.parent().unwrap(),
        &store.path(),
        &store.path().join("tmp"),
    ] {
        assert_eq!(mode(directory), 0o700, "{}", directory.display());
    }
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&store.path().join("saved.sqlite")), 0o600);
    let content = fs::read(&file).unwrap();
    for word in [b"secret".as_slice(), b"an-id", b"Subject"] {
        assert!(!content.windows(word.len()).any(|window| window == word));
    }
    // Another account's file of the same message has another name and nothing in common.
    let other = Saved::open(&store.directory.path().join("two.saved"), [8; 32])
        .await
        .unwrap();
    other.put("an-id", SavedMeta::default(), &raw, 100).await.unwrap();
    let [theirs] = files(&store.directory.path().join("two.saved")).try_into().unwrap();
    assert_ne!(theirs.file_name(), file.file_name());
    let theirs = fs::read(theirs).unwrap();
    assert_ne!(theirs[8..40], content[8..40]);
}

#[tokio::test]
async fn what_was_saved_under_another_key_is_removed() {
    let store = Store::new().await;
    store.put("a", b"text").await;
    store.saved.close().await;
    let saved = Saved::open(&store.path(), [8; 32]).await.unwrap();
    assert_eq!(saved.has(&["a"]).await.unwrap(), [false]);
    assert_eq!(files(&store.path()).len(), 0);
    drop(saved);
    assert_ne!(KEY, [8; 32]);
}

#[tokio::test]
async fn what_is_erased_is_gone_and_stays_so() {
    let store = Store::new().await;
    for number in 0..20 {
        store.put(&format!("m{number}"), &bytes(number, 1_000)).await;
    }
    let other = open(&store.path()).await;
    store.saved.clone().erase().await.unwrap();
    assert!(!store.path().exists());
    // Another process does not bring it back.
    assert!(other.put("late", SavedMeta::default(), b"text", 0).await.is_err());
    assert!(other.get("m1").await.unwrap().is_none());
    assert!(!store.path().exists());
    other.erase().await.unwrap();
    let again = open(&store.path()).await;
    assert_eq!(again.bytes().await.unwrap(), 0);
}

#[tokio::test]
async fn a_file_that_is_gone_from_the_store_is_read_to_its_end() {
    let store = Store::new().await;
    let raw = bytes(9, 300_000);
    store.put("a", &raw).await;
    let body = store.saved.get("a").await.unwrap().unwrap();
    store.saved.forget(&["a"]).await.unwrap();
    assert_eq!(body.read_all(u64::MAX).await.unwrap().unwrap(), raw);
}
