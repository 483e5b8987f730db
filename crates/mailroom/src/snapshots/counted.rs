//! Whether a copy has as many messages of a person as its marker says: half of them may have been lost under a marker that is still there.

use super::MarkerAsk;
use crate::{desk::Desk, spool_client::Urgency, sync::is_whole};
use spool::MarkerCount;
use std::sync::Arc;

impl Desk {
    /// To be called when all mailboxes have been listed. What is found counts from the next question on: this desk of a copy that turns
    /// out to be torn is put away.
    pub(crate) async fn compare_with_marker(self: &Arc<Self>) {
        let Some(snapshot) = self.snapshot.as_ref().filter(|snapshot| snapshot.marked) else {
            return;
        };
        // Of a copy that is frozen here nothing is found that was not found before.
        if self.is_frozen() && self.work().compared {
            return;
        }
        let (shared, name) = (&self.shared, &self.account.name);
        let live = shared.accounts.find(name);
        let place = live.as_ref().and_then(|live| live.snapshots.get(snapshot.root));
        let Some(ask) = place.and_then(|place| MarkerAsk::new(place, &snapshot.name, name)) else {
            return;
        };
        let Ok(rows) = self.mailboxes().await else { return };
        if !is_whole(&rows) {
            return;
        }
        let holds = rows.iter().map(|row| row.total).sum::<u64>();
        // A marker that cannot be asked now is asked when the mailboxes are looked at again.
        let Ok(said) = shared
            .client
            .marker_count(&self.account, ask, Urgency::Background)
            .await
        else {
            return;
        };
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
}
