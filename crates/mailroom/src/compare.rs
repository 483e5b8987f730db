//! Two copies of one person's mail: what is missing in the second, by content. A message is the same whatever its file is called and
//! whichever mailbox it lies in, in a Maildir or an mbox, packed or not: both are read whole and brought to one form (`normal.rs`), and
//! nothing is taken for equal by its name, its size or its date. What could not be read is never fine.
//!
//! Kept of a message are its place and a digest, some 200 bytes; what is said of it is read again from the spool.

mod finding;
mod leftover;
mod matching;
pub(crate) mod normal;
pub(crate) mod read;
mod side;
mod totals;

pub use finding::{Copies, Difference, Finding, Letter, Side};
pub use totals::Totals;

use crate::convert::why;
use leftover::Leftovers;
use side::Mail;
use spool::{Layout, SpoolError, Store, StoreConfig};

/// What is to be said beyond what is missing, changed, new or cannot be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompareOptions {
    /// Each message whose flags differ; else they are counted.
    pub flags: bool,
    /// Each message that lies in another mailbox; else they are counted, from where to where.
    pub moved: bool,
}

/// Compares two stores. `progress` is told how many messages were read, and of how many, from several threads; `say` is given each
/// finding as it is made. The stores are opened as they are configured, but for what may be read: lists of rights do not count.
///
/// # Errors
/// The side and the reason, if one of the two is not there at all. One that is there and cannot be read is a finding.
pub fn compare(
    old: &StoreConfig,
    new: &StoreConfig,
    options: CompareOptions,
    progress: &(dyn Fn(u64, u64) + Sync),
    say: &mut dyn FnMut(Finding),
) -> Result<Totals, (Side, SpoolError)> {
    let mut totals = Totals::default();
    let stores = (open(Side::Old, old, say)?, open(Side::New, new, say)?);
    let (Some(old), Some(new)) = stores else {
        totals.unreadable = 1;
        return Ok(totals);
    };
    // What formats do to `From ` can be undone only where one was: between two Maildirs nothing did it.
    let unquote = [&old, &new]
        .iter()
        .any(|store| matches!(store.layout(), Layout::Mbox { .. }));
    let mut names = side::Names::default();
    let old = Mail::list(Side::Old, old, &mut names, &mut totals, say);
    let new = Mail::list(Side::New, new, &mut names, &mut totals, say);
    let [before, after] = read::digests([&old, &new], unquote, progress, &mut totals, say);
    let matched = matching::matching(&old, &before, &new, &after);
    drop((before, after));
    totals.same = matched.same;
    totals.moved = matched.moved.iter().map(|moved| moved.messages.len() as u64).sum();
    totals.flags = matched.flags.len() as u64;
    let names = names.list();
    let leftovers = Leftovers {
        old: &old,
        new: &new,
        names: &names,
        unquote,
    };
    leftovers.say(&matched, options, &mut totals, say);
    Ok(totals)
}

/// How many messages are in a store that has no other to be compared with; `None` if nobody can say.
pub fn count(side: Side, store: &StoreConfig, say: &mut dyn FnMut(Finding)) -> Option<u64> {
    let mut totals = Totals::default();
    let opened = open(side, store, say).ok()??;
    let mail = Mail::list(side, opened, &mut side::Names::default(), &mut totals, say);
    (totals.unreadable == 0).then_some(mail.items.len() as u64)
}

fn open(side: Side, config: &StoreConfig, say: &mut dyn FnMut(Finding)) -> Result<Option<Store>, (Side, SpoolError)> {
    let config = StoreConfig {
        whole: true,
        ..config.clone()
    };
    match Store::open(&config) {
        Ok(store) => Ok(Some(store)),
        Err(error @ SpoolError::NotFound(_)) => Err((side, error)),
        Err(error) => {
            say(Finding::Unreadable {
                side,
                mailbox: None,
                file: None,
                cause: why(&error),
            });
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests;
