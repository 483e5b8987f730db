//! Orders whose index is made when somebody first asks for one.

use crate::world::{SECOND, World, everything, some};
use index::{EnvelopeIn, Index, MessageRow, PageQuery, Sort, flags};
use sqlx::{ConnectOptions, SqliteConnection, raw_sql, sqlite::SqliteConnectOptions};

const ASKED: [(Sort, &str); 3] = [
    (Sort::From, "message_from"),
    (Sort::Subject, "message_subject"),
    (Sort::Size, "message_size"),
];

async fn filled() -> World {
    let world = World::new().await;
    let mut entries = some(90);
    for entry in entries.iter_mut().step_by(3) {
        entry.flags = flags::SEEN;
    }
    world.list(&entries, SECOND).await;
    world
        .read_headers(|row, base| EnvelopeIn {
            row,
            sent: Some(row * 7 % 10),
            received: 10,
            size: row.unsigned_abs() * 31 % 17,
            from_name: ["Zoë", "émile", "山田"][base.len() % 3].into(),
            subject: format!("{}{}", if row % 2 == 0 { "Re: " } else { "" }, row * 13 % 20),
            ..EnvelopeIn::default()
        })
        .await;
    world
}

/// A connection as another program would have it.
async fn connection(world: &World) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(world.path());
    options.connect().await.unwrap()
}

async fn has(world: &World, name: &str) -> bool {
    let rows = sqlx::query("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1").bind(name);
    let found = rows.fetch_optional(&mut connection(world).await).await.unwrap();
    found.is_some()
}

async fn rows(index: &Index, world: &World, query: &PageQuery) -> Vec<MessageRow> {
    index.page(world.inbox, query).await.unwrap().rows
}

#[tokio::test]
async fn a_list_is_the_same_before_its_index_is_there() {
    for (sort, name) in ASKED {
        for descending in [false, true] {
            let world = filled().await;
            let query = everything(sort, descending);
            // While another writes, no index can be made.
            let mut writer = connection(&world).await;
            raw_sql("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
            let sorted = rows(&world.index, &world, &query).await;
            let id = &sorted[40].public_id;
            let beside = world.index.neighbours(world.inbox, id, &query).await.unwrap();
            assert_eq!(beside.previous.as_ref(), Some(&sorted[39].public_id));
            assert_eq!(beside.next.as_ref(), Some(&sorted[41].public_id));
            raw_sql("ROLLBACK").execute(&mut writer).await.unwrap();
            assert!(!has(&world, name).await);

            assert_eq!(rows(&world.index, &world, &query).await, sorted, "{sort:?}");
            assert!(has(&world, name).await);
            assert_eq!(world.index.neighbours(world.inbox, id, &query).await.unwrap(), beside);
            let page = PageQuery {
                offset: 70,
                limit: 10,
                ..query
            };
            assert_eq!(rows(&world.index, &world, &page).await, sorted[70..80]);
        }
    }
}

#[tokio::test]
async fn unread_ones_are_few_and_need_no_index() {
    let world = filled().await;
    for (sort, name) in ASKED {
        let unread = PageQuery {
            unread_only: true,
            ..everything(sort, false)
        };
        let found = rows(&world.index, &world, &unread).await;
        assert!(!has(&world, name).await);
        let all = rows(&world.index, &world, &everything(sort, false)).await;
        assert!(has(&world, name).await);
        let unread_of_all: Vec<_> = all.into_iter().filter(|row| row.unread).collect();
        assert_eq!(found, unread_of_all);
        assert_eq!(rows(&world.index, &world, &unread).await, found);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_may_ask_first() {
    let world = filled().await;
    let other = Index::open(&world.path()).await.unwrap();
    let query = everything(Sort::Subject, false);
    let asking = (0..8).map(|number| {
        let index = if number % 2 == 0 { &world.index } else { &other };
        rows(index, &world, &query)
    });
    let lists = futures::future::join_all(asking).await;
    assert!(lists.iter().all(|list| list == &lists[0]));
    // Whoever was too early finds it the next time.
    for index in [&world.index, &other] {
        assert_eq!(rows(index, &world, &query).await, lists[0]);
    }
    assert!(has(&world, "message_subject").await);
}

#[tokio::test]
async fn what_changes_keeps_its_place_in_an_order_that_was_asked_for() {
    let world = filled().await;
    let query = everything(Sort::Subject, false);
    let last = rows(&world.index, &world, &query).await.pop().unwrap();
    let header = EnvelopeIn {
        row: last.row,
        subject: "!".into(),
        ..EnvelopeIn::default()
    };
    world.index.put_envelopes(&[header]).await.unwrap();
    let first = rows(&world.index, &world, &query).await.remove(0);
    assert_eq!(first.public_id, last.public_id);
    world.index.compact().await.unwrap();
    assert_eq!(rows(&world.index, &world, &query).await.len(), 90);
    assert!(has(&world, "message_subject").await);
}

/// As when another process has set the file aside and begun a new one.
#[tokio::test]
async fn an_index_that_is_not_there_any_more_is_made_again() {
    let world = filled().await;
    let query = everything(Sort::Subject, false);
    let list = rows(&world.index, &world, &query).await;
    for ask in ["page", "page_of", "neighbours"] {
        let drop = raw_sql("DROP INDEX message_subject");
        drop.execute(&mut connection(&world).await).await.unwrap();
        match ask {
            "page" => assert_eq!(rows(&world.index, &world, &query).await, list),
            "page_of" => assert_eq!(world.index.page_of("inbox", &query).await.unwrap().rows, list),
            _ => {
                let id = &list[40].public_id;
                let beside = world.index.neighbours(world.inbox, id, &query).await.unwrap();
                assert_eq!(beside.next.as_ref(), Some(&list[41].public_id));
            }
        }
        assert!(!has(&world, "message_subject").await, "this time it was sorted");
        assert_eq!(rows(&world.index, &world, &query).await, list);
        assert!(has(&world, "message_subject").await, "{ask}");
    }
}
