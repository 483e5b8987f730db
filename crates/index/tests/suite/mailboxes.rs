use crate::world::{SECOND, World, complete, mailbox, some};
use index::MailboxSeen;

async fn names(world: &World) -> Vec<String> {
    world
        .index
        .mailboxes()
        .await
        .unwrap()
        .into_iter()
        .map(|mailbox| mailbox.public_id)
        .collect()
}

#[tokio::test]
async fn a_mailbox_is_kept_as_it_was_seen() {
    let world = World::new().await;
    let work = MailboxSeen {
        public_id: "id".into(),
        path: b".\xff.&kAFP4W4IMH8-".to_vec(),
        segments: vec!["a\0b".into(), "送信済み".into()],
        special_use: Some(3),
        subscribed: Some(false),
        defect: Some("name".into()),
    };
    world
        .index
        .sync_mailboxes(&[mailbox("inbox"), work.clone()], &[], SECOND)
        .await
        .unwrap();
    let row = world.index.mailbox("id").await.unwrap().unwrap();
    assert_eq!((row.path, row.segments), (work.path.clone(), work.segments.clone()));
    assert_eq!(
        (row.special_use, row.subscribed, row.defect.as_deref()),
        (Some(3), Some(false), Some("name"))
    );
    assert_eq!((row.total, row.as_of, row.stamp), (0, None, None));

    let listing = index::ListingIn {
        defect: Some("entry".into()),
        ..complete(&[])
    };
    world.index.apply_listing(row.id, &listing, SECOND).await.unwrap();
    let row = world.index.mailbox("id").await.unwrap().unwrap();
    assert_eq!(row.defect.as_deref(), Some("name\nentry"));

    let changed = MailboxSeen {
        subscribed: Some(true),
        defect: None,
        ..work
    };
    world
        .index
        .sync_mailboxes(&[mailbox("inbox"), changed], &[], 2 * SECOND)
        .await
        .unwrap();
    let row = world.index.mailbox("id").await.unwrap().unwrap();
    assert_eq!((row.subscribed, row.defect.as_deref()), (Some(true), Some("entry")));
}

#[tokio::test]
async fn it_takes_two_lists_two_seconds_apart_to_lose_a_mailbox() {
    let world = World::new().await;
    let both = [mailbox("inbox"), mailbox("work")];
    world.index.sync_mailboxes(&both, &[], SECOND).await.unwrap();
    let work = world.index.mailbox("work").await.unwrap().unwrap().id;
    world
        .index
        .apply_listing(work, &complete(&some(5)), SECOND)
        .await
        .unwrap();
    assert_eq!(world.index.locate("m3").await.unwrap(), ["work"]);
    for at in [2, 3] {
        world.index.sync_mailboxes(&both[..1], &[], at * SECOND).await.unwrap();
        assert_eq!(names(&world).await, ["inbox", "work"]);
    }
    world.index.sync_mailboxes(&both, &[], 4 * SECOND).await.unwrap();
    world.index.sync_mailboxes(&both[..1], &[], 10 * SECOND).await.unwrap();
    assert_eq!(names(&world).await, ["inbox", "work"]);
    world.index.sync_mailboxes(&both[..1], &[], 12 * SECOND).await.unwrap();
    assert_eq!(names(&world).await, ["inbox"]);
    assert_eq!(world.index.locate("m3").await.unwrap(), Vec::<String>::new());
    // A mailbox made anew is another one: who still holds the old row hits nothing.
    world.index.sync_mailboxes(&both, &[], 13 * SECOND).await.unwrap();
    assert_ne!(world.index.mailbox("work").await.unwrap().unwrap().id, work);
}

#[tokio::test]
async fn a_mailbox_that_may_be_elsewhere_is_lost_a_day_later() {
    let world = World::new().await;
    let both = [mailbox("inbox"), mailbox("work")];
    world.index.sync_mailboxes(&both, &[], SECOND).await.unwrap();
    let work = [world.index.mailbox("work").await.unwrap().unwrap().id];
    const DAY: i64 = 24 * 3600;
    for at in [2, 10, DAY + 1] {
        world
            .index
            .sync_mailboxes(&both[..1], &work, at * SECOND)
            .await
            .unwrap();
        assert_eq!(names(&world).await, ["inbox", "work"]);
    }
    world
        .index
        .sync_mailboxes(&both[..1], &work, (DAY + 2) * SECOND)
        .await
        .unwrap();
    assert_eq!(names(&world).await, ["inbox"]);
}

#[tokio::test]
async fn a_spool_without_mailboxes_is_not_believed() {
    let world = World::new().await;
    for at in [1, 5, 9] {
        world.index.sync_mailboxes(&[], &[], at * SECOND).await.unwrap();
    }
    assert_eq!(names(&world).await, ["inbox"]);
}

#[tokio::test]
async fn a_moved_message_is_located_where_it_is() {
    let world = World::new().await;
    world
        .index
        .sync_mailboxes(&[mailbox("inbox"), mailbox("archive")], &[], SECOND)
        .await
        .unwrap();
    let archive = world.index.mailbox("archive").await.unwrap().unwrap().id;
    world.list(&some(1), SECOND).await;
    world
        .index
        .apply_listing(archive, &complete(&some(1)), 2 * SECOND)
        .await
        .unwrap();
    assert_eq!(world.index.locate("m0").await.unwrap(), ["archive", "inbox"]);
    // Missing where it was: where it is comes first.
    world.list(&[], 3 * SECOND).await;
    assert_eq!(
        world.index.locate("m0").await.unwrap(),
        ["archive"],
        "where it was looked for in vain it is not"
    );
    world.list(&[], 5 * SECOND).await;
    assert_eq!(world.index.locate("m0").await.unwrap(), ["archive"]);
    // Opened here goes with the message.
    world.index.set_opened_here(&["m0".into()], true).await.unwrap();
    assert_eq!(world.index.mailbox("archive").await.unwrap().unwrap().unread, 0);
}
