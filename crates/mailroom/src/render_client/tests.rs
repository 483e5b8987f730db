//! Helpers that hang, die and are confined: they are this very program, started again. A helper that is stopped is one that hangs.

mod rig;

use super::*;
use crate::testing::Room;
use render::DefectKind;
use rig::{Helpers, LETTER, LONG, is_marked, words};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use std::{
    fs,
    io::Write as _,
    net::UdpSocket,
    process::{Command, ExitStatus},
};

/// How long somebody waits who is to get nothing.
const SHORT: Duration = Duration::from_millis(300);
const NOT_HELD: &str = "this kernel does not hold it";

#[test]
#[ignore = "a helper, started by the other tests"]
fn helper() {
    if is_marked() {
        confine_renderer().and_then(|_| serve_renderer()).unwrap();
    }
}

#[test]
#[ignore = "a process that is confined, started by another test"]
fn attempts() {
    if !is_marked() {
        return;
    }
    if !confine_renderer().unwrap() {
        println!("{NOT_HELD}");
        return;
    }
    let refused = |error: std::io::Error| assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    refused(fs::File::open("/etc/passwd").unwrap_err());
    refused(fs::write("/dev/null", "").unwrap_err());
    refused(fs::read_dir("/").unwrap_err());
    refused(UdpSocket::bind("127.0.0.1:0").unwrap_err());
    refused(Command::new("/bin/true").status().unwrap_err());
    assert!(Vec::<u8>::new().try_reserve(300 << 20).is_err());
}

#[test]
fn a_helper_can_open_no_file_no_socket_and_no_process_and_has_little_memory() {
    let attempt = Command::new(std::env::current_exe().unwrap())
        .args(words("attempts", "mark-attempts"))
        .output()
        .unwrap();
    assert!(ExitStatus::success(&attempt.status), "{attempt:?}");
    if String::from_utf8_lossy(&attempt.stdout).contains(NOT_HELD) {
        skipped("confining what renders messages", NOT_HELD);
    }
}

/// Said even where what tests print is not shown; `end2end/crates.mjs` reads it.
fn skipped(what: &str, why: &str) {
    writeln!(std::io::stderr(), "\nSKIPPED, {what} is not tried: {why}").unwrap();
}

/// It is whole, and not the text alone.
fn is_whole(view: &Result<View, Cause>) -> bool {
    matches!(view, Ok(view) if view.html.is_some() && view.defects.is_empty())
}

fn is_text_alone(view: &Result<View, Cause>) -> bool {
    let said = |view: &View| {
        view.defects
            .iter()
            .any(|defect| defect.kind == DefectKind::HtmlTooComplex)
    };
    matches!(view, Ok(view) if view.html.is_none() && view.has_text && said(view))
}

#[tokio::test]
async fn helpers_make_what_is_made_here() {
    let room = Room::new().await;
    let mut image = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    image.resize(3_300_000, 7);
    let related = |image: &[u8]| {
        format!(
            "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>a<img src=cid:a>\n--b\n\
             Content-Type: image/png\nContent-ID: <a>\nContent-Transfer-Encoding: base64\n\n{}\n--b--\n",
            data_encoding::BASE64_MIME.encode(image)
        )
    };
    let letters = [
        LETTER.to_owned(),
        "Subject: plain\n\na https://x.example/\n> b\n>> c\n\n-- \nSato\n".to_owned(),
        "Content-Type: text/html; charset=iso-2022-jp\n\n<p>\x1b$B2q5D\x1b(B<script>x()</script>".to_owned(),
        related(&image[..100]),
        related(&image),
        String::new(),
    ];
    let desk = room.desk().await;
    for letter in &letters {
        room.deliver("cur/1795000001.M1P1.h:2,S", letter);
        room.read_all().await;
        let row = &room.list().await.rows[0];
        let found = crate::found::find(&desk, &room.inbox().await, &row.id).await.unwrap();
        let links = Links::of(&desk, &found);
        let skeleton = Arc::new(Skeleton::whole(letter.as_bytes()));
        let waiting = Waiting {
            account: 1,
            patience: LONG,
        };
        let mut made = Vec::new();
        let helpers = Helpers::new(1, LONG).await;
        for client in [RenderClient::new(&Renderer::Here).unwrap(), helpers.client.clone()] {
            let options = Options {
                text: TextWanted::WithoutHtml,
                ..Options::default()
            };
            let frame = BodyOptions::default();
            let letter = client.letter(waiting, &skeleton, options, Some(frame.clone()));
            let (view, begun) = letter.await.unwrap();
            assert_eq!(begun.is_some(), view.html.is_some());
            let alone = client
                .document(waiting, &skeleton, frame.clone(), &links)
                .await
                .unwrap();
            if let Some(begun) = begun {
                let ahead = client.finish(waiting, begun, &skeleton, frame, &links).await.unwrap();
                assert_eq!(ahead, alone);
            }
            let structure = client.structure(waiting, &skeleton).await.unwrap();
            made.push((view, alone, structure));
        }
        assert_eq!(made[0], made[1]);
        let is_large = letter.len() > 1_000_000;
        assert_eq!(made[1].1.links_images, is_large);
        assert_eq!(made[1].1.html.contains("https://mail.example/image/"), is_large);
    }
}

#[tokio::test]
async fn whoever_waits_for_helpers_that_hang_is_told_so_in_time() {
    let helpers = Helpers::new(2, LONG).await;
    helpers.stop().await;
    assert_eq!(
        helpers.letter_within(1, SHORT, LETTER).await.unwrap_err(),
        Cause::Unshown
    );
    let skeleton = Arc::new(Skeleton::whole(LETTER.as_bytes()));
    let waiting = Waiting {
        account: 2,
        patience: SHORT,
    };
    let structure = helpers.client.structure(waiting, &skeleton).await;
    assert_eq!(structure.unwrap_err(), Cause::Unshown);
    helpers.signal(Signal::CONT);
    assert!(is_whole(&helpers.letter(1).await));
}

#[tokio::test]
async fn a_letter_whose_helper_hangs_or_dies_is_its_text() {
    let helpers = Helpers::new(1, Duration::from_secs(1)).await;
    let before = helpers.pids();
    helpers.stop().await;
    let view = helpers.letter(1).await;
    assert!(is_text_alone(&view), "{view:?}");
    assert_eq!(helpers.pool().counts().hung, 1);
    assert!(helpers.pids().is_disjoint(&before), "it was killed");
    assert!(is_whole(&helpers.letter(1).await), "the next one is whole");

    let helpers = Helpers::new(1, LONG).await;
    helpers.stop().await;
    let killed = async {
        helpers.until(|counts| counts.busy == 1).await;
        helpers.signal(Signal::KILL);
    };
    let (view, ()) = tokio::join!(helpers.letter(1), killed);
    assert!(is_text_alone(&view), "{view:?}");
    assert_eq!(helpers.pool().counts().died, 1);
    assert!(is_whole(&helpers.letter(1).await));
}

#[tokio::test]
async fn a_document_whose_helper_dies_is_its_text() {
    let room = Room::new().await;
    room.deliver("cur/1795000001.M1P1.h:2,S", LETTER);
    room.read_all().await;
    let (desk, row) = (room.desk().await, room.list().await.rows[0].id.clone());
    let found = crate::found::find(&desk, &room.inbox().await, &row).await.unwrap();
    let links = Links::of(&desk, &found);
    let skeleton = Arc::new(Skeleton::whole(LETTER.as_bytes()));
    let waiting = Waiting {
        account: 1,
        patience: LONG,
    };
    let helpers = Helpers::new(1, LONG).await;
    helpers.stop().await;
    let document = helpers
        .client
        .document(waiting, &skeleton, BodyOptions::default(), &links);
    let killed = async {
        helpers.until(|counts| counts.busy == 1).await;
        helpers.signal(Signal::KILL);
    };
    let (document, ()) = tokio::join!(document, killed);
    let document = document.unwrap();
    assert!(
        document.fell_back_to_text && document.html.contains("<p>plain</p>"),
        "{}",
        document.html
    );
}

#[tokio::test]
async fn a_helper_without_memory_dies_and_costs_the_html_of_one_letter() {
    let helpers = Helpers::new(1, LONG).await;
    for pid in helpers.pids() {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let size = status.lines().find_map(|line| line.strip_prefix("VmSize:")).unwrap();
        let size: u64 = size.split_whitespace().next().unwrap().parse().unwrap();
        let most = Some((size << 10) + (1 << 20));
        let limit = Rlimit {
            current: most,
            maximum: most,
        };
        prlimit(Pid::from_raw(pid), Resource::As, limit).unwrap();
    }
    let large = LETTER.replace("plain", &"word ".repeat(600_000));
    let view = helpers.letter_within(1, LONG, &large).await;
    assert!(is_text_alone(&view), "{:?}", view.map(|view| view.defects));
    assert_eq!(helpers.pool().counts().died, 1);
}

#[tokio::test]
async fn others_are_served_while_one_persons_letter_hangs() {
    let helpers = Arc::new(Helpers::new(2, LONG).await);
    helpers.stop().await;
    let letter = |account| {
        let helpers = Arc::clone(&helpers);
        tokio::spawn(async move { helpers.letter(account).await })
    };
    let letters = [letter(1), letter(2)];
    helpers.until(|counts| counts.busy == 2).await;
    // Each has one of them; whose goes on serves its person.
    let first = *helpers.pids().first().unwrap();
    kill_process(Pid::from_raw(first).unwrap(), Signal::CONT).unwrap();
    let (served, at, mut hung) = futures::future::select_all(letters).await;
    assert!(is_whole(&served.unwrap()));
    let hung = hung.remove(0);
    for _ in 0..20 {
        assert!(is_whole(&helpers.letter(at as u64 + 1).await));
    }
    assert!(!hung.is_finished());
    helpers.signal(Signal::CONT);
    assert!(is_whole(&hung.await.unwrap()));
}

#[tokio::test]
async fn one_person_has_so_many_places_and_is_told_when_they_are_taken() {
    let helpers = Arc::new(Helpers::new(1, LONG).await);
    helpers.stop().await;
    let letter = |account| {
        let helpers = Arc::clone(&helpers);
        tokio::spawn(async move { helpers.letter(account).await })
    };
    let mut letters = vec![letter(1)];
    helpers.until(|counts| counts.busy == 1).await;
    letters.extend((0..32).map(|_| letter(1)));
    helpers.until(|counts| counts.queued == 32).await;
    assert_eq!(helpers.letter(1).await.unwrap_err(), Cause::Busy);
    letters.push(letter(2));
    helpers.until(|counts| counts.queued == 33).await;
    helpers.signal(Signal::CONT);
    for letter in letters {
        assert!(is_whole(&letter.await.unwrap()));
    }
}

/// Through a whole mailroom: the head stands there, and the frame says what is wrong.
#[tokio::test]
async fn a_letter_that_nobody_can_look_into_is_its_head_and_can_be_saved() {
    let (settings, mark) = Helpers::settings(1, LONG);
    let room = Room::rendered_by(Renderer::Helpers(settings), Duration::from_secs(2)).await;
    let helpers = Helpers {
        client: room.mailroom.shared().renderer.clone(),
        mark,
    };
    helpers.until(|counts| counts.ready == 1).await;
    room.deliver(
        "cur/1795000001.M1P1.h:2,S",
        &format!("From: Sato <s@x.example>\n{LETTER}"),
    );
    room.read_all().await;
    let (inbox, row) = (room.inbox().await, room.list().await.rows[0].id.clone());
    let reader = room.reader();
    helpers.stop().await;
    let query = api_types::LetterQuery::default();
    let letter = reader.open(&inbox, &row, &query, &crate::testing::Plain).await.unwrap();
    let message = letter.message;
    assert_eq!(message.body, api_types::Body::Unshown(Cause::Unshown));
    assert_eq!(
        (message.subject.as_str(), message.from[0].address.as_str()),
        ("s", "s@x.example")
    );
    let request = crate::BodyRequest {
        view: crate::BodyView::Html,
        charset: None,
        words: crate::BodyWords {
            unshown: "cannot be shown".to_owned(),
            ..crate::BodyWords::default()
        },
    };
    let document = reader.body(&inbox, &row, &request).await.unwrap();
    assert!(document.html.contains("cannot be shown") && !document.html.contains("plain"));
    let part = reader.part(&inbox, &row, 0, None).await.map(drop);
    let unshown = |error: &crate::MailroomError| matches!(error, crate::MailroomError::Unavailable(Cause::Unshown));
    assert!(part.as_ref().is_err_and(unshown), "{part:?}");
    assert!(reader.source(&inbox, &row).await.is_ok());
    helpers.signal(Signal::CONT);
    let letter = reader.open(&inbox, &row, &query, &crate::testing::Plain).await.unwrap();
    assert!(matches!(letter.message.body, api_types::Body::Html { .. }));
}
