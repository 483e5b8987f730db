use crate::world::{SECOND, World, complete, seen, some};
use index::{EnvelopeIn, IndexError, ListingIn, Refused, flags};

#[tokio::test]
async fn names_come_first_and_show_at_once() {
    let world = World::new().await;
    assert_eq!(world.row().await.as_of, None);
    let applied = world.list(&some(3), SECOND).await;
    assert_eq!((applied.added, applied.changed, applied.missing), (3, 0, 0));
    assert_eq!(world.ids().await, ["m2", "m1", "m0"]);
    let row = world.row().await;
    assert_eq!(
        (row.total, row.unread, row.pending_headers, row.pending_previews),
        (3, 3, 3, 0)
    );
    let message = world.message("m1").await.unwrap();
    assert!(message.loading && message.unread);
    assert_eq!((message.date, message.location.as_slice()), (1, &b"\x01m1:2,"[..]));
}

#[tokio::test]
async fn what_is_said_of_a_listing_is_kept() {
    let world = World::new().await;
    let listing = ListingIn {
        stamp: b"stamp".to_vec(),
        settled: true,
        memory: Some(b"memory".to_vec()),
        uidvalidity: Some(7),
        defect: Some("odd".into()),
        as_of: Some(5 * SECOND),
        ..complete(&some(1))
    };
    world
        .index
        .apply_listing(world.inbox, &listing, 6 * SECOND)
        .await
        .unwrap();
    let row = world.row().await;
    assert_eq!(row.stamp.as_deref(), Some(&b"stamp"[..]));
    assert_eq!(
        (row.settled, row.uidvalidity, row.as_of),
        (true, Some(7), Some(5 * SECOND))
    );
    assert_eq!(row.defect.as_deref(), Some("odd"));
    assert_eq!(
        world.index.memory(world.inbox).await.unwrap().as_deref(),
        Some(&b"memory"[..])
    );
    world.index.verified(world.inbox, 9 * SECOND).await.unwrap();
    assert_eq!(world.row().await.as_of, Some(9 * SECOND));
    let unsure = ListingIn {
        may_remove: false,
        settled: false,
        as_of: None,
        ..listing
    };
    let at = 20 * SECOND;
    world.index.apply_listing(world.inbox, &unsure, at).await.unwrap();
    let row = world.row().await;
    assert_eq!((row.settled, row.as_of), (false, Some(9 * SECOND)));
}

#[tokio::test]
async fn a_new_name_is_the_same_message() {
    let world = World::new().await;
    world.list(&some(2), SECOND).await;
    world
        .read_headers(|row, base| EnvelopeIn {
            row,
            subject: base.to_owned(),
            ..EnvelopeIn::default()
        })
        .await;
    let before = world.message("m1").await.unwrap();
    let mut entries = some(2);
    entries[1].flags = flags::SEEN | flags::FLAGGED;
    entries[1].keywords = vec!["重要".into()];
    entries[1].uid = Some(9);
    entries[1].location = b"\x01m1:2,FS".to_vec();
    let applied = world.list(&entries, 2 * SECOND).await;
    assert_eq!((applied.added, applied.changed), (0, 1));
    let after = world.message("m1").await.unwrap();
    assert_eq!(after.row, before.row);
    assert_eq!(
        (after.subject.as_str(), after.loading, after.unread),
        ("m1", false, false)
    );
    assert_eq!((after.flags, after.uid), (entries[1].flags, Some(9)));
    assert_eq!(
        (&after.keywords, &after.location),
        (&entries[1].keywords, &entries[1].location)
    );
    assert_eq!(world.list(&entries, 3 * SECOND).await, index::Applied::default());
}

#[tokio::test]
async fn another_size_under_one_name_is_other_content() {
    let world = World::new().await;
    let mut entries = some(1);
    entries[0].size = Some(10);
    world.list(&entries, SECOND).await;
    // The size that was read may differ from that of the name: that alone is no change.
    world
        .read_headers(|row, _| EnvelopeIn {
            row,
            size: 11,
            ..EnvelopeIn::default()
        })
        .await;
    entries[0].flags = flags::SEEN;
    world.list(&entries, 2 * SECOND).await;
    let message = world.message("m0").await.unwrap();
    assert_eq!((message.size, message.loading), (11, false));
    entries[0].size = Some(12);
    world.list(&entries, 3 * SECOND).await;
    let message = world.message("m0").await.unwrap();
    assert_eq!((message.size, message.loading), (12, true));
    assert_eq!(world.row().await.pending_headers, 1);
}

#[tokio::test]
async fn it_takes_two_listings_two_seconds_apart_to_lose_a_message() {
    let world = World::new().await;
    world.list(&some(3), SECOND).await;
    let rest = some(2);
    let applied = world.list(&rest, 2 * SECOND).await;
    assert_eq!((applied.missing, applied.removed), (1, 0));
    assert_eq!(world.ids().await.len(), 3);
    // Too early; and an incomplete listing never decides, though it may bring something new.
    let applied = world.list(&rest, 3 * SECOND).await;
    assert_eq!((applied.missing, applied.removed), (1, 0));
    let incomplete = ListingIn {
        may_remove: false,
        ..complete(&[seen(7)])
    };
    let applied = world
        .index
        .apply_listing(world.inbox, &incomplete, 60 * SECOND)
        .await
        .unwrap();
    assert_eq!((applied.added, applied.missing, applied.removed), (1, 1, 0));
    assert_eq!(world.ids().await.len(), 4);

    let rest = [rest, vec![seen(7)]].concat();
    let applied = world.list(&rest, 61 * SECOND).await;
    assert_eq!((applied.missing, applied.removed), (0, 1));
    assert_eq!(world.ids().await, ["m7", "m1", "m0"]);
    assert_eq!(world.message("m2").await, None);
    assert_eq!(world.index.locate("m2").await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn what_comes_back_is_as_it_was() {
    let world = World::new().await;
    world.list(&some(2), SECOND).await;
    world
        .read_headers(|row, base| EnvelopeIn {
            row,
            subject: base.to_owned(),
            ..EnvelopeIn::default()
        })
        .await;
    world.list(&some(1), 2 * SECOND).await;
    assert_eq!(world.list(&some(2), 3 * SECOND).await.returned, 1);
    // It is as if it had never been missing: the two listings begin anew.
    assert_eq!(world.list(&some(1), 9 * SECOND).await.missing, 1);
    assert_eq!(world.list(&some(1), 11 * SECOND).await.removed, 1);
    assert_eq!(world.row().await.total, 1);
    let applied = world.list(&some(2), 12 * SECOND).await;
    assert_eq!((applied.added, applied.returned), (0, 1));
    // The name may be another message's by now: it is shown as it was until it has been read again.
    let message = world.message("m1").await.unwrap();
    assert_eq!((message.subject.as_str(), message.loading), ("m1", true));
    assert_eq!((world.row().await.total, world.row().await.pending_headers), (2, 1));
}

#[tokio::test]
async fn what_is_gone_is_forgotten_after_thirty_days() {
    let world = World::new().await;
    let day = 24 * 3600 * SECOND;
    world.list(&some(3), SECOND).await;
    world.list(&some(2), 2 * SECOND).await;
    world.list(&some(2), 4 * SECOND).await;
    world.list(&some(1), 31 * day).await;
    let applied = world.list(&some(3), 32 * day).await;
    assert_eq!((applied.added, applied.returned), (1, 1));
}

#[tokio::test]
async fn a_clock_set_back_removes_nothing_early() {
    let world = World::new().await;
    world.list(&some(2), SECOND).await;
    world.list(&some(1), 1_000 * SECOND).await;
    assert_eq!(world.list(&some(1), 5 * SECOND).await.removed, 0);
    assert_eq!(world.list(&some(1), 6 * SECOND).await.removed, 0);
    assert_eq!(world.list(&some(1), 7 * SECOND).await.removed, 1);
}

#[tokio::test]
async fn a_listing_of_the_wrong_store_changes_nothing() {
    let world = World::new().await;
    world.list(&some(40), SECOND).await;
    for (left, expected, refused) in [
        (0, Some(40), true),
        (27, Some(40), true),
        (28, Some(40), false),
        (0, None, false),
        (0, Some(20), false),
        (27, Some(28), true),
    ] {
        let listing = ListingIn {
            expected,
            stamp: b"wrong".to_vec(),
            ..complete(&some(left))
        };
        let applied = world
            .index
            .apply_listing(world.inbox, &listing, 2 * SECOND)
            .await
            .unwrap();
        assert_eq!(
            applied.refused,
            refused.then_some(Refused::WrongStore),
            "{left} left, {expected:?} expected"
        );
        let stamp = world.row().await.stamp;
        assert_eq!(stamp == Some(b"wrong".to_vec()), !refused);
        // Put right again.
        assert_eq!(
            world.list(&some(40), 3 * SECOND).await.returned,
            if refused { 0 } else { u64::from(40 - left) }
        );
    }
}

#[tokio::test]
async fn another_store_in_its_place_is_believed_after_a_while() {
    const MINUTE: i64 = 60 * SECOND;
    let world = World::new().await;
    let of = |left: u32, stamp: &[u8], other_device: bool, at: i64| ListingIn {
        other_device,
        uidvalidity: Some(u32::from(stamp[1])),
        stamp: stamp.to_vec(),
        memory: Some(stamp.to_vec()),
        as_of: Some(at),
        ..complete(&some(left))
    };
    let apply = async |listing: ListingIn| {
        let at = listing.as_of.unwrap();
        world.index.apply_listing(world.inbox, &listing, at).await.unwrap()
    };
    let stamp = async || world.row().await.stamp.unwrap();
    apply(of(40, b"own", false, SECOND)).await;
    let uidvalidity = world.row().await.uidvalidity;
    assert_eq!(stamp().await, b"own");
    // An older copy, of which nobody's list says what it lacks.
    for at in [MINUTE, 2 * MINUTE, 9 * MINUTE] {
        let found = apply(of(10, b"other", true, at)).await;
        assert_eq!((found.missing, found.removed, found.refused), (30, 0, None));
        assert_eq!(
            (stamp().await, world.row().await.as_of),
            (b"own".to_vec(), Some(SECOND))
        );
        assert_eq!(world.index.memory(world.inbox).await.unwrap(), None);
        let row = world.row().await;
        assert_eq!((row.total, row.uidvalidity), (40, uidvalidity));
    }
    let found = apply(of(40, b"own", false, 10 * MINUTE)).await;
    assert_eq!((found.returned, found.missing), (30, 0), "it was mounted again");
    // Restored for good.
    apply(of(10, b"other", true, 20 * MINUTE)).await;
    let found = apply(of(10, b"other", true, 30 * MINUTE)).await;
    assert_eq!((found.removed, world.row().await.total), (30, 10));
    assert_eq!(
        (stamp().await, world.row().await.as_of),
        (b"other".to_vec(), Some(30 * MINUTE))
    );
}

#[tokio::test]
async fn what_somebody_removed_without_a_word_is_gone_after_a_while() {
    const MINUTE: i64 = 60 * SECOND;
    let world = World::new().await;
    world.list(&some(40), SECOND).await;
    let apply = async |left: u32, at: i64| {
        let listing = ListingIn {
            expected: Some(40),
            same_place: true,
            as_of: Some(at),
            ..complete(&some(left))
        };
        world.index.apply_listing(world.inbox, &listing, at).await.unwrap()
    };
    let found = apply(10, MINUTE).await;
    assert_eq!((found.missing, found.doubtful, found.refused), (30, true, None));
    assert_eq!(world.row().await.as_of, None, "what it does not have is shown");
    let found = apply(10, 10 * MINUTE).await;
    assert_eq!((found.missing, found.removed), (30, 0));
    assert_eq!(world.row().await.total, 40, "until then they are shown");
    assert_eq!(
        apply(0, 11 * MINUTE).await.refused,
        Some(Refused::WrongStore),
        "all of them is too many"
    );
    let found = apply(10, 11 * MINUTE).await;
    assert_eq!((found.removed, world.row().await.total), (30, 10));
    assert_eq!(world.row().await.as_of, Some(11 * MINUTE));
    let found = apply(9, 12 * MINUTE).await;
    assert!(!found.doubtful);
}

#[tokio::test]
async fn a_small_mailbox_may_be_emptied() {
    let world = World::new().await;
    world.list(&some(19), SECOND).await;
    let listing = ListingIn {
        expected: Some(19),
        ..complete(&[])
    };
    assert_eq!(
        world
            .index
            .apply_listing(world.inbox, &listing, 2 * SECOND)
            .await
            .unwrap()
            .missing,
        19
    );
}

#[tokio::test]
async fn of_two_entries_with_one_id_the_first_counts() {
    let world = World::new().await;
    let mut twice = [some(2), some(1)].concat();
    twice[2].location = b"\x00m0".to_vec();
    for at in [SECOND, 2 * SECOND] {
        world.list(&twice, at).await;
        assert_eq!(world.row().await.total, 2);
        let message = world.message("m0").await.unwrap();
        assert_eq!(message.location, b"\x01m0:2,");
    }
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_takes_no_listing() {
    let world = World::new().await;
    let outcome = world.index.apply_listing(99, &complete(&some(1)), SECOND).await;
    assert!(matches!(outcome, Err(IndexError::NoMailbox)), "{outcome:?}");
}
