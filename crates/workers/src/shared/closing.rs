//! How a pool ends: nothing begins, what is being served has a while, and then nobody waits for it.

use super::{Shared, State};
use crate::{error::Lost, job::Job};
use std::{net::Shutdown, os::unix::net::UnixStream, sync::Arc, time::Duration};

impl Shared {
    pub(crate) fn thread_begins(&self) {
        self.state().threads += 1;
    }

    pub(crate) fn thread_ends(&self) {
        self.state().threads -= 1;
        self.turn.notify_all();
    }

    /// A thread has another helper, or none. A pool that is being closed ends it at once.
    pub(crate) fn holds(&self, thread: usize, stream: Option<Arc<UnixStream>>) {
        let mut state = self.state();
        if let (Some(stream), true) = (&stream, state.is_closed) {
            hang_up(stream);
        }
        if let Some(place) = state.streams.get_mut(thread) {
            *place = stream;
        }
    }

    /// Takes no job any more, and forgets those that were not begun.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        let forgotten: Vec<Job> = state.queue.clear().collect();
        drop(state);
        forgotten.into_iter().for_each(|job| job.lose(Lost::Closed));
        self.work.notify_all();
        self.turn.notify_all();
    }

    /// Waits until every thread has ended, but no longer than this.
    pub(crate) fn wait_for_threads(&self, at_most: Duration) {
        let some_are_left = |state: &mut State| state.threads > 0;
        drop(self.turn.wait_timeout_while(self.state(), at_most, some_are_left));
    }

    /// Ends every wait for a helper.
    pub(crate) fn hang_up(&self) {
        self.state().streams.iter().flatten().for_each(|stream| hang_up(stream));
    }
}

fn hang_up(stream: &UnixStream) {
    // Fails if the other side is gone already.
    let _ = stream.shutdown(Shutdown::Both);
}
