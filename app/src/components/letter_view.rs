use super::{Attachments, LetterBody, LetterHead, LetterNotes, LetterTools, Report};
use crate::{live, pages::Mail, prefs::use_words};
use api_types::Letter;
use leptos::prelude::*;

/// A letter: tools, head, body, files.
#[component]
pub fn LetterView(letter: Letter) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    live::letter_shown(mail, &letter);
    let frame = matches!(letter.message.body, api_types::Body::Html { .. });
    let message = letter.message.clone();
    let report = message.report.clone().map(|report| view! { <Report report /> });
    view! {
        <LetterTools letter=letter.clone() />
        <article class="letter" class:framed=frame aria-label=words.letter.label>
            <LetterHead message=message.clone() />
            <LetterNotes message=message.clone() />
            {report}
            <LetterBody letter=letter.clone() />
            <Attachments letter />
        </article>
    }
    .into_any()
}
