//! Whether a copy has as many messages of a person as its marker says: half of them may have been lost under a marker that is still there.

use super::MarkerAsk;
use crate::{desk::Desk, spool_client::Urgency, sync::is_whole};
use api_types::Cause;
use spool::MarkerCount;
use std::sync::Arc;

/// A copy whose list is on disk is counted anew after this, in microseconds: it may have lost messages since.
const COUNTED_US: u64 = 24 * 3600 * 1_000_000;
/// One that could not be counted, after this.
const RETRY_US: u64 = 600 * 1_000_000;

impl Desk {
    /// To be called when all mailboxes have been listed. What is found counts from the next question on: this desk of a copy that turns
    /// out to be torn is put away.
    pub(crate) async fn compare_with_marker(self: &Arc<Self>) {
        let Some(snapshot) = self.snapshot.as_ref().filter(|snapshot| snapshot.marked) else {
            return;
        };
        let (shared, name) = (&self.shared, &self.account.name);
        let now = shared.clock.ticks_us();
        let (compared, listed_before) = {
            let work = self.work();
            (work.compared, work.listed_before)
        };
        let due = shared.known.count_due(name, snapshot);
        let anew = self.is_frozen() && due.map_or(listed_before, |due| now >= due);
        // What is on disk of a frozen copy says nothing else when it is asked again.
        if self.is_frozen() && compared && !anew {
            return;
        }
        let live = shared.accounts.find(name);
        let place = live.as_ref().and_then(|live| live.snapshots.get(snapshot.root));
        let Some(ask) = place.and_then(|place| MarkerAsk::new(place, &snapshot.name, name)) else {
            return;
        };
        let Ok(rows) = self.mailboxes().await else { return };
        if !is_whole(&rows) {
            return;
        }
        // A marker that cannot be asked now is asked when the mailboxes are looked at again.
        let Ok(said) = shared
            .client
            .marker_count(&self.account, ask, Urgency::Background)
            .await
        else {
            return;
        };
        let holds = match said {
            MarkerCount::Messages(_) if anew => self.count_anew().await,
            _ => Ok(rows.iter().map(|row| row.total).sum::<u64>()),
        };
        let holds = match holds {
            Ok(holds) => holds,
            Err(cause) => {
                let again = match cause {
                    Cause::Denied | Cause::Unsupported => COUNTED_US,
                    _ => RETRY_US,
                };
                shared.known.note_count_due(name, snapshot, now + again);
                return;
            }
        };
        if anew || due.is_none() {
            shared.known.note_count_due(name, snapshot, now + COUNTED_US);
        }
        let torn = match said {
            MarkerCount::Untold => false,
            MarkerCount::Messages(said) => said != holds,
            MarkerCount::Broken | MarkerCount::TooLong => true,
        };
        if torn == snapshot.whole {
            if torn {
                tracing::warn!(account = %name, copy = %snapshot.name, ?said, holds, "a copy is not what its marker says");
            }
            shared.known.note_torn(shared, name, snapshot, torn).await;
            // What is read of it from now on is in another file: this one has what is not so.
            shared.put_away(self, snapshot);
        }
        self.work().compared = true;
    }

    /// Lists all mailboxes where they lie, as markers count. What the index has stays as it is: if nothing was lost, it is read on.
    async fn count_anew(&self) -> Result<u64, Cause> {
        let (client, account) = (&self.shared.client, &self.account);
        let mut holds = 0;
        for mailbox in client.mailboxes(account, Urgency::Background).await? {
            let listing = client.list(account, &mailbox.path, None, Urgency::Background).await?;
            // Somebody is writing there.
            if !listing.consistent {
                return Err(Cause::Slow);
            }
            holds += listing.entries.len() as u64;
        }
        Ok(holds)
    }
}
