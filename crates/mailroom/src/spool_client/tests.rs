//! A spool that hangs, and what is asked of it then. Threads stand for it: they block until the test lets go.

use super::{
    ask::{Answer, Ask, What},
    breaker::Looks,
    mount::{Asking, Hands, Mount},
    threads::{Threads, tests::hold},
    work::ReadRequest,
};
use crate::{Clock, MountKey};
use api_types::Cause;
use spool::{BaseName, Layout, Location, MailboxPath, StoreConfig, Subdir};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

struct Turned(AtomicU64);

impl Clock for Turned {
    fn now_ns(&self) -> i64 {
        0
    }

    fn ticks_us(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

fn mount(threads: &Threads, folder: &Path) -> Arc<Mount> {
    let clock = Arc::new(Turned(AtomicU64::new(1)));
    let looks = Looks {
        first: Duration::from_millis(1),
        last: Duration::from_millis(1),
        soon: Duration::from_millis(1),
    };
    let hands = Hands::Threads(threads.clone());
    Mount::new(
        MountKey::live(vec![folder.to_owned()]),
        hands,
        1,
        clock,
        Duration::ZERO,
        looks,
    )
}

#[tokio::test]
async fn nobodys_mail_can_be_had_without_folder_or_marker() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("mail");
    let threads = Threads::new(2).unwrap();
    let mount = mount(&threads, &store);
    let markers = [store.join("here"), dir.path().join("elsewhere")];
    let cause = async |markers| mount.look(markers).await.map_err(|(_, cause)| cause).err();
    assert_eq!(cause(&[]).await, Some(Cause::Missing));
    std::fs::create_dir(&store).unwrap();
    assert_eq!(cause(&[]).await, None);
    assert_eq!(cause(&markers[1..]).await, None, "that of another root");
    assert_eq!(cause(&markers).await, Some(Cause::WrongStore));
    std::fs::write(&markers[0], "").unwrap();
    assert_eq!(cause(&markers).await, None);
    // Not everybody may list the folder that accounts stand in.
    std::fs::set_permissions(&store, std::os::unix::fs::PermissionsExt::from_mode(0o311)).unwrap();
    assert_eq!(cause(&markers).await, None);
}

fn probe(folder: &Path) -> Ask {
    Ask {
        store: StoreConfig::new(Layout::Maildir {
            root: folder.to_owned(),
        }),
        what: What::Probe(vec![folder.to_owned()]),
    }
}

fn asking(account: u64, deadline: Duration) -> Asking {
    Asking {
        account,
        deadline,
        behind: false,
    }
}

#[tokio::test]
async fn a_spool_that_hangs_is_left_alone_and_asked_again_when_it_answers() {
    let dir = tempfile::tempdir().unwrap();
    let threads = Threads::new(1).unwrap();
    let mount = mount(&threads, dir.path());
    let long = Duration::from_secs(3600);
    assert!(matches!(
        mount.ask(asking(1, long), probe(dir.path())).await,
        Ok(Answer::Probed)
    ));
    let (_hung, release) = hold(&threads, false);
    for account in [1, 2, 1, 2] {
        let failed = mount
            .ask(asking(account, Duration::ZERO), probe(dir.path()))
            .await
            .unwrap_err();
        assert_eq!(failed.cause, Cause::Slow);
    }
    // Nobody waits for the deadline any more.
    let failed = mount.ask(asking(3, long), probe(dir.path())).await.unwrap_err();
    assert_eq!(failed.detail, "it is left alone");
    drop(release);
    // The prober finds out, by the thread that is free again.
    while mount.ask(asking(1, long), probe(dir.path())).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_persons_files_that_hang_are_left_alone_and_nobody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let threads = Threads::new(1).unwrap();
    let mount = mount(&threads, dir.path());
    let (_hung, release) = hold(&threads, false);
    for _ in 0..4 {
        mount
            .ask(asking(1, Duration::ZERO), probe(dir.path()))
            .await
            .unwrap_err();
    }
    let refused = |failed: &super::ask::Failed| failed.detail == "it is left alone";
    let long = Duration::from_secs(3600);
    assert!(refused(
        &mount.ask(asking(1, long), probe(dir.path())).await.unwrap_err()
    ));
    drop(release);
    assert!(mount.ask(asking(2, long), probe(dir.path())).await.is_ok());
}

#[tokio::test]
async fn a_file_that_hangs_where_its_folder_answers_is_no_deadline_that_the_spool_missed() {
    let dir = tempfile::tempdir().unwrap();
    let threads = Threads::new(1).unwrap();
    let mount = mount(&threads, dir.path());
    // Those who wait find nobody; the prober, which looks at the folder, does.
    let (_hung, release) = hold(&threads, false);
    let fetch = || Ask {
        what: What::Fetch(
            MailboxPath::inbox(),
            ReadRequest {
                row: 1,
                base: BaseName::from_bytes(b"1795000001.M1P1.h".to_vec()),
                location: Location::Maildir {
                    subdir: Subdir::Cur,
                    name: b"1795000001.M1P1.h:2,".to_vec(),
                },
                file: None,
            },
        ),
        ..probe(dir.path())
    };
    for _ in 0..8 {
        let failed = mount.ask(asking(1, Duration::ZERO), fetch()).await.unwrap_err();
        assert_eq!(failed.detail, "a deadline was missed");
    }
    drop(release);
    assert!(
        mount
            .ask(asking(1, Duration::from_secs(3600)), probe(dir.path()))
            .await
            .is_ok()
    );
}
