//! The index against its promises: names first, nothing removed in haste, counts that are never wrong, an order that pages
//! and neighbours share, and a file that may be lost.

use index::{EnvelopeIn, Index, ListingIn, MailboxRow, MailboxSeen, PageQuery, Refusal, Seen, Sort};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

const SECOND: i64 = 1_000_000_000;

struct Desk {
    _dir: TempDir,
    path: PathBuf,
    index: Index,
    mailbox: i64,
}

async fn desk() -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ab/account.sqlite");
    let index = Index::open(&path).await.unwrap();
    index.sync_mailboxes(&[inbox()], 0).await.unwrap();
    let mailbox = index.mailbox("inbox").await.unwrap().unwrap().id;
    Desk {
        _dir: dir,
        path,
        index,
        mailbox,
    }
}

fn inbox() -> MailboxSeen {
    MailboxSeen {
        public_id: "inbox".into(),
        segments: vec!["INBOX".into()],
        ..Default::default()
    }
}

fn seen(number: u32) -> Seen {
    Seen {
        public_id: format!("id{number:05}"),
        base: format!("17{number:08}.M1P1.h").into_bytes(),
        location: format!("cur/17{number:08}.M1P1.h:2,").into_bytes(),
        order_hint: i64::from(number),
        ..Default::default()
    }
}

fn listing(entries: Vec<Seen>) -> ListingIn {
    ListingIn {
        entries,
        may_remove: true,
        stamp: b"s".to_vec(),
        settled: true,
        ..Default::default()
    }
}

impl Desk {
    async fn row(&self) -> MailboxRow {
        self.index.mailbox_by_row(self.mailbox).await.unwrap().unwrap()
    }

    async fn ids(&self, query: &PageQuery) -> Vec<String> {
        let page = self.index.page(self.mailbox, query).await.unwrap();
        page.rows.into_iter().map(|row| row.public_id).collect()
    }
}

fn newest(limit: u32) -> PageQuery {
    PageQuery {
        descending: true,
        limit,
        ..Default::default()
    }
}

#[tokio::test]
async fn names_make_a_list_and_headers_fill_it() {
    let desk = desk().await;
    let applied = desk
        .index
        .apply_listing(desk.mailbox, &listing((0..3).map(seen).collect()), SECOND)
        .await
        .unwrap();
    assert_eq!((applied.added, applied.changed), (3, 0));
    let page = desk.index.page(desk.mailbox, &newest(2)).await.unwrap();
    assert_eq!((page.total, page.unread, page.matching), (3, 3, 3));
    assert!(page.rows.iter().all(|row| row.loading && row.unread));
    assert_eq!(page.rows[0].public_id, "id00002");

    let pending = desk.index.pending_headers(desk.mailbox, 10).await.unwrap();
    assert_eq!(pending[0].base, seen(2).base, "newest first");
    let envelope = EnvelopeIn {
        row: pending[0].row,
        received: 500,
        subject: "会議".into(),
        size: 9,
        ..Default::default()
    };
    desk.index.put_envelopes(&[envelope]).await.unwrap();
    let row = desk.index.message(desk.mailbox, "id00002").await.unwrap().unwrap();
    assert_eq!(
        (row.subject.as_str(), row.date, row.size, row.loading),
        ("会議", 500, Some(9), false)
    );
    assert_eq!(desk.row().await.pending_headers, 2);
}

#[tokio::test]
async fn a_date_from_the_future_is_not_believed() {
    let desk = desk().await;
    desk.index
        .apply_listing(desk.mailbox, &listing(vec![seen(1)]), SECOND)
        .await
        .unwrap();
    let row = desk.index.pending_headers(desk.mailbox, 1).await.unwrap()[0].row;
    for (sent, expected) in [
        (Some(1_000), 1_000),
        (Some(1_000 + 90_000), 1_000),
        (None, 1_000),
        (Some(-5), 1_000),
    ] {
        let envelope = EnvelopeIn {
            row,
            sent,
            received: 1_000,
            ..Default::default()
        };
        desk.index.put_envelopes(&[envelope]).await.unwrap();
        assert_eq!(
            desk.index.message(desk.mailbox, "id00001").await.unwrap().unwrap().date,
            expected,
            "{sent:?}"
        );
    }
}

#[tokio::test]
async fn a_new_name_or_flag_costs_no_reading() {
    let desk = desk().await;
    desk.index
        .apply_listing(desk.mailbox, &listing(vec![seen(1)]), SECOND)
        .await
        .unwrap();
    let row = desk.index.pending_headers(desk.mailbox, 1).await.unwrap()[0].row;
    desk.index
        .put_envelopes(&[EnvelopeIn {
            row,
            subject: "x".into(),
            ..Default::default()
        }])
        .await
        .unwrap();
    let renamed = Seen {
        location: b"cur/other:2,S".to_vec(),
        seen: true,
        flags: 1,
        ..seen(1)
    };
    let applied = desk
        .index
        .apply_listing(desk.mailbox, &listing(vec![renamed.clone()]), 2 * SECOND)
        .await
        .unwrap();
    assert_eq!((applied.added, applied.changed, applied.missing), (0, 1, 0));
    let message = desk.index.message(desk.mailbox, "id00001").await.unwrap().unwrap();
    assert_eq!(
        (message.subject.as_str(), message.unread, message.location),
        ("x", false, renamed.location.clone())
    );
    let again = desk
        .index
        .apply_listing(desk.mailbox, &listing(vec![renamed]), 3 * SECOND)
        .await
        .unwrap();
    assert_eq!(again, index::Applied::default());
}

#[tokio::test]
async fn a_message_is_removed_only_by_a_second_complete_listing() {
    let desk = desk().await;
    let index = &desk.index;
    index
        .apply_listing(desk.mailbox, &listing(vec![seen(1), seen(2)]), SECOND)
        .await
        .unwrap();
    let torn = ListingIn {
        may_remove: false,
        ..listing(vec![seen(1)])
    };
    assert_eq!(
        index
            .apply_listing(desk.mailbox, &torn, 2 * SECOND)
            .await
            .unwrap()
            .missing,
        0
    );
    let without = listing(vec![seen(1)]);
    assert_eq!(
        index
            .apply_listing(desk.mailbox, &without, 3 * SECOND)
            .await
            .unwrap()
            .missing,
        1
    );
    assert!(!desk.row().await.settled, "the second listing must come");
    assert_eq!(
        index
            .apply_listing(desk.mailbox, &without, 4 * SECOND)
            .await
            .unwrap()
            .removed,
        0,
        "too soon"
    );
    assert_eq!(desk.row().await.total, 2);
    // It was only mid-rename: seen again, and the count begins anew.
    index
        .apply_listing(desk.mailbox, &listing(vec![seen(1), seen(2)]), 5 * SECOND)
        .await
        .unwrap();
    assert_eq!(
        index
            .apply_listing(desk.mailbox, &without, 9 * SECOND)
            .await
            .unwrap()
            .removed,
        0
    );
    assert_eq!(
        index
            .apply_listing(desk.mailbox, &without, 11 * SECOND)
            .await
            .unwrap()
            .removed,
        1
    );
    assert_eq!(desk.ids(&newest(9)).await, ["id00001"]);
    assert!(desk.row().await.settled);
}

#[tokio::test]
async fn a_store_that_is_suddenly_empty_is_not_believed() {
    let desk = desk().await;
    desk.index
        .apply_listing(desk.mailbox, &listing((0..40).map(seen).collect()), SECOND)
        .await
        .unwrap();
    let empty = ListingIn {
        expected: Some(40),
        ..listing(vec![])
    };
    for at in [10, 20, 30] {
        let applied = desk
            .index
            .apply_listing(desk.mailbox, &empty, at * SECOND)
            .await
            .unwrap();
        assert_eq!(applied.refused, Some(Refusal::WrongStore));
    }
    assert_eq!(desk.row().await.total, 40);
    assert_eq!(
        desk.row().await.as_of,
        Some(SECOND),
        "what was not believed does not make it newer"
    );
    // The mail server forgot them as well: they are deleted.
    let emptied = ListingIn {
        expected: Some(0),
        ..listing(vec![])
    };
    desk.index
        .apply_listing(desk.mailbox, &emptied, 40 * SECOND)
        .await
        .unwrap();
    let applied = desk
        .index
        .apply_listing(desk.mailbox, &emptied, 50 * SECOND)
        .await
        .unwrap();
    assert_eq!((applied.removed, desk.row().await.total), (40, 0));
}

#[tokio::test]
async fn opened_here_counts_as_read_until_it_is_taken_back() {
    let desk = desk().await;
    desk.index
        .apply_listing(desk.mailbox, &listing(vec![seen(1), seen(2)]), SECOND)
        .await
        .unwrap();
    let id = vec!["id00001".to_owned()];
    desk.index.set_opened_here(&id, true).await.unwrap();
    desk.index.set_opened_here(&id, true).await.unwrap();
    assert_eq!(desk.row().await.unread, 1);
    // A flag change in the spool leaves it as it is.
    let flagged = Seen { flags: 4, ..seen(1) };
    desk.index
        .apply_listing(desk.mailbox, &listing(vec![flagged, seen(2)]), 2 * SECOND)
        .await
        .unwrap();
    assert_eq!(desk.row().await.unread, 1);
    desk.index.set_opened_here(&id, false).await.unwrap();
    assert_eq!(desk.row().await.unread, 2);
}

/// A small generator, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(limit)).unwrap()
    }
}

#[tokio::test]
async fn counts_are_those_of_the_rows_whatever_happens() {
    let desk = desk().await;
    let mut random = Random(20_261_124);
    for step in 1..120_i64 {
        let mut entries = Vec::new();
        for n in 0..30 {
            if random.below(4) > 0 {
                entries.push(Seen {
                    seen: random.below(2) == 0,
                    flags: random.below(8),
                    ..seen(n)
                });
            }
        }
        let listing = ListingIn {
            may_remove: random.below(3) > 0,
            ..listing(entries)
        };
        desk.index
            .apply_listing(desk.mailbox, &listing, step * SECOND)
            .await
            .unwrap();
        let id = vec![seen(random.below(30)).public_id];
        desk.index.set_opened_here(&id, random.below(2) == 0).await.unwrap();
        if let Some(pending) = desk.index.pending_headers(desk.mailbox, 1).await.unwrap().first() {
            let envelope = EnvelopeIn {
                row: pending.row,
                received: step,
                ..Default::default()
            };
            desk.index.put_envelopes(&[envelope]).await.unwrap();
        }
        let rows = desk.index.page(desk.mailbox, &newest(1_000)).await.unwrap().rows;
        let row = desk.row().await;
        assert_eq!(row.total, rows.len() as u64, "step {step}");
        assert_eq!(
            row.unread,
            rows.iter().filter(|row| row.unread).count() as u64,
            "step {step}"
        );
        assert_eq!(
            row.pending_headers,
            rows.iter().filter(|row| row.loading).count() as u64,
            "step {step}"
        );
    }
}

#[tokio::test]
async fn neighbours_are_those_of_the_pages() {
    let desk = desk().await;
    let entries = (0..40)
        .map(|n| Seen {
            seen: n % 3 == 0,
            ..seen(n)
        })
        .collect();
    desk.index
        .apply_listing(desk.mailbox, &listing(entries), SECOND)
        .await
        .unwrap();
    let pending = desk.index.pending_headers(desk.mailbox, 100).await.unwrap();
    let envelopes: Vec<_> = pending
        .iter()
        .zip(0_i64..)
        .map(|(pending, n)| EnvelopeIn {
            row: pending.row,
            received: 1_000 + n / 2,
            size: u64::try_from(n % 5).unwrap(),
            from_name: ["佐藤", "Kenji", ""][usize::try_from(n % 3).unwrap()].into(),
            from_address: format!("a{}@example.jp", n % 4),
            subject: format!("Re: {}", n % 6),
            ..Default::default()
        })
        .collect();
    desk.index.put_envelopes(&envelopes).await.unwrap();
    for sort in [Sort::Date, Sort::From, Sort::Subject, Sort::Size] {
        for descending in [true, false] {
            for unread_only in [true, false] {
                let query = PageQuery {
                    sort,
                    descending,
                    unread_only,
                    offset: 0,
                    limit: 100,
                };
                let order = desk.ids(&query).await;
                let mut paged = Vec::new();
                for offset in (0..40).step_by(7) {
                    paged.extend(
                        desk.ids(&PageQuery {
                            offset,
                            limit: 7,
                            ..query
                        })
                        .await,
                    );
                }
                assert_eq!(order, paged, "{query:?}");
                for (place, id) in order.iter().enumerate() {
                    let found = desk.index.neighbours(desk.mailbox, id, &query).await.unwrap();
                    assert_eq!(
                        found.previous.as_ref(),
                        place.checked_sub(1).map(|at| &order[at]),
                        "{query:?} {id}"
                    );
                    assert_eq!(found.next.as_ref(), order.get(place + 1), "{query:?} {id}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_mailbox_leaves_at_the_second_list_without_it() {
    let desk = desk().await;
    let other = MailboxSeen {
        public_id: "other".into(),
        path: b".A".to_vec(),
        ..inbox()
    };
    let index = &desk.index;
    index.sync_mailboxes(&[inbox(), other.clone()], SECOND).await.unwrap();
    let row = index.mailbox("other").await.unwrap().unwrap();
    index
        .apply_listing(row.id, &listing(vec![seen(1)]), SECOND)
        .await
        .unwrap();
    assert_eq!(index.locate("id00001").await.unwrap(), ["other"]);
    index.sync_mailboxes(&[inbox()], 2 * SECOND).await.unwrap();
    assert!(index.mailbox("other").await.unwrap().is_some());
    index.sync_mailboxes(&[inbox()], 5 * SECOND).await.unwrap();
    assert!(index.mailbox("other").await.unwrap().is_none());
    assert!(index.locate("id00001").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_damaged_file_is_set_aside_and_begun_anew() {
    let desk = desk().await;
    desk.index
        .apply_listing(desk.mailbox, &listing((0..500).map(seen).collect()), SECOND)
        .await
        .unwrap();
    desk.index.close().await;
    let mut bytes = fs::read(&desk.path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xa5);
    fs::write(&desk.path, bytes).unwrap();
    let index = Index::open(&desk.path).await.unwrap();
    assert!(index.mailboxes().await.unwrap().is_empty());
    assert!(desk.path.with_extension("sqlite.set-aside").exists());

    index.close().await;
    fs::write(
        &desk.path,
        b"this is no database at all, and it is longer than a header of one hundred bytes, which matters",
    )
    .unwrap();
    assert!(
        Index::open(&desk.path)
            .await
            .unwrap()
            .mailboxes()
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn two_handles_on_one_file_do_not_spoil_it() {
    let desk = desk().await;
    let second = Index::open(&desk.path).await.unwrap();
    let (a, b) = (
        listing((0..300).map(seen).collect()),
        listing((200..500).map(seen).collect()),
    );
    let (a, b) = (
        ListingIn { may_remove: false, ..a },
        ListingIn { may_remove: false, ..b },
    );
    let (first, other) = tokio::join!(
        desk.index.apply_listing(desk.mailbox, &a, SECOND),
        second.apply_listing(desk.mailbox, &b, SECOND)
    );
    assert_eq!(first.unwrap().added + other.unwrap().added, 500);
    assert_eq!(desk.row().await.total, 500);
}
