use super::*;
use crate::{
    MailroomError,
    testing::{Plain, Room},
};
use api_types::{Cause, LetterQuery, MailboxId, MessageId, Source};
use futures::StreamExt;

async fn letter(room: &Room, inbox: &MailboxId, id: &MessageId) -> Result<(Source, String), MailroomError> {
    let query = LetterQuery::default();
    let letter = room.reader().open(inbox, id, &query, &Plain).await?;
    Ok((letter.freshness.source, letter.message.subject))
}

async fn bytes(room: &Room, inbox: &MailboxId, id: &MessageId) -> Vec<u8> {
    let download = room.reader().source(inbox, id).await.unwrap();
    let mut all = Vec::new();
    let mut pieces = download.stream(0..download.len);
    while let Some(piece) = pieces.next().await {
        all.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(all.len() as u64, download.len);
    all
}

async fn until_kept(desk: &Desk, id: &MessageId) {
    while desk.kept_body(id.as_str()).await.is_none() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_opened_is_read_on_without_the_spool_and_says_so() {
    let room = Room::new().await;
    let short = "Subject: short\n\ntext\n".to_owned();
    // Longer than what is understood at once, and than what is held of it.
    let long = format!(
        "Subject: long\nContent-Type: application/x\n\n{}",
        "0123456789abcdef\n".repeat(700_000)
    );
    room.deliver("cur/1795000001.M1P1.h:2,S", &short);
    room.deliver("cur/1795000002.M2P1.h:2,S", &long);
    room.deliver("cur/1795000003.M3P1.h:2,S", "Subject: never opened\n\n");
    room.read_all().await;
    let (desk, inbox) = (room.desk().await, room.inbox().await);
    let rows = room.list().await.rows;
    let id = |subject: &str| rows.iter().find(|row| row.subject == subject).unwrap().id.clone();
    for subject in ["short", "long"] {
        assert_eq!(
            letter(&room, &inbox, &id(subject)).await.unwrap(),
            (Source::Live, subject.to_owned())
        );
        until_kept(&desk, &id(subject)).await;
    }
    room.put_away();
    for (subject, raw) in [("short", &short), ("long", &long)] {
        assert_eq!(
            letter(&room, &inbox, &id(subject)).await.unwrap(),
            (Source::Saved, subject.to_owned())
        );
        assert_eq!(bytes(&room, &inbox, &id(subject)).await, raw.as_bytes(), "{subject}");
    }
    let never = letter(&room, &inbox, &id("never opened")).await;
    assert!(
        matches!(never, Err(MailroomError::Unavailable(Cause::Missing))),
        "{never:?}"
    );
    room.put_back();
    assert_eq!(letter(&room, &inbox, &id("short")).await.unwrap().0, Source::Live);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_after_a_message_was_deleted_no_copy_of_it_is_left() {
    let room = Room::new().await;
    for (name, subject) in [("1.M1P1.h", "stays"), ("2.M2P1.h", "goes"), ("3.M3P1.h", "goes later")] {
        room.deliver(
            &format!("cur/17950000{name}:2,S"),
            &format!("Subject: {subject}\n\ntext\n"),
        );
    }
    room.read_all().await;
    let (desk, inbox) = (room.desk().await, room.inbox().await);
    let rows = room.list().await.rows;
    let id = |subject: &str| rows.iter().find(|row| row.subject == subject).unwrap().id.clone();
    for row in &rows {
        letter(&room, &inbox, &row.id).await.unwrap();
        until_kept(&desk, &row.id).await;
    }
    let delete = async |name: &str| {
        room.remove(&format!("cur/17950000{name}:2,S"));
        // Twice, some seconds apart: only then it is gone.
        for _ in 0..2 {
            room.pass(Duration::from_secs(5));
            room.read_all().await;
        }
    };
    delete("2.M2P1.h").await;
    assert!(desk.kept_body(id("goes").as_str()).await.is_some(), "it may come back");
    room.pass(Duration::from_secs(31 * 24 * 3600));
    // Something else is deleted then.
    delete("3.M3P1.h").await;
    while desk.kept_body(id("goes").as_str()).await.is_some() {
        tokio::task::yield_now().await;
    }
    for subject in ["stays", "goes later"] {
        assert!(desk.kept_body(id(subject).as_str()).await.is_some(), "{subject}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_are_kept_without_being_opened() {
    let room = Room::new().await;
    // The room's clock: what came today, and what came long before.
    for (name, subject) in [("4000000000.M1P1.h", "today"), ("1795000001.M2P1.h", "long ago")] {
        room.deliver(&format!("cur/{name}:2,"), &format!("Subject: {subject}\n\ntext\n"));
    }
    room.received("cur/4000000000.M1P1.h:2,", 4_000_000_000 - 60);
    room.read_all().await;
    let (desk, inbox) = (room.desk().await, room.inbox().await);
    let row = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap();
    desk.keep_newest(row.id).await.unwrap();
    for row in room.list().await.rows {
        let kept = desk.kept_body(row.id.as_str()).await;
        assert_eq!(kept.is_some(), row.subject == "today", "{}", row.subject);
    }
    // A damaged index was kept beside it once.
    let index = desk.shared.index_path("tanaka");
    std::fs::write(index.with_extension("sqlite.set-aside"), "headers").unwrap();
    room.mailroom.erase("tanaka").await.unwrap();
    let left = std::fs::read_dir(index.parent().unwrap()).unwrap();
    assert_eq!(left.count(), 0, "nothing is left of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_cannot_be_read_keeps_no_other_from_being_kept() {
    let room = Room::owned().await;
    for (name, subject) in [("4000000001.M1P1.h", "ill"), ("4000000000.M2P1.h", "well")] {
        room.deliver(&format!("cur/{name}:2,"), &format!("Subject: {subject}\n\ntext\n"));
        room.received(&format!("cur/{name}:2,"), 4_000_000_000 - 60);
    }
    room.read_all().await;
    // Since it was read.
    room.everybody_may_write("cur/4000000001.M1P1.h:2,", true);
    let (desk, inbox) = (room.desk().await, room.inbox().await);
    let row = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap();
    desk.keep_newest(row.id).await.unwrap();
    for row in room.list().await.rows {
        let kept = desk.kept_body(row.id.as_str()).await;
        assert_eq!(kept.is_some(), row.subject == "well", "{}", row.subject);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_not_shown_for_another_message_of_the_same_name() {
    let room = Room::new().await;
    let name = "cur/1795000001.M1P1.h:2,S";
    room.deliver(name, "Subject: first\n\nthe text of one\n");
    room.read_all().await;
    let (desk, inbox) = (room.desk().await, room.inbox().await);
    let id = room.list().await.rows[0].id.clone();
    letter(&room, &inbox, &id).await.unwrap();
    until_kept(&desk, &id).await;
    // It goes, and the name is given to another of the same length.
    room.remove(name);
    for _ in 0..2 {
        room.pass(Duration::from_secs(5));
        room.read_all().await;
    }
    room.deliver(name, "Subject: other\n\nthe text of two\n");
    room.received(name, 1_795_100_000);
    room.pass(Duration::from_secs(5));
    room.read_all().await;
    assert_eq!(room.list().await.rows[0].subject, "other");
    room.put_away();
    let said = letter(&room, &inbox, &id).await;
    assert!(matches!(said, Err(MailroomError::Unavailable(_))), "{said:?}");
    // Opened once while it is there, it is kept in the place of the first.
    room.put_back();
    desk.forget_news(id.as_str());
    assert_eq!(
        letter(&room, &inbox, &id).await.unwrap(),
        (Source::Live, "other".to_owned())
    );
    let row = || async {
        desk.index
            .find(inbox.as_str(), id.as_str())
            .await
            .unwrap()
            .unwrap()
            .1
            .unwrap()
    };
    while desk.kept_of(&row().await).await.is_none() {
        tokio::task::yield_now().await;
    }
    room.put_away();
    assert_eq!(
        letter(&room, &inbox, &id).await.unwrap(),
        (Source::Saved, "other".to_owned())
    );
}

/// Unread messages of the last hour, a second apart and the newest first: their subjects.
fn deliver_today(room: &Room, count: u64) -> Vec<String> {
    let deliver = |number: u64| {
        let (name, subject) = (format!("cur/4000000000.M{number}P1.h:2,"), format!("number {number}"));
        room.deliver(&name, &format!("Subject: {subject}\n\ntext\n"));
        room.received(&name, 4_000_000_000 - 60 - number);
        subject
    };
    (0..count).map(deliver).collect()
}

/// The subjects of what is kept of the inbox, the newest first.
async fn kept_subjects(desk: &Desk, mailbox: i64) -> Vec<String> {
    let all = desk.index.came_since(mailbox, 0).await.unwrap();
    let rows = desk.index.rows(&all).await.unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.public_id.as_str()).collect();
    let kept = desk.saved().await.unwrap().has(&ids).await.unwrap();
    let kept = rows.iter().zip(kept).filter(|(_, kept)| *kept);
    kept.map(|(row, _)| row.subject.clone()).collect()
}

async fn inbox_row(room: &Room) -> (Arc<Desk>, i64) {
    let (desk, inbox) = (room.desk().await, room.inbox().await);
    let row = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap();
    (desk, row.id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_came_within_the_days_is_kept_however_much_it_is() {
    let room = Room::new().await;
    let today = deliver_today(&room, 430);
    // Dated long ago, it came today; the other way round it did not.
    for (name, date, at) in [
        ("came", "Mon, 1 Jan 2001", 3_999_990_000),
        ("dated", "Tue, 1 Oct 2096", 3_000_000_000),
    ] {
        let file = format!("cur/3000000000.{name}.h:2,S");
        room.deliver(
            &file,
            &format!("Subject: {name}\nDate: {date} 00:00:00 +0000\n\ntext\n"),
        );
        room.received(&file, at);
    }
    room.read_all().await;
    let (desk, inbox) = inbox_row(&room).await;
    desk.keep_newest(inbox).await.unwrap();
    let kept = kept_subjects(&desk, inbox).await;
    assert_eq!(kept[..430], today);
    assert_eq!(kept[430..], ["came"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_is_no_room_for_all_the_newest_are_kept() {
    let mut room = Room::new().await;
    // Each takes a block.
    room.keep_bytes(210 * 4096);
    let today = deliver_today(&room, 430);
    room.read_all().await;
    let (desk, inbox) = inbox_row(&room).await;
    for _ in 0..2 {
        desk.keep_newest(inbox).await.unwrap();
        assert_eq!(kept_subjects(&desk, inbox).await, today[..210]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_opened_takes_no_more_room_than_there_is() {
    let mut room = Room::new().await;
    let budget = 3 * 4096;
    room.keep_bytes(budget);
    deliver_today(&room, 5);
    room.read_all().await;
    let (desk, inbox) = inbox_row(&room).await;
    let url = room.inbox().await;
    for row in room.list().await.rows {
        letter(&room, &url, &row.id).await.unwrap();
        until_kept(&desk, &row.id).await;
        // What was opened longest ago makes room for it.
        while desk.saved().await.unwrap().bytes().await.unwrap() > budget {
            tokio::task::yield_now().await;
        }
        assert!(desk.kept_body(row.id.as_str()).await.is_some());
        room.pass(Duration::from_secs(1));
    }
    assert_eq!(kept_subjects(&desk, inbox).await.len(), 3);
    // One that went is kept again when it is opened again.
    let rows = room.list().await.rows;
    let mut gone = None;
    for row in &rows {
        if desk.kept_body(row.id.as_str()).await.is_none() {
            gone = Some(row.id.clone());
        }
    }
    let gone = gone.unwrap();
    letter(&room, &url, &gone).await.unwrap();
    until_kept(&desk, &gone).await;
}

/// What is kept of so many messages where these give no answer.
async fn kept_where_some_hang(room: &Room, count: u64, hang: &[u64]) -> (Option<()>, Vec<String>) {
    deliver_today(room, count);
    room.read_all().await;
    let (desk, inbox) = inbox_row(room).await;
    let path = MailboxPath::inbox();
    let read = |wanted: ReadRequest, offset| {
        let is_it = |number: &u64| wanted.base.as_bytes().ends_with(format!(".M{number}P1.h").as_bytes());
        if hang.iter().any(is_it) {
            let failed = Failed {
                is_stalled: true,
                ..Failed::of(Cause::Slow, "")
            };
            return std::future::ready(Err(failed)).boxed();
        }
        desk.piece(&path, wanted, offset)
    };
    let done = desk.keep_newest_read_by(inbox, &path, read).await;
    (done, kept_subjects(&desk, inbox).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_hangs_keeps_no_other_from_being_kept_while_its_mailbox_answers() {
    let (done, kept) = kept_where_some_hang(&Room::new().await, 4, &[1]).await;
    assert_eq!(done, Some(()));
    assert_eq!(kept, ["number 0", "number 2", "number 3"]);
    // Each costs a helper.
    let (done, kept) = kept_where_some_hang(&Room::new().await, 9, &[1, 2, 4, 5, 7]).await;
    assert_eq!(done, None);
    assert_eq!(kept, ["number 0", "number 3"]);
}
