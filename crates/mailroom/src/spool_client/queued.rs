//! How long questions waited for a helper, added up for one piece of work: on the way back through everything between, nobody has to
//! carry it.

use std::{cell::Cell, time::Duration};

tokio::task_local! {
    static QUEUED: Cell<u64>;
}

/// Does the work; and for how long its questions waited for their turn, in microseconds.
pub(crate) async fn counting<T>(work: impl Future<Output = T>) -> (T, u64) {
    QUEUED
        .scope(Cell::new(0), async {
            let done = work.await;
            (done, QUEUED.with(Cell::get))
        })
        .await
}

/// A question waited so long.
pub(super) fn note(waited: Duration) {
    // Nobody counts what goes on behind.
    let _ = QUEUED.try_with(|queued| {
        let us = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
        queued.set(queued.get().saturating_add(us));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_piece_of_work_counts_its_own() {
        note(Duration::from_secs(1));
        let one = counting(async {
            note(Duration::from_micros(3));
            tokio::task::yield_now().await;
            note(Duration::from_micros(4));
        });
        let other = counting(async { note(Duration::from_micros(5)) });
        let ((_, one), (_, other)) = futures::join!(one, other);
        assert_eq!((one, other), (7, 5));
    }
}
