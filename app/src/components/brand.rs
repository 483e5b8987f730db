use crate::prefs::use_words;
use leptos::prelude::*;

/// The mark and the name.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <span class="brand">
            <span class="mark" aria-hidden="true"></span>
            <span class="name">{use_words().frame.site}</span>
        </span>
    }
}
