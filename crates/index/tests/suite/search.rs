use crate::world::{SECOND, World, everything, some};
use index::{EnvelopeIn, Matches, MessageRow, SearchQuery, Sort};

const SUBJECTS: [&str; 6] = [
    "Re: 会議の資料",
    "Monthly report",
    "ﾐｰﾃｨﾝｸﾞ ＡＢＣ",
    "Reporter (C++)",
    "port, then re",
    "",
];

/// A message of each subject, the last the newest.
async fn world() -> World {
    let world = World::new().await;
    world.list(&some(6), SECOND).await;
    world
        .read_headers(|row, base| {
            let number: usize = base[1..].parse().unwrap();
            EnvelopeIn {
                row,
                sent: Some(number as i64),
                received: 10,
                from_name: if number == 5 { "小林".into() } else { "Sato".into() },
                from_address: format!("user{number}@kyoto-u.example"),
                to_line: "Hanako".into(),
                also: "hanako@osaka.example".into(),
                subject: SUBJECTS[number].into(),
                ..EnvelopeIn::default()
            }
        })
        .await;
    world
}

async fn search(world: &World, text: &str, mailbox: Option<i64>) -> Matches {
    let text = text.into();
    world.index.matches(&SearchQuery { text, mailbox }).await.unwrap()
}

/// Row of the mailbox and id.
async fn part(world: &World, matches: &Matches, offset: u32, limit: u32) -> Vec<(i64, String)> {
    let found: Vec<(i64, MessageRow)> = world.index.found(matches, offset, limit).await.unwrap();
    found
        .into_iter()
        .map(|(mailbox, row)| (mailbox, row.public_id))
        .collect()
}

async fn ids(world: &World, text: &str) -> Vec<String> {
    let matches = search(world, text, None).await;
    let found = part(world, &matches, 0, 50).await;
    assert_eq!(matches.total() as usize, found.len(), "{text}");
    found.into_iter().map(|(_, id)| id).collect()
}

#[tokio::test]
async fn any_part_of_a_word_is_found_and_nothing_else() {
    let world = world().await;
    for (text, wanted) in [
        ("会議", &["m0"][..]),
        ("資料", &["m0"]),
        ("議の資", &["m0"]),
        ("議資", &[]),
        ("port", &["m4", "m3", "m1"]),
        ("REPORT", &["m3", "m1"]),
        ("report monthly", &["m1"]),
        ("ミーティング", &["m2"]),
        ("abc", &["m2"]),
        ("ａｂ", &["m2"]),
        ("c++", &["m3"]),
        ("林", &["m5"]),
        ("小林", &["m5"]),
        ("user3@kyoto-u", &["m3"]),
        ("kyoto-u.example osaka", &["m5", "m4", "m3", "m2", "m1", "m0"]),
        ("anako", &["m5", "m4", "m3", "m2", "m1", "m0"]),
        ("nobody", &[]),
        ("\" OR tokens:\"", &[]),
        (" 　", &[]),
        ("++", &[]),
    ] {
        assert_eq!(ids(&world, text).await, wanted, "{text}");
    }
}

#[tokio::test]
async fn pages_and_mailboxes() {
    let world = world().await;
    let other = world.other(&some(1)).await;
    let pending = world.index.pending_headers(other, 10).await.unwrap();
    let header = EnvelopeIn {
        row: pending[0].row,
        sent: Some(100),
        received: 200,
        subject: "hanako".into(),
        ..EnvelopeIn::default()
    };
    world.index.put_envelopes(&[header]).await.unwrap();

    let all = search(&world, "hanako", None).await;
    assert_eq!((all.total(), all.more), (7, false));
    assert_eq!(all.mailboxes, [(world.inbox, 6), (other, 1)].into());
    let second = part(&world, &all, 1, 2).await;
    assert_eq!(second, [(world.inbox, "m5".into()), (world.inbox, "m4".into())]);
    let within = search(&world, "hanako", Some(other)).await;
    assert_eq!((within.total(), part(&world, &within, 0, 2).await[0].0), (1, other));
}

#[tokio::test]
async fn what_is_gone_is_not_found_and_a_new_header_is() {
    let world = world().await;
    let mut entries = some(6);
    entries.remove(0);
    // Another size under one name is other content.
    entries[0].size = Some(1);
    world.list(&entries, 5 * SECOND).await;
    entries[0].size = Some(2);
    world.list(&entries, 10 * SECOND).await;
    assert_eq!(ids(&world, "会議").await, Vec::<String>::new());
    world
        .read_headers(|row, _| EnvelopeIn {
            row,
            received: 10,
            subject: "予定".into(),
            ..EnvelopeIn::default()
        })
        .await;
    assert_eq!(ids(&world, "予定").await, ["m1"]);
    assert_eq!(ids(&world, "monthly").await, Vec::<String>::new());
    world.list(&entries, 40 * 24 * 3600 * SECOND).await;
    entries.pop();
    world.list(&entries, 41 * 24 * 3600 * SECOND).await;
    world.list(&entries, 42 * 24 * 3600 * SECOND).await;
    assert_eq!(ids(&world, "会議").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_place_of_a_day_in_a_list() {
    let world = world().await;
    for (descending, moment, before) in [
        (true, 3, 3),
        (false, 3, 3),
        (true, 100, 0),
        (false, 0, 0),
        (true, 0, 6),
        (false, 5, 5),
    ] {
        let query = everything(Sort::Date, descending);
        let found = world.index.before(world.inbox, &query, moment).await.unwrap();
        assert_eq!(found, before, "{descending} {moment}");
    }
}

#[tokio::test]
async fn of_many_the_newest_are_found_whenever_the_index_came_to_know_them() {
    let world = World::new().await;
    let count = index::MOST + 200;
    world.list(&some(count), SECOND).await;
    // The last row is the oldest message.
    world
        .read_headers(|row, _| EnvelopeIn {
            row,
            sent: Some(-row),
            received: 10,
            subject: "Report".into(),
            ..EnvelopeIn::default()
        })
        .await;
    // One letter, whole pieces that decide, and pieces that do not.
    for text in ["r", "rep", "report"] {
        let found = search(&world, text, None).await;
        assert_eq!((found.total(), found.more), (index::MOST, true), "{text}");
        let first = part(&world, &found, 0, 2).await;
        assert_eq!(first, ["m0", "m1"].map(|id| (world.inbox, id.into())), "{text}");
    }
}

#[tokio::test]
async fn a_message_removed_before_its_header_came_leaves_nothing() {
    let world = world().await;
    let nobody = EnvelopeIn {
        row: 99,
        subject: "ghost".into(),
        ..EnvelopeIn::default()
    };
    world.index.put_envelopes(&[nobody]).await.unwrap();
    assert_eq!(ids(&world, "ghost").await, Vec::<String>::new());
    assert_eq!(world.row().await.total, 6);
}

#[tokio::test]
async fn search_finds_the_same_after_the_file_was_made_compact() {
    let world = world().await;
    world.index.compact().await.unwrap();
    assert_eq!(ids(&world, "report").await, ["m3", "m1"]);
    assert_eq!(ids(&world, "林").await, ["m5"]);
}

#[tokio::test]
async fn what_stands_beside_a_message_that_was_found() {
    let world = world().await;
    let matches = search(&world, "port", None).await;
    let beside = async |id: &str| world.index.beside_found(&matches, world.inbox, id).await.unwrap();
    let message = |id: &str| Some(("inbox".to_owned(), id.to_owned()));
    assert_eq!(beside("m3").await, [message("m4"), message("m1")]);
    assert_eq!(beside("m4").await, [None, message("m3")]);
    assert_eq!(beside("m1").await, [message("m3"), None]);
    assert_eq!(beside("m0").await, [None, None], "not found");
    assert_eq!(beside("m77").await, [None, None]);
}
