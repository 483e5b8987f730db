//! A mailroom over a real spool, for tests that look behind the use cases.

use crate::{
    Account, Clock, Deadlines, Keep, Layout, Mailroom, MountKey, Owner, Reader, Renderer, Setup, SnapshotRoot,
    SpoolReaders, StoreConfig, Wording, desk::Desk,
};
use api_types::{Day, ListQuery, MailboxId, MessageList, Moment};
use render::BodyWords;
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// Stands still until the test turns it; later than any file that the test makes.
struct Turned(AtomicI64);

impl Clock for Turned {
    fn now_ns(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn ticks_us(&self) -> u64 {
        self.now_ns().unsigned_abs() / 1_000
    }
}

pub(crate) struct Plain;

impl Wording for Plain {
    fn moment(&self, unix: i64) -> Moment {
        Moment {
            rfc3339: unix.to_string(),
            ..Default::default()
        }
    }

    fn of_copy(&self, unix: i64, _: Option<jiff::civil::Date>) -> Moment {
        self.moment(unix)
    }

    fn day(&self, _: i64) -> Day {
        Day::Earlier
    }

    fn span(&self, day: &str) -> Option<std::ops::Range<i64>> {
        let begin: i64 = day.parse().ok()?;
        Some(begin..begin + 10)
    }

    fn body_words(&self) -> BodyWords {
        BodyWords::default()
    }
}

fn maildir(dir: &Path) -> StoreConfig {
    StoreConfig::new(Layout::Maildir {
        root: dir.join("Maildir"),
    })
}

/// One account, `tanaka`, with an inbox.
pub(crate) struct Room {
    dir: TempDir,
    clock: Arc<Turned>,
    pub(crate) mailroom: Mailroom,
    setup: Setup,
}

impl Room {
    pub(crate) async fn new() -> Self {
        Self::made(Renderer::Here, Duration::from_secs(20), 2, |_| Vec::new(), maildir).await
    }

    /// Where it counts whose the files are.
    pub(crate) async fn owned() -> Self {
        let us = fs::metadata("/proc/self").unwrap().uid();
        let owned = move |dir: &Path| StoreConfig {
            owner: Owner::Uid(us),
            ..maildir(dir)
        };
        Self::made(Renderer::Here, Duration::from_secs(20), 2, |_| Vec::new(), owned).await
    }

    /// Whose letters are looked into by that, within so long.
    pub(crate) async fn rendered_by(renderer: Renderer, patience: Duration) -> Self {
        Self::made(renderer, patience, 2, |_| Vec::new(), maildir).await
    }

    /// With dated copies somewhere below the folder that it is given.
    pub(crate) async fn with_snapshots(snapshots: impl Fn(&Path) -> Vec<SnapshotRoot>) -> Self {
        Self::made(Renderer::Here, Duration::from_secs(20), 2, snapshots, maildir).await
    }

    /// So many threads read the spool; without any it hangs.
    pub(crate) async fn read_by(threads: usize, snapshots: impl Fn(&Path) -> Vec<SnapshotRoot>) -> Self {
        Self::made(Renderer::Here, Duration::from_secs(20), threads, snapshots, maildir).await
    }

    /// With dated copies, whose mail lies there.
    pub(crate) async fn lying_at(layout: fn(&Path) -> Layout, snapshots: impl Fn(&Path) -> Vec<SnapshotRoot>) -> Self {
        Self::made(Renderer::Here, Duration::from_secs(20), 2, snapshots, |dir| {
            StoreConfig::new(layout(dir))
        })
        .await
    }

    async fn made(
        renderer: Renderer,
        patience: Duration,
        threads: usize,
        snapshots: impl Fn(&Path) -> Vec<SnapshotRoot>,
        store: impl FnOnce(&Path) -> StoreConfig,
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(dir.path().join("Maildir").join(sub)).unwrap();
        }
        let database = dir.path().join("data/state.sqlite");
        state::State::migrate(&database).await.unwrap();
        let account = Account {
            name: "tanaka".to_owned(),
            display_name: "tanaka".to_owned(),
            addresses: Vec::new(),
            store: store(dir.path()),
            mount: MountKey::live(vec![dir.path().to_owned()]),
            snapshots: snapshots(dir.path()),
        };
        let clock = Arc::new(Turned(AtomicI64::new(4_000_000_000_000_000_000)));
        let setup = Setup {
            accounts: Arc::new(vec![account]),
            index_dir: dir.path().join("data/index"),
            state: state::State::open(&database).await.unwrap(),
            id_key: [3; 32],
            image_urls: "https://mail.example/image".to_owned(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            deadlines: Deadlines {
                list: patience,
                body: patience,
                ..Deadlines::default()
            },
            readers: SpoolReaders::Threads(threads),
            renderer,
            keep: Keep::default(),
        };
        Self {
            dir,
            clock,
            mailroom: Mailroom::new(setup.clone()).unwrap(),
            setup,
        }
    }

    /// What is in memory alone is lost.
    pub(crate) fn restart(&mut self) {
        self.mailroom = Mailroom::new(self.setup.clone()).unwrap();
    }

    /// Keeps so many bytes of an account's mail, from an empty memory on.
    pub(crate) fn keep_bytes(&mut self, bytes: u64) {
        self.setup.keep.bytes = bytes;
        self.restart();
    }

    /// The folder that everything of it is in.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The clock goes on.
    pub(crate) fn pass(&self, time: Duration) {
        let time = i64::try_from(time.as_nanos()).unwrap();
        self.clock.0.fetch_add(time, Ordering::Relaxed);
    }

    pub(crate) fn make_mailbox(&self, folder: &str) {
        for sub in ["cur", "new", "tmp"] {
            fs::create_dir_all(self.dir.path().join("Maildir").join(folder).join(sub)).unwrap();
        }
    }

    pub(crate) fn deliver(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join("Maildir").join(name), text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.dir.path().join("Maildir").join(name)).unwrap();
    }

    /// Whether everybody may write to the file: then it is not read where it counts whose it is.
    pub(crate) fn everybody_may_write(&self, name: &str, may: bool) {
        let mode = if may { 0o646 } else { 0o644 };
        let file = self.dir.path().join("Maildir").join(name);
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// It is as late as it is for the files that are made now.
    pub(crate) fn at_present(&self) {
        let now = fs::metadata(self.dir.path())
            .and_then(|folder| folder.modified())
            .unwrap();
        let now = now.duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap();
        self.clock
            .0
            .store(i64::try_from(now.as_nanos()).unwrap(), Ordering::Relaxed);
    }

    /// The file is from then, in seconds.
    pub(crate) fn received(&self, name: &str, at: u64) {
        let file = fs::File::options()
            .write(true)
            .open(self.dir.path().join("Maildir").join(name))
            .unwrap();
        let at = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(at);
        file.set_modified(at).unwrap();
    }

    /// The store is not there, as when it is not mounted.
    pub(crate) fn put_away(&self) {
        fs::rename(self.dir.path().join("Maildir"), self.dir.path().join("away")).unwrap();
    }

    pub(crate) fn put_back(&self) {
        fs::rename(self.dir.path().join("away"), self.dir.path().join("Maildir")).unwrap();
    }

    /// Reads everything, so that nothing goes on behind.
    pub(crate) async fn read_all(&self) {
        self.mailroom.index_account("tanaka", &mut |_| ()).await.unwrap();
    }

    pub(crate) fn reader(&self) -> Reader {
        self.mailroom.reader("tanaka").unwrap()
    }

    pub(crate) async fn desk(&self) -> Arc<Desk> {
        self.mailroom.desk("tanaka").await.unwrap()
    }

    pub(crate) async fn inbox(&self) -> MailboxId {
        self.reader().inbox().await.unwrap()
    }

    pub(crate) async fn list(&self) -> MessageList {
        let inbox = self.inbox().await;
        self.reader().list(&inbox, &ListQuery::default(), &Plain).await.unwrap()
    }
}
