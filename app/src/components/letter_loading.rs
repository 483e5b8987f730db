use crate::{live, pages::Mail, prefs::use_words};
use leptos::prelude::*;

/// A letter on its way: what the list knows of it, at once, in the places where it will stand.
#[component]
pub fn LetterLoading() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    // Made once, and shown whenever a letter is waited for.
    let known = move || {
        let (subject, from) = mail.opened().and_then(|id| live::row_says(&id)).unwrap_or_default();
        let subject = if subject.is_empty() {
            words.letter.loading.to_owned()
        } else {
            subject
        };
        (subject, from)
    };
    view! {
        <div class="tools" aria-hidden="true"></div>
        <div class="letter" aria-busy="true">
            <h1 tabindex="-1">{move || known().0}</h1>
            <div class="who">
                <span class="avatar" aria-hidden="true"></span>
                <div>
                    <b>{move || known().1}</b>
                    <p class="small" role="status">{words.letter.loading}</p>
                </div>
            </div>
            <div class="sheet ghost-sheet"></div>
        </div>
    }
    .into_any()
}
