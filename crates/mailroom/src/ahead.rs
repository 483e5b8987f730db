//! The document of a letter's frame, begun while the letter's page is still being made: the frame asks for it a moment later,
//! and neither reads nor sanitises the message again.

use api_types::{Cause, MailboxId, MessageId};
use render::{BodyDocument, BodyOptions};
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use tokio::task::JoinHandle;

/// A frame that comes later than this, in microseconds, is made anew: it was not asked for by that page.
const KEPT_US: u64 = 10_000_000;
/// Documents of one account; a person opens one letter at a time, and the browser fetches two ahead.
const MOST: usize = 3;
/// Messages whose text is larger are not worth the memory.
pub(crate) const LARGEST: usize = 512 << 10;

/// Which document of which message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) mailbox: MailboxId,
    pub(crate) message: MessageId,
    pub(crate) options: BodyOptions,
}

struct Begun {
    wanted: Wanted,
    at_us: u64,
    document: JoinHandle<Result<BodyDocument, Cause>>,
}

/// What was begun for one account.
#[derive(Default)]
pub(crate) struct Ahead(Mutex<VecDeque<Begun>>);

impl Ahead {
    /// Takes a document that is being made, and waits for it in a task of its own.
    pub(crate) fn begin(
        &self,
        wanted: Wanted,
        document: impl Future<Output = Result<BodyDocument, Cause>> + Send + 'static,
        now_us: u64,
    ) {
        let document = tokio::spawn(document);
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        begun.retain(|other| other.wanted != wanted && now_us.saturating_sub(other.at_us) <= KEPT_US);
        if begun.len() >= MOST {
            begun.pop_front();
        }
        begun.push_back(Begun {
            wanted,
            at_us: now_us,
            document,
        });
    }

    /// The document, if it was begun a moment ago. It is given away once: whoever loads the frame again sees the spool again.
    pub(crate) async fn take(&self, wanted: &Wanted, now_us: u64) -> Option<Result<BodyDocument, Cause>> {
        let found = {
            let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            begun.retain(|other| now_us.saturating_sub(other.at_us) <= KEPT_US);
            let at = begun.iter().position(|other| other.wanted == *wanted)?;
            begun.remove(at)?
        };
        found.document.await.ok()
    }
}
