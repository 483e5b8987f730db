//! What is wrong with an account's mail: each thing with its cause and what to do. Everything is looked at that a mail program, a
//! delivery or a person may stumble over, and every message is read. Nothing is changed, and what is merely unusual is said to be so.

mod files;
mod ill;
mod indexed;
mod messages;
mod names;
mod stores;

pub use ill::{Ill, Severity};

use crate::{Account, convert::why};
use ill::Ills;
use spool::{MailboxEntry, Owner, Store, StoreConfig};

/// Looks at an account. `now_ns` is the time in nanoseconds since 1970. `indexed` is what an index has of it: the path of a mailbox and a
/// base name, row by row. `progress` is told how many messages were read, and of how many, from several threads. Most serious first.
pub fn doctor(
    account: &Account,
    now_ns: i64,
    indexed: Option<&[(Vec<u8>, Vec<u8>)]>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Vec<Ill> {
    let mut ills = Ills::default();
    let expected = account.store.owner.uid().unwrap_or_else(|error| {
        let advice = "see [spool] owner in the configuration, and the system's users";
        ills.add(Severity::Error, "owner-unknown", None, None, why(&error), advice);
        None
    });
    // What is refused otherwise is to be looked at here.
    let config = StoreConfig {
        owner: Owner::Any,
        whole: true,
        ..account.store.clone()
    };
    let opened = Store::open(&config).and_then(|store| {
        let mailboxes = store.mailboxes()?;
        Ok((store, mailboxes))
    });
    let (store, mailboxes) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            let advice = "see whether the filesystem is mounted, and what [spool] says of where mail lies";
            ills.add(Severity::Error, "store", None, None, why(&error), advice);
            return ills.sorted();
        }
    };
    let expected = expected.or_else(|| files::owner_of_root(&store));
    for mailbox in &mailboxes {
        names::look(mailbox, &store, &mut ills);
        files::look(mailbox, &store, expected, now_ns, &mut ills);
    }
    names::twice(&mailboxes, &mut ills);
    let held = messages::look(&mailboxes, &store, progress, &mut ills);
    stores::maildirsize(&store, &held, &mut ills);
    if let Some(indexed) = indexed {
        indexed::look(indexed, &held, &mut ills);
    }
    ills.sorted()
}

fn name(mailbox: &MailboxEntry) -> String {
    mailbox.segments.join("/")
}

#[cfg(test)]
mod tests;
