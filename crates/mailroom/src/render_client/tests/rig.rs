use crate::{
    HelperSettings,
    render_client::{Hands, RenderClient, Renderer, Waiting},
};
use api_types::Cause;
use render::{Options, Skeleton, TextWanted, View};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    collections::BTreeSet,
    fs,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use workers::{Counts, Pool};

/// Longer than anything takes; a test that waits so long has failed.
pub(super) const LONG: Duration = Duration::from_secs(60);
pub(super) const LETTER: &str = "Subject: s\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplain\n\
    --b\nContent-Type: text/html\n\n<p>html\n--b--\n";

pub(super) fn words(test: &str, mark: &str) -> Vec<std::ffi::OsString> {
    let test = format!("render_client::tests::{test}");
    let skip = format!("--skip={mark}");
    let words = [&test, "--exact", "--ignored", "--nocapture", "--test-threads=1", &skip];
    words.into_iter().map(Into::into).collect()
}

/// Of a helper or an attempt, so that whoever asks for all tests that are ignored confines nobody.
pub(super) fn is_marked() -> bool {
    std::env::args().any(|word| word.starts_with("--skip=mark-"))
}

/// Helpers of one test.
pub(super) struct Helpers {
    pub(super) client: RenderClient,
    pub(super) mark: String,
}

impl Helpers {
    pub(super) fn settings(workers: usize, hung_after: Duration) -> (HelperSettings, String) {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mark = format!("mark-{}-{number}-", std::process::id());
        let settings = HelperSettings {
            program: std::env::current_exe().unwrap(),
            args: words("helper", &mark),
            // Of this libc: no memory that was set aside for a thread and is there in spite of a limit.
            env: vec![("MALLOC_ARENA_MAX".into(), "1".into())],
            workers,
            hung_after,
        };
        (settings, mark)
    }

    pub(super) async fn new(workers: usize, hung_after: Duration) -> Self {
        let (settings, mark) = Self::settings(workers, hung_after);
        let client = RenderClient::new(&Renderer::Helpers(settings)).unwrap();
        let helpers = Self { client, mark };
        helpers.until(|counts| counts.ready == workers).await;
        helpers
    }

    pub(super) fn pool(&self) -> &Pool {
        match &*self.client.0 {
            Hands::Helpers(pool) => pool,
            Hands::Here => panic!("there are helpers"),
        }
    }

    pub(super) async fn until(&self, what: impl Fn(&Counts) -> bool) {
        for _ in 0..LONG.as_millis() {
            if what(&self.pool().counts()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("{:?}", self.pool().counts());
    }

    pub(super) fn pids(&self) -> BTreeSet<i32> {
        let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let pid = entry.unwrap().file_name().to_str()?.parse().ok()?;
            let words = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
            String::from_utf8_lossy(&words).contains(&self.mark).then_some(pid)
        });
        numbers.collect()
    }

    pub(super) fn signal(&self, signal: Signal) {
        for pid in self.pids() {
            kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
        }
    }

    /// From now on they hang: the signal alone reaches one thread after the other.
    pub(super) async fn stop(&self) {
        self.signal(Signal::STOP);
        let runs = |pid: i32| {
            let tasks = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
            let mut states = tasks.map(|task| fs::read_to_string(task.unwrap().path().join("status")).unwrap());
            states.any(|status| !status.contains("State:\tT"))
        };
        for _ in 0..LONG.as_millis() {
            if !self.pids().into_iter().any(runs) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("they do not stop");
    }

    pub(super) async fn letter_within(&self, account: u64, patience: Duration, message: &str) -> Result<View, Cause> {
        let waiting = Waiting { account, patience };
        let skeleton = Arc::new(Skeleton::whole(message.as_bytes()));
        let options = Options {
            text: TextWanted::WithoutHtml,
            ..Options::default()
        };
        Ok(self.client.letter(waiting, &skeleton, options, None).await?.0)
    }

    pub(super) async fn letter(&self, account: u64) -> Result<View, Cause> {
        self.letter_within(account, LONG, LETTER).await
    }
}
