use crate::live::Announcer;
use leptos::prelude::*;

/// What just happened, seen and read aloud.
#[component]
pub fn Toast() -> impl IntoView {
    let announcer = expect_context::<Announcer>();
    view! {
        <div class="toast" role="status" aria-live="polite">
            {move || announcer.current().map(|text| view! { <p>{text}</p> })}
        </div>
    }
}
