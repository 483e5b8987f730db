//! What no generator makes.

use super::{super::*, spools::*};
use std::{fs, os::unix::fs::symlink};

const PLAIN: CompareOptions = CompareOptions {
    flags: false,
    moved: false,
};

fn some() -> Vec<Made> {
    (0..4).map(|number| mail(&text(number, "text"), "INBOX")).collect()
}

/// Does something to a spool that is in order.
type Spoil<'a> = &'a dyn Fn(&Spool);

/// The causes that were told.
fn causes(findings: &[Finding]) -> Vec<String> {
    let cause = |finding: &Finding| match finding {
        Finding::Unreadable { cause, .. } | Finding::Damaged { cause, .. } => Some(cause.clone()),
        _ => None,
    };
    findings.iter().filter_map(cause).collect()
}

#[test]
fn copies_are_counted() {
    let one = mail(&text(1, "text"), "INBOX");
    let three = Spool::of(Form::Maildir, &[one.clone(), one.clone(), one.clone()]);
    let two = Spool::of(Form::Mboxo, &[one.clone(), one]);
    let (totals, findings) = compared(&three, &two, PLAIN);
    assert_eq!((totals.same, totals.missing), (2, 1));
    let [Finding::Missing { copies, .. }] = &findings[..] else {
        panic!("{findings:?}")
    };
    assert_eq!(*copies, Copies { old: 3, new: 2 });
    assert!(compared(&two, &three, PLAIN).0.is_fine());
}

#[test]
fn of_equal_messages_those_in_one_mailbox_are_taken_for_each_other() {
    let one = |mailbox, flags| Made {
        flags,
        ..mail(&text(1, "text"), mailbox)
    };
    let old = Spool::of(Form::Maildir, &[one("INBOX", "S"), one("Sent", "S")]);
    let new = Spool::of(Form::Nested, &[one("Sent", "")]);
    let (totals, findings) = compared(&old, &new, PLAIN);
    assert_eq!((totals.missing, totals.moved, totals.flags), (1, 0, 1));
    assert!(matches!(&findings[..], [Finding::Missing { message, .. }] if message.mailbox == "INBOX"));
}

#[test]
fn a_message_is_said_to_have_other_headers_or_another_text() {
    let old = Spool::of(
        Form::Maildir,
        &[mail(&text(1, "whole text"), "INBOX"), mail(&text(2, "x"), "Sent")],
    );
    let new = Spool::of(
        Form::Mboxcl,
        &[
            mail(&text(1, "whole"), "INBOX"),
            mail(&format!("X-New: 1\n{}", text(2, "x")), "Sent"),
        ],
    );
    let (totals, findings) = compared(&old, &new, PLAIN);
    assert_eq!((totals.changed, totals.missing, totals.extra), (2, 0, 0));
    let differences: Vec<_> = findings
        .iter()
        .map(|finding| match finding {
            Finding::Changed { difference, old, .. } => (old.subject.as_str(), difference.headers, difference.text),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(differences, [("Letter 1", false, true), ("Letter 2", true, false)]);
}

#[test]
fn two_files_of_one_base_name_are_two_messages() {
    let (old, new) = (Spool::of(Form::Maildir, &some()), Spool::of(Form::Maildir, &some()));
    for (sub, body) in [("cur", "one"), ("new", "other")] {
        fs::write(old.mailbox("INBOX").join(sub).join("same"), text(9, body)).unwrap();
    }
    fs::write(new.mailbox("INBOX").join("cur/same:2,S"), text(9, "one")).unwrap();
    let (totals, findings) = compared(&old, &new, PLAIN);
    assert_eq!((totals.old, totals.missing, totals.flags), (6, 1, 1));
    assert!(matches!(&findings[..], [Finding::Missing { message, .. }] if message.file == "new/same"));
}

#[test]
fn flags_and_moves_are_told_one_by_one_if_asked_for() {
    let old = Spool::of(
        Form::Maildir,
        &[
            Made {
                flags: "FRS",
                ..mail(&text(1, "x"), "INBOX")
            },
            mail(&text(2, "x"), "Sent"),
        ],
    );
    let new = Spool::of(
        Form::Nested,
        &[mail(&text(1, "x"), "INBOX"), mail(&text(2, "x"), "Work/Old")],
    );
    let (totals, findings) = compared(
        &old,
        &new,
        CompareOptions {
            flags: true,
            moved: true,
        },
    );
    assert!(totals.is_fine());
    assert_eq!((totals.flags, totals.moved), (1, 1));
    let [
        Finding::Moved { from, to, messages: 1 },
        Finding::MovedMessage { old: moved, file, .. },
        Finding::Flags { old: was, new: is, .. },
    ] = &findings[..]
    else {
        panic!("{findings:?}")
    };
    assert_eq!((from.as_str(), to.as_str()), ("Sent", "Work/Old"));
    assert_eq!(
        (moved.subject.as_str(), file.as_str()),
        ("Letter 2", "Work/Old/cur/1.Nested:2,")
    );
    assert!(was.seen && was.answered && was.flagged);
    assert_eq!(*is, spool::Marks::default());
}

#[test]
fn what_cannot_be_read_is_never_fine() {
    let make = |spoil: &dyn Fn(&Spool)| {
        let spool = Spool::of(Form::Maildir, &some());
        spoil(&spool);
        spool
    };
    let whole = make(&|_| ());
    let cases: [(Spoil<'_>, &str); 6] = [
        (
            &|spool| symlink("0.Maildir:2,", spool.mailbox("INBOX").join("cur/link")).unwrap(),
            "symbolic link",
        ),
        (
            &|spool| fs::create_dir(spool.mailbox("INBOX").join("cur/x")).unwrap(),
            "directory where a file",
        ),
        (
            &|spool| fs::write(spool.mailbox("INBOX").join("cur/x"), b"\x1f\x8b\x08\0broken").unwrap(),
            "unpacked",
        ),
        (
            &|spool| fs::write(spool.mailbox("INBOX").join("cur/x"), b"CRYPTED\x03\x07\x02 what").unwrap(),
            "encrypted",
        ),
        (
            &|spool| fs::remove_dir(spool.mailbox("Sent").join("new")).unwrap(),
            "missing",
        ),
        (
            &|spool| symlink("/nowhere", spool.dir.path().join("mail/.Linked")).unwrap(),
            "symbolic link",
        ),
    ];
    for (spoil, cause) in cases {
        for (old, new) in [(&make(spoil), &whole), (&whole, &make(spoil))] {
            let (totals, findings) = compared(old, new, PLAIN);
            assert_eq!((totals.unreadable, totals.missing), (1, 0), "{cause}: {findings:?}");
            assert!(!totals.is_fine() && !totals.is_proved(), "{cause}");
            assert!(causes(&findings)[0].contains(cause), "{cause}: {findings:?}");
        }
    }
}

#[test]
fn a_directory_that_is_no_spool_is_not_an_empty_one() {
    let spool = Spool::of(Form::Maildir, &some());
    let empty = Spool {
        dir: tempfile::tempdir().unwrap(),
        form: Form::Maildir,
    };
    fs::create_dir(empty.dir.path().join("mail")).unwrap();
    for (old, new) in [(&spool, &empty), (&empty, &spool)] {
        let (totals, findings) = compared(old, new, PLAIN);
        assert!(!totals.is_proved(), "{findings:?}");
        assert!(causes(&findings)[0].contains("mounted"), "{findings:?}");
    }
    let gone = StoreConfig::new(Layout::Maildir {
        root: spool.dir.path().join("gone"),
    });
    let error = compare(&spool.config(), &gone, PLAIN, &|_, _| (), &mut |_| ()).unwrap_err();
    assert_eq!(error.0, Side::New);
}

#[test]
fn a_mailbox_that_is_hidden_from_its_owner_is_compared_too() {
    let locked = [mail(&text(7, "x"), "Sent")];
    let (old, new) = (Spool::of(Form::Maildir, &locked), Spool::of(Form::Maildir, &[]));
    fs::write(old.mailbox("Sent").join("dovecot-acl"), "user=nobody lr\nowner \n").unwrap();
    assert_eq!(compared(&old, &new, PLAIN).0.missing, 1);
}

#[test]
fn what_is_damaged_is_compared_as_it_is_and_named() {
    let (old, new) = (Spool::of(Form::Maildir, &some()), Spool::of(Form::Maildir, &some()));
    for spool in [&old, &new] {
        fs::write(spool.mailbox("INBOX").join("cur/nul"), [0; 100]).unwrap();
    }
    let (totals, findings) = compared(&old, &new, PLAIN);
    assert!(totals.is_fine());
    assert_eq!((totals.damaged, causes(&findings).len()), (2, 2));
    // What was a message and is NUL bytes now is missing.
    fs::write(new.mailbox("INBOX").join("cur/0.Maildir:2,"), [0; 99]).unwrap();
    let (totals, _) = compared(&old, &new, PLAIN);
    assert_eq!((totals.missing, totals.extra), (1, 1));
}

#[test]
fn nothing_that_is_told_can_break_a_line() {
    let hostile = "From: =?utf-8?q?a=0Ab=1B[2J?= <a@example.org>\nSubject: =?utf-8?q?x=0Dy=E2=80=AEz?=\n\nx\n";
    let old = Spool::of(Form::Maildir, &[]);
    fs::write(old.mailbox("INBOX").join("cur/a\nb\x1b"), hostile).unwrap();
    let (_, findings) = compared(&old, &Spool::of(Form::Maildir, &[]), PLAIN);
    let [Finding::Missing { message, .. }] = &findings[..] else {
        panic!("{findings:?}")
    };
    for shown in [&message.from, &message.subject, &message.file] {
        assert!(
            !shown.is_empty() && !shown.chars().any(|c| c.is_control() || c == '\u{202e}'),
            "{shown:?}"
        );
    }
}
