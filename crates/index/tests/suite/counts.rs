use crate::world::{Dice, SECOND, World, complete, everything, mailbox, seen};
use index::{EnvelopeIn, ListingIn, PageQuery, PreviewIn, Sort, flags};

/// Whatever happens, the counts of a mailbox are those of its list.
#[tokio::test]
async fn counts_are_those_of_the_list() {
    for seed in [1, 2, 3] {
        let world = World::new().await;
        let mut dice = Dice(seed * 0x1234_5678_9abc);
        let mut now = SECOND;
        for _ in 0..60 {
            now += SECOND * dice.below(4) as i64;
            act(&world, &mut dice, now).await;
            compare(&world, seed).await;
        }
        world.index.sync_mailboxes(&[mailbox("other")], &[], now).await.unwrap();
        compare(&world, seed).await;
    }
}

async fn act(world: &World, dice: &mut Dice, now: i64) {
    let (index, inbox) = (&world.index, world.inbox);
    let limit = 1 + dice.below(30) as u32;
    match dice.below(6) {
        0..=1 => {
            let mut entries: Vec<_> = (0..80).filter(|_| dice.below(10) < 9).map(seen).collect();
            for entry in &mut entries {
                entry.flags = if dice.below(2) == 0 {
                    flags::SEEN
                } else {
                    flags::FLAGGED
                };
                entry.size = Some(dice.below(20).min(1));
            }
            let listing = ListingIn {
                may_remove: dice.below(3) > 0,
                ..complete(&entries)
            };
            index.apply_listing(inbox, &listing, now).await.unwrap();
        }
        2 => {
            let pending = index.pending_headers(inbox, limit).await.unwrap();
            let read = |row| EnvelopeIn {
                row,
                ..EnvelopeIn::default()
            };
            index
                .put_envelopes(&pending.into_iter().map(|pending| read(pending.row)).collect::<Vec<_>>())
                .await
                .unwrap();
        }
        3 => {
            let pending = index.pending_previews(inbox, limit).await.unwrap();
            let read = |row| PreviewIn {
                row,
                ..PreviewIn::default()
            };
            index
                .put_previews(&pending.into_iter().map(|pending| read(pending.row)).collect::<Vec<_>>())
                .await
                .unwrap();
        }
        4 => {
            let ids: Vec<_> = (0..limit).map(|_| format!("m{}", dice.below(80))).collect();
            index.set_opened_here(&ids, dice.below(2) == 0).await.unwrap();
        }
        _ => {
            // All of them read again.
            let rows = index.page(inbox, &everything(Sort::Date, true)).await.unwrap().rows;
            let read = |row| EnvelopeIn {
                row,
                ..EnvelopeIn::default()
            };
            index
                .put_envelopes(&rows.into_iter().map(|row| read(row.row)).collect::<Vec<_>>())
                .await
                .unwrap();
        }
    }
}

async fn compare(world: &World, seed: u64) {
    let (index, inbox) = (&world.index, world.inbox);
    let row = world.row().await;
    let all = index.page(inbox, &everything(Sort::Date, true)).await.unwrap().rows;
    let unread = PageQuery {
        unread_only: true,
        ..everything(Sort::Date, true)
    };
    let unread = index.page(inbox, &unread).await.unwrap().rows;
    let headers = index.pending_headers(inbox, 1_000).await.unwrap();
    let previews = index.pending_previews(inbox, 1_000).await.unwrap();
    assert_eq!(row.total, all.len() as u64, "seed {seed}");
    assert_eq!(row.unread, unread.len() as u64, "seed {seed}");
    assert_eq!(
        row.unread,
        all.iter().filter(|row| row.unread).count() as u64,
        "seed {seed}"
    );
    assert_eq!(row.pending_headers, headers.len() as u64, "seed {seed}");
    assert_eq!(
        row.pending_headers,
        all.iter().filter(|row| row.loading).count() as u64,
        "seed {seed}"
    );
    assert_eq!(row.pending_previews, previews.len() as u64, "seed {seed}");
}
