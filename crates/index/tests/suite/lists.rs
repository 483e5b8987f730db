use crate::world::{Dice, SECOND, World, everything, some};
use index::{EnvelopeIn, PageQuery, PreviewIn, Sort, flags};

const SORTS: [Sort; 4] = [Sort::Date, Sort::From, Sort::Subject, Sort::Size];

/// A mailbox with many equal senders, subjects, sizes and dates; some read, some not, some with no header yet.
async fn varied() -> World {
    let world = World::new().await;
    let mut dice = Dice(42);
    let mut entries = some(200);
    for entry in &mut entries {
        entry.flags = if dice.below(3) == 0 { 0 } else { flags::SEEN };
    }
    world.list(&entries[..170], SECOND).await;
    let texts = ["Re: 会議", "会議", "budget", "Budget", "Fwd: Ångström", "ångström", ""];
    world
        .read_headers(|row, base| {
            let mut dice = Dice(row as u64 * 7_919 + base.len() as u64);
            dice.below(2);
            EnvelopeIn {
                row,
                sent: Some(dice.below(20) as i64),
                received: 10,
                size: 100 * dice.below(5),
                from_name: ["Émile", "émile", "山田", ""][dice.below(4) as usize].to_owned(),
                from_address: format!("{}@example.org", dice.below(3)),
                subject: texts[dice.below(7) as usize].to_owned(),
                ..EnvelopeIn::default()
            }
        })
        .await;
    world.list(&entries, 2 * SECOND).await;
    world
}

#[tokio::test]
async fn one_after_the_other_by_date_is_the_whole_list() {
    let world = varied().await;
    let all = world
        .index
        .page(world.inbox, &everything(Sort::Date, false))
        .await
        .unwrap();
    for limit in [1, 7, 200] {
        let (mut place, mut rows) = ((i64::MIN, i64::MAX), Vec::new());
        loop {
            let next = world.index.after(world.inbox, place, limit).await.unwrap();
            let Some(last) = next.last() else { break };
            place = (last.date, last.row);
            rows.extend(next);
        }
        assert_eq!(rows, all.rows, "{limit}");
    }
    let from = world.index.after(world.inbox, (5, i64::MIN), 200).await.unwrap();
    let wanted: Vec<_> = all.rows.into_iter().filter(|row| row.date >= 5).collect();
    assert_eq!(from, wanted);
}

#[tokio::test]
async fn pages_follow_one_another_and_backwards_is_backwards() {
    let world = varied().await;
    for sort in SORTS {
        for unread_only in [false, true] {
            let whole = PageQuery {
                unread_only,
                ..everything(sort, false)
            };
            let all = world.index.page(world.inbox, &whole).await.unwrap();
            assert_eq!(all.rows.len() as u64, all.matching);
            let mailbox = all.mailbox.unwrap();
            assert_eq!(all.matching, if unread_only { mailbox.unread } else { mailbox.total });
            assert!(!unread_only || all.rows.iter().all(|row| row.unread));
            let mut pieces = Vec::new();
            for offset in (0..200).step_by(30) {
                let piece = PageQuery {
                    offset,
                    limit: 30,
                    ..whole
                };
                pieces.extend(world.index.page(world.inbox, &piece).await.unwrap().rows);
            }
            assert_eq!(pieces, all.rows, "{sort:?}");
            let mut backwards = world
                .index
                .page(
                    world.inbox,
                    &PageQuery {
                        descending: true,
                        ..whole
                    },
                )
                .await
                .unwrap();
            backwards.rows.reverse();
            assert_eq!(backwards.rows, all.rows, "{sort:?}");
        }
    }
}

#[tokio::test]
async fn neighbours_and_positions_are_those_of_the_pages() {
    let world = varied().await;
    for sort in SORTS {
        for (descending, unread_only) in [(false, false), (true, false), (false, true), (true, true)] {
            let query = PageQuery {
                descending,
                unread_only,
                ..everything(sort, false)
            };
            let rows = world.index.page(world.inbox, &query).await.unwrap().rows;
            let ids: Vec<_> = rows.into_iter().map(|row| row.public_id).collect();
            assert!(ids.len() > 30);
            for (at, id) in ids.iter().enumerate() {
                let beside = world.index.neighbours(world.inbox, id, &query).await.unwrap();
                assert_eq!(
                    beside.previous.as_ref(),
                    at.checked_sub(1).map(|at| &ids[at]),
                    "{query:?} {at}"
                );
                assert_eq!(beside.next.as_ref(), ids.get(at + 1), "{query:?} {at}");
            }
        }
    }
    let query = everything(Sort::Date, true);
    assert_eq!(
        world.index.neighbours(world.inbox, "none", &query).await.unwrap(),
        index::Neighbours::default()
    );
}

#[tokio::test]
async fn one_that_was_read_keeps_its_place_among_the_unread() {
    let world = World::new().await;
    world.list(&some(3), SECOND).await;
    world.index.set_opened_here(&["m1".into()], true).await.unwrap();
    let query = PageQuery {
        unread_only: true,
        ..everything(Sort::Date, true)
    };
    let beside = world.index.neighbours(world.inbox, "m1", &query).await.unwrap();
    assert_eq!(
        (beside.previous.as_deref(), beside.next.as_deref()),
        (Some("m2"), Some("m0"))
    );
}

#[tokio::test]
async fn each_order_is_the_right_one() {
    let world = World::new().await;
    let mut entries = some(7);
    entries[6].order_hint = -1;
    world.list(&entries[..6], SECOND).await;
    let rows = [
        ("Zoë", "z@x", "Re: b", 3, 60),
        ("émile", "e@x", "B", 1, 10),
        ("", "A@x", "返信: あ", 2, 50),
        ("山田", "y@x", "", 9, 20),
        ("Émile", "e@x", "a", 5, 10),
        ("beta", "b@x", "FWD: Re: A", 4, 30),
    ];
    world
        .read_headers(|row, base| {
            let (name, address, subject, sent, size) = rows[base[1..].parse::<usize>().unwrap()];
            EnvelopeIn {
                row,
                sent: Some(sent),
                received: 100,
                size,
                from_name: name.into(),
                from_address: address.into(),
                subject: subject.into(),
                ..EnvelopeIn::default()
            }
        })
        .await;
    world.list(&entries, 2 * SECOND).await;
    for (sort, descending, order) in [
        (Sort::Date, true, "3 4 5 0 2 1 6"),
        // Without a name by address; the newest of a sender first; what is still loading last.
        (Sort::From, false, "2 5 0 4 1 3 6"),
        (Sort::Subject, false, "3 4 5 0 1 2 6"),
        (Sort::Size, true, "0 2 5 3 4 1 6"),
    ] {
        let page = world
            .index
            .page(world.inbox, &everything(sort, descending))
            .await
            .unwrap();
        let numbers: Vec<_> = page.rows.iter().map(|row| row.public_id[1..].to_owned()).collect();
        assert_eq!(numbers.join(" "), order, "{sort:?}");
    }
}

#[tokio::test]
async fn previews_come_after_headers_newest_first() {
    let world = World::new().await;
    world.list(&some(3), SECOND).await;
    let first = world.index.pending_headers(world.inbox, 2).await.unwrap();
    assert_eq!(
        first.iter().map(|pending| pending.base.as_slice()).collect::<Vec<_>>(),
        [b"m2", b"m1"]
    );
    assert_eq!(first[0].location, b"\x01m2:2,");
    assert!(world.index.pending_previews(world.inbox, 9).await.unwrap().is_empty());
    let early = PreviewIn {
        row: first[0].row,
        preview: "early".into(),
        has_attachments: true,
        is_html: true,
    };
    world.index.put_previews(&[early]).await.unwrap();
    world
        .read_headers(|row, base| EnvelopeIn {
            row,
            subject: base.into(),
            received: row,
            ..EnvelopeIn::default()
        })
        .await;
    let pending = world.index.pending_previews(world.inbox, 9).await.unwrap();
    assert_eq!(
        pending
            .iter()
            .map(|pending| pending.base.as_slice())
            .collect::<Vec<_>>(),
        [b"m2", b"m1", b"m0"]
    );
    let late = PreviewIn {
        row: pending[0].row,
        preview: "late".into(),
        has_attachments: true,
        is_html: true,
    };
    world.index.put_previews(&[late]).await.unwrap();
    let message = world.message("m2").await.unwrap();
    assert_eq!(message.preview, "late");
    assert!(message.has_attachments && message.is_html);
    let row = world.row().await;
    assert_eq!((row.pending_headers, row.pending_previews), (0, 2));
}

#[tokio::test]
async fn a_row_carries_the_beginning_of_the_text_only() {
    let world = World::new().await;
    world.list(&some(1), SECOND).await;
    world
        .read_headers(|row, _| EnvelopeIn {
            row,
            ..EnvelopeIn::default()
        })
        .await;
    let row = world.index.pending_previews(world.inbox, 1).await.unwrap()[0].row;
    let preview = PreviewIn {
        row,
        preview: "あ".repeat(200),
        ..PreviewIn::default()
    };
    world.index.put_previews(&[preview]).await.unwrap();
    assert_eq!(world.message("m0").await.unwrap().preview, "あ".repeat(120));
}

#[tokio::test]
async fn a_page_is_found_by_the_id_of_its_mailbox() {
    let world = varied().await;
    for sort in SORTS {
        let query = PageQuery {
            offset: 30,
            limit: 30,
            ..everything(sort, true)
        };
        assert_eq!(
            world.index.page_of("inbox", &query).await.unwrap(),
            world.index.page(world.inbox, &query).await.unwrap()
        );
    }
    let nowhere = world.index.page_of("elsewhere", &everything(Sort::Date, true)).await;
    assert_eq!(nowhere.unwrap(), index::Page::default());
}

#[tokio::test]
async fn opened_here_is_read_until_taken_back() {
    let world = World::new().await;
    let mut entries = some(3);
    entries[2].flags = flags::SEEN;
    world.list(&entries, SECOND).await;
    let ids = ["m0".to_owned(), "m2".to_owned(), "nowhere".to_owned()];
    world.index.set_opened_here(&ids, true).await.unwrap();
    assert_eq!(world.row().await.unread, 1);
    let message = world.message("m0").await.unwrap();
    assert!(message.opened_here && !message.unread && message.flags == 0);
    world.index.set_opened_here(&ids, false).await.unwrap();
    assert_eq!(world.row().await.unread, 2);
    assert!(!world.message("m2").await.unwrap().unread);
}

#[tokio::test]
async fn a_message_is_found_with_its_mailbox() {
    let world = World::new().await;
    world.list(&some(2), SECOND).await;
    assert_eq!(world.index.find("none", "m0").await.unwrap(), None);
    let inbox = world.row().await;
    assert_eq!(
        world.index.find("inbox", "m7").await.unwrap(),
        Some((inbox.clone(), None))
    );
    let (mailbox, message) = world.index.find("inbox", "m1").await.unwrap().unwrap();
    assert_eq!((mailbox, message.unwrap().public_id.as_str()), (inbox, "m1"));
}

#[tokio::test]
async fn a_page_of_nothing_has_counts() {
    let world = World::new().await;
    world.list(&some(3), SECOND).await;
    let beyond = PageQuery {
        offset: 50,
        ..everything(Sort::Date, true)
    };
    let page = world.index.page(world.inbox, &beyond).await.unwrap();
    assert_eq!((page.rows.len(), page.matching), (0, 3));
    assert_eq!(page.mailbox, Some(world.row().await));
    assert_eq!(world.index.page(99, &beyond).await.unwrap(), index::Page::default());
}

#[tokio::test]
async fn what_came_last_is_told_whatever_date_it_has() {
    let world = World::new().await;
    world.list(&some(5), SECOND).await;
    world
        .read_headers(|row, _| EnvelopeIn {
            row,
            // The later one came, the older its date.
            sent: Some(1_000 - row),
            received: 2_000 + row,
            ..EnvelopeIn::default()
        })
        .await;
    let other = world.other(&some(2)).await;
    let by_date = world
        .index
        .page(world.inbox, &everything(Sort::Date, false))
        .await
        .unwrap();
    let newest: Vec<i64> = by_date.rows.iter().map(|row| row.row).collect();
    let since = async |from| world.index.came_since(world.inbox, from).await.unwrap();
    assert_eq!(since(0).await, newest);
    assert_eq!(since(2_000 + newest[2]).await, newest[..3]);
    assert_eq!(since(i64::MAX).await, [0; 0]);
    assert_eq!(world.index.rows(&newest[1..3]).await.unwrap(), by_date.rows[1..3]);
    world.list(&some(4), 2 * SECOND).await;
    world.list(&some(4), 20 * SECOND).await;
    assert_eq!(since(0).await.len(), 4, "what is gone came never");
    assert_eq!(world.index.rows(&newest).await.unwrap().len(), 4);
    assert_eq!(
        world.index.came_since(other, 0).await.unwrap().len(),
        2,
        "each has its own"
    );
}
