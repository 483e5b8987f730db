//! A long listing is written in steps, newest first, and shows with its true length meanwhile.

use crate::world::{SECOND, World, complete, everything, seen, some};
use index::{EnvelopeIn, Index, ListingIn, MessageRow, PageQuery, Refused, Rest, Seen, Sort, flags};
use std::sync::Mutex;

const LONG: u32 = 2_500;

/// Every third is read, and times repeat, so that the order of rows counts.
fn long() -> Vec<Seen> {
    let mut entries = some(LONG);
    for (at, entry) in entries.iter_mut().enumerate() {
        entry.flags = if at % 3 == 0 { flags::SEEN } else { 0 };
        entry.order_hint = at as i64 / 7;
    }
    entries
}

fn rest(entries: &[Seen]) -> Rest {
    let unread = entries.iter().filter(|entry| entry.flags & flags::SEEN == 0).count();
    Rest {
        coming: entries.len() as u64,
        unread: unread as u64,
    }
}

fn listing(entries: &[Seen]) -> ListingIn {
    ListingIn {
        stamp: b"stamp".to_vec(),
        as_of: Some(5 * SECOND),
        ..complete(entries)
    }
}

async fn rows(index: &Index, inbox: i64) -> Vec<MessageRow> {
    index.page(inbox, &everything(Sort::Date, true)).await.unwrap().rows
}

/// What a listing that is written at once makes of it.
async fn at_once(entries: &[Seen]) -> Vec<MessageRow> {
    let world = World::new().await;
    for part in entries.chunks(500) {
        let listing = ListingIn {
            may_remove: false,
            ..listing(part)
        };
        world.index.apply_listing(world.inbox, &listing, SECOND).await.unwrap();
    }
    rows(&world.index, world.inbox).await
}

#[tokio::test]
async fn it_is_counted_whole_from_the_first_step() {
    let world = World::new().await;
    let entries = long();
    let unread = rest(&entries).unread;
    // The file as each step left it, seen by another who opens it.
    let seen_meanwhile = Mutex::new(Vec::new());
    let path = world.path();
    let look = || {
        let copy = tempfile::tempdir().unwrap();
        for suffix in ["", "-wal"] {
            let from = format!("{}{suffix}", path.display());
            std::fs::copy(from, copy.path().join(format!("index.sqlite{suffix}"))).unwrap();
        }
        seen_meanwhile.lock().unwrap().push(copy);
    };
    let applied = world
        .index
        .apply_listing_in_steps(world.inbox, &listing(&entries), SECOND, &look)
        .await
        .unwrap();
    assert_eq!(applied.added, u64::from(LONG));
    let copies = seen_meanwhile.into_inner().unwrap();
    assert_eq!(copies.len(), 4);
    let expected = at_once(&entries).await;
    assert_eq!(rows(&world.index, world.inbox).await, expected);
    let row = world.row().await;
    assert_eq!((row.total, row.unread, row.coming), (u64::from(LONG), unread, 0));
    assert_eq!((row.stamp.as_deref(), row.settled), (Some(&b"stamp"[..]), true));

    for copy in copies {
        let index = Index::open(&copy.path().join("index.sqlite")).await.unwrap();
        let row = index.mailbox("inbox").await.unwrap().unwrap();
        assert_eq!(
            (row.total, row.unread, row.pending_headers),
            (u64::from(LONG), unread, u64::from(LONG))
        );
        assert_eq!((row.stamp, row.settled, row.as_of), (None, false, None));
        let there = rows(&index, row.id).await;
        assert_eq!(there.len() as u64, row.total - row.coming);
        assert_eq!(there, expected[..there.len()], "the newest are there first");
        // As if it had been killed here: the next listing adds what is missing, and all is as it should be.
        let applied = index
            .apply_listing(row.id, &listing(&entries), 2 * SECOND)
            .await
            .unwrap();
        assert_eq!(applied.added, row.coming);
        assert_eq!(rows(&index, row.id).await, expected);
        let row = index.mailbox("inbox").await.unwrap().unwrap();
        assert_eq!((row.total, row.unread, row.coming), (u64::from(LONG), unread, 0));
    }
}

#[tokio::test]
async fn a_beginning_shows_before_the_rest_is_known() {
    let world = World::new().await;
    let entries = long();
    let (older, newest) = entries.split_at(2_400);
    assert!(
        world
            .index
            .begin_listing(world.inbox, newest, rest(older), Some(SECOND))
            .await
            .unwrap()
    );
    let row = world.row().await;
    assert_eq!((row.total, row.unread), (u64::from(LONG), rest(&entries).unread));
    assert_eq!((row.pending_headers, row.coming), (u64::from(LONG), 2_400));
    assert_eq!((row.stamp, row.as_of), (None, Some(SECOND)));
    let expected = at_once(&entries).await;
    let there = rows(&world.index, world.inbox).await;
    assert_eq!(there, expected[..100]);
    // Another mailbox takes no number of those that are kept for the rest.
    world.other(&some(3)).await;
    world
        .read_headers(|row, _| EnvelopeIn {
            row,
            sent: Some(5),
            received: 5,
            ..EnvelopeIn::default()
        })
        .await;
    let row = world.row().await;
    assert_eq!((row.pending_headers, row.pending_previews), (2_400, 100));

    assert!(
        !world
            .index
            .begin_listing(world.inbox, newest, rest(older), Some(SECOND))
            .await
            .unwrap(),
        "once"
    );
    let applied = world
        .index
        .apply_listing(world.inbox, &listing(&entries), SECOND)
        .await
        .unwrap();
    assert_eq!(applied.added, 2_400);
    let mut found: Vec<i64> = rows(&world.index, world.inbox)
        .await
        .iter()
        .map(|row| row.row)
        .collect();
    let mut expected: Vec<i64> = expected.iter().map(|row| row.row).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(world.row().await.coming, 0);
}

#[tokio::test]
async fn what_is_not_there_any_more_is_not_waited_for() {
    let world = World::new().await;
    let entries = long();
    let (older, newest) = entries.split_at(2_400);
    world
        .index
        .begin_listing(world.inbox, newest, rest(older), Some(SECOND))
        .await
        .unwrap();
    // Most of it went away, and more arrived than was announced.
    let now: Vec<Seen> = newest.iter().cloned().chain((9_000..9_010).map(seen)).collect();
    world
        .index
        .apply_listing(world.inbox, &listing(&now), SECOND)
        .await
        .unwrap();
    let row = world.row().await;
    assert_eq!((row.total, row.coming), (110, 0));
}

#[tokio::test]
async fn pages_beyond_what_is_there_are_empty() {
    let world = World::new().await;
    let entries = long();
    let (older, newest) = entries.split_at(2_400);
    world
        .index
        .begin_listing(world.inbox, newest, rest(older), Some(SECOND))
        .await
        .unwrap();
    for (offset, count) in [
        (0, 50),
        (50, 50),
        (90, 10),
        (100, 0),
        (1_200, 0),
        (2_450, 0),
        (9_000, 0),
    ] {
        for unread_only in [false, true] {
            for (sort, descending) in [(Sort::Date, true), (Sort::Date, false), (Sort::From, false)] {
                let query = PageQuery {
                    sort,
                    descending,
                    unread_only,
                    offset,
                    limit: 50,
                };
                let page = world.index.page(world.inbox, &query).await.unwrap();
                if !unread_only {
                    assert_eq!(page.rows.len(), count, "{query:?}");
                    assert_eq!(page.matching, u64::from(LONG));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_mailbox_that_was_listed_is_not_begun_and_the_wrong_store_takes_no_step() {
    let world = World::new().await;
    world.list(&[], SECOND).await;
    let listing = ListingIn {
        stamp: b"x".to_vec(),
        ..complete(&some(40))
    };
    world.index.apply_listing(world.inbox, &listing, SECOND).await.unwrap();
    assert!(
        !world
            .index
            .begin_listing(world.inbox, &some(3), Rest::default(), Some(SECOND))
            .await
            .unwrap()
    );
    let others: Vec<Seen> = (10_000..13_000).map(seen).collect();
    let listing = ListingIn {
        expected: Some(40),
        ..complete(&others)
    };
    let applied = world
        .index
        .apply_listing(world.inbox, &listing, 2 * SECOND)
        .await
        .unwrap();
    assert_eq!(applied.refused, Some(Refused::WrongStore));
    assert_eq!(world.row().await.total, 40);
}

#[tokio::test]
async fn two_that_list_at_once_write_each_message_once() {
    let world = World::new().await;
    let entries = long();
    let other = Index::open(&world.path()).await.unwrap();
    let (one, two) = (listing(&entries), listing(&entries));
    let (one, two) = futures::join!(
        world.index.apply_listing(world.inbox, &one, SECOND),
        other.apply_listing(world.inbox, &two, SECOND)
    );
    assert_eq!(one.unwrap().added + two.unwrap().added, u64::from(LONG));
    let row = world.row().await;
    assert_eq!(
        (row.total, row.unread, row.coming),
        (u64::from(LONG), rest(&entries).unread, 0)
    );
    assert_eq!(rows(&world.index, world.inbox).await.len(), LONG as usize);
}
