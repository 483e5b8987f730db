use crate::{
    MailroomError,
    testing::{Plain, Room},
};
use api_types::{Cause, LetterQuery, MessageId, MessageRow, Source};
use futures::StreamExt;
use std::{fs, path::PathBuf, time::Duration};

const NAME: &str = "cur/1795000001.M1P1.h:2,S";
/// As long as each other.
const OLD: &str = "Subject: first\nFrom: a@x.example\n\nold text\n";
const NEW: &str = "Subject: other\nFrom: b@x.example\n\nnew text\n";

fn place(room: &Room) -> PathBuf {
    room.path().join("Maildir").join(NAME)
}

/// Puts a file over the message as delivery programs do, with the same time: neither names nor sizes tell.
fn replace(room: &Room, text: &str) {
    let at = fs::metadata(place(room)).unwrap().modified().unwrap();
    let made = room.path().join("Maildir/tmp/made");
    fs::write(&made, text).unwrap();
    fs::File::options()
        .write(true)
        .open(&made)
        .unwrap()
        .set_modified(at)
        .unwrap();
    fs::rename(made, place(room)).unwrap();
}

async fn first_read() -> (Room, MessageId) {
    let room = Room::new().await;
    room.deliver(NAME, OLD);
    room.read_all().await;
    let id = room.list().await.rows[0].id.clone();
    (room, id)
}

async fn open(room: &Room, id: &MessageId) -> Result<(Source, String), MailroomError> {
    let inbox = room.inbox().await;
    let letter = room.reader().open(&inbox, id, &LetterQuery::default(), &Plain).await?;
    Ok((letter.freshness.source, letter.message.subject))
}

/// The only row, once nothing is read behind any more.
async fn row(room: &Room) -> MessageRow {
    room.list().await;
    room.read_all().await;
    let mut rows = room.list().await.rows;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

async fn bytes(download: &crate::Download) -> Vec<u8> {
    let mut all = Vec::new();
    let mut pieces = download.stream(0..download.len);
    while let Some(piece) = pieces.next().await {
        all.extend_from_slice(&piece.unwrap());
    }
    all
}

async fn until_kept(room: &Room, id: &MessageId) -> Vec<u8> {
    let desk = room.desk().await;
    loop {
        if let Some(body) = desk.kept_body(id.as_str()).await {
            return body.read_all(body.len()).await.unwrap().unwrap();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_message_under_the_name_is_itself_in_the_list_once_it_has_been_opened() {
    let (room, id) = first_read().await;
    assert_eq!(row(&room).await.subject, "first");
    replace(&room, NEW);
    assert_eq!(open(&room, &id).await.unwrap(), (Source::Live, "other".to_owned()));
    let row = row(&room).await;
    assert_eq!(
        (&row.id, row.subject.as_str(), row.from.as_str()),
        (&id, "other", "b@x.example")
    );
    assert_eq!(row.preview, "new text");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_copy_of_the_one_before_is_shown_for_it_in_an_outage() {
    let (room, id) = first_read().await;
    open(&room, &id).await.unwrap();
    assert_eq!(until_kept(&room, &id).await, OLD.as_bytes());
    replace(&room, NEW);
    open(&room, &id).await.unwrap();
    assert_eq!(until_kept(&room, &id).await, NEW.as_bytes());
    room.put_away();
    assert_eq!(open(&room, &id).await.unwrap(), (Source::Saved, "other".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_has_its_head_and_its_bytes_though_nobody_opened_it() {
    let (room, _) = first_read().await;
    replace(&room, NEW);
    let inbox = room.inbox().await;
    let reader = room.reader();
    let of = crate::ExportOf::Mailboxes(vec![inbox]);
    let plan = reader.export_plan(&of, &Plain).await.unwrap();
    let exported: Vec<_> = reader
        .export(&plan.places[0], i64::MIN..i64::MAX, &Plain)
        .collect()
        .await;
    let [Ok(exported)] = &exported[..] else {
        panic!("{}", exported.len())
    };
    assert_eq!(exported.subject, "other");
    assert_eq!(bytes(exported.download.as_ref().unwrap()).await, NEW.as_bytes());
    assert_eq!(row(&room).await.subject, "other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_of_one_message_does_not_go_on_with_another() {
    let (room, id) = first_read().await;
    let inbox = room.inbox().await;
    let download = room.reader().source(&inbox, &id).await.unwrap();
    replace(&room, NEW);
    let after = room.reader().source(&inbox, &id).await.unwrap();
    assert_ne!(
        after.tag, download.tag,
        "a download that was broken off would go on with the other"
    );
    let read: Vec<_> = download.stream(0..download.len).collect().await;
    assert!(matches!(read[..], [Err(MailroomError::Gone)]), "{read:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_with_another_time_is_the_same_message_and_is_not_read_again_for_ever() {
    let (room, id) = first_read().await;
    let before = row(&room).await;
    fs::copy(place(&room), room.path().join("Maildir/tmp/made")).unwrap();
    fs::rename(room.path().join("Maildir/tmp/made"), place(&room)).unwrap();
    room.received(NAME, 1_600_000_000);
    for _ in 0..2 {
        assert_eq!(open(&room, &id).await.unwrap(), (Source::Live, "first".to_owned()));
        assert_eq!(row(&room).await, before);
    }
    let desk = room.desk().await;
    let changes = desk.changes();
    open(&room, &id).await.unwrap();
    assert_eq!(desk.changes(), changes, "nothing is written any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_may_not_be_read_is_read_as_soon_as_somebody_may() {
    let room = Room::owned().await;
    room.deliver(NAME, OLD);
    room.everybody_may_write(NAME, true);
    room.read_all().await;
    let list = room.list().await;
    assert_eq!((list.freshness.pending, list.trouble), (0, None));
    assert_eq!(
        (list.rows[0].loading, list.rows[0].trouble),
        (false, Some(Cause::Denied))
    );
    let id = list.rows[0].id.clone();
    let said = open(&room, &id).await;
    assert!(
        matches!(said, Err(MailroomError::Unavailable(Cause::Denied))),
        "{said:?}"
    );
    room.everybody_may_write(NAME, false);
    assert_eq!(open(&room, &id).await.unwrap(), (Source::Live, "first".to_owned()));
    let list = room.list().await;
    let row = &list.rows[0];
    assert_eq!(
        (row.subject.as_str(), row.preview.as_str(), row.trouble),
        ("first", "old text", None)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_may_not_be_read_is_asked_for_again_by_itself_after_a_while() {
    let room = Room::owned().await;
    room.deliver(NAME, OLD);
    room.everybody_may_write(NAME, true);
    room.read_all().await;
    room.everybody_may_write(NAME, false);
    assert_eq!(row(&room).await.trouble, Some(Cause::Denied), "not at once");
    room.pass(Duration::from_secs(31));
    // The look that a list makes begins it.
    room.list().await;
    let desk = room.desk().await;
    let mut progress = desk.progress.subscribe();
    while room.list().await.rows[0].subject.is_empty() {
        progress.changed().await.unwrap();
    }
    assert_eq!(row(&room).await.trouble, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_store_that_was_copied_with_its_times_the_copies_are_of_the_same_messages() {
    const DATED: &str = "Subject: first\nFrom: a@x.example\nDate: Mon, 2 Mar 2026 09:12:00 +0900\n\ntext\n";
    let room = Room::new().await;
    room.deliver(NAME, DATED);
    room.read_all().await;
    let before = row(&room).await;
    open(&room, &before.id).await.unwrap();
    until_kept(&room, &before.id).await;
    let desk = room.desk().await;
    let saved_at = desk.kept_body(before.id.as_str()).await.unwrap().saved_at();
    room.pass(Duration::from_secs(3600));
    replace(&room, DATED);
    let inbox = room.inbox().await;
    room.reader().source(&inbox, &before.id).await.unwrap();
    assert_eq!(row(&room).await, before);
    let kept = desk.kept_body(before.id.as_str()).await.unwrap();
    assert_eq!(kept.saved_at(), saved_at, "the copy stays as it was");
    let changes = desk.changes();
    room.reader().source(&inbox, &before.id).await.unwrap();
    assert_eq!(desk.changes(), changes, "and that is known from then on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_an_mbox_flags_make_no_other_message() {
    let mbox = |dir: &std::path::Path| spool::Layout::Mbox {
        inbox: dir.join("mbox"),
        folders: None,
        quoting: spool::MboxQuoting::default(),
    };
    let room = Room::lying_at(mbox, |_| Vec::new()).await;
    let write = |flags: &str| {
        let text = format!(
            "From a@x.example Mon Mar  2 09:12:00 2026\nFrom: a@x.example\nSubject: first\n{flags}MIME-Version: 1.0\n\
             Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n\npdf\n\n"
        );
        fs::write(room.path().join("mbox"), text).unwrap();
    };
    write("");
    room.read_all().await;
    let (inbox, id) = (room.inbox().await, room.list().await.rows[0].id.clone());
    open(&room, &id).await.unwrap();
    let part = async || {
        room.reader()
            .attachments(&inbox, &id, None)
            .await
            .map(|parts| parts.len())
    };
    assert_eq!(part().await.unwrap(), 1);
    write("Status: RO\nX-Status: F\nX-UID: 7\n");
    assert_eq!(part().await.unwrap(), 1, "it is the letter that stands on the screen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attachments_are_of_the_letter_that_was_shown_however_often_they_are_asked_for() {
    let of = |subject: &str| {
        format!(
            "Subject: {subject}\nMIME-Version: 1.0\nContent-Type: application/pdf; name=a.pdf\n\
             Content-Disposition: attachment; filename=a.pdf\n\n{subject}\n"
        )
    };
    let room = Room::new().await;
    room.deliver(NAME, &of("first"));
    room.read_all().await;
    let (inbox, id) = (room.inbox().await, room.list().await.rows[0].id.clone());
    let shown = async || {
        let letter = room.reader().open(&inbox, &id, &LetterQuery::default(), &Plain).await;
        letter.unwrap().message.of
    };
    let all = async |of: &str| {
        let parts = room.reader().attachments(&inbox, &id, Some(of)).await;
        parts.map(|parts| parts.len())
    };
    let first = shown().await;
    assert_eq!(all(&first).await.unwrap(), 1);
    replace(&room, &of("other"));
    for _ in 0..2 {
        assert!(matches!(all(&first).await, Err(MailroomError::Gone)));
    }
    let other = shown().await;
    assert_ne!(other, first);
    assert_eq!(all(&other).await.unwrap(), 1);
    assert!(
        matches!(all(&first).await, Err(MailroomError::Gone)),
        "a page that was open before"
    );
}
