use crate::words::Words;
use leptos::prelude::*;

/// That an outage is rehearsed with this person, `until` then; nothing if none is.
pub(super) fn drill_line(words: &Words, until: &str) -> Option<impl IntoView + use<>> {
    let line = (words.fresh.drill)(until);
    (!until.is_empty()).then(|| {
        view! {
            <div class="notice">
                <strong>{line}</strong>
            </div>
        }
    })
}
