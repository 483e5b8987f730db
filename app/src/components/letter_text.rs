use super::text_blocks::text_blocks;
use crate::{prefs::use_words, written::written};
use api_types::{Body, Letter};
use leptos::prelude::*;

/// The text of a letter as nodes of the page. HTML is never among them: it has a frame (`letter_frames.rs`).
#[component]
pub fn LetterText(letter: Letter) -> impl IntoView {
    let words = use_words();
    match letter.message.body {
        Body::Text { blocks, .. } => {
            let id = letter.message.id;
            written(move |pen| text_blocks(pen, &id, &blocks, words))
        }
        Body::Empty if !letter.message.encrypted => {
            view! { <p class="sheet nothing">{words.letter.empty}</p> }.into_any()
        }
        Body::Html { .. } | Body::Empty => ().into_any(),
    }
}
