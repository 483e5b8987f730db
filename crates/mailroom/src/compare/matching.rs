//! Which message of one side is which of the other: those of one digest, in the same mailbox and with the same flags before others.

use super::{Copies, read::Record, side::Mail};
use spool::Marks;
use std::collections::BTreeMap;

/// A message of one side that has none on the other.
#[derive(Clone, Copy)]
pub(super) struct Single {
    pub(super) item: u32,
    pub(super) copies: Copies,
}

/// Messages of the old side and where they are.
pub(super) struct Moved {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) messages: Vec<(u32, u32)>,
}

/// All of it.
#[derive(Default)]
pub(super) struct Matched {
    pub(super) same: u64,
    pub(super) missing: Vec<Single>,
    pub(super) extra: Vec<Single>,
    pub(super) moved: Vec<Moved>,
    pub(super) flags: Vec<(u32, u32)>,
}

/// A message in a group of equal ones.
#[derive(Clone, Copy)]
struct Member {
    mailbox: u32,
    marks: Marks,
    item: u32,
}

type Key = fn(&Member) -> (u32, Marks);

/// The closest first. Each only makes coarser what the one before it compared, so all go by one order.
const KEYS: [Key; 3] = [
    |member| (member.mailbox, member.marks),
    |member| (member.mailbox, Marks::default()),
    |_| (0, Marks::default()),
];

/// Matches two sorted lists.
pub(super) fn matching(old: &Mail, before: &[Record], new: &Mail, after: &[Record]) -> Matched {
    let mut matched = Matched::default();
    let mut moved: BTreeMap<(u32, u32), Vec<(u32, u32)>> = BTreeMap::new();
    let (mut before, mut after) = (before, after);
    while let Some(digest) = [before.first(), after.first()]
        .into_iter()
        .flatten()
        .map(|one| one.digest)
        .min()
    {
        let olds = members(old, take(&mut before, &digest));
        let news = members(new, take(&mut after, &digest));
        let copies = Copies {
            old: olds.len() as u64,
            new: news.len() as u64,
        };
        let (mut olds, mut news) = (olds, news);
        for key in KEYS {
            for (a, b) in pairs(&mut olds, &mut news, key) {
                matched.same += 1;
                if a.mailbox != b.mailbox {
                    moved.entry((a.mailbox, b.mailbox)).or_default().push((a.item, b.item));
                }
                if a.marks != b.marks {
                    matched.flags.push((a.item, b.item));
                }
            }
        }
        let single = |member: &Member| Single {
            item: member.item,
            copies,
        };
        matched.missing.extend(olds.iter().map(single));
        matched.extra.extend(news.iter().map(single));
    }
    let moved = moved.into_iter();
    matched.moved = moved
        .map(|((from, to), messages)| Moved { from, to, messages })
        .collect();
    // As they lie there, mailbox by mailbox, and not by their digests.
    matched.missing.sort_by_key(|single| single.item);
    matched.extra.sort_by_key(|single| single.item);
    matched.flags.sort_unstable();
    matched
}

/// The records of that digest at the beginning of the list.
fn take<'a>(records: &mut &'a [Record], digest: &[u8; 32]) -> &'a [Record] {
    let count = records.iter().take_while(|record| record.digest == *digest).count();
    let (group, rest) = records.split_at(count);
    *records = rest;
    group
}

fn members(mail: &Mail, records: &[Record]) -> Vec<Member> {
    let member = |record: &Record| Member {
        mailbox: mail.mailbox_id(record.item),
        marks: mail
            .items
            .get(record.item as usize)
            .map(|placed| placed.item.marks)
            .unwrap_or_default(),
        item: record.item,
    };
    let mut members: Vec<Member> = records.iter().map(member).collect();
    members.sort_by_key(|member| (member.mailbox, member.marks, member.item));
    members
}

/// Takes out of both lists what is equal by that key.
fn pairs(olds: &mut Vec<Member>, news: &mut Vec<Member>, key: Key) -> Vec<(Member, Member)> {
    let mut found = Vec::new();
    let (mut lonely, mut others) = (Vec::new(), std::mem::take(news).into_iter().peekable());
    for old in std::mem::take(olds) {
        while let Some(other) = others.next_if(|other| key(other) < key(&old)) {
            news.push(other);
        }
        match others.next_if(|other| key(other) == key(&old)) {
            Some(other) => found.push((old, other)),
            None => lonely.push(old),
        }
    }
    news.extend(others);
    *olds = lonely;
    found
}
