//! Prints what helpers cost beside threads of this process, where they read letters, render them, or both: a page, its frame, both, and
//! the frame alone. `cargo run --release -p mailroom --example helpers [LETTERS [KIBIBYTES]]`.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use api_types::{Day, LetterQuery, ListQuery, MailboxId, MessageId, Moment};
use mailroom::{
    Account, BodyRequest, BodyView, BodyWords, Clock, Deadlines, HelperSettings, Keep, Layout, Mailroom, Reader,
    Renderer, Setup, SpoolReaders, StoreConfig, Wording, confine_renderer, serve_renderer, serve_spool,
};
use std::{
    error::Error,
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

type Failed = Box<dyn Error>;

struct Watch(Instant);

impl Clock for Watch {
    fn now_ns(&self) -> i64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(0))
    }

    fn ticks_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(0)
    }
}

struct Plain;

impl Wording for Plain {
    fn moment(&self, _: i64) -> Moment {
        Moment::default()
    }

    fn of_copy(&self, unix: i64, _: Option<jiff::civil::Date>) -> Moment {
        self.moment(unix)
    }

    fn day(&self, _: i64) -> Day {
        Day::Earlier
    }

    fn span(&self, _: &str) -> Option<std::ops::Range<i64>> {
        None
    }

    fn body_words(&self) -> BodyWords {
        BodyWords::default()
    }
}

fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    match first.as_deref() {
        Some("read") => return Ok(serve_spool(false)?),
        Some("render") => {
            confine_renderer()?;
            return Ok(serve_renderer()?);
        }
        _ => {}
    }
    let letters: usize = first.map_or(Ok(2_000), |given| given.parse())?;
    let kibibytes: usize = arguments.next().map_or(Ok(30), |given| given.parse())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(measure(letters, kibibytes))
}

async fn measure(letters: usize, kibibytes: usize) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let inbox = dir.path().join("Maildir");
    for sub in ["cur", "new", "tmp"] {
        fs::create_dir_all(inbox.join(sub))?;
    }
    fs::write(inbox.join("cur/1795000001.M1P1.h:2,S"), letter(kibibytes))?;
    let helpers = |what: &str| HelperSettings {
        program: "/proc/self/exe".into(),
        args: vec![what.into()],
        env: Vec::new(),
        workers: 3,
        hung_after: Duration::from_secs(60),
    };
    let threads = SpoolReaders::Threads(2);
    let (read, rendered) = (
        SpoolReaders::Helpers(helpers("read")),
        Renderer::Helpers(helpers("render")),
    );
    let here = Person::new(&dir.path().join("here"), &inbox, threads.clone(), Renderer::Here).await?;
    let mut others = Vec::new();
    for (name, readers, renderer) in [
        ("read", read.clone(), Renderer::Here),
        ("rendered", threads, rendered.clone()),
        ("both", read, rendered),
    ] {
        others.push((
            name,
            Person::new(&dir.path().join(name), &inbox, readers, renderer).await?,
        ));
    }
    println!(
        "an HTML letter of {kibibytes} KiB, {letters} times; medians in µs: page, then its frame, both; the frame alone"
    );
    for _ in 0..3 {
        for (name, helped) in &others {
            let (mut own, mut other) = (Took::default(), Took::default());
            for _ in 0..letters {
                here.open(&mut own).await?;
                helped.open(&mut other).await?;
            }
            let (own, other) = (own.medians(), other.medians());
            let added: Vec<i128> = own.iter().zip(other).map(|(own, other)| other - own).collect();
            let ratio = other[2] as f64 / own[2].max(1) as f64;
            println!("here {own:?}, {name} by helpers {other:?}, added {added:?}, ratio of both {ratio:.2}");
        }
    }
    Ok(())
}

/// Tables and paragraphs, as senders of newsletters make them.
fn letter(kibibytes: usize) -> String {
    let row = "<tr><td style=\"padding:4px 8px;color:#333;font-size:14px\"><a href=\"https://news.example/item?id=1&amp;from=mail\">A headline of \
               some words</a></td><td align=\"right\">今日のお知らせ</td></tr>\n";
    let rows = row.repeat(kibibytes * 1024 / row.len());
    format!(
        "From: News <news@news.example>\nTo: tanaka@campus.example\nSubject: News\nMIME-Version: 1.0\n\
         Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nNews.\n\
         --b\nContent-Type: text/html; charset=utf-8\n\n<table width=\"600\">{rows}</table>\n--b--\n"
    )
}

struct Person {
    reader: Reader,
    inbox: MailboxId,
    message: MessageId,
}

#[derive(Default)]
struct Took([Vec<i128>; 4]);

impl Took {
    fn medians(&mut self) -> [i128; 4] {
        self.0.each_mut().map(|took| {
            took.sort_unstable();
            took.get(took.len() / 2).copied().unwrap_or(0)
        })
    }
}

impl Person {
    async fn new(data: &Path, inbox: &Path, readers: SpoolReaders, renderer: Renderer) -> Result<Self, Failed> {
        let database = data.join("state.sqlite");
        state::State::migrate(&database).await?;
        let account = Account {
            snapshots: Vec::new(),
            name: "tanaka".to_owned(),
            display_name: "tanaka".to_owned(),
            addresses: Vec::new(),
            store: StoreConfig::new(Layout::Maildir { root: inbox.to_owned() }),
            mount: mailroom::MountKey::live(vec![inbox.to_owned()]),
        };
        let mailroom = Mailroom::new(Setup {
            accounts: Arc::new(vec![account]),
            index_dir: data.join("index"),
            state: state::State::open(&database).await?,
            id_key: [3; 32],
            image_urls: "https://mail.example/image".to_owned(),
            clock: Arc::new(Watch(Instant::now())),
            deadlines: Deadlines::default(),
            readers,
            renderer,
            keep: Keep {
                bytes: 0,
                days: 0,
                snapshot_bytes: 0,
            },
        })?;
        mailroom.index_account("tanaka", &mut |_| ()).await?;
        let reader = mailroom.reader("tanaka")?;
        let inbox = reader.inbox().await?;
        let list = reader.list(&inbox, &ListQuery::default(), &Plain).await?;
        let message = list.rows.first().ok_or("no letter")?.id.clone();
        Ok(Self { reader, inbox, message })
    }

    async fn open(&self, took: &mut Took) -> Result<(), Failed> {
        let mut note = |place: usize, since: Instant| took.0[place].push(since.elapsed().as_micros() as i128);
        let request = BodyRequest {
            view: BodyView::Html,
            charset: None,
            words: BodyWords::default(),
        };
        let began = Instant::now();
        self.reader
            .open(&self.inbox, &self.message, &LetterQuery::default(), &Plain)
            .await?;
        note(0, began);
        let page = Instant::now();
        let ahead = self.reader.body(&self.inbox, &self.message, &request).await?;
        note(1, page);
        note(2, began);
        let alone = Instant::now();
        let again = self.reader.body(&self.inbox, &self.message, &request).await?;
        note(3, alone);
        match ahead == again && ahead.html.contains("<table") {
            true => Ok(()),
            false => Err("another document".into()),
        }
    }
}
