use super::Mail;
use crate::components::{Failed, LetterLoading, LetterView};
use crate::paths;
use leptos::prelude::*;

/// The letter beside its list.
#[component]
pub fn LetterPage() -> impl IntoView {
    let mail = expect_context::<Mail>();
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
                Some(Ok(letter)) => view! { <LetterView letter /> }.into_any(),
                Some(Err(failure)) => {
                    view! { <Failed failure retry=retry() on_retry=move || mail.letter.refetch() /> }.into_any()
                }
                None => ().into_any(),
            }
        })
    };
    view! { <Suspense fallback=LetterLoading>{view}</Suspense> }
}
