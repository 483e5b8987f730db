//! Prints how long the index takes for a large mailbox: `cargo run --release -p index --example speed`.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use index::{EnvelopeIn, Index, ListingIn, MailboxSeen, PageQuery, PreviewIn, SearchQuery, Seen, Sort};
use std::{
    future::Future,
    time::{Duration, Instant},
};

const MESSAGES: u64 = 100_000;
const SECOND: i64 = 1_000_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("account.sqlite");
    let index = Index::open(&path).await?;
    let inbox = MailboxSeen {
        public_id: "inbox".into(),
        segments: vec!["INBOX".into()],
        ..MailboxSeen::default()
    };
    index.sync_mailboxes(&[inbox], 0).await?;
    let mailbox = index.mailboxes().await?[0].id;
    let mut listing = ListingIn {
        entries: (0..MESSAGES).map(seen).collect(),
        may_remove: true,
        settled: true,
        ..ListingIn::default()
    };

    timed("first listing", index.apply_listing(mailbox, &listing, SECOND)).await?;
    timed("same again", index.apply_listing(mailbox, &listing, 2 * SECOND)).await?;
    listing.entries.push(seen(MESSAGES));
    timed("one more message", index.apply_listing(mailbox, &listing, 3 * SECOND)).await?;
    for entry in listing.entries.iter_mut().step_by(100) {
        entry.flags ^= 1;
        entry.location.push(b'S');
    }
    timed("1 % renamed", index.apply_listing(mailbox, &listing, 4 * SECOND)).await?;

    println!("{} bytes a message, names only", size(&index, &path).await? / MESSAGES);
    let index = Index::open(&path).await?;
    let mut text = 0;
    timed("all headers, 50 at a time", async {
        loop {
            let pending = index.pending_headers(mailbox, 50).await?;
            if pending.is_empty() {
                return Ok(());
            }
            let envelopes: Vec<_> = pending.iter().map(|pending| envelope(pending.row)).collect();
            text += envelopes.iter().map(text_of).sum::<usize>();
            index.put_envelopes(&envelopes).await?;
        }
    })
    .await?;
    println!("{} bytes a message with headers", size(&index, &path).await? / MESSAGES);
    println!("   of these {} are text of headers", text as u64 / MESSAGES);

    let index = Index::open(&path).await?;
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

    for sort in [Sort::Date, Sort::From, Sort::Subject, Sort::Size] {
        for (unread_only, offset) in [(false, 0), (false, 99_000), (true, 0)] {
            let query = PageQuery {
                sort,
                descending: true,
                unread_only,
                offset,
                limit: 50,
            };
            let page = index.page(mailbox, &query).await?;
            timed(
                &format!("page {sort:?} at {offset}, unread only {unread_only}"),
                index.page(mailbox, &query),
            )
            .await?;
            let id = &page.rows[25].public_id;
            timed("   neighbours of a row of it", index.neighbours(mailbox, id, &query)).await?;
        }
    }
    timed("making it compact", index.compact()).await?;
    for text in ["yamada 77", "料 1999", "会議", "e"] {
        let query = SearchQuery {
            text: text.into(),
            limit: 50,
            ..SearchQuery::default()
        };
        index.search(&query).await?;
        let found = timed(&format!("search for {text}"), index.search(&query)).await?;
        println!("   {} found", found.total);
    }
    timed("list of mailboxes", index.mailboxes()).await?;
    println!(
        "{} bytes a message with headers and previews",
        size(&index, &path).await? / MESSAGES
    );
    std::fs::write(directory.path().join("account.sqlite-wal"), b"as if killed")?;
    timed("opening with a check", Index::open(&path)).await?;
    Ok(())
}

async fn timed<T>(what: &str, job: impl Future<Output = index::Result<T>>) -> index::Result<T> {
    let began = Instant::now();
    let outcome = job.await;
    println!(
        "{what}: {:.2?}",
        Duration::from_micros(began.elapsed().as_micros() as u64)
    );
    outcome
}

async fn size(index: &Index, path: &std::path::Path) -> std::io::Result<u64> {
    index.close().await;
    Ok(std::fs::metadata(path)?.len())
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

fn envelope(row: i64) -> EnvelopeIn {
    let number = mixed(row.unsigned_abs());
    EnvelopeIn {
        row,
        sent: Some(1_500_000_000 + i64::try_from(number % 200_000_000).unwrap_or(0)),
        received: 1_700_000_000,
        size: 1_000 + number % 60_000,
        from_name: format!("Taro Yamada {}", number % 3_000),
        from_address: format!("taro.yamada.{}@example.ac.jp", number % 3_000),
        to_line: "Hanako Suzuki".into(),
        also: "hanako@example.ac.jp".into(),
        subject: format!(
            "{}会議の資料 {}",
            if number.is_multiple_of(3) { "Re: " } else { "" },
            number % 20_000
        ),
    }
}

fn text_of(envelope: &EnvelopeIn) -> usize {
    envelope.from_name.len()
        + envelope.from_address.len()
        + envelope.to_line.len()
        + envelope.also.len()
        + envelope.subject.len()
}
