//! What is not wanted any more is not waited for: a slow answer must not stand before the next question.

use futures::{
    channel::oneshot::{Sender, channel},
    future::{Either, select},
};
use leptos::prelude::*;
use std::{future::Future, pin::pin};

/// The question under way; dropping what it holds gives it up.
#[derive(Clone, Copy)]
pub(crate) struct Latest(StoredValue<Option<Sender<()>>>);

impl Default for Latest {
    fn default() -> Self {
        Self(StoredValue::new(None))
    }
}

impl Latest {
    /// The answer, or nothing if another question has taken its place meanwhile.
    pub(crate) async fn unless_superseded<T>(self, answer: impl Future<Output = T>) -> Option<T> {
        let (hold, given_up) = channel();
        // Where the page is gone already there is nobody to give it up: then it is held here.
        let _held = self.0.try_set_value(Some(hold));
        match select(pin!(answer), given_up).await {
            Either::Left((answer, _)) => Some(answer),
            Either::Right(_) => None,
        }
    }

    /// Something else is wanted now.
    pub(crate) fn supersede(self) {
        self.0.try_update_value(Option::take);
    }
}
