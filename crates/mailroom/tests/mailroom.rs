//! The use cases over a real spool on disk, with a clock that the test turns.
#![expect(clippy::unwrap_used, reason = "what the tests share fails as the tests do")]

use api_types::{Body, Day, LetterQuery, ListQuery, MailboxId, MessageId, Moment, Role, Source};
use futures::StreamExt;
use mailroom::{
    Account, BodyRequest, BodyView, BodyWords, Clock, Deadlines, Keep, Layout, Mailroom, MailroomError, Reader,
    Renderer, Setup, SpoolReaders, StoreConfig, Wording,
};
use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;

/// Real time plus what the test adds: the spool's own timestamps are real.
struct TestClock(AtomicI64);

impl Clock for TestClock {
    #[expect(clippy::disallowed_methods, reason = "files made by the test carry the real time")]
    fn now_ns(&self) -> i64 {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        i64::try_from(now.as_nanos()).unwrap() + self.0.load(Ordering::Relaxed)
    }

    fn ticks_us(&self) -> u64 {
        u64::try_from(self.now_ns() / 1_000).unwrap()
    }
}

struct Plain;

impl Wording for Plain {
    fn moment(&self, unix: i64) -> Moment {
        Moment {
            rfc3339: unix.to_string(),
            ..Default::default()
        }
    }

    fn of_copy(&self, unix: i64, _: Option<jiff::civil::Date>) -> Moment {
        self.moment(unix)
    }

    fn day(&self, _: i64) -> Day {
        Day::Earlier
    }

    fn span(&self, day: &str) -> Option<std::ops::Range<i64>> {
        let begin: i64 = day.parse().ok()?;
        Some(begin..begin + 10)
    }

    fn body_words(&self) -> BodyWords {
        BodyWords::default()
    }
}

struct Room {
    dir: TempDir,
    clock: Arc<TestClock>,
    state: state::State,
    room: Mailroom,
}

impl Room {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for mailbox in ["", ".&Tgtm+DBN-", ".Sent"] {
            for sub in ["cur", "new", "tmp"] {
                fs::create_dir_all(dir.path().join("Maildir").join(mailbox).join(sub)).unwrap();
            }
        }
        let database = dir.path().join("data/state.sqlite");
        state::State::migrate(&database).await.unwrap();
        let state = state::State::open(&database).await.unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(0)));
        let room = Self::mailroom(&dir, &clock, &state);
        Self {
            dir,
            clock,
            state,
            room,
        }
    }

    fn mailroom(dir: &TempDir, clock: &Arc<TestClock>, state: &state::State) -> Mailroom {
        let account = |name: &str, root: &str| Account {
            name: name.to_owned(),
            display_name: name.to_owned(),
            addresses: Vec::new(),
            store: StoreConfig::new(Layout::Maildir {
                root: dir.path().join(root),
            }),
            mount: mailroom::MountKey::live(vec![dir.path().to_owned()]),
            snapshots: Vec::new(),
        };
        Mailroom::new(Setup {
            accounts: Arc::new(vec![account("tanaka", "Maildir"), account("sato", "Other")]),
            index_dir: dir.path().join("data/index"),
            state: state.clone(),
            id_key: [3; 32],
            image_urls: "https://mail.example/image".to_owned(),
            clock: Arc::clone(clock) as Arc<dyn Clock>,
            // Long enough that a busy machine does not make a test fail; what is slow is tried with no time at all.
            deadlines: Deadlines {
                list: std::time::Duration::from_secs(20),
                body: std::time::Duration::from_secs(20),
                ..Deadlines::default()
            },
            readers: SpoolReaders::Threads(2),
            renderer: Renderer::Here,
            keep: Keep::default(),
        })
        .unwrap()
    }

    fn restart(&mut self) {
        self.room = Self::mailroom(&self.dir, &self.clock, &self.state);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("Maildir").join(name)
    }

    fn deliver(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn reader(&self) -> Reader {
        self.room.reader("tanaka").unwrap()
    }

    fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000_000, Ordering::Relaxed);
    }

    async fn inbox(&self) -> MailboxId {
        self.reader().inbox().await.unwrap()
    }

    async fn list(&self) -> api_types::MessageList {
        let inbox = self.inbox().await;
        self.reader().list(&inbox, &ListQuery::default(), &Plain).await.unwrap()
    }

    async fn open(&self, id: &MessageId) -> Result<api_types::Letter, MailroomError> {
        let inbox = self.inbox().await;
        self.reader().open(&inbox, id, &LetterQuery::default(), &Plain).await
    }
}

fn letter(subject: &str, date: &str) -> String {
    format!(
        "From: Sato <sato@example.jp>\r\nTo: tanaka@example.jp\r\nSubject: {subject}\r\nDate: {date}\r\n\r\nHello {subject}.\r\n"
    )
}

const MORNING: &str = "Tue, 24 Nov 2026 09:00:00 +0900";
const NOON: &str = "Tue, 24 Nov 2026 12:00:00 +0900";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_visit_shows_the_mailbox() {
    let room = Room::new().await;
    room.deliver("cur/1795000001.M1P1.h:2,S", &letter("one", MORNING));
    room.deliver("new/1795000002.M2P1.h", &letter("two", NOON));
    let rail = room.reader().rail(&Plain).await.unwrap();
    let names: Vec<_> = rail
        .mailboxes
        .iter()
        .map(|line| (line.mailbox.role, line.total, line.unread))
        .collect();
    assert_eq!(names, [(Role::Inbox, 2, 1), (Role::Drafts, 0, 0), (Role::Sent, 0, 0)]);
    let list = room.list().await;
    let rows: Vec<_> = list
        .rows
        .iter()
        .map(|row| (row.subject.as_str(), row.unread, row.loading))
        .collect();
    assert_eq!(rows, [("two", true, false), ("one", false, false)]);
    assert_eq!((list.total, list.unread, list.pages()), (2, 1, 1));
    assert_eq!(list.freshness.source, Source::Live);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_is_remembered_and_survives_a_lost_index() {
    let mut room = Room::new().await;
    room.deliver("new/1795000002.M2P1.h", &letter("two", NOON));
    let id = room.list().await.rows[0].id.clone();
    let opened = room.open(&id).await.unwrap();
    assert_eq!(opened.message.subject, "two");
    assert!(matches!(opened.message.body, Body::Text { .. }));
    assert!(room.list().await.rows[0].unread, "reading changes nothing");

    let (inbox, writer) = (room.inbox().await, room.room.writer("tanaka").unwrap());
    writer.note_opened(&inbox, &id).await.unwrap();
    assert!(!room.list().await.rows[0].unread);
    assert!(room.open(&id).await.unwrap().message.opened_here);

    fs::remove_dir_all(room.dir.path().join("data/index")).unwrap();
    room.restart();
    let list = room.list().await;
    assert_eq!(
        (&list.rows[0].id, list.rows[0].unread, list.unread),
        (&id, false, 0),
        "same id, still read"
    );
    room.room
        .writer("tanaka")
        .unwrap()
        .mark_unread(&inbox, &id)
        .await
        .unwrap();
    assert_eq!(room.list().await.unread, 1);
    assert!(room.path("new/1795000002.M2P1.h").exists(), "the spool is as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_is_found_under_its_new_name_and_in_its_new_mailbox() {
    let room = Room::new().await;
    room.deliver("new/1795000002.M2P1.h", &letter("two", NOON));
    let id = room.list().await.rows[0].id.clone();
    fs::rename(
        room.path("new/1795000002.M2P1.h"),
        room.path("cur/1795000002.M2P1.h:2,S"),
    )
    .unwrap();
    assert_eq!(room.open(&id).await.unwrap().message.subject, "two");

    fs::rename(
        room.path("cur/1795000002.M2P1.h:2,S"),
        room.path(".Sent/cur/1795000002.M2P1.h:2,S"),
    )
    .unwrap();
    let Err(MailroomError::Moved { mailbox, message }) = room.open(&id).await else {
        panic!("not moved")
    };
    assert_eq!(
        room.reader()
            .open(&mailbox, &message, &LetterQuery::default(), &Plain)
            .await
            .unwrap()
            .message
            .subject,
        "two"
    );

    fs::remove_file(room.path(".Sent/cur/1795000002.M2P1.h:2,S")).unwrap();
    let gone = room
        .reader()
        .open(&mailbox, &message, &LetterQuery::default(), &Plain)
        .await;
    assert!(matches!(gone, Err(MailroomError::Gone)), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_leaves_the_list_at_the_second_look() {
    let room = Room::new().await;
    room.deliver("cur/1795000001.M1P1.h:2,S", &letter("one", MORNING));
    room.deliver("cur/1795000002.M2P1.h:2,S", &letter("two", NOON));
    assert_eq!(room.list().await.total, 2);
    fs::remove_file(room.path("cur/1795000001.M1P1.h:2,S")).unwrap();
    assert_eq!(room.list().await.total, 2, "one listing without it may be a rename");
    room.pass(3);
    assert_eq!(room.list().await.total, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_look_finds_is_in_the_list_that_was_asked_for() {
    let room = Room::new().await;
    room.deliver("cur/1795000001.M1P1.h:2,S", &letter("one", MORNING));
    room.pass(10);
    for _ in 0..2 {
        let list = room.list().await;
        assert_eq!((list.rows.len(), list.rows[0].unread), (1, false));
    }
    room.deliver("new/1795000002.M2P1.h", &letter("two", NOON));
    assert_eq!(room.list().await.rows[0].subject, "two");
    fs::rename(
        room.path("cur/1795000001.M1P1.h:2,S"),
        room.path("cur/1795000001.M1P1.h:2,"),
    )
    .unwrap();
    let list = room.list().await;
    assert_eq!((list.unread, list.rows[1].unread), (2, true));
    let (inbox, id) = (room.inbox().await, &list.rows[1].id);
    room.room
        .writer("tanaka")
        .unwrap()
        .note_opened(&inbox, id)
        .await
        .unwrap();
    assert_eq!(room.list().await.unread, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_show_however_close_together_they_are() {
    let room = Room::new().await;
    room.deliver("cur/1795000001.M1P1.h:2,S", &letter("one", MORNING));
    room.pass(10);
    assert_eq!(room.list().await.total, 1);
    // What arrives now is too young to be trusted.
    room.pass(-10);
    for number in 2..9 {
        room.deliver(&format!("new/179500000{number}.M2P1.h"), &letter("two", NOON));
        let list = room.list().await;
        assert_eq!((list.total, list.unread), (number, number - 1));
    }
    fs::remove_file(room.path("new/1795000002.M2P1.h")).unwrap();
    room.list().await;
    room.pass(3);
    assert_eq!(room.list().await.total, 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_opened_elsewhere_arrives_as_opened() {
    let room = Room::new().await;
    room.deliver(".Sent/cur/1795000001.M1P1.h:2,", &letter("one", MORNING));
    room.pass(10);
    assert_eq!(room.list().await.total, 0);
    let rail = room.reader().rail(&Plain).await.unwrap();
    let sent = rail
        .mailboxes
        .iter()
        .find(|line| line.mailbox.role == Role::Sent)
        .unwrap();
    let sent = sent.mailbox.id.clone();
    let list = room.reader().list(&sent, &ListQuery::default(), &Plain).await.unwrap();
    let writer = room.room.writer("tanaka").unwrap();
    writer.note_opened(&sent, &list.rows[0].id).await.unwrap();
    fs::rename(
        room.path(".Sent/cur/1795000001.M1P1.h:2,"),
        room.path("new/1795000001.M1P1.h"),
    )
    .unwrap();
    let list = room.list().await;
    assert_eq!((list.total, list.unread), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_message_is_decided_although_nothing_changes_any_more() {
    let room = Room::new().await;
    room.deliver("cur/1795000001.M1P1.h:2,S", &letter("one", MORNING));
    room.deliver("cur/1795000002.M2P1.h:2,S", &letter("two", NOON));
    room.pass(10);
    assert_eq!(room.list().await.total, 2);
    fs::remove_file(room.path("cur/1795000001.M1P1.h:2,S")).unwrap();
    // Long enough after the removal that the stamps are to be trusted, and stay equal from now on.
    room.pass(10);
    assert_eq!(room.list().await.total, 2);
    room.pass(3);
    assert_eq!(room.list().await.total, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_gone_leaves_the_list_with_its_age() {
    let room = Room::new().await;
    room.deliver("cur/1795000001.M1P1.h:2,S", &letter("one", MORNING));
    assert_eq!(room.list().await.total, 1);
    fs::rename(room.path(""), room.dir.path().join("away")).unwrap();
    for _ in 0..3 {
        room.pass(40);
        let list = room.list().await;
        assert_eq!((list.total, list.rows[0].subject.as_str()), (1, "one"));
        assert_eq!(list.freshness.source, Source::Saved);
        assert!(list.trouble.is_some());
    }
    // An empty folder where the store was mounted is no empty mailbox.
    fs::create_dir(room.path("")).unwrap();
    for _ in 0..3 {
        room.pass(40);
        assert_eq!(room.list().await.total, 1);
    }
    fs::remove_dir(room.path("")).unwrap();
    fs::rename(room.dir.path().join("away"), room.path("")).unwrap();
    room.pass(40);
    let list = room.list().await;
    assert_eq!((list.freshness.source, list.trouble), (Source::Live, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reads_anothers_mail() {
    let room = Room::new().await;
    for sub in ["cur", "new", "tmp"] {
        fs::create_dir_all(room.dir.path().join("Other").join(sub)).unwrap();
    }
    room.deliver("cur/1795000001.M1P1.h:2,S", &letter("one", MORNING));
    let (inbox, id) = (room.inbox().await, room.list().await.rows[0].id.clone());
    let other = room.room.reader("sato").unwrap();
    let query = LetterQuery::default();
    let own = other.inbox().await.unwrap();
    for (mailbox, message) in [(&inbox, &id), (&own, &id), (&own, &MessageId::from("aaaaaaaaaaaaaaaa"))] {
        let answer = other.open(mailbox, message, &query, &Plain).await;
        assert!(matches!(answer, Err(MailroomError::NotFound)), "{answer:?}");
    }
    assert!(matches!(room.room.reader("nobody"), Err(MailroomError::NotFound)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_stream_in_pieces_and_ranges() {
    let room = Room::new().await;
    let data: Vec<u8> = (0..700_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let encoded = data_encoding::BASE64_MIME.encode(&data);
    room.deliver(
        "cur/1795000001.M1P1.h:2,S",
        &format!(
            "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n\
             Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"a.pdf\"\r\n\r\n{encoded}\r\n--b--\r\n"
        ),
    );
    let (inbox, id) = (room.inbox().await, room.list().await.rows[0].id.clone());
    let letter = room.open(&id).await.unwrap();
    let attachment = &letter.message.attachments[0];
    assert_eq!((attachment.name.as_str(), attachment.size), ("a.pdf", 700_000));
    let part = room.reader().part(&inbox, &id, attachment.part, None).await.unwrap();
    assert_eq!((part.len, part.name.as_str(), part.image), (700_000, "a.pdf", None));
    for range in [0..700_000, 0..1, 299_999..300_005, 699_990..900_000, 5..5] {
        let mut bytes = Vec::new();
        let mut stream = part.stream(range.clone());
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.unwrap());
        }
        let (from, to) = (
            usize::try_from(range.start).unwrap(),
            usize::try_from(range.end.min(700_000)).unwrap(),
        );
        assert_eq!(bytes, data[from..to], "{range:?}");
    }
    assert!(matches!(
        room.reader().part(&inbox, &id, 99, None).await,
        Err(MailroomError::NotFound)
    ));
    let all = room.reader().attachments(&inbox, &id, None).await.unwrap();
    assert_eq!(all.len(), 1);
    let source = room.reader().source(&inbox, &id).await.unwrap();
    assert_eq!(
        source.len,
        fs::metadata(room.path("cur/1795000001.M1P1.h:2,S")).unwrap().len()
    );
}

/// Names, inodes, sizes and all times of everything below a folder.
fn fingerprint(dir: &Path, out: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let meta = fs::symlink_metadata(&path).unwrap();
        // Listing a folder for this very comparison may move its access time.
        let access = if meta.is_dir() {
            0
        } else {
            meta.atime_nsec() + meta.atime()
        };
        out.push(format!(
            "{path:?} {} {} {}.{} {access}",
            meta.ino(),
            meta.len(),
            meta.mtime(),
            meta.ctime_nsec()
        ));
        if meta.is_dir() {
            fingerprint(&path, out);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_is_made_ahead_and_given_once() {
    let room = Room::new().await;
    let name = "cur/1795000001.M1P1.h:2,S";
    room.deliver(
        name,
        "Subject: x\r\nContent-Type: text/html\r\n\r\n<p>Hello.</p><script>x()</script>\r\n",
    );
    let (inbox, id) = (room.inbox().await, room.list().await.rows[0].id.clone());
    let body = async |charset: Option<&str>| {
        let request = BodyRequest {
            view: BodyView::Html,
            charset: charset.map(str::to_owned),
            words: BodyWords::default(),
        };
        room.reader().body(&inbox, &id, &request).await
    };
    let alone = body(None).await.unwrap();
    assert!(alone.html.contains("<p>Hello.</p>") && !alone.html.contains("x()"));
    room.open(&id).await.unwrap();
    fs::remove_file(room.path(name)).unwrap();
    // Another form of it was not made.
    assert!(matches!(body(Some("utf-8")).await, Err(MailroomError::Gone)));
    assert_eq!(body(None).await.unwrap(), alone);
    assert!(matches!(body(None).await, Err(MailroomError::Gone)));
    // A frame that comes late shows what the spool has now.
    room.deliver(name, "Subject: x\r\nContent-Type: text/html\r\n\r\n<p>Late.</p>\r\n");
    room.open(&id).await.unwrap();
    fs::remove_file(room.path(name)).unwrap();
    room.pass(11);
    assert!(matches!(body(None).await, Err(MailroomError::Gone)));
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// A letter with an image that does not fit into the document, and a text that calls itself one.
fn letter_with_images() -> (String, Vec<u8>) {
    let mut image = PNG.to_vec();
    image.resize(3_500_000, 7);
    let part = |id: &str, bytes: &[u8]| {
        let encoded = data_encoding::BASE64_MIME.encode(bytes);
        format!(
            "--b\r\nContent-Type: image/png\r\nContent-ID: <{id}>\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
        )
    };
    let raw = format!(
        "Subject: x\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
         <img src=cid:a><img src=cid:b>\r\n{}{}--b--\r\n",
        part("a", &image),
        part("b", b"<svg/>")
    );
    (raw, image)
}

/// The URL in the document, as (part, t).
fn linked_image(html: &str, mailbox: &MailboxId, message: &MessageId) -> (u32, String) {
    let before = format!("src=\"https://mail.example/image/{mailbox}/{message}/");
    assert_eq!(html.matches("https://").count(), 1, "{html}");
    let (_, rest) = html.split_once(&before).unwrap();
    let (part, rest) = rest.split_once("?t=").unwrap();
    (part.parse().unwrap(), rest.split_once('"').unwrap().0.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_that_does_not_fit_is_to_be_had_by_its_url_for_ten_minutes() {
    let mut room = Room::new().await;
    let (raw, image) = letter_with_images();
    room.deliver("cur/1795000001.M1P1.h:2,S", &raw);
    let (inbox, id) = (room.inbox().await, room.list().await.rows[0].id.clone());
    let request = BodyRequest {
        view: BodyView::Html,
        charset: None,
        words: BodyWords::default(),
    };
    let document = room.reader().body(&inbox, &id, &request).await.unwrap();
    assert!(document.links_images && document.html.matches("src=").count() == 1);
    let (part, t) = linked_image(&document.html, &inbox, &id);

    let granted = |room: &Room, part, t: &str| room.room.granted_image(inbox.clone(), id.clone(), part, t);
    let found = granted(&room, part, &t).unwrap();
    assert_eq!(found.account(), "tanaka");
    let (download, media_type) = found.download().await.unwrap();
    let mut bytes = Vec::new();
    let mut stream = download.stream(0..download.len);
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    assert_eq!((media_type, bytes == image), ("image/png", true));
    assert!(granted(&room, part + 1, &t).is_none(), "another part");
    assert!(granted(&room, part, "").is_none());

    // What the page had made ahead carries the like.
    room.open(&id).await.unwrap();
    let ahead = room.reader().body(&inbox, &id, &request).await.unwrap();
    let (_, later) = linked_image(&ahead.html, &inbox, &id);
    room.restart();
    assert!(granted(&room, part, &later).is_some(), "a restart ends nothing");
    room.pass(580);
    assert!(granted(&room, part, &t).is_some());
    room.pass(120);
    assert!(granted(&room, part, &t).is_none() && granted(&room, part, &later).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_read_leaves_the_spool_as_it_was() {
    let room = Room::new().await;
    room.deliver("new/1795000002.M2P1.h", &letter("two", NOON));
    room.deliver("cur/1795000001.M1P1.h:2,FS", &letter("one", MORNING));
    let mut before = Vec::new();
    fingerprint(&room.path(""), &mut before);
    room.room.index_account("tanaka", &mut |_| ()).await.unwrap();
    let (inbox, words) = (room.inbox().await, BodyWords::default());
    for row in room.list().await.rows {
        room.open(&row.id).await.unwrap();
        let request = BodyRequest {
            view: BodyView::Html,
            charset: None,
            words: words.clone(),
        };
        room.reader().body(&inbox, &row.id, &request).await.unwrap();
        room.room
            .writer("tanaka")
            .unwrap()
            .note_opened(&inbox, &row.id)
            .await
            .unwrap();
    }
    let mut after = Vec::new();
    fingerprint(&room.path(""), &mut after);
    assert_eq!(before, after);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indexing_tells_how_far_it_is() {
    let room = Room::new().await;
    for number in 0..120 {
        room.deliver(
            &format!("cur/17950{number:05}.M1P1.h:2,S"),
            &letter(&format!("n{number}"), MORNING),
        );
    }
    let mut last = mailroom::IndexProgress::default();
    let mut calls = 0;
    room.room
        .index_account("tanaka", &mut |progress| {
            assert!(progress.done <= progress.total);
            calls += 1;
            last = progress;
        })
        .await
        .unwrap();
    assert_eq!((last.done, last.total), (120, 120));
    assert!(calls > 1);
    let list = room.list().await;
    assert_eq!((list.pages(), list.rows.len()), (3, 50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_nothing_in_a_spool_that_is_there_has_no_mail() {
    let room = Room::new().await;
    let patience = std::time::Duration::from_secs(20);
    let lacks = async || {
        let (tanaka, sato) = (
            room.room.lacks_mail("tanaka", patience),
            room.room.lacks_mail("sato", patience),
        );
        (tanaka.await, sato.await)
    };
    let (mail, other) = (room.dir.path().join("Maildir"), room.dir.path().join("Other"));
    let _ = fs::remove_dir_all(&other);
    assert_eq!(lacks().await, (false, true));
    fs::create_dir(&other).unwrap();
    assert_eq!(lacks().await, (false, false));
    // Where nothing is mounted, nobody can say.
    let away = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(room.dir.path()).unwrap() {
        let entry = entry.unwrap();
        fs::rename(entry.path(), away.path().join(entry.file_name())).unwrap();
    }
    assert!(!mail.exists());
    assert_eq!(lacks().await, (false, false));
}
