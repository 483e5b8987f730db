//! What is not wanted any more is not waited for: a slow answer must not stand before the next question.

use crate::paths::ListId;
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use std::future::Future;

/// A list, and the query of the call that asks for a part of it.
type Question = (ListId, String);

/// The question under way, and how it is given up.
#[derive(Clone, Copy)]
pub(crate) struct Latest(StoredValue<Option<(Question, AbortHandle)>>);

impl Latest {
    /// Gives a question up when another is wanted: a resource asks the next one only when it has the answer to the last.
    pub(crate) fn keep_to(wanted: Memo<Question>) -> Self {
        let latest = Self(StoredValue::new(None));
        Effect::new(move |_| {
            wanted.with(|wanted| {
                latest.0.with_value(|asked| {
                    // What is wanted may be under way already when this is told of it.
                    if let Some((question, under_way)) = asked
                        && question != wanted
                    {
                        under_way.abort();
                    }
                });
            });
        });
        latest
    }

    /// The answer, or nothing if it was given up.
    pub(crate) async fn answer<T>(self, question: Question, answer: impl Future<Output = T>) -> Option<T> {
        let (answer, under_way) = abortable(answer);
        // Where the page is gone already there is nobody to give it up.
        let _ = self.0.try_set_value(Some((question, under_way)));
        answer.await.ok()
    }
}
