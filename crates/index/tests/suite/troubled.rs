use crate::world::{SECOND, World, some};
use index::{Due, EnvelopeIn, PreviewIn, TroubleIn};

const HOUR: i64 = 3600;

async fn fails(world: &World, row: i64, now: i64) {
    world
        .index
        .put_troubles(&[TroubleIn { row, trouble: 7 }], now)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_cannot_be_read_is_not_pending_and_is_tried_again_after_pauses_that_grow() {
    let world = World::new().await;
    world.list(&some(2), SECOND).await;
    let row = world.message("m1").await.unwrap().row;
    let mut now = 1_000;
    let mut pauses = Vec::new();
    for _ in 0..12 {
        fails(&world, row, now).await;
        let pending = world.index.pending_headers(world.inbox, 9).await.unwrap();
        assert_eq!(
            pending.iter().map(|pending| &pending.base[..]).collect::<Vec<_>>(),
            [b"m0"]
        );
        let next = world.index.next_trouble(world.inbox).await.unwrap().unwrap();
        assert_eq!(
            world
                .index
                .due_troubles(world.inbox, next - 1, 9, Due::But(2))
                .await
                .unwrap(),
            []
        );
        let due = world
            .index
            .due_troubles(world.inbox, next, 9, Due::But(2))
            .await
            .unwrap();
        assert_eq!((due.len(), due[0].row), (1, row));
        for (which, count) in [(Due::Only(7), 1), (Due::But(7), 0)] {
            let due = world.index.due_troubles(world.inbox, next, 9, which).await.unwrap();
            assert_eq!(due.len(), count, "{which:?}");
        }
        pauses.push(next - now);
        now = next;
    }
    assert_eq!(pauses[..3], [30, 60, 120]);
    assert!(
        pauses.is_sorted() && pauses[11] == pauses[10] && pauses[11] < 2 * HOUR,
        "{pauses:?}"
    );
    let (message, counts) = (world.message("m1").await.unwrap(), world.row().await);
    assert_eq!((message.loading, message.trouble), (false, Some(7)));
    assert_eq!((counts.total, counts.pending_headers), (2, 1));

    let subject = "read".to_owned();
    let head = EnvelopeIn {
        row,
        subject,
        file: Some(1),
        ..EnvelopeIn::default()
    };
    world.index.put_envelopes(&[head]).await.unwrap();
    let (message, counts) = (world.message("m1").await.unwrap(), world.row().await);
    assert_eq!(
        (message.subject.as_str(), message.trouble, message.file),
        ("read", None, Some(1))
    );
    assert_eq!((counts.pending_headers, counts.pending_previews), (1, 1));
    assert_eq!(world.index.next_trouble(world.inbox).await.unwrap(), None);
}

#[tokio::test]
async fn a_text_that_cannot_be_read_takes_nothing_from_the_head_and_keeps_its_pauses() {
    let world = World::new().await;
    world.list(&some(1), SECOND).await;
    world
        .read_headers(|row, base| EnvelopeIn {
            row,
            subject: base.to_owned(),
            file: Some(1),
            ..EnvelopeIn::default()
        })
        .await;
    let row = world.message("m0").await.unwrap().row;
    fails(&world, row, 0).await;
    assert_eq!(world.index.pending_previews(world.inbox, 9).await.unwrap(), []);
    assert_eq!(world.row().await.pending_previews, 0);
    let message = world.message("m0").await.unwrap();
    assert_eq!(
        (message.subject.as_str(), message.loading, message.trouble),
        ("m0", false, Some(7))
    );
    // Its head can be read, its text still cannot.
    let head = EnvelopeIn {
        row,
        subject: "m0".to_owned(),
        file: Some(1),
        ..EnvelopeIn::default()
    };
    world.index.put_envelopes(&[head]).await.unwrap();
    fails(&world, row, 0).await;
    assert_eq!(world.index.next_trouble(world.inbox).await.unwrap(), Some(60));
    world
        .index
        .put_previews(&[PreviewIn {
            row,
            ..PreviewIn::default()
        }])
        .await
        .unwrap();
    assert_eq!(world.message("m0").await.unwrap().trouble, None);
    fails(&world, row, 0).await;
    assert_eq!(
        world.index.next_trouble(world.inbox).await.unwrap(),
        Some(30),
        "from the beginning"
    );
}

#[tokio::test]
async fn of_another_file_the_text_is_read_again() {
    let world = World::new().await;
    world.list(&some(1), SECOND).await;
    let head = |row, file| EnvelopeIn {
        row,
        file: Some(file),
        ..EnvelopeIn::default()
    };
    world.read_headers(|row, _| head(row, 1)).await;
    let row = world.message("m0").await.unwrap().row;
    let text = PreviewIn {
        row,
        preview: "old".to_owned(),
        ..PreviewIn::default()
    };
    world.index.put_previews(&[text]).await.unwrap();
    for (file, preview, pending) in [(1, "old", 0), (2, "", 1)] {
        world.index.put_envelopes(&[head(row, file)]).await.unwrap();
        let message = world.message("m0").await.unwrap();
        assert_eq!((message.preview.as_str(), message.file), (preview, Some(file)));
        assert_eq!(world.row().await.pending_previews, pending);
    }
}

#[tokio::test]
async fn other_content_is_read_at_once_whatever_was_wrong_with_what_was_there() {
    let world = World::new().await;
    let mut entries = some(1);
    entries[0].size = Some(1);
    world.list(&entries, SECOND).await;
    let row = world.message("m0").await.unwrap().row;
    fails(&world, row, 0).await;
    entries[0].size = Some(2);
    world.list(&entries, 2 * SECOND).await;
    let message = world.message("m0").await.unwrap();
    assert_eq!((message.loading, message.trouble, message.file), (true, None, None));
    assert_eq!(world.row().await.pending_headers, 1);
}

#[tokio::test]
async fn what_could_be_read_before_is_noted_once_until_it_is_due_and_read_to_its_end_again() {
    let world = World::new().await;
    world.list(&some(1), SECOND).await;
    let row = world.message("m0").await.unwrap().row;
    let head = EnvelopeIn {
        row,
        subject: "read".to_owned(),
        ..EnvelopeIn::default()
    };
    let text = PreviewIn {
        row,
        ..PreviewIn::default()
    };
    world.index.put_envelopes(std::slice::from_ref(&head)).await.unwrap();
    world.index.put_previews(std::slice::from_ref(&text)).await.unwrap();
    assert_eq!(world.row().await.pending_previews, 0);

    // Somebody opens it, and again, and again.
    let next = async || world.index.next_trouble(world.inbox).await.unwrap();
    for now in [1_000, 1_001, 1_029] {
        fails(&world, row, now).await;
        assert_eq!(next().await, Some(1_030));
    }
    fails(&world, row, 1_030).await;
    assert_eq!(next().await, Some(1_090));

    world.index.put_envelopes(&[head]).await.unwrap();
    let counts = world.row().await;
    assert_eq!(
        (counts.pending_headers, counts.pending_previews, next().await),
        (0, 1, None)
    );
    world.index.put_previews(&[text]).await.unwrap();
    fails(&world, row, 2_000).await;
    assert_eq!(next().await, Some(2_030), "the pauses begin anew");
}
