use crate::world::{Dice, SECOND, World, complete, everything, seen, some};
use index::{Applied, ArrivalsIn, EnvelopeIn, IndexError, ListingIn, MessageRow, PreviewIn, Seen, Sort, flags};

fn arrived(entries: &[Seen]) -> ArrivalsIn {
    ArrivalsIn {
        entries: entries.to_vec(),
        ..ArrivalsIn::default()
    }
}

impl World {
    async fn arrive(&self, entries: &[Seen], at: i64) -> Option<Applied> {
        self.index
            .apply_arrivals(self.inbox, &arrived(entries), at)
            .await
            .unwrap()
    }

    /// All that lists show, and the counts.
    async fn shown(&self) -> (Vec<MessageRow>, [u64; 4]) {
        let page = self
            .index
            .page(self.inbox, &everything(Sort::Date, true))
            .await
            .unwrap();
        let row = self.row().await;
        let counts = [row.total, row.unread, row.pending_headers, row.pending_previews];
        (page.rows, counts)
    }
}

#[tokio::test]
async fn what_arrives_is_as_if_it_had_been_listed() {
    let (short, long) = (World::new().await, World::new().await);
    let mut dice = Dice(11);
    let mut all = some(40);
    for world in [&short, &long] {
        world.list(&all, SECOND).await;
        // One is missing and one is gone; the first will come back.
        world.list(&all[..39], 2 * SECOND).await;
        world.list(&all[..39], 5 * SECOND).await;
        world.list(&all[..38], 6 * SECOND).await;
    }
    let mut number = 100;
    for at in 10..40 {
        let mut arrivals = Vec::new();
        for _ in 0..dice.below(4) {
            let mut entry = seen(number);
            entry.flags = if dice.below(2) == 0 { flags::SEEN } else { 0 };
            entry.size = (dice.below(2) == 0).then_some(u64::from(number));
            arrivals.push(entry);
            number += 1;
        }
        match at {
            15 => arrivals.push(all[39].clone()),
            20 => {
                let mut numbered = all[7].clone();
                numbered.uid = Some(9);
                all[7] = numbered.clone();
                arrivals.push(numbered);
            }
            25 => arrivals.push(all[3].clone()),
            _ => {}
        }
        let added = arrivals.iter().filter(|entry| !all.contains(entry));
        let listed: Vec<Seen> = all[..38]
            .iter()
            .chain(&all[if at < 15 { 40 } else { 39 }..])
            .chain(added)
            .cloned()
            .collect();
        let listing = ListingIn {
            may_remove: false,
            ..complete(&listed)
        };
        let by_listing = long
            .index
            .apply_listing(long.inbox, &listing, at * SECOND)
            .await
            .unwrap();
        let by_arrival = short.arrive(&arrivals, at * SECOND).await.unwrap();
        assert_eq!(
            (
                by_arrival.added,
                by_arrival.changed,
                by_arrival.returned,
                by_arrival.removed
            ),
            (by_listing.added, by_listing.changed, by_listing.returned, 0),
            "{at}"
        );
        all.extend(arrivals.into_iter().filter(|entry| entry.order_hint >= 100));
        for world in [&short, &long] {
            world
                .read_headers(|row, base| EnvelopeIn {
                    row,
                    subject: base.into(),
                    ..EnvelopeIn::default()
                })
                .await;
        }
        assert_eq!(short.shown().await, long.shown().await, "{at}");
    }
    // A listing finds nothing to add.
    let last: Vec<Seen> = all[..38].iter().chain(&all[39..]).cloned().collect();
    let listing = ListingIn {
        may_remove: false,
        ..complete(&last)
    };
    let applied = short
        .index
        .apply_listing(short.inbox, &listing, 50 * SECOND)
        .await
        .unwrap();
    assert_eq!((applied.added, applied.changed, applied.returned), (0, 0, 0));
}

#[tokio::test]
async fn what_was_read_of_arrivals_is_as_if_it_had_been_read_later() {
    let (at_once, later) = (World::new().await, World::new().await);
    for world in [&at_once, &later] {
        world.list(&some(3), SECOND).await;
    }
    let mut numbered = seen(1);
    numbered.uid = Some(9);
    // Not in the order of their rows; one is known, and its header is not looked at again.
    let entries = [seen(9), numbered, seen(7)];
    let head = |row, number: i64| EnvelopeIn {
        row,
        received: 1_000 - number,
        subject: format!("Subject {number}"),
        ..EnvelopeIn::default()
    };
    let text = |row| PreviewIn {
        row,
        preview: "text".into(),
        has_attachments: true,
        is_html: true,
    };
    let read = ArrivalsIn {
        heads: vec![head(0, 9), head(1, 1), head(2, 7)],
        texts: vec![text(1), text(2)],
        ..arrived(&entries)
    };
    let applied = at_once.index.apply_arrivals(at_once.inbox, &read, 2 * SECOND).await;
    assert_eq!(applied.unwrap(), later.arrive(&entries, 2 * SECOND).await);

    let (nine, seven) = (
        later.message("m9").await.unwrap().row,
        later.message("m7").await.unwrap().row,
    );
    later
        .index
        .put_envelopes(&[head(nine, 9), head(seven, 7)])
        .await
        .unwrap();
    later.index.put_previews(&[text(seven)]).await.unwrap();
    assert_eq!(at_once.shown().await, later.shown().await);
    assert_eq!(at_once.shown().await.1[2..], [3, 1]);
}

#[tokio::test]
async fn nothing_is_missed_by_what_arrives() {
    let world = World::new().await;
    world.list(&some(3), SECOND).await;
    for at in [2, 60, 120] {
        let applied = world.arrive(&[seen(9)], at * SECOND).await.unwrap();
        assert_eq!((applied.missing, applied.removed), (0, 0));
    }
    assert_eq!(world.ids().await, ["m9", "m2", "m1", "m0"]);
}

#[tokio::test]
async fn what_is_said_of_arrivals_is_kept_and_the_rest_stays() {
    let world = World::new().await;
    let listing = ListingIn {
        stamp: b"one".to_vec(),
        uidvalidity: Some(7),
        defect: Some("odd".into()),
        ..complete(&some(1))
    };
    world.index.apply_listing(world.inbox, &listing, SECOND).await.unwrap();
    let arrivals = ArrivalsIn {
        since: b"one".to_vec(),
        stamp: b"two".to_vec(),
        settled: false,
        memory: b"memory".to_vec(),
        as_of: Some(4 * SECOND),
        ..arrived(&[seen(1)])
    };
    let applied = world
        .index
        .apply_arrivals(world.inbox, &arrivals, 5 * SECOND)
        .await
        .unwrap();
    assert_eq!(applied.unwrap().added, 1);
    let row = world.row().await;
    assert_eq!(
        (row.stamp.as_deref(), row.settled, row.as_of),
        (Some(&b"two"[..]), false, Some(4 * SECOND))
    );
    assert_eq!((row.uidvalidity, row.defect.as_deref()), (Some(7), Some("odd")));
    assert_eq!(
        world.index.memory(world.inbox).await.unwrap().as_deref(),
        Some(&b"memory"[..])
    );
    let untold = ArrivalsIn {
        since: b"two".to_vec(),
        as_of: None,
        ..arrivals.clone()
    };
    let applied = world.index.apply_arrivals(world.inbox, &untold, 6 * SECOND).await;
    assert!(applied.unwrap().is_some());
    assert_eq!(world.row().await.as_of, Some(4 * SECOND), "as it was known to be");
    // They arrived since another stamp: somebody else has listed meanwhile.
    assert_eq!(
        world
            .index
            .apply_arrivals(world.inbox, &arrivals, 6 * SECOND)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn one_that_is_known_in_another_place_is_for_a_listing_to_judge() {
    let world = World::new().await;
    world.list(&some(2), SECOND).await;
    let mut elsewhere = seen(1);
    elsewhere.location = b"\x00m1".to_vec();
    assert_eq!(world.arrive(&[seen(5), elsewhere.clone()], 2 * SECOND).await, None);
    assert_eq!(world.ids().await, ["m1", "m0"], "nothing was written");
    // What is missing is in no other place.
    world.list(&some(1), 3 * SECOND).await;
    let applied = world
        .arrive(std::slice::from_ref(&elsewhere), 4 * SECOND)
        .await
        .unwrap();
    assert_eq!((applied.changed, applied.returned), (1, 1));
    assert_eq!(world.message("m1").await.unwrap().location, elsewhere.location);
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_takes_no_arrivals() {
    let world = World::new().await;
    let outcome = world.index.apply_arrivals(99, &arrived(&some(1)), SECOND).await;
    assert!(matches!(outcome, Err(IndexError::NoMailbox)), "{outcome:?}");
}
