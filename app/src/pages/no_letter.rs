use crate::prefs::use_words;
use leptos::prelude::*;

/// What stands beside a list while no letter is open.
#[component]
pub fn NoLetter() -> impl IntoView {
    view! { <p class="choose">{use_words().list.choose}</p> }
}
