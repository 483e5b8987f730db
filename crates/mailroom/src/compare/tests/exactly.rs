//! Whatever is lost, moved, copied and changed between two spools, in whichever formats, is what is said; and nothing else.

use super::{super::*, spools::*};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What becomes of a message.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Kept,
    Lost,
    Moved,
    Changed,
    /// It is there once more.
    Doubled,
    /// It was there twice, and is once.
    Halved,
    /// It was not there.
    New,
    Read,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Kept),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Moved),
        1 => Just(Fate::Changed),
        1 => Just(Fate::Doubled),
        1 => Just(Fate::Halved),
        1 => Just(Fate::New),
        1 => Just(Fate::Read),
    ]
}

fn form() -> impl Strategy<Value = Form> {
    (0..FORMS.len()).prop_map(|at| FORMS[at])
}

/// Lines that formats have their way with, none at the end that could be taken for an end.
fn body() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        "(From [a-z]{1,5}|>From [a-z]{1,5}|Status: RO||[a-z >]{0,30}|[あ-ん]{1,9})",
        0..8,
    )
    .prop_map(|lines| format!("{}\nend", lines.join("\n")))
}

/// Subjects of what was found missing, changed and new, and how many were moved from where to where.
type Said = (Vec<String>, Vec<String>, Vec<String>, BTreeMap<(String, String), u64>);

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn said(findings: &[Finding]) -> Said {
    let (mut missing, mut changed, mut extra, mut moved) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
    for finding in findings {
        match finding {
            Finding::Missing { message, .. } => missing.push(message.subject.clone()),
            Finding::Changed { old, new, .. } => {
                assert_eq!(old.message_id, new.message_id);
                changed.push(old.subject.clone());
            }
            Finding::Extra { message, .. } => extra.push(message.subject.clone()),
            Finding::Moved { from, to, messages } => {
                assert_eq!(moved.insert((from.clone(), to.clone()), *messages), None)
            }
            other => panic!("{other:?}"),
        }
    }
    (sorted(missing), sorted(changed), sorted(extra), moved)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_done_is_what_is_said(
        fates in proptest::collection::vec((fate(), 0..MAILBOXES.len(), body()), 0..40),
        forms in (form(), form()),
    ) {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        let (mut missing, mut changed, mut extra) = (Vec::new(), Vec::new(), Vec::new());
        let mut moved: BTreeMap<(String, String), u64> = BTreeMap::new();
        let mut flags = 0;
        for (number, (fate, at, body)) in fates.iter().enumerate() {
            let (here, there) = (MAILBOXES[*at], MAILBOXES[(at + 1) % MAILBOXES.len()]);
            let one = mail(&text(number, body), here);
            let subject = format!("Letter {number}");
            match fate {
                Fate::Kept => { old.push(one.clone()); new.push(one); }
                Fate::Lost => { old.push(one); missing.push(subject); }
                Fate::Moved => {
                    new.push(Made { mailbox: there, ..one.clone() });
                    old.push(one);
                    *moved.entry((here.to_owned(), there.to_owned())).or_default() += 1;
                }
                Fate::Changed => {
                    new.push(mail(&text(number, &format!("{body}!")), here));
                    old.push(one);
                    changed.push(subject);
                }
                Fate::Doubled => {
                    old.push(one.clone());
                    new.push(one.clone());
                    new.push(Made { mailbox: there, ..one });
                    extra.push(subject);
                }
                Fate::Halved => {
                    old.push(one.clone());
                    old.push(Made { mailbox: there, ..one.clone() });
                    new.push(one);
                    missing.push(subject);
                }
                Fate::New => { new.push(one); extra.push(subject); }
                Fate::Read => {
                    new.push(Made { flags: "S", ..one.clone() });
                    old.push(one);
                    flags += 1;
                }
            }
        }
        // In another order, and under other names.
        new.reverse();
        let (before, after) = (Spool::of(forms.0, &old), Spool::of(forms.1, &new));
        let was = (fingerprint(before.dir.path()), fingerprint(after.dir.path()));
        let (totals, findings) = compared(&before, &after, CompareOptions::default());
        prop_assert_eq!(was, (fingerprint(before.dir.path()), fingerprint(after.dir.path())));
        prop_assert_eq!(said(&findings), (sorted(missing.clone()), sorted(changed.clone()), sorted(extra.clone()), moved.clone()));
        let expected = Totals {
            old: old.len() as u64,
            new: new.len() as u64,
            same: (old.len() - missing.len() - changed.len()) as u64,
            missing: missing.len() as u64,
            changed: changed.len() as u64,
            extra: extra.len() as u64,
            moved: moved.values().sum(),
            flags,
            unreadable: 0,
            damaged: 0,
        };
        prop_assert_eq!(totals, expected);
        prop_assert_eq!(totals.is_fine(), missing.is_empty() && changed.is_empty());
    }
}
