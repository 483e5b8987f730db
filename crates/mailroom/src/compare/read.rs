//! Reads every message of both sides, on some threads.

use super::{
    Finding, Side, Totals,
    normal::{BUFFER, digest},
    side::{Mail, Placed},
};
use crate::convert::{cause, why};
use spool::{DefectKind, MessageFile, SpoolError};
use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    thread,
};

/// Of a machine with more cores some are left to others: reading is bound by the disk or the file server anyway.
const MOST_THREADS: usize = 4;
/// Messages that a thread takes at once.
const LOT: usize = 16;

/// What a message says, and which of its side it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    pub(super) digest: [u8; 32],
    pub(super) item: u32,
}

#[derive(Default)]
struct Done {
    records: [Vec<Record>; 2],
    findings: Vec<Finding>,
    totals: Totals,
}

/// Digests of both sides, sorted. What cannot be read has none, and is said.
pub(super) fn digests(
    sides: [&Mail; 2],
    unquote: bool,
    progress: &(dyn Fn(u64, u64) + Sync),
    totals: &mut Totals,
    say: &mut dyn FnMut(Finding),
) -> [Vec<Record>; 2] {
    let [old, new] = sides;
    let all = old.items.len() + new.items.len();
    let done = in_threads(all, progress, &|done: &mut Done, at, buffer| {
        let (mail, index) = match at.checked_sub(old.items.len()) {
            None => (old, at),
            Some(index) => (new, index),
        };
        done.look(mail, index, unquote, buffer);
    });
    let mut records = [Vec::with_capacity(old.items.len()), Vec::with_capacity(new.items.len())];
    for part in done {
        let [before, after] = &mut records;
        let [more_before, more_after] = part.records;
        before.extend(more_before);
        after.extend(more_after);
        totals.add(&part.totals);
        part.findings.into_iter().for_each(&mut *say);
    }
    records.iter_mut().for_each(|records| records.sort_unstable());
    records
}

/// Does something with each of so many messages, and gives what each thread made of it. `each` is given a buffer to read into.
pub(crate) fn in_threads<T: Default + Send>(
    all: usize,
    progress: &(dyn Fn(u64, u64) + Sync),
    each: &(dyn Fn(&mut T, usize, &mut [u8]) + Sync),
) -> Vec<T> {
    let (next, read) = (AtomicUsize::new(0), AtomicU64::new(0));
    let work = || {
        let mut done = T::default();
        let mut buffer = vec![0; BUFFER];
        loop {
            let from = next.fetch_add(LOT, Ordering::Relaxed);
            if from >= all {
                return done;
            }
            let until = all.min(from + LOT);
            (from..until).for_each(|at| each(&mut done, at, &mut buffer));
            let lot = (until - from) as u64;
            progress(read.fetch_add(lot, Ordering::Relaxed) + lot, all as u64);
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(MOST_THREADS).min(all.div_ceil(LOT)).max(1);
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        // A thread that fell has lost what it knew: that must not pass for mail that is not there.
        let join = |other: thread::ScopedJoinHandle<'_, T>| {
            other.join().unwrap_or_else(|fell| std::panic::resume_unwind(fell))
        };
        std::iter::once(own).chain(others.into_iter().map(join)).collect()
    })
}

impl Done {
    fn look(&mut self, mail: &Mail, index: usize, unquote: bool, buffer: &mut [u8]) {
        let Some(placed) = mail.items.get(index) else {
            return;
        };
        match read(mail, placed, unquote, buffer) {
            Ok((digest, damage)) => {
                let records = match mail.side {
                    Side::Old => &mut self.records[0],
                    Side::New => &mut self.records[1],
                };
                records.push(Record {
                    digest,
                    item: u32::try_from(index).unwrap_or(u32::MAX),
                });
                if let Some(kind) = damage {
                    self.totals.damaged += 1;
                    self.findings.push(Finding::Damaged {
                        side: mail.side,
                        mailbox: mail.mailbox_name(placed),
                        file: mail.file(placed),
                        cause: cause(kind),
                    });
                }
            }
            Err(cause) => {
                self.totals.unreadable += 1;
                self.findings.push(Finding::Unreadable {
                    side: mail.side,
                    mailbox: Some(mail.mailbox_name(placed)),
                    file: Some(mail.file(placed)),
                    cause,
                });
            }
        }
    }
}

/// Opens a message that was listed; it may have other flags since.
pub(super) fn open(mail: &Mail, placed: &Placed) -> Result<MessageFile, String> {
    match mail.store.open_item(&mail.path(placed), &placed.item) {
        Ok(Some(file)) => Ok(file),
        Ok(None) => Err("it was gone when it was to be read: compare it while nothing writes to it".to_owned()),
        Err(error) => Err(why(&error)),
    }
}

/// Its digest, and what is wrong with it that can be read all the same.
fn read(
    mail: &Mail,
    placed: &Placed,
    unquote: bool,
    buffer: &mut [u8],
) -> Result<([u8; 32], Option<DefectKind>), String> {
    let file = open(mail, placed)?;
    let defect = file.defect().map(|defect| defect.kind);
    if let Some(kind @ (DefectKind::Compressed | DefectKind::Encrypted)) = defect {
        return Err(cause(kind));
    }
    let digest = digest(&file, unquote, buffer).map_err(|error: SpoolError| why(&error))?;
    Ok((digest.whole, defect))
}
