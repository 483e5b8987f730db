use crate::prefs::use_words;
use leptos::prelude::*;

/// Rows in their final size while the list is on its way.
#[component]
pub fn ListLoading() -> impl IntoView {
    let rows = (0..12).map(|_| view! { <div class="ghost-row"></div> }).collect_view();
    view! {
        <div class="list-head">
            <span class="counts list-name" role="status">{use_words().list.loading}</span>
        </div>
        <div class="ghosts" aria-hidden="true">
            {rows}
        </div>
    }
    .into_any()
}
