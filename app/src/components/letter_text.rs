use super::text_blocks::text_blocks;
use crate::{paths, prefs::use_words, written::written};
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
        Body::Unshown(cause) => {
            let notice = words.cause(cause);
            let source = paths::source(&letter.mailbox.id, &letter.message.id);
            view! {
                <div class="sheet nothing">
                    <strong>{notice.title}</strong>
                    <p>{notice.text}</p>
                    <p>
                        <a href=source rel="external" download="">
                            {words.letter.source}
                        </a>
                    </p>
                </div>
            }
            .into_any()
        }
        Body::Html { .. } | Body::Empty => ().into_any(),
    }
}
