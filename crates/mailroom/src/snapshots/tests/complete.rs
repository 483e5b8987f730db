//! Which copy is complete, and what is made of that.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_says_whether_it_is_complete_and_is_read_all_the_same() {
    let room = room().await;
    letters(&room);
    let complete = copy(&room, "copies/2026-11-26");
    // Later than the name says: it took a while.
    fs::write(complete.join("COMPLETE"), "2026-11-26T04:10:00+09:00\n").unwrap();
    let nonsense = copy(&room, "copies/2026-11-25_0300");
    fs::write(nonsense.join("COMPLETE"), "yes\n").unwrap();
    let torn = copy(&room, "copies/2026-11-27");
    fs::remove_dir_all(torn.join("tanaka/Maildir/.Work")).unwrap();
    copy(&room, "copies/before-the-move");
    let lines = lines(&room).await;
    let said: Vec<_> = lines
        .iter()
        .map(|line| {
            let at = line.as_of.as_ref().map(|at| at.rfc3339.parse::<i64>().unwrap());
            (line.name.as_str(), line.whole, at)
        })
        .collect();
    assert_eq!(
        said,
        [
            ("2026-11-27", false, Some(1_795_705_200)),
            ("2026-11-26", true, Some(1_795_633_800)),
            ("2026-11-25_0300", false, Some(1_795_543_200)),
            ("before-the-move", false, None),
        ]
    );
    let sources = [Source::Unmarked, Source::Snapshot, Source::Unmarked, Source::Unmarked];
    for (line, source) in lines.iter().zip(sources) {
        let shown = list(&room, &line.inbox).await;
        assert_eq!((shown.freshness.source, shown.total), (source, 1), "{}", line.name);
        assert_eq!(shown.freshness.as_of, line.as_of);
        let inbox = ExportOf::Mailboxes(vec![line.inbox.clone()]);
        let plan = room.reader().export_plan(&inbox, &Plain).await.unwrap();
        assert!(plan.places[0].name.starts_with("INBOX@"), "{}", plan.places[0].name);
    }
    // One that is completed later is the same copy, read anew, and its marker's time counts from then on.
    let inbox = lines[0].inbox.clone();
    let work = room.path().join("copies/2026-11-27/tanaka/Maildir");
    fs::write(work.join("cur/1795000003.M3P1.h:2,"), "Subject: copied last\n\n").unwrap();
    fs::write(torn.join("COMPLETE"), "2026-11-27T03:40:00+09:00").unwrap();
    room.pass(Duration::from_secs(120));
    let again = self::lines(&room).await;
    assert_eq!((&again[0].inbox, again[0].whole), (&inbox, true));
    let shown = list(&room, &inbox).await;
    assert_eq!((shown.freshness.source, shown.total), (Source::Snapshot, 2));
}

/// A message that was renamed while the copy was made stands in it under both names, or in both directories.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_in_a_copy_twice_is_shown_once() {
    let room = room().await;
    let torn = copy(&room, "copies/2026-11-27");
    let put = |name: &str, text: &str| fs::write(torn.join("tanaka/Maildir").join(name), text).unwrap();
    put("new/1795000001.M1P1.h", "Subject: moved on\n\n");
    put("cur/1795000001.M1P1.h:2,S", "Subject: moved on\n\n");
    put("cur/1795000002.M2P1.h:2,", "Subject: flagged\n\n");
    put("cur/1795000002.M2P1.h:2,FS", "Subject: flagged\n\n");
    let shown = list(&room, &lines(&room).await[0].inbox).await;
    let mut subjects: Vec<_> = shown.rows.iter().map(|row| row.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!((shown.total, subjects), (2, vec!["flagged", "moved on"]));
    assert!(!shown.notes.is_empty(), "and it is said");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complete_copy_is_listed_once() {
    let room = room().await;
    letters(&room);
    let snapshot = copy(&room, &format!("zfs/{THREE}"));
    let inbox = lines(&room).await[0].inbox.clone();
    assert_eq!(list(&room, &inbox).await.total, 1);
    let desk = room.reader().desk_of(&inbox).await.unwrap();
    let id = desk.index.mailbox(inbox.as_str()).await.unwrap().unwrap().id;
    while desk.is_reading(id) {
        tokio::task::yield_now().await;
    }
    // Nothing changes it; if it is no more, its list is still what it was.
    fs::rename(&snapshot, room.path().join("destroyed")).unwrap();
    for forgotten in [false, true] {
        if forgotten {
            room.mailroom.forget("tanaka");
        }
        let shown = list(&room, &inbox).await;
        assert_eq!((shown.total, shown.trouble), (1, None));
        let letter = room
            .reader()
            .open(&inbox, &shown.rows[0].id, &LetterQuery::default(), &Plain)
            .await;
        assert!(
            matches!(letter, Err(MailroomError::Unavailable(Cause::Missing))),
            "{letter:?}"
        );
    }
    // And when that is known, it is not there.
    room.pass(Duration::from_secs(120));
    lines(&room).await;
    let gone = room.reader().list(&inbox, &ListQuery::default(), &Plain).await;
    assert!(matches!(gone, Err(MailroomError::NotFound)), "{gone:?}");
}

/// F19 of the fault table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_mail_is_lost_its_list_stays_and_the_newest_complete_copy_is_offered() {
    let room = room().await;
    letters(&room);
    copy(&room, "zfs/2026-11-26_0300");
    copy(&room, &format!("zfs/{THREE}"));
    copy(&room, "copies/2026-11-28");
    room.read_all().await;
    let live = room.list().await;
    assert_eq!((live.earlier, live.freshness.source), (None, Source::Live));
    room.put_away();
    let lost = room.list().await;
    assert_eq!((lost.total, lost.trouble), (1, Some(Cause::Missing)));
    assert_eq!(lost.freshness.source, Source::Saved);
    let earlier = lost.earlier.expect("a copy is offered");
    assert_eq!(
        (earlier.name.as_str(), earlier.whole),
        (THREE, true),
        "not the one without a marker"
    );
    // The same letter has the same ids there.
    let there = live.mailbox.id.of_snapshot(earlier.inbox.snapshot().unwrap());
    let letter = room
        .reader()
        .open(&there, &live.rows[0].id, &LetterQuery::default(), &Plain)
        .await
        .unwrap();
    assert_eq!(letter.message.subject, "lost later");
    // A list of mailboxes that was just seen is not looked at again.
    room.pass(Duration::from_secs(3));
    let search = ListQuery {
        search: Some(Search {
            text: "minutes".into(),
            within: None,
        }),
        ..ListQuery::default()
    };
    let found = room.reader().search(&search, &Plain).await.unwrap();
    assert_eq!(found.earlier.map(|copy| copy.name).as_deref(), Some(THREE));
}
