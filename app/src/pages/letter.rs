use super::Mail;
use crate::components::{Failed, LetterLoading, LetterView};
use crate::{paths, prefs::use_words};
use leptos::prelude::*;

/// The letter beside its list.
#[component]
pub fn LetterPage() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let retry = move || {
        let place = mail.place.get_untracked();
        match (place.mailbox(), place.message()) {
            (Some(mailbox), Some(message)) => mail
                .query
                .with_untracked(|query| paths::letter(mailbox, message, query)),
            _ => paths::home().to_owned(),
        }
    };
    let view = move || {
        Suspend::new(async move {
            match mail.letter.await {
                Some(Ok(letter)) => {
                    let subject = letter.message.subject.trim();
                    let title = if subject.is_empty() {
                        words.list.no_subject
                    } else {
                        subject
                    };
                    mail.letter_title.set(Some(title.to_owned()));
                    view! { <LetterView letter /> }.into_any()
                }
                Some(Err(failure)) => {
                    mail.letter_title.set(Some(words.error(&failure.0).title.to_owned()));
                    view! { <Failed failure retry=retry() on_retry=move || mail.letter.refetch() /> }.into_any()
                }
                None => ().into_any(),
            }
        })
    };
    view! { <Suspense fallback=LetterLoading>{view}</Suspense> }
}
