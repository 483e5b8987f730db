use crate::{pages::Mail, prefs::use_words};
use leptos::prelude::*;

/// A letter on its way: what the list knows of it, at once, in the places where it will stand.
#[component]
pub fn LetterLoading() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let id = mail.place.with_untracked(|place| place.message().cloned());
    let row = mail.shown.with_value(|list| {
        let row = list.as_ref()?.rows.iter().find(|row| Some(&row.id) == id.as_ref())?;
        Some((row.subject.clone(), row.from.clone()))
    });
    let (subject, from) = row.unwrap_or_default();
    let subject = if subject.is_empty() {
        words.letter.loading.to_owned()
    } else {
        subject
    };
    view! {
        <div class="tools" aria-hidden="true"></div>
        <div class="letter" aria-busy="true">
            <h1 tabindex="-1">{subject}</h1>
            <div class="who">
                <span class="avatar" aria-hidden="true"></span>
                <div>
                    <b>{from}</b>
                    <p class="small" role="status">{words.letter.loading}</p>
                </div>
            </div>
            <div class="sheet ghost-sheet"></div>
        </div>
    }
    .into_any()
}
