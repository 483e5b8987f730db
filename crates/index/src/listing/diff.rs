use super::{
    Applied, DOUBTFUL_LOOK_NS, ListingIn, Refused, SECOND_LOOK_NS, Seen,
    known::{Absent, Known},
};
use std::collections::HashSet;

/// Entries looked at before other tasks have their turn.
const TURN: usize = 1_000;
/// A mailbox smaller than this may lose anything.
const GUARDED: usize = 20;

/// What is to be written. Indexes are into the listing's entries.
#[derive(Default)]
pub(super) struct Diff {
    pub(super) added: Vec<usize>,
    /// Entry, row.
    pub(super) changed: Vec<(usize, i64)>,
    /// Rows that are there again.
    pub(super) returned: Vec<i64>,
    /// Rows found missing for the first time.
    pub(super) missing: Vec<i64>,
    /// Rows found missing for the second time.
    pub(super) gone: Vec<i64>,
    /// Rows that stay missing, for now.
    pub(super) waiting: usize,
    /// Rows that are shown and were not found, by a listing that may miss some.
    pub(super) lacking: usize,
    /// It lost most of a mailbox, which others still name or which lay on another device.
    pub(super) doubtful: bool,
}

impl Diff {
    pub(super) async fn new(known: &Known, listing: &ListingIn, marks: &[i64], now_ns: i64) -> Result<Self, Refused> {
        let (mut diff, seen) = Self::of_found(known, &listing.entries, marks).await;
        if listing.may_remove {
            let lost_most = lost_most(known, listing, &seen);
            let is_named = is_named(known, listing);
            if lost_most && is_named && (listing.entries.is_empty() || !listing.same_place) {
                return Err(Refused::WrongStore);
            }
            diff.doubtful = lost_most && (is_named || listing.other_device);
            // Whoever removed them may have told nobody; but there is no hurry to believe it.
            let after = if diff.doubtful {
                DOUBTFUL_LOOK_NS
            } else {
                SECOND_LOOK_NS
            };
            diff.absences(known, &seen, now_ns, after).await;
        } else {
            diff.lacking = known.shown() - seen.len().min(known.shown());
            diff.waiting = known
                .absent
                .iter()
                .filter(|(row, absent)| matches!(absent, Absent::Missing(_)) && !seen.contains(row))
                .count();
        }
        Ok(diff)
    }

    /// What was found brings nothing but additions and changes; with the rows that were found.
    pub(super) async fn of_found(known: &Known, entries: &[Seen], marks: &[i64]) -> (Self, HashSet<i64>) {
        let mut diff = Self::default();
        let mut seen = HashSet::with_capacity(entries.len());
        let mut new_names = HashSet::new();
        for (at, (entry, mark)) in entries.iter().zip(marks).enumerate() {
            take_turns(at).await;
            match known.names.get(&entry.public_id) {
                Some((row, known_mark)) => {
                    if seen.insert(*row) && known_mark != mark {
                        diff.changed.push((at, *row));
                    }
                }
                None => {
                    if new_names.insert(&entry.public_id) {
                        diff.added.push(at);
                    }
                }
            }
        }
        diff.returned
            .extend(known.absent.keys().filter(|row| seen.contains(row)));
        (diff, seen)
    }

    async fn absences(&mut self, known: &Known, seen: &HashSet<i64>, now_ns: i64, after: i64) {
        for (at, (row, _)) in known.names.values().enumerate() {
            take_turns(at).await;
            if seen.contains(row) {
                continue;
            }
            match known.absent.get(row) {
                Some(Absent::Gone) => {}
                Some(Absent::Missing(since)) if now_ns.saturating_sub(*since) >= after => self.gone.push(*row),
                Some(Absent::Missing(since)) if *since <= now_ns => self.waiting += 1,
                // New, or of a time that has not come: the clock was set back.
                None | Some(Absent::Missing(_)) => self.missing.push(*row),
            }
        }
    }

    pub(super) fn applied(&self) -> Applied {
        Applied {
            added: self.added.len() as u64,
            changed: self.changed.len() as u64,
            returned: self.returned.len() as u64,
            missing: (self.missing.len() + self.waiting) as u64,
            lacking: self.lacking as u64,
            removed: self.gone.len() as u64,
            doubtful: self.doubtful,
            ..Applied::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.changed.is_empty()
            && self.returned.is_empty()
            && self.missing.is_empty()
            && self.gone.is_empty()
    }
}

/// A listing that lost most of a mailbox may be of the wrong store: where another's list of it still names them, or where it is of
/// another device.
fn lost_most(known: &Known, listing: &ListingIn, seen: &HashSet<i64>) -> bool {
    let shown = known.shown();
    let is_gone = |row: &&i64| matches!(known.absent.get(row), Some(Absent::Gone));
    let lost = shown - (seen.len() - seen.iter().filter(is_gone).count());
    shown >= GUARDED && (listing.entries.is_empty() || lost * 10 > shown * 3)
}

fn is_named(known: &Known, listing: &ListingIn) -> bool {
    let most = known.shown() as u64 * 7;
    listing.expected.is_some_and(|names| names.saturating_mul(10) >= most)
}

/// A short hash of all that a listing says of a message but its id.
pub(super) async fn marks(entries: &[Seen]) -> Vec<i64> {
    let mut marks = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        take_turns(at).await;
        marks.push(mark(entry));
    }
    marks
}

fn mark(entry: &Seen) -> i64 {
    let mut hash = blake3::Hasher::new();
    let mut field = |bytes: &[u8]| {
        hash.update(&(bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    field(&entry.location);
    field(&entry.flags.to_le_bytes());
    field(entry.uid.map(u32::to_le_bytes).as_ref().map_or(&[], |uid| uid));
    field(entry.size.map(u64::to_le_bytes).as_ref().map_or(&[], |size| size));
    for keyword in &entry.keywords {
        field(keyword.as_bytes());
    }
    // Six bytes: it stands in the file twice.
    let [a, b, c, d, e, f, ..] = *hash.finalize().as_bytes();
    i64::from_le_bytes([a, b, c, d, e, f, 0, 0]) - (1 << 47)
}

async fn take_turns(at: usize) {
    if at % TURN == TURN - 1 {
        tokio::task::yield_now().await;
    }
}
