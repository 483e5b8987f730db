use super::stale_notice::export_link;
use crate::{paths, prefs::use_words};
use api_types::{MessageList, Source};
use leptos::prelude::*;

/// That this is not the mail as it is now: of when it is, whether it is complete, and the way back.
#[component]
pub fn SnapshotNotice(list: MessageList) -> impl IntoView {
    let words = use_words();
    let w = &words.snapshots;
    let whole = list.freshness.source == Source::Snapshot;
    let when = match &list.freshness.as_of {
        Some(when) if whole => (w.as_of)(&when.full),
        Some(when) => (w.about)(&when.full),
        None => w.undated.to_owned(),
    };
    let trouble = list.trouble.map(|cause| words.cause(cause).title);
    view! {
        <div class="notice snapshot">
            <strong>{when}</strong>
            <span class=whole.then_some("usual")>{if whole { w.reading } else { w.reading_unmarked }}</span>
            {trouble.map(|trouble| view! { <span>{trouble}</span> })}
            <a href=paths::home() rel="external">
                {w.back}
            </a>
            <a href=paths::snapshots() rel="external">
                {w.others}
            </a>
            {export_link(&list)}
        </div>
    }
    .into_any()
}
