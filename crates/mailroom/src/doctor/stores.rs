//! What the store says of itself as a whole.

use super::{Severity, ill::Ills, messages::Held};
use spool::Store;

/// Deliveries add to the file and expunging takes away; it is made anew now and then, and until then is a little off.
const TOLERATED: u64 = 20;

/// `maildirsize` against what there is. Some servers leave out what lies in the trash, so a count without it is right as well.
pub(super) fn maildirsize(store: &Store, held: &Held, ills: &mut Ills) {
    let Ok(Some(quota)) = store.quota() else {
        return;
    };
    let trash = |name: &str| name.eq_ignore_ascii_case("trash");
    let in_trash = held.mailboxes.iter().filter(|mailbox| trash(&mailbox.name));
    let without_trash = held.messages - in_trash.map(|mailbox| mailbox.items.len() as u64).sum::<u64>();
    let near = |said: u64, is: u64| said.abs_diff(is) <= is / TOLERATED;
    let messages = near(quota.messages, held.messages) || near(quota.messages, without_trash);
    let bytes = near(quota.bytes, held.bytes) || without_trash != held.messages;
    if messages && bytes {
        return;
    }
    let cause = format!(
        "it says {} messages of {} bytes, and there are {} of {}",
        quota.messages, quota.bytes, held.messages, held.bytes
    );
    let advice = "let the mail server count anew (doveadm quota recalc), or remove the file: mail may be refused, or let in, wrongly";
    ills.add(
        Severity::Warning,
        "maildirsize",
        None,
        Some(b"maildirsize"),
        cause,
        advice,
    );
}
