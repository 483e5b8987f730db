//! Looking at the spool and writing down what changed.
//!
//! Every look is made once however many wait for it, goes on when those who wait have given up, and changes the index only
//! by what it saw. Removals need two complete listings; see `index::Index::apply_listing`.

mod apart;
mod listing;
mod mailbox;
mod mailboxes;
mod page;
mod reading;
mod told;

pub(crate) use apart::MOST;
pub(crate) use mailboxes::is_whole;
pub(crate) use reading::{envelope_in, preview_in, request_of};
pub(crate) use told::LastLook;

use crate::{
    desk::{Desk, Flight, Looked, Work},
    spool_client::counting,
};
use futures::{FutureExt, future};
use index::MailboxRow;
use std::{future::Future, pin::pin, sync::Arc, time::Duration};

/// A second listing decides about a missing name no sooner than this.
pub(crate) const SECOND_LOOK: Duration = Duration::from_millis(2_200);
/// Spool and portal may disagree about the time by this, in nanoseconds.
pub(crate) const CLOCK_SKEW_NS: i64 = 2_000_000_000;

impl Desk {
    /// Looks at one mailbox, or joins who is looking already, and waits no longer than `patience`.
    pub(crate) async fn look_within(self: &Arc<Self>, mailbox: i64, patience: Duration) -> Looked {
        patiently(self.look(mailbox, None), patience).await
    }

    /// The same, for who wants to show the mailbox and need not wait until a long listing has been written to its end.
    pub(crate) async fn look_to_show_within(
        self: &Arc<Self>,
        mailbox: i64,
        row: Option<MailboxRow>,
        patience: Duration,
    ) -> Looked {
        let mut progress = self.progress.subscribe();
        let flight = self.look(mailbox, row);
        let begun = async {
            loop {
                let begun = self.work().begun.get(&mailbox).copied();
                match begun {
                    Some(spool_us) => {
                        return Looked {
                            spool_us,
                            ..Looked::default()
                        };
                    }
                    None if progress.changed().await.is_ok() => {}
                    None => return Looked::trouble(api_types::Cause::Broken),
                }
            }
        };
        let shown = async { future::select(flight, pin!(begun)).await.factor_first().0 };
        patiently(shown, patience).await
    }

    fn look(self: &Arc<Self>, mailbox: i64, row: Option<MailboxRow>) -> Flight {
        let desk = Arc::clone(self);
        self.flight(
            |work| work.looks.get(&mailbox).cloned(),
            move || async move {
                let (mut looked, queued_us) = counting(desk.look_at(mailbox, row)).await;
                looked.queued_us = queued_us;
                let mut work = desk.work();
                work.looks.remove(&mailbox);
                work.begun.remove(&mailbox);
                work.last.entry(mailbox).or_default().trouble = looked.trouble;
                looked
            },
            |work, flight| {
                work.looks.insert(mailbox, flight);
            },
        )
    }

    /// Looks at the list of mailboxes, or joins who is looking already, and waits no longer than `patience`.
    pub(crate) async fn look_at_mailboxes_within(self: &Arc<Self>, patience: Duration) -> Looked {
        let desk = Arc::clone(self);
        let flight = self.flight(
            |work| work.look.clone(),
            move || async move {
                let (mut looked, queued_us) = counting(desk.look_at_mailboxes()).await;
                looked.queued_us = queued_us;
                desk.work().look = None;
                looked
            },
            |work, flight| work.look = Some(flight),
        );
        patiently(flight, patience).await
    }

    fn flight<F>(
        &self,
        joined: impl FnOnce(&Work) -> Option<Flight>,
        start: impl FnOnce() -> F,
        remember: impl FnOnce(&mut Work, Flight),
    ) -> Flight
    where
        F: Future<Output = Looked> + Send + 'static,
    {
        let mut work = self.work();
        if let Some(flight) = joined(&work) {
            return flight;
        }
        // The task goes on when nobody waits for it any more.
        let task = tokio::spawn(start());
        let flight = async move { task.await.unwrap_or(Looked::trouble(api_types::Cause::Broken)) }
            .boxed()
            .shared();
        remember(&mut work, flight.clone());
        flight
    }
}

async fn patiently(flight: impl Future<Output = Looked>, patience: Duration) -> Looked {
    let looked = tokio::time::timeout(patience, flight).await;
    looked.unwrap_or(Looked {
        spool_us: u64::try_from(patience.as_micros()).unwrap_or(u64::MAX),
        ..Looked::trouble(api_types::Cause::Slow)
    })
}
