use crate::{prefs::use_words, words::count};
use api_types::{Body, Message};
use leptos::prelude::*;

/// What is odd about a letter, and what of it is not shown.
#[component]
pub fn LetterNotes(message: Message) -> impl IntoView {
    let words = use_words();
    let w = &words.letter;
    let encrypted = message.encrypted.then(|| {
        view! {
            <div class="note">
                <strong>{w.encrypted.title}</strong>
                <p>{w.encrypted.text}</p>
            </div>
        }
    });
    let remote = match message.body {
        Body::Html { remote_images, .. } if remote_images > 0 => {
            Some(view! { <p class="note">{(w.remote_images)(&count(u64::from(remote_images)))}</p> })
        }
        _ => None,
    };
    let defects = (!message.notes.is_empty()).then(|| {
        let notes = message
            .notes
            .iter()
            .map(|note| view! { <li>{words.defect(note)}</li> })
            .collect_view();
        view! {
            <ul class="notes" aria-label=w.notes>
                {notes}
            </ul>
        }
    });
    view! { {encrypted} {remote} {defects} }.into_any()
}
