use super::TextBlocks;
use crate::{pages::Mail, paths, prefs::use_words};
use api_types::{Body, Letter};
use leptos::prelude::*;

/// The text as nodes of the page, or the frame that fetches the HTML form from its own route under its own policy. Never the
/// message's HTML itself.
#[component]
pub fn LetterBody(letter: Letter) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let w = &use_words().letter;
    match letter.message.body {
        Body::Text { blocks, .. } => view! {
            <div class="sheet text">
                <TextBlocks blocks />
            </div>
        }
        .into_any(),
        Body::Html { .. } => {
            let charset = mail.query.with_untracked(|query| query.charset.clone());
            let src = paths::body(&letter.mailbox.id, &letter.message.id, "html", charset.as_deref());
            view! {
                <iframe
                    class="frame"
                    title=w.body
                    sandbox="allow-popups allow-popups-to-escape-sandbox"
                    referrerpolicy="no-referrer"
                    src=src
                ></iframe>
            }
            .into_any()
        }
        Body::Empty if letter.message.encrypted => ().into_any(),
        Body::Empty => view! { <p class="sheet nothing">{w.empty}</p> }.into_any(),
    }
}
