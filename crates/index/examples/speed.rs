//! Prints how long the index takes for a large mailbox and what it costs on disk:
//! `cargo run --release -p index --example speed [MESSAGES [HEADERS AT ONCE]]`. On one core: `taskset -c 0 …`.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use index::{EnvelopeIn, Index, ListingIn, MailboxSeen, PageQuery, Pending, PreviewIn, SearchQuery, Seen, Sort};
use sqlx::{ConnectOptions, Connection, Row, sqlite::SqliteConnectOptions};
use std::{
    future::Future,
    time::{Duration, Instant},
};

const SECOND: i64 = 1_000_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let messages: u64 = arguments.next().map_or(Ok(100_000), |given| given.parse())?;
    let at_once: u32 = arguments.next().map_or(Ok(500), |given| given.parse())?;
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("account.sqlite");
    let index = Index::open(&path).await?;
    let inbox = MailboxSeen {
        public_id: "inbox".into(),
        segments: vec!["INBOX".into()],
        ..MailboxSeen::default()
    };
    index.sync_mailboxes(&[inbox], &[], 0).await?;
    let mailbox = index.mailboxes().await?[0].id;
    let mut listing = ListingIn {
        entries: (0..messages).map(seen).collect(),
        may_remove: true,
        settled: true,
        ..ListingIn::default()
    };

    timed("first listing", index.apply_listing(mailbox, &listing, SECOND)).await?;
    timed("same again", index.apply_listing(mailbox, &listing, 2 * SECOND)).await?;
    listing.entries.push(seen(messages));
    timed("one more message", index.apply_listing(mailbox, &listing, 3 * SECOND)).await?;
    for entry in listing.entries.iter_mut().step_by(100) {
        entry.flags ^= 1;
        entry.location.push(b'S');
    }
    timed("1 % renamed", index.apply_listing(mailbox, &listing, 4 * SECOND)).await?;

    println!("names only:");
    sizes(&path).await?;
    let mut text = 0;
    timed(&format!("all headers, {at_once} at a time"), async {
        loop {
            let pending = index.pending_headers(mailbox, at_once).await?;
            if pending.is_empty() {
                return Ok(());
            }
            let envelopes: Vec<_> = pending.iter().map(envelope).collect();
            text += envelopes.iter().map(text_of).sum::<usize>();
            index.put_envelopes(&envelopes).await?;
        }
    })
    .await?;
    println!("with headers, {} bytes of text each:", text as u64 / messages);
    sizes(&path).await?;

    timed("all previews", async {
        loop {
            let pending = index.pending_previews(mailbox, 500).await?;
            if pending.is_empty() {
                return Ok(());
            }
            let preview = |row| PreviewIn {
                row,
                preview: "会議の資料をお送りします。".repeat(4),
                ..PreviewIn::default()
            };
            index
                .put_previews(
                    &pending
                        .into_iter()
                        .map(|pending| preview(pending.row))
                        .collect::<Vec<_>>(),
                )
                .await?;
        }
    })
    .await?;

    timed("making it compact", index.compact()).await?;
    println!("with headers and previews:");
    sizes(&path).await?;

    for sort in [Sort::Date, Sort::From, Sort::Subject, Sort::Size] {
        for (unread_only, offset) in [(false, 0), (false, u32::try_from(messages)? / 100 * 99), (true, 0)] {
            let query = PageQuery {
                sort,
                descending: true,
                unread_only,
                offset,
                limit: 50,
            };
            let first = format!("page {sort:?} at {offset}, unread only {unread_only}, first");
            let page = timed(&first, index.page(mailbox, &query)).await?;
            timed("   again", index.page(mailbox, &query)).await?;
            let id = &page.rows[page.rows.len() / 2].public_id;
            timed("   neighbours of a row of it", index.neighbours(mailbox, id, &query)).await?;
        }
    }
    for text in [
        "qqxw",
        "common",
        "yamada 77",
        "料 1999",
        "会議",
        "e",
        "ma",
        "ta",
        "議",
        "q",
    ] {
        for mailbox in [None, Some(mailbox)] {
            let query = SearchQuery {
                text: text.into(),
                mailbox,
            };
            let search = async || {
                let matches = index.matches(&query).await?;
                let rows = index.found(&matches, 0, 50).await?;
                index::Result::Ok((matches, rows))
            };
            search().await?;
            let place = mailbox.map_or("", |_| " in one mailbox");
            let what = format!("search for {text}{place}, twenty times");
            let twenty = timed(&what, async {
                for _ in 1..20 {
                    search().await?;
                }
                search().await
            });
            let (found, _) = twenty.await?;
            println!("   {} found, more {}", found.total(), found.more);
        }
    }
    timed("list of mailboxes", index.mailboxes()).await?;
    println!("with the indexes of all orders:");
    sizes(&path).await?;
    index.close().await;
    std::fs::write(directory.path().join("account.sqlite-wal"), b"as if killed")?;
    timed("opening with a check", Index::open(&path)).await?;
    Ok(())
}

async fn timed<T>(what: &str, job: impl Future<Output = index::Result<T>>) -> index::Result<T> {
    let (began, worked) = (Instant::now(), processor_time());
    let outcome = job.await;
    let (took, worked) = (began.elapsed(), processor_time().saturating_sub(worked));
    let took = Duration::from_micros(took.as_micros() as u64);
    println!("{what}: {took:.2?}, {worked:?} of processors");
    outcome
}

/// Processor time of this process so far, in steps of 10 ms: what others do on the machine does not count.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(10 * ticks.sum::<u64>())
}

/// Prints what tables and indexes take, and the most memory that was in use so far.
async fn sizes(path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await?;
    let rows = sqlx::query(
        "SELECT iif(name LIKE 'search%', 'search', name), sum(pgsize) * 1.0 / (SELECT max(1, count(*)) FROM message) \
         FROM dbstat GROUP BY 1 ORDER BY 2 DESC LIMIT 12",
    );
    let mut without_search = 0.0;
    for row in rows.fetch_all(&mut connection).await? {
        let (name, bytes): (String, f64) = (row.try_get(0)?, row.try_get(1)?);
        if name != "search" {
            without_search += bytes;
        }
        println!("   {name}: {bytes:.1} bytes a message");
    }
    println!("   all but search: {without_search:.1} bytes a message");
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!(
        "   memory: {}",
        status
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .unwrap_or_default()
    );
    connection.close().await?;
    Ok(())
}

/// A number without a pattern.
fn mixed(number: u64) -> u64 {
    let mut mixed = number
        .wrapping_add(0x9e37_79b9_7f4a_7c15)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 31;
    mixed.wrapping_mul(0x94d0_49bb_1331_11eb)
}

fn seen(number: u64) -> Seen {
    let arrived = 1_500_000_000 + mixed(number) % 200_000_000;
    let base = format!(
        "{arrived}.M{}P{}.mail.example.ac.jp,S={}",
        number % 1_000_000,
        mixed(number) % 30_000,
        4_000
    );
    let flags = u32::from(!mixed(number).is_multiple_of(20));
    let location = format!("\x01{base}:2,{}", if flags == 1 { "S" } else { "" });
    Seen {
        public_id: format!("{:016x}", mixed(number)),
        location: location.into_bytes(),
        base: base.into_bytes(),
        flags,
        uid: Some(u32::try_from(number).unwrap_or(0)),
        size: Some(4_000),
        order_hint: i64::try_from(arrived).unwrap_or(0),
        ..Seen::default()
    }
}

fn envelope(pending: &Pending) -> EnvelopeIn {
    let row = pending.row;
    let number = mixed(row.unsigned_abs());
    let name = String::from_utf8_lossy(&pending.base);
    let received = name
        .split('.')
        .next()
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0);
    EnvelopeIn {
        row,
        file: Some(row),
        // Mail is minutes under way, and sometimes days.
        sent: Some(received - i64::try_from(number % if row % 100 == 0 { 300_000 } else { 300 }).unwrap_or(0)),
        received,
        size: 1_000 + number % 60_000,
        from_name: format!("Taro Yamada {}", number % 3_000),
        from_address: format!("taro.yamada.{}@example.ac.jp", number % 3_000),
        to_line: "Hanako Suzuki".into(),
        also: "hanako@example.ac.jp".into(),
        subject: format!(
            "{}会議の資料 {}{}{}{}",
            if number.is_multiple_of(3) { "Re: " } else { "" },
            number % 20_000,
            words(number),
            if row % 50 == 0 { " common" } else { "" },
            if row % 10_000 == 0 { " qqxw" } else { "" },
        ),
    }
}

/// Words of no language, as many different ones as in real mail.
fn words(number: u64) -> String {
    let mut text = String::new();
    for word in 0..3 + number % 4 {
        let mut letters = mixed(number ^ word);
        text.push(' ');
        for _ in 0..2 + letters % 3 {
            letters /= 7;
            for kind in ["bdfghklmnprstvz", "aeiou"] {
                let at = letters as usize % kind.len();
                letters /= 11;
                text.push_str(&kind[at..=at]);
            }
        }
    }
    text
}

fn text_of(envelope: &EnvelopeIn) -> usize {
    envelope.from_name.len()
        + envelope.from_address.len()
        + envelope.to_line.len()
        + envelope.also.len()
        + envelope.subject.len()
}
