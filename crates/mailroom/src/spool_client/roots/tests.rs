use super::*;
use crate::{
    MountKey,
    ids::IdMaker,
    spool_client::{
        SpoolReaders, Whereabouts,
        breaker::Looks,
        mount::Hands,
        threads::{Threads, tests::hold},
    },
};
use spool::{Layout, MailboxPath, MboxQuoting, Place};
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(20);
const WAITING: Urgency = Urgency::Waiting(PATIENCE);

struct Turned(AtomicU64);

impl Clock for Turned {
    fn now_ns(&self) -> i64 {
        0
    }

    fn ticks_us(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Two stores, `new` before `old`, that one account may lie in.
struct Stores {
    dir: TempDir,
    clock: Arc<Turned>,
    client: SpoolClient,
    account: Account,
}

impl Stores {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folders = ["new", "old"].map(|store| dir.path().join(store));
        for folder in &folders {
            fs::create_dir_all(folder.join("somebody")).unwrap();
        }
        let place = |folder: &std::path::PathBuf| Place {
            root: folder.join("tanaka"),
            folders: None,
        };
        let account = Account {
            name: "tanaka".to_owned(),
            display_name: "tanaka".to_owned(),
            addresses: Vec::new(),
            store: StoreConfig::new(Layout::Detect {
                places: folders.iter().map(place).collect(),
                quoting: MboxQuoting::default(),
            }),
            mount: MountKey::live(folders.into()),
            snapshots: Vec::new(),
        };
        let clock = Arc::new(Turned(AtomicU64::new(1)));
        let client = client(dir.path(), &clock);
        Self {
            dir,
            clock,
            client,
            account,
        }
    }

    /// The account lies in that store, with so many letters.
    fn lay(&self, store: &str, letters: usize) {
        let root = self.dir.path().join(store).join("tanaka");
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(root.join(sub)).unwrap();
        }
        for number in 0..letters {
            fs::write(root.join(format!("cur/179500000{number}.M1P1.h:2,S")), "Subject: x\n\n").unwrap();
        }
    }

    fn take_away(&self, store: &str) {
        fs::remove_dir_all(self.dir.path().join(store).join("tanaka")).unwrap();
    }

    async fn letters(&self) -> Result<usize, Cause> {
        let listed = self
            .client
            .list(&self.account, &MailboxPath::inbox(), None, WAITING)
            .await;
        listed.map(|listing| listing.entries.len())
    }

    fn known(&self) -> Option<usize> {
        self.client.whereabouts.in_memory("tanaka", &self.account.roots())
    }
}

fn client(dir: &Path, clock: &Arc<Turned>) -> SpoolClient {
    let whereabouts = Whereabouts::new(dir.join("index"), IdMaker::new([3; 32]));
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    SpoolClient::new(SpoolReaders::Threads(1), clock, PATIENCE, whereabouts)
}

#[tokio::test]
async fn an_account_is_found_below_the_first_root_that_has_it_and_followed_when_it_moves() {
    let stores = Stores::new();
    assert_eq!((stores.letters().await, stores.known()), (Err(Cause::Missing), None));
    stores.lay("old", 1);
    assert_eq!((stores.letters().await, stores.known()), (Ok(1), Some(1)));
    // It is copied to the new one, and still lies in the old one.
    stores.lay("new", 2);
    stores.clock.0.fetch_add(60_000_000, Ordering::Relaxed);
    while stores.letters().await != Ok(2) {
        tokio::task::yield_now().await;
    }
    assert_eq!(stores.known(), Some(0));
    // And back.
    stores.take_away("new");
    assert_eq!((stores.letters().await, stores.known()), (Ok(1), Some(1)));
}

#[tokio::test]
async fn a_mailbox_that_is_missing_is_not_an_account_that_moved() {
    let stores = Stores::new();
    stores.lay("old", 1);
    stores.letters().await.unwrap();
    let gone = MailboxPath::from_bytes(*b".Gone");
    let stamp = stores.client.stamp(&stores.account, &gone, WAITING).await;
    assert_eq!(stamp.unwrap_err(), Cause::Missing);
    assert_eq!(stores.known(), Some(1));
    stores.take_away("old");
    assert_eq!(stores.letters().await, Err(Cause::Missing));
}

#[tokio::test]
async fn who_lies_below_another_root_does_not_wait_for_the_one_before_it() {
    let stores = Stores::new();
    stores.lay("old", 1);
    stores.letters().await.unwrap();
    let [new, old] = &stores.account.roots()[..] else {
        panic!("two roots")
    };
    // Nobody is left who would read it.
    let threads = Threads::new(1).unwrap();
    let held = [false, true].map(|behind| hold(&threads, behind));
    let (hands, clock) = (Hands::Threads(threads), Arc::clone(&stores.clock) as Arc<dyn Clock>);
    let hung = Mount::new(new.mount.clone(), hands, 1, clock, PATIENCE, Looks::default());
    stores.client.mounts.lock().unwrap().insert(new.mount.clone(), hung);
    for _ in 0..20 {
        stores.clock.0.fetch_add(60_000_000, Ordering::Relaxed);
        assert_eq!(stores.letters().await, Ok(1));
    }
    assert_eq!(stores.client.root_in_memory(&stores.account), *old);
    drop(held);
}

#[tokio::test]
async fn it_is_certain_that_there_is_no_mail_only_if_no_root_has_any() {
    let stores = Stores::new();
    let lacks = || stores.client.lacks(&stores.account, PATIENCE);
    assert_eq!(lacks().await, Ok(true));
    stores.lay("old", 0);
    assert_eq!(lacks().await, Ok(false));
    stores.take_away("old");
    fs::remove_dir(stores.dir.path().join("new/somebody")).unwrap();
    assert_eq!(lacks().await, Ok(false), "the other is not mounted");
}

#[tokio::test]
async fn whoever_asks_how_its_readers_are_starts_none_for_all_roots_together() {
    let stores = Stores::new();
    stores.lay("old", 1);
    assert_eq!(stores.letters().await, Ok(1));
    let (client, account) = (&stores.client, &stores.account);
    assert!(!client.is_stuck(account) && !client.has_one_left(account));
    let mut started: Vec<MountKey> = client.mounts.lock().unwrap().keys().cloned().collect();
    started.sort();
    assert_eq!(started, account.mount.each());
}
