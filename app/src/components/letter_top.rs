use super::{LetterHead, LetterNotes, LetterTools, Report};
use crate::{live, pages::Mail};
use api_types::Letter;
use leptos::prelude::*;

/// Tools, head, what is odd about the letter, and its delivery report.
#[component]
pub fn LetterTop(letter: Letter) -> impl IntoView {
    let mail = expect_context::<Mail>();
    live::letter_shown(mail, &letter);
    let message = letter.message.clone();
    let report = message.report.clone().map(|report| view! { <Report report /> });
    view! {
        <LetterTools letter />
        <div class="letter">
            <LetterHead message=message.clone() />
            <LetterNotes message />
            {report}
        </div>
    }
    .into_any()
}
