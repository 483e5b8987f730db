//! What is on the screen stays readable when it cannot be read again, because the network is gone for a moment for instance.

use super::Announcer;
use crate::{
    api::Failure,
    paths::{self, ListId},
    prefs::use_words,
    words::Words,
};
use api_types::{ApiError, MessageList, Rail, Source};
use leptos::prelude::*;

/// What was answered last (browser only).
#[derive(Clone, Copy)]
pub(crate) struct Keeper {
    /// The list on the screen.
    pub(crate) shown: StoredValue<Option<MessageList>>,
    /// It was kept.
    pub(crate) kept: StoredValue<bool>,
    /// The mailboxes on the screen.
    pub(crate) rail: StoredValue<Option<Rail>>,
    announcer: Option<Announcer>,
    words: &'static Words,
}

impl Keeper {
    /// Nothing is on the screen yet.
    pub(crate) fn new() -> Self {
        Self {
            shown: StoredValue::new(None),
            kept: StoredValue::new(false),
            rail: StoredValue::new(None),
            announcer: use_context(),
            words: use_words(),
        }
    }

    /// The answer, or the list on the screen if it is the one that was asked for and cannot be read now.
    pub(crate) fn list(
        self,
        answer: Result<MessageList, Failure>,
        id: &ListId,
        query: &str,
    ) -> Result<MessageList, Failure> {
        let failure = match answer {
            Err(failure) if is_passing(&failure) => failure,
            answer => {
                self.kept.try_set_value(false);
                return answer;
            }
        };
        let same = |shown: &MessageList| ListId::of(shown) == *id && paths::is_answer_to(shown, query);
        let shown = self.shown.try_with_value(|shown| shown.clone().filter(same)).flatten();
        let Some(mut list) = shown else {
            self.kept.try_set_value(false);
            return Err(failure);
        };
        self.kept.try_set_value(true);
        if !list.freshness.source.is_snapshot() {
            list.freshness.source = Source::Saved;
        }
        // Otherwise it would be asked for again and again.
        list.freshness.pending = 0;
        list.rows.iter_mut().for_each(|row| row.loading = false);
        if let Some(announcer) = self.announcer {
            announcer.say(self.words.error(&failure.0).title.to_owned());
        }
        Ok(list)
    }

    /// Nothing was answered, and the next question is asked at once: until then what is on the screen is.
    pub(crate) fn given_up(self) -> Result<MessageList, Failure> {
        self.kept.try_set_value(true);
        let shown = self.shown.try_get_value().flatten();
        shown.ok_or(Failure(ApiError::Offline))
    }

    /// The answer, or the one before it if that is of the same copy.
    pub(crate) fn rail(self, answer: Result<Rail, Failure>, snapshot: &str) -> Result<Rail, Failure> {
        let same = |rail: &Rail| {
            let first = rail.mailboxes.first();
            first.is_some_and(|line| line.mailbox.id.snapshot().unwrap_or_default() == snapshot)
        };
        match answer {
            Err(failure) if is_passing(&failure) => {
                let shown = self.rail.try_get_value().flatten();
                shown.filter(same).ok_or(failure)
            }
            answer => answer,
        }
    }
}

/// It may be over when it is tried again; the others say something of the mail or of the session.
fn is_passing(failure: &Failure) -> bool {
    matches!(
        failure.0,
        ApiError::Offline | ApiError::Unavailable(_) | ApiError::Internal { .. }
    )
}
