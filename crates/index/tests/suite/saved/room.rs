use super::{Store, bytes, files, open, read, under_way};
use index::{IndexError, SavedMeta};
use std::{io::Write as _, process::Command};

/// A mount that ends with the test.
struct Mount(tempfile::TempDir);

impl Mount {
    fn new(size: &str) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", size, "tmpfs"])
            .arg(directory.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(directory))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// The table and its log have the rest of the disk: SQLite alone needs more than 64 KiB.
#[tokio::test]
async fn on_a_full_disk_nothing_half_written_remains_and_reading_goes_on() {
    let Some(mount) = Mount::new("size=256k") else {
        return skipped("copies on a full disk", "mounting one needs a right");
    };
    let path = mount.0.path().join("one.saved");
    let saved = open(&path).await;
    let meta = SavedMeta::default();
    let mut kept = Vec::new();
    let mut full = 0;
    for number in 0..200 {
        let (id, raw) = (format!("m{number}"), bytes(number, 6_000));
        match saved.put(&id, meta, &raw, 1).await {
            Ok(new) => {
                assert!(new);
                kept.push((id, raw));
            }
            Err(IndexError::Full) => {
                full += 1;
                assert_eq!(files(&path).len(), kept.len());
            }
            Err(error) => panic!("{error}"),
        }
        assert_eq!(under_way(&path), 0);
    }
    assert!(full > 0 && !kept.is_empty(), "{full} {}", kept.len());
    for (id, raw) in &kept {
        assert_eq!(read(&saved, id).await.as_ref(), Some(raw));
    }
    // Deleting needs no room, and makes some.
    let (gone, _) = kept.remove(0);
    let _ = saved.forget(&[&gone]).await;
    assert_eq!(read(&saved, &gone).await, None);
    saved.close().await;
    let saved = open(&path).await;
    for (id, raw) in &kept {
        assert_eq!(read(&saved, id).await.as_ref(), Some(raw));
    }
    saved.close().await;
}

#[tokio::test]
async fn a_name_that_cannot_be_given_leaves_nothing() {
    let store = Store::new().await;
    store.put("a", b"text").await;
    // Where directories would be, there are files.
    for first in "0123456789abcdef".chars() {
        let path = store.path().join(first.to_string());
        if !path.exists() {
            std::fs::write(path, b"").unwrap();
        }
    }
    let mut failed = 0;
    for number in 0..40 {
        let id = format!("m{number}");
        let put = store.saved.put(&id, SavedMeta::default(), &bytes(number, 100), 1).await;
        failed += u32::from(put.is_err());
        assert_eq!(store.saved.has(&[&id]).await.unwrap(), [put.is_ok()]);
        assert_eq!(under_way(&store.path()), 0);
    }
    assert!(failed > 0);
    assert_eq!(read(&store.saved, "a").await.unwrap(), b"text");
}

/// Said even where what tests print is not shown; `end2end/crates.mjs` reads it.
#[expect(clippy::explicit_write, reason = "the macro is not shown of a test that passes")]
fn skipped(what: &str, why: &str) {
    writeln!(std::io::stderr(), "\nSKIPPED, {what} is not tried: {why}").unwrap();
}
