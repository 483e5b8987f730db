use super::Part;
use crate::pages::Mail;
use leptos::prelude::*;
use std::time::Duration;
use web_sys::VisibilityState;

/// While bodies are still being read, the list is asked again after this.
const WHILE_PENDING: Duration = Duration::from_secs(2);

/// A page that is looked at asks for new mail this often.
const POLL: Duration = Duration::from_secs(60);

/// The list comes anew when the person returns to the page, while the server is still reading, and now and then.
pub(super) fn keep_fresh(mail: Mail) {
    Effect::new(move |_| {
        let ask = move || {
            if document().visibility_state() == VisibilityState::Visible {
                mail.list.refetch();
            }
        };
        let timer = set_interval_with_handle(ask, POLL);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    Effect::new(move |_| {
        let handle = window_event_listener_untyped("visibilitychange", move |_| {
            if document().visibility_state() == VisibilityState::Visible {
                again(mail);
            }
        });
        let online = window_event_listener_untyped("online", move |_| again(mail));
        on_cleanup(move || {
            handle.remove();
            online.remove();
        });
    });
    Effect::new(move |_| {
        let pending = mail.list.with(|list| match list {
            Some(Ok(list)) => list.freshness.pending > 0 || list.rows.iter().any(|row| row.loading),
            _ => false,
        });
        if pending {
            let timer = set_timeout_with_handle(move || again(mail), WHILE_PENDING);
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        }
    });
    // The counts go with the list.
    Effect::new(move |last: Option<()>| {
        mail.list.track();
        if last.is_some() && !untrack(|| mail.reading()) {
            mail.rail.refetch();
        }
    });
    Effect::new(move |last: Option<()>| {
        mail.rail.track();
        if last.is_some() {
            mail.marks.answered(Part::Rail, None);
        }
    });
}

fn again(mail: Mail) {
    mail.cache.clear();
    mail.list.refetch();
    mail.rail.refetch();
}
