use super::{Attachments, Failed, LetterFrames, LetterLoading, LetterText, LetterTop};
use crate::{
    pages::Mail,
    paths::{self, LetterId},
    prefs::use_words,
};
use leptos::prelude::*;

/// Characters of a subject in the title of the window.
const TITLE: usize = 200;

/// The letter beside its list, in three parts: what stands above the frames, the frames, and the files. The frames outlive the
/// letter they belong to, so that one can be loaded before its letter is opened; the other two are made for each letter.
#[component]
pub fn LetterPane() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let reading = Memo::new(move |_| mail.reading());
    let above = move || {
        Suspend::new(async move {
            match mail.letter.await {
                Some(Ok(letter)) => {
                    let subject = letter.message.subject.trim();
                    let title = if subject.is_empty() {
                        words.list.no_subject
                    } else {
                        subject
                    };
                    let title = title.chars().take(TITLE).collect();
                    mail.letter_title.set(Some((letter.message.id.clone(), title)));
                    mail.frames.show(&letter, mail.charset().as_deref());
                    view! {
                        <LetterTop letter=letter.clone() />
                        <LetterText letter />
                    }
                    .into_any()
                }
                Some(Err(failure)) => {
                    let open = mail
                        .place
                        .with_untracked(|place| place.letter().map(|letter| letter.message.clone()));
                    let title = super::failed::notice(words, Some(mail), &failure.0).title;
                    mail.letter_title.set(open.map(|open| (open, title.to_owned())));
                    let on_retry = move || mail.letter.refetch();
                    view! { <Failed failure retry=own_path(mail) on_retry /> }.into_any()
                }
                None => ().into_any(),
            }
        })
    };
    let files = move || {
        Suspend::new(async move {
            match mail.letter.await {
                Some(Ok(letter)) => view! { <Attachments letter /> }.into_any(),
                _ => ().into_any(),
            }
        })
    };
    view! {
        <div class="read" id="read">
            {move || (!reading.get()).then(|| view! { <p class="choose">{words.list.choose}</p> })}
            <article class="opened" class:closed=move || !reading.get() aria-label=words.letter.label>
                <Suspense fallback=LetterLoading>{above}</Suspense>
                <LetterFrames />
                <Suspense>{files}</Suspense>
            </article>
        </div>
    }
    .into_any()
}

fn own_path(mail: Mail) -> String {
    match mail.place.with_untracked(|place| place.letter().cloned()) {
        Some(LetterId { mailbox, message }) => mail
            .query
            .with_untracked(|query| paths::letter(&mailbox, &message, query)),
        None => paths::home().to_owned(),
    }
}
