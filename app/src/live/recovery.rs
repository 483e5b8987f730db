//! While the spool does not answer the page asks again by itself, and takes up what failed once it does.

use crate::{api::Failure, pages::Mail};
use api_types::ApiError;
use leptos::prelude::*;
use std::time::Duration;
use web_sys::VisibilityState;

/// Nothing is asked of the spool meanwhile but by the server's own look, so this costs it nothing.
const WHILE_AWAY: Duration = Duration::from_secs(10);

/// Once, with the mail page.
pub(super) fn recover(mail: Mail) {
    let is_away = move || {
        mail.list.with(|list| match list {
            Some(Ok(list)) => list.trouble.is_some(),
            Some(Err(failure)) => is_unavailable(failure),
            None => false,
        })
    };
    Effect::new(move |_| {
        if is_away() {
            let ask = move || {
                if document().visibility_state() == VisibilityState::Visible {
                    mail.list.refetch();
                }
            };
            // A page that nobody sees asks when it is seen again.
            let timer = set_interval_with_handle(ask, WHILE_AWAY);
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        }
    });
    Effect::new(move |was_away: Option<bool>| {
        let away = is_away();
        if was_away == Some(true) && !away {
            mail.cache.clear();
            let failed = mail
                .letter
                .with_untracked(|letter| matches!(letter, Some(Some(Err(failure))) if is_unavailable(failure)));
            if failed {
                mail.letter.refetch();
            }
        }
        away
    });
}

fn is_unavailable(failure: &Failure) -> bool {
    matches!(failure.0, ApiError::Unavailable(_))
}
